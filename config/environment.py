"""Reading settings from the environment, so that a bad value stops the start with one clear line."""

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

# `.env` is written by `make install`; real environment variables win over it.
environ.Env.read_env(BASE_DIR / ".env")
_env = environ.FileAwareEnv()


def fail(message: str) -> NoReturn:
    """End the program with one line instead of a traceback."""
    sys.exit(f"taskyard: {message}")


def setting(name: str, cast: str | Callable[..., Any] = "str", default: Any = environ.Env.NOTSET) -> Any:
    """The value of NAME (or of the file that NAME_FILE points at), cast by django-environ.

    `cast` is the name of a django-environ reader ("bool", "int", "list", "db_url", "email_url", "cache_url").
    A missing value without default and an unreadable one both end the program.
    """
    reader = cast if callable(cast) else getattr(_env, cast)
    try:
        with warnings.catch_warnings():
            # An unknown scheme only warns, and prints the password along with it; settings.py looks at the result.
            warnings.simplefilter("ignore")
            return reader(name, default=default)
    except environ.ImproperlyConfigured:
        fail(f"{name} is missing: set {name} or {name}_FILE (`make install` writes a .env for this machine)")
    except Exception as error:  # noqa: BLE001  (whatever a parser throws, the operator needs the name)
        fail(f"{name} is wrong: {error}")


def strict_bool(name: str, default: bool) -> bool:
    """Like django-environ's bool, but `DEBUG=maybe` is an error, not False."""
    text = str(setting(name, default=str(default))).strip().lower()
    if text not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        fail(f"{name} is wrong: {text!r} is neither true nor false")
    return text in {"true", "1", "yes", "on"}
