"""Dates as ONLYOFFICE reads and prints them.

In: `2008-04-10T06-30-00.000Z` (the vendor's "roundtrip format", also with colons), a fraction of
three or seven digits or none, `Z` or `+03:00` or nothing; or a bare `2008-04-10`. Without an
offset the wall time of the portal is meant.
Out: wall time of the portal with seven digits of fraction and the offset of that very moment.
"""

import re
from datetime import UTC, datetime, tzinfo

from core.api.errors import Invalid
from crm.models.fields import EARLIEST, LATEST

DATE = re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII)
MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}|\d{7}))?(Z|[+-]\d\d:\d\d)?"
    r"|(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)(?:\.(\d{3}|\d{7}))?(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)


def moment_parse(text: str, zone: tzinfo) -> datetime:
    """The moment that a vendor's date means, aware and in UTC; Invalid for any other text."""
    try:
        moment = _parsed(text, zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise date_error(text) from error
    if not EARLIEST <= moment <= LATEST:
        raise date_error(text)
    return moment


def date_error(text: str) -> Invalid:
    return Invalid(f"invalid date time format: {text}", code="argument")


def _parsed(text: str, zone: tzinfo) -> datetime:
    if DATE.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    match = MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, hour, minute, second, fraction, offset = match.groups()[:6] if match[1] else match.groups()[6:]
    # fromisoformat keeps six digits of a fraction and knows Z and offsets.
    moment = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{(fraction or '0')[:6]:0<6}{offset or ''}")
    return moment if offset else moment.replace(tzinfo=zone)


def moment_text(moment: datetime, zone: tzinfo) -> str:
    """`2008-04-10T09:30:00.0000000+03:00`, or with a final Z where the offset is zero."""
    text = moment.astimezone(zone).isoformat(timespec="microseconds")
    offset = text[26:]
    # Historic offsets have seconds; the vendor knows whole minutes only.
    return f"{text[:26]}0{'Z' if offset == '+00:00' else offset[:6]}"
