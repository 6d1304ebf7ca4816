"""Bodies of the widget's requests: what is read from them, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.actor import Actor
from core.api.errors import Invalid, NotFound
from gantt.dates import wall_parse
from gantt.fields import wall_text
from gantt.models import Project, TempId
from gantt.services.temps import Temp, temp_find

Body = Mapping[str, Any]

# A proxy or our own tidying of double slashes may have taken one away.
TEMP_ID = re.compile(r"temp:/{1,2}(\d{13})", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
MAX_ID = 2**63 - 1

# Keys with a meaning of their own; any other key of a task is kept and sent back.
TASK_KEYS = frozenset({
    "id", "text", "details", "type", "start", "end", "duration", "progress", "parent", "open", "lazy", "data",
    "operation", "mode", "target",
})  # fmt: skip
# The widget turns these into dates too, and fails on anything else.
EXTRA_DATES = frozenset({"base_start", "base_end"})


@dataclass(frozen=True)
class Call:
    """Who asks, about which project. client: whose temporary ids the request speaks of."""

    actor: Actor
    project: Project
    client: str


def read_task(body: Body, project: Project) -> dict[str, Any]:
    """The values for task_create and task_update: only keys that were sent, `$` keys and child rows dropped."""
    values: dict[str, Any] = {}
    for name in ("text", "type"):
        if body.get(name) is not None:
            values[name] = _text(body[name], name)
    if "details" in body:
        values["details"] = "" if body["details"] is None else _text(body["details"], "details")
    if body.get("open") is not None:
        values["open"] = read_flag(body, "open")
    if body.get("progress") is not None:
        values["progress"] = read_number(body, "progress", low=0, high=100)
    if body.get("duration") is not None:
        values["duration"] = read_number(body, "duration", low=0)
    for name in ("start", "end"):
        if body.get(name) is not None:
            values[name] = wall_parse(body[name], field=name, zone=project.zone)
    values["extra"] = _extra(body, project)
    return values


def _extra(body: Body, project: Project) -> dict[str, Any]:
    extra = {key: value for key, value in body.items() if key not in TASK_KEYS and not key.startswith("$")}
    for name in EXTRA_DATES & extra.keys():
        if extra[name] is None:
            del extra[name]
        else:
            extra[name] = wall_text(wall_parse(extra[name], field=name, zone=project.zone))
    return extra


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"{field} must be a text", field=field)
    if field == "type" and not 1 <= len(value) <= 64:
        raise Invalid("type must have 1 to 64 characters", field=field)
    return value


def read_word(body: Body, field: str, default: str | None = None) -> str:
    """A text that has to be there, unless it has a default."""
    value = body.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise Invalid(f"{field} must be a text", field=field)
    return value


def read_flag(body: Body, field: str) -> bool:
    value = body.get(field)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Invalid(f"{field} must be true or false", field=field)
    return value


def read_number(body: Body, field: str, *, low: float | None = None, high: float | None = None) -> float:
    value = body.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(f"{field} must be a number", field=field)
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"at least {low}" if high is None else f"between {low} and {high}"
        raise Invalid(f"{field} must be {limits}", field=field)
    return value


def read_index(body: Body) -> int | None:
    index = body.get("index")
    if index is None:
        return None
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= MAX_ID:
        raise Invalid("index must be a whole number", field="index")
    return index


def read_temp(call: Call, body: Body) -> Temp | None:
    """The temporary id that a chart gave a new row; any other id of a new row is ignored."""
    value = body.get("id")
    match = TEMP_ID.fullmatch(value) if isinstance(value, str) else None
    return Temp(call.client, int(match[1])) if match else None


def read_id(call: Call, value: Any, field: str, kinds: Sequence[str] = TempId.ROWS) -> int | None:
    """
    A row's id as a number, as text, or as a temporary id of this client; None for null and 0.

    kinds: of what a temporary id may have become, or it would name the row of another table. Raises
    Invalid for another type, NotFound for a text that is no known id.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Invalid(f"{field} must be an id", field=field)
    number = value if isinstance(value, int) else _id_of_text(call, value, field, kinds)
    if not 0 <= number <= MAX_ID:
        raise NotFound(f"{field} {value} not found")
    return number or None


def _id_of_text(call: Call, value: str, field: str, kinds: Sequence[str]) -> int:
    if NUMBER.fullmatch(value):
        return int(value)
    match = TEMP_ID.fullmatch(value)
    found = temp_find(call.project, Temp(call.client, int(match[1])), kinds) if match else None
    if found is None:
        raise NotFound(f"{field} {value} not found")
    return found


def need_id(call: Call, value: Any, field: str, kinds: Sequence[str] = TempId.ROWS) -> int:
    """As read_id, for an id that has to be there."""
    found = read_id(call, value, field, kinds)
    if found is None:
        raise Invalid(f"{field} must be the id of a row", field=field)
    return found


def path_id(call: Call, row: str, kinds: Sequence[str] = TempId.ROWS) -> int:
    """The id in the address: any text may stand there, but only a known id is found."""
    found = read_id(call, row.strip("/"), "id", kinds)
    if found is None:
        raise NotFound(f"id {row} not found")
    return found
