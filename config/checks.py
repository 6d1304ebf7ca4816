"""Checks of Taskyard's own settings, run by `manage.py check` and before every start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection


@register(Tags.database)
def database_version(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """PostgreSQL 15 and SQLite 3.35 (RETURNING) are the oldest that the tests run on."""
    if not databases:
        return []
    if connection.vendor == "postgresql" and connection.pg_version < 150_000:
        return [Error(f"PostgreSQL {connection.pg_version} is older than 15.", id="taskyard.E001")]
    return []


@register(Tags.security, deploy=True)
def https(**_: Any) -> list[CheckMessage]:
    if settings.HTTPS:
        return []
    return [
        Warning(
            "HTTPS is off: passwords and tokens travel in clear.",
            hint="Set HTTPS=true behind a TLS proxy.",
            id="taskyard.W001",
        )
    ]
