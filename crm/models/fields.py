"""Columns that store less than the answer to a write shows.

The vendor echoes what was sent and forgets part of it: fractions of a second are cut by the
database, and an absent text turns into an empty one. Both happen here, on the way to the
database, so the instance in memory still holds what the caller sent.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import models

# A moment this close to the first or last year cannot be shown in every time zone.
EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


class WholeSecondsField(models.DateTimeField):
    """A moment stored without its fraction of a second."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.replace(microsecond=0) if isinstance(value, datetime) else value


class EmptiedTextField(models.TextField):
    """A text that may be None in memory and is then stored as ""."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value("" if value is None else value)
