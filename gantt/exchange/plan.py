"""A project as files carry it: what every format is read into and written from, and the rules that all share.

Keys are whatever the file calls its tasks; they become ids only when a plan is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

MAX_FILE_BYTES = 50 * 1024 * 1024
TASK_FIELDS = ("parent", "text", "type", "start", "end", "progress", "details", "open", "extra")
ALL_FIELDS = frozenset({*TASK_FIELDS, "links", "resources", "assignments"})


class PlanError(ValueError):
    """A file that cannot be loaded; the message begins with the place: a line, a path or a row."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)


@dataclass(slots=True)
class PlanTask:
    """`place` says where in the file the task stands; `known` that its key is the id it had in the plan's origin."""

    key: str
    parent: str | None = None
    text: str = ""
    type: str = "task"
    start: datetime | None = None
    end: datetime | None = None
    progress: float = 0
    details: str = ""
    open: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    place: str = field(default="", compare=False)
    known: bool = field(default=False, compare=False)


@dataclass(slots=True)
class PlanLink:
    source: str
    target: str
    type: str = "e2s"
    lag: float | None = None
    place: str = field(default="", compare=False)


@dataclass(slots=True)
class PlanResource:
    """`extra`: avatar, color and calendar, where the file has them."""

    key: str
    name: str
    role: str = ""
    parent: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    place: str = field(default="", compare=False)


@dataclass(slots=True)
class PlanAssignment:
    task: str
    resource: str
    units: float = 100
    place: str = field(default="", compare=False)


@dataclass(slots=True)
class PlanCalendar:
    """ISO weekdays (1 = Monday), days off, and hours as ("09:00", "17:00") pairs; no hours: whole days."""

    working_days: list[int]
    holidays: list[str] = field(default_factory=list)
    working_hours: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """`origin` names the project that wrote the file, if it says so; `fields` what the file speaks of at all.

    `notes` are sentences about what the file says and a project cannot hold.
    """

    name: str = ""
    origin: str = ""
    fields: frozenset[str] = ALL_FIELDS
    start: date | None = None
    calendar: PlanCalendar | None = None
    tasks: list[PlanTask] = field(default_factory=list)
    links: list[PlanLink] = field(default_factory=list)
    resources: list[PlanResource] = field(default_factory=list)
    assignments: list[PlanAssignment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def parse_wall(text: Any, place: str) -> datetime | None:
    """`YYYY-MM-DD[ HH:mm[:ss]]`, with a blank or a T; an empty value is no date."""
    if text is None or text == "":
        return None
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise PlanError(place, f"{str(text)[:40]!r} is no date such as 2024-06-10 00:00:00.") from None
    if moment.tzinfo:
        raise PlanError(place, "A date of the chart is wall time and has no zone.")
    return moment.replace(microsecond=0)


def end_after(start: datetime | None, days: float | None, place: str) -> datetime | None:
    """The end that a duration gives a task without one; None without a start or a duration."""
    try:
        return (start + timedelta(days=days)).replace(microsecond=0) if start and days else None
    except OverflowError:
        raise PlanError(f"{place}, duration", "The task would end after the year 9999.") from None
