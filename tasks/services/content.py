"""What a task holds according to its flow: values, shown copies, default times."""

import re
from datetime import datetime
from typing import Any

from core.api.errors import Invalid
from flows.fields import components_of, holds, shown_as, times_default, values_clean
from flows.fields.vocabulary import FORBIDDEN_KEYS, INITIAL_PAGE
from tasks.inputs import TaskInput
from tasks.models import Task

_PHOTO = re.compile(r".+_\d+_url")
_WORKER_KEY = re.compile(r"page\d+DoneTime")
_TITLE_LIMIT = 200


def values_set(task: Task, given: dict[str, Any], *, kept: dict[str, Any] | None = None) -> None:
    """Check `given` against the task's flow and store it over `kept`; with None `given` is all that a new task has.

    Raises Invalid, such as `The field1 field is required.`
    """
    pages = task.flow.pages
    # Reserved keys that the server does not own come from the mobile app or a router, and no flow describes them.
    extras = {key: value for key, value in given.items() if key in FORBIDDEN_KEYS}
    values = {**(kept or {}), **extras, **values_clean(pages, given)}
    contents_set(task, values)


def values_patch(task: Task, given: dict[str, Any]) -> None:
    """Change the values that are given, the others stay. Raises Invalid."""
    extras = {key: value for key, value in given.items() if key in FORBIDDEN_KEYS}
    contents_set(task, {**task.values, **extras, **values_clean(task.flow.pages, given, partial=True)})


def contents_set(task: Task, values: dict[str, Any]) -> None:
    """Store clean values with everything that follows from them."""
    empty = {key for key, value in values.items() if value is None}
    dropped = _unfilled(task.flow.pages, empty) if empty else empty
    task.values = {key: value for key, value in values.items() if key not in dropped}
    task.shown = shown_as(task.flow.pages, task.values)
    task.title = str(task.shown.get("title", ""))[:_TITLE_LIMIT]
    task.has_photos = any(value and _PHOTO.fullmatch(key) for key, value in task.values.items())


def _unfilled(pages: list[dict], empty: set[str]) -> set[str]:
    """Which of the empty keys a task goes without: those of components and of photos that were taken back.

    A select that nobody chose from is null for the vendor, and unknown keys are echoed.
    """
    components = [item for item in components_of(pages) if item["component"] != "select"]
    return {key for key in empty if any(holds(item, key) for item in components)}


def worker_values(task: Task) -> dict[str, Any]:
    """The values that a planner's form does not show: those of the worker's pages, and of the mobile app."""
    ids = [item["id"] for page in task.flow.pages if page["id"] != INITIAL_PAGE for item in page["components"]]
    links = tuple(f"{key}_" for key in ids)
    return {
        key: value
        for key, value in task.values.items()
        if key in FORBIDDEN_KEYS or key in ids or key.startswith(links) or _WORKER_KEY.fullmatch(key)
    }


def times_set(task: Task, given: TaskInput, now: datetime) -> None:
    """Start and end as given, else by the flow's hours: from now, and from the start. Raises Invalid."""
    try:
        task.start_time, task.end_time = times_default(
            task.flow.configurations, now=now, start=given.start_time, end=given.end_time
        )
    except OverflowError:
        raise Invalid("The startTime is out of range.", field="startTime") from None
    times_check(task)


def times_check(task: Task) -> None:
    if task.end_time < task.start_time:
        raise Invalid("The endTime must be a date after or equal to startTime.", field="endTime")
