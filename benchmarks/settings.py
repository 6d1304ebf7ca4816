"""The settings of production, and the two yardsticks beside the dialects. Never used in production."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS += ["rest_framework.authtoken", "benchmarks.peers"]
ROOT_URLCONF = "benchmarks.peers.urls"
RATE_LIMITS = dict.fromkeys(RATE_LIMITS, 0)  # noqa: F405
