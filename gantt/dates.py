"""Dates of tasks: what comes over the wire, and how start, end and duration follow from each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from core.api.errors import Invalid

DAY = timedelta(days=1)
# The chart draws every day between the first and the last one: a typing error in a year would freeze it.
FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01")

WALL_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)


def wall_parse(value: object, *, field: str, zone: tzinfo) -> datetime:
    """
    A naive wall time from `YYYY-MM-DD HH:mm:ss`, also with T, without seconds or time.

    A value with an offset is converted to `zone`. Raises Invalid naming `field`.
    """
    if not isinstance(value, str) or not WALL_TIME.fullmatch(value):
        raise Invalid(f"{field} must be a date such as 2024-06-10 00:00:00", field=field)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(zone)
    except (ValueError, OverflowError):
        raise Invalid(f"{field} is no valid date: {value}", field=field) from None
    return checked(moment.replace(tzinfo=None, microsecond=0), field=field)


def checked(moment: datetime, *, field: str) -> datetime:
    if not FIRST <= moment <= LAST:
        raise Invalid(f"{field} must be between 1900 and 2199", field=field)
    return moment


@dataclass(frozen=True)
class Span:
    """Start and end of a task; a milestone has no end, a task without dates neither."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def duration(self) -> int:
        """Whole days, or 0 when the length is no whole number of days."""
        return whole_days(self.start, self.end)


def whole_days(start: datetime | None, end: datetime | None) -> int:
    if start is None or end is None:
        return 0
    length = end - start
    return 0 if length % DAY else length.days


def span_merge(
    old: Span,
    *,
    milestone: bool,
    start: datetime | None = None,
    end: datetime | None = None,
    duration: float | None = None,
    default_start: datetime,
) -> Span:
    """
    The span after a change that sent some of start, end and duration (None: not sent).

    As in the widget a positive duration decides over the end; a new start alone moves the end
    along; with neither duration nor end a task takes one day. Raises Invalid.
    """
    if milestone:
        return Span(start or old.start or default_start)
    if start is None and end is None and not duration and old.end is not None:
        return old
    first = start or old.start or default_start
    if end is not None and end < first and (start is not None or not duration):
        raise Invalid("end must not be before start", field="end")
    return Span(first, _end(first, end, duration, old))


def _end(first: datetime, end: datetime | None, duration: float | None, old: Span) -> datetime:
    if duration:
        return checked(_later(first, duration), field="duration")
    if end is not None:
        return end
    if old.start is not None and old.end is not None:
        return checked(first + (old.end - old.start), field="end")
    return first + DAY


def _later(start: datetime, days: float) -> datetime:
    try:
        return start + timedelta(seconds=round(days * 86400))
    except OverflowError:
        raise Invalid("duration is too long", field="duration") from None
