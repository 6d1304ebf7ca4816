"""How MileApp writes values: its four time formats, coordinates and numbers.

Plain functions without Django models: flow validation and the dialect share one reading of the vendor's formats. Every
reader raises `Invalid` in the vendor's wording and names the field.
"""

import math
import re
from datetime import UTC, date, datetime, time
from typing import Any

from core.api.errors import Invalid

_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# JSON writers and both databases hold whole numbers of 64 bits.
_LARGEST = 2**63 - 1


def seconds(moment: datetime | str) -> str:
    """`2022-11-02T07:28:23+00:00`: tasks and users. Text is taken for a database's own form of a moment in UTC."""
    if isinstance(moment, str):
        return f"{moment[:10]}T{moment[11:19]}+00:00"
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def micros(moment: datetime) -> str:
    """`2023-01-18T04:06:52.773000Z`: flows, flow logs, hubs, teams, roles, task histories."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(moment: datetime) -> str:
    """`2023-02-03 01:32:11`, UTC without saying so: data rows, imports, tracking points."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def millis(moment: datetime) -> str:
    """`2023-05-15T04:26:00.000+00:00`: only the API example of a flow."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def datetime_read(value: Any, field: str) -> datetime:
    """An aware UTC moment from any of the vendor's four input formats; without an offset the text is UTC."""
    try:
        if isinstance(value, str) and _DATETIME.fullmatch(value.strip()):
            moment = datetime.fromisoformat(value.strip())
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid(f"The {field} is not a valid date.", field=field)


def date_read(value: Any, field: str) -> str:
    """`Y-m-d`; a full date and time is accepted and keeps its day."""
    text = value.strip() if isinstance(value, str) else ""
    if not _DATE.fullmatch(text):
        return datetime_read(value, field).date().isoformat()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"The {field} is not a valid date.", field=field) from None


def time_read(value: Any, field: str) -> str:
    """`H:i` or `H:i:s`, kept as written."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _TIME.fullmatch(text):
            time.fromisoformat(text)
            return text
    except ValueError:
        pass
    raise Invalid(f"The {field} is not a valid time.", field=field)


def number_read(value: Any, field: str) -> int | float:
    """A finite number from a number or its decimal text; whole numbers stay whole."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        value = float(text) if re.search(r"[.eE]", text) else int(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(f"The {field} must be a number.", field=field)
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) > _LARGEST):
        raise Invalid(f"The {field} must be a number.", field=field)
    return value


def name_read(value: Any, field: str = "name", *, limit: int = 255) -> str:
    """A text of 1 to `limit` characters, without line breaks and control characters, trimmed."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Invalid(f"The {field} field is required.", field=field)
    if not isinstance(value, str) or len(value.strip()) > limit or _CONTROL.search(value):
        raise Invalid(f"The {field} format is invalid.", field=field)
    return value.strip()


def coordinate_read(value: Any, field: str) -> str:
    """`"lat,lng"` in degrees, kept digit for digit: clients compare it with what they sent."""
    parts = value.split(",") if isinstance(value, str) else []
    if len(parts) != 2:
        raise Invalid(f"The {field} must be a coordinate.", field=field)
    degrees_read(parts[0], field, limit=90)
    degrees_read(parts[1], field, limit=180)
    return str(value).strip()


def degrees_read(value: Any, field: str, *, limit: int) -> float:
    """Latitude (limit 90) or longitude (limit 180)."""
    degrees = float(number_read(value, field))
    if abs(degrees) > limit:
        raise Invalid(f"The {field} must be between -{limit} and {limit}.", field=field)
    return degrees
