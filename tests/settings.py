"""Settings of the tests: independent of the machine's environment, on TEST_DATABASE_URL or a SQLite file."""

import os
import tempfile

_folder = tempfile.mkdtemp(prefix="taskyard-tests-")

os.environ.update(
    SECRET_KEY="tests-only-tests-only-tests-only-tests-only-tests-only",
    DEBUG="false",
    ALLOWED_HOSTS="*",
    VAR_DIR=_folder,
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL")
    or os.environ.get("DATABASE_URL")
    or f"sqlite:///{_folder}/db.sqlite3",
)
for _name in ("EMAIL_URL", "CACHE_URL", "HTTPS", "METRICS", "PUBLIC_URL"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, MIDDLEWARE  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: several processes and threads have to meet in it, as in production.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}

# Every test client would look through all static files anew; Django's live server serves them by itself.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
