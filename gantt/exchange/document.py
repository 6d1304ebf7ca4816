"""JSON: the project, its tasks, links, resources and assignments in the chart's own shapes. Nothing is lost in it.

A bare array of tasks, as GET /tasks answers it, is read too.
"""

from __future__ import annotations

import math
from typing import Any

import orjson

from .checks import OWN_KEYS, checked
from .plan import (
    TASK_FIELDS,
    Plan,
    PlanAssignment,
    PlanCalendar,
    PlanError,
    PlanLink,
    PlanResource,
    PlanTask,
    end_after,
    parse_wall,
)

FORMAT, VERSION = "taskyard-gantt", 1
LISTS = ("links", "resources", "assignments")


def write(plan: Plan) -> bytes:
    calendar = plan.calendar or PlanCalendar([])
    document = {
        "format": FORMAT,
        "version": VERSION,
        "project": {
            "origin": plan.origin,
            "name": plan.name,
            "start": plan.start,
            "working_days": calendar.working_days,
            "working_hours": calendar.working_hours,
            "holidays": calendar.holidays,
        },
        "tasks": [_task(task) for task in plan.tasks],
        "links": [
            {"source": _id(link.source), "target": _id(link.target), "type": link.type, "lag": link.lag}
            for link in plan.links
        ],
        "resources": [_resource(each) for each in plan.resources],
        "assignments": [
            {"task": _id(each.task), "resource": _id(each.resource), "units": each.units} for each in plan.assignments
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _id(key: str) -> int | str:
    return int(key) if key.isascii() and key.isdigit() else key


def _task(task: PlanTask) -> dict[str, Any]:
    return {
        **task.extra,
        "id": _id(task.key),
        "parent": 0 if task.parent is None else _id(task.parent),
        "text": task.text,
        "type": task.type,
        "start": None if task.start is None else str(task.start),
        "end": None if task.end is None else str(task.end),
        "progress": task.progress,
        "open": task.open,
        "details": task.details,
    }


def _resource(each: PlanResource) -> dict[str, Any]:
    parent = {} if each.parent is None else {"parent": _id(each.parent)}
    return {**each.extra, "id": _id(each.key), "name": each.name, "role": each.role, **parent}


def read(data: bytes) -> Plan:
    """Raises PlanError naming the path, such as tasks[3].start, or the line where the text is no JSON."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise PlanError(f"line {error.lineno}", f"No JSON: {error.msg}.") from None
    if isinstance(document, list):
        document = {"tasks": document}
    if not isinstance(document, dict) or not isinstance(document.get("tasks"), list):
        raise PlanError("tasks", "The file must hold a list of tasks.")
    if document.get("version", VERSION) != VERSION:
        raise PlanError("version", f"Only version {VERSION} can be read.")
    plan = _project(_typed(document, "project", dict, "", {}))
    plan.tasks = [_read_task(row, place) for row, place in _rows(document, "tasks")]
    plan.links = [
        PlanLink(_key(row, "source", place), _key(row, "target", place), _text(row, "type", place) or "e2s",
                 None if row.get("lag") is None else _number(row, "lag", place, 0), place)
        for row, place in _rows(document, "links")
    ]  # fmt: skip
    plan.resources = [_read_resource(row, place) for row, place in _rows(document, "resources")]
    plan.assignments = [
        PlanAssignment(_key(row, "task", place), _key(row, "resource", place), _number(row, "units", place, 100), place)
        for row, place in _rows(document, "assignments")
    ]
    plan.fields = frozenset({*TASK_FIELDS, *(name for name in LISTS if name in document)})
    return checked(plan)


def _read_resource(row: dict[str, Any], place: str) -> PlanResource:
    extra = {name: _text(row, name, place) for name in ("avatar", "color") if row.get(name)}
    if row.get("calendar") is not None:
        extra["calendar"] = row["calendar"]
    return PlanResource(
        _key(row, "id", place),
        _text(row, "name", place),
        _text(row, "role", place),
        _key(row, "parent", place) if row.get("parent") else None,
        extra,
        place,
    )


def _project(row: dict[str, Any]) -> Plan:
    start = parse_wall(row.get("start"), "project.start")
    return Plan(
        name=_text(row, "name", "project"),
        origin=_text(row, "origin", "project"),
        start=start.date() if start else None,
        calendar=_calendar(row) if row.get("working_days") else None,
    )


def _calendar(row: dict[str, Any]) -> PlanCalendar:
    names = ("working_days", "holidays", "working_hours")
    return PlanCalendar(*(_typed(row, name, list, "project", []) for name in names))


def _read_task(row: dict[str, Any], place: str) -> PlanTask:
    parent = row.get("parent")
    start = parse_wall(_text(row, "start", place), f"{place}.start")
    return PlanTask(
        key=_key(row, "id", place),
        parent=None if parent in (0, None, "", "0") else _key(row, "parent", place),
        text=_text(row, "text", place),
        type=_text(row, "type", place) or "task",
        start=start,
        end=parse_wall(_text(row, "end", place), f"{place}.end")
        or end_after(start, _number(row, "duration", place, 0), place),
        progress=_number(row, "progress", place, 0),
        details=_text(row, "details", place),
        open=row.get("open") is True,
        extra={key: value for key, value in row.items() if key not in OWN_KEYS},
        place=place,
        known=True,
    )


def _rows(document: dict[str, Any], name: str) -> list[tuple[dict[str, Any], str]]:
    rows = _typed(document, name, list, "", [])
    for nth, row in enumerate(rows):
        if not isinstance(row, dict):
            raise PlanError(f"{name}[{nth}]", "Must be an object.")
    return [(row, f"{name}[{nth}]") for nth, row in enumerate(rows)]


def _typed(row: dict[str, Any], name: str, kind: type, place: str, default: Any) -> Any:
    value = row.get(name)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise PlanError(f"{place}.{name}".strip("."), f"Must be {'an object' if kind is dict else 'a list'}.")
    return value


def _key(row: dict[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if type(value) is int or (isinstance(value, str) and 0 < len(value) <= 100):
        return str(value)
    raise PlanError(f"{place}.{name}", "Must be an id: a number or a short text.")


def _text(row: dict[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise PlanError(f"{place}.{name}", "Must be text.")
    return value


def _number(row: dict[str, Any], name: str, place: str, default: float) -> float:
    value = row.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PlanError(f"{place}.{name}", "Must be a number.")
    return value
