"""SecMaster dates: `2025-08-19T14:53:42.424Z+0800`.

Milliseconds, a literal `Z`, then the offset. The clock part is wall time in that offset, not UTC, whatever the `Z`
suggests: the vendor's format string is `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'Z`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

# The vendor reads a zone that it can't make sense of as its home zone.
FALLBACK_ZONE = timezone(timedelta(hours=8))
# Outside of these years a shift to another zone could leave the calendar or fall into local mean time.
YEARS = range(1970, 9999)

_TWO = [f"{number:02}" for number in range(60)]
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?Z(.{0,40})", re.ASCII)
# A client that does not encode the plus sign delivers a space.
_OFFSET = re.compile(r"([+ -])(\d\d):?(\d\d)", re.ASCII)


def date_format(moment: datetime, zone: tzinfo) -> str:
    """The aware `moment` as the vendor writes it, in `zone`."""
    local = moment.astimezone(zone)
    # A page has hundreds of dates: isoformat() takes several times as long.
    return (
        f"{local.year}-{_TWO[local.month]}-{_TWO[local.day]}T{_TWO[local.hour]}:{_TWO[local.minute]}:"
        f"{_TWO[local.second]}.{local.microsecond // 1000:03}Z{_offset(local.utcoffset())}"
    )


def moment_read(text: str) -> datetime:
    """The instant that a database writes so, which leaves out that it is UTC or not."""
    return datetime.fromisoformat(text if "+" in text else f"{text}+00:00")


@cache
def _offset(distance: timedelta) -> str:
    return f"{datetime.now(timezone(distance)):%z}"


def date_parse(text: str, zone: tzinfo) -> datetime:
    """The instant that `text` names, in UTC; a date without offset is wall time in `zone`. Raises ValueError."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError("not a date of the form 2025-08-19T14:53:42.424Z+0800")
    clock, fraction, offset = match.groups()
    local = datetime.fromisoformat(clock)
    if local.year not in YEARS:
        raise ValueError(f"the year must lie between {YEARS.start} and {YEARS.stop - 1}")
    milliseconds = int((fraction or "0").ljust(3, "0"))
    local = local.replace(microsecond=milliseconds * 1000, tzinfo=_zone(offset) if offset else zone)
    return local.astimezone(UTC)


def _zone(offset: str) -> tzinfo:
    match = _OFFSET.fullmatch(offset)
    if match is None:
        return FALLBACK_ZONE
    sign, hours, minutes = match.groups()
    if int(hours) > 18 or int(minutes) > 59:
        return FALLBACK_ZONE
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if sign == "-" else distance)
