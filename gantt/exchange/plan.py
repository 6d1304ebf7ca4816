"""A project as files carry it: what every format is read into and written from, and the rules that all share.

Keys are whatever the file calls its tasks; they become ids only when a plan is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from gantt.dates import FIRST, LAST
from gantt.scheduling import CalendarError, WorkingCalendar

LINK_TYPES = ("e2s", "s2s", "e2e", "s2e")
TASK_FIELDS = ("parent", "text", "type", "start", "end", "progress", "details", "open", "extra")
ALL_FIELDS = frozenset({*TASK_FIELDS, "links", "resources", "assignments"})
MAX_TASKS = 100_000
MAX_TEXT = 100_000


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


def checked(plan: Plan) -> Plan:
    """The plan with tasks depth first and dates complete. Raises PlanError on what no project may hold."""
    if len(plan.tasks) > MAX_TASKS:
        raise PlanError("", f"The file has more than {MAX_TASKS:,} tasks.")
    _check_calendar(plan.calendar)
    by_key = _unique(plan.tasks, "task")
    for task in plan.tasks:
        _check_task(task, by_key)
    plan.tasks = _depth_first(plan.tasks)
    _check_links(plan, by_key)
    _check_assignments(plan, by_key)
    return plan


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
        return start + timedelta(days=days) if start and days else None
    except OverflowError:
        raise PlanError(f"{place}, duration", "The task would end after the year 9999.") from None


def _check_calendar(calendar: PlanCalendar | None) -> None:
    if calendar is None:
        return
    try:
        WorkingCalendar.of_settings(calendar.working_days, calendar.holidays, calendar.working_hours)
    except CalendarError as error:
        raise PlanError("calendar", str(error)) from None


def _unique(rows: list[Any], word: str) -> dict[str, Any]:
    by_key: dict[str, Any] = {}
    for row in rows:
        if row.key in by_key:
            raise PlanError(row.place, f"The {word} {row.key} comes twice.")
        by_key[row.key] = row
    return by_key


def _check_task(task: PlanTask, by_key: dict[str, PlanTask]) -> None:
    if task.parent is not None and task.parent not in by_key:
        raise PlanError(f"{task.place}, parent", f"There is no task {task.parent} in the file.")
    if not 0 <= task.progress <= 100:
        raise PlanError(f"{task.place}, progress", "Must be a number from 0 to 100.")
    if not 1 <= len(task.type) <= 64:
        raise PlanError(f"{task.place}, type", "Must have 1 to 64 characters.")
    for name in ("text", "details"):
        if len(getattr(task, name)) > MAX_TEXT or "\0" in getattr(task, name):
            raise PlanError(f"{task.place}, {name}", f"Must be at most {MAX_TEXT:,} characters without NUL.")
    _complete_dates(task)


def _complete_dates(task: PlanTask) -> None:
    if task.start is None and task.end is not None:
        raise PlanError(f"{task.place}, start", "A task with an end needs a start.")
    if task.type == "milestone":
        task.end = None
    elif task.start is not None:
        task.end = task.end or task.start + timedelta(days=1)
        if task.end < task.start:
            raise PlanError(f"{task.place}, end", "Must not be before the start.")
    for name in ("start", "end"):
        moment = getattr(task, name)
        if moment and not FIRST <= moment <= LAST:
            raise PlanError(f"{task.place}, {name}", "Must be between 1900 and 2199.")


def _depth_first(tasks: list[PlanTask]) -> list[PlanTask]:
    children: dict[str | None, list[PlanTask]] = defaultdict(list)
    for task in tasks:
        children[task.parent].append(task)
    ordered: list[PlanTask] = []
    stack = children[None][::-1]
    while stack:
        ordered.append(task := stack.pop())
        stack.extend(reversed(children.get(task.key, ())))
    if len(ordered) < len(tasks):
        reached = {task.key for task in ordered}
        lost = next(task for task in tasks if task.key not in reached)
        raise PlanError(f"{lost.place}, parent", "The task lies below itself.")
    return ordered


def _check_links(plan: Plan, by_key: dict[str, PlanTask]) -> None:
    seen = set()
    spans = _spans(plan.tasks)
    for link in plan.links:
        for end in (link.source, link.target):
            if end not in by_key:
                raise PlanError(link.place, f"There is no task {end} in the file.")
        if link.type not in LINK_TYPES:
            raise PlanError(link.place, f"The link type must be one of {', '.join(LINK_TYPES)}.")
        if (link.source, link.target, link.type) in seen:
            raise PlanError(link.place, f"The link {link.source} {link.type} {link.target} comes twice.")
        seen.add((link.source, link.target, link.type))
        if _within(spans, link.source, link.target) or _within(spans, link.target, link.source):
            raise PlanError(link.place, "A link may not join a task with itself or one above it.")
    _check_cycles(plan)


def _spans(tasks: list[PlanTask]) -> dict[str, tuple[int, int]]:
    """Place of each task and of the last one below it, in depth-first order."""
    place = {task.key: nth for nth, task in enumerate(tasks)}
    last = list(range(len(tasks)))
    for nth in range(len(tasks) - 1, -1, -1):
        parent = tasks[nth].parent
        if parent is not None:
            last[place[parent]] = max(last[place[parent]], last[nth])
    return {key: (nth, last[nth]) for key, nth in place.items()}


def _within(spans: dict[str, tuple[int, int]], inner: str, outer: str) -> bool:
    return spans[outer][0] <= spans[inner][0] <= spans[outer][1]


def _check_cycles(plan: Plan) -> None:
    targets: dict[str, list[PlanLink]] = defaultdict(list)
    waiting: dict[str, int] = defaultdict(int)
    for link in plan.links:
        targets[link.source].append(link)
        waiting[link.target] += 1
    ready = [key for key in targets if not waiting[key]]
    settled = 0
    while ready:
        for link in targets.get(ready.pop(), ()):
            settled += 1
            waiting[link.target] -= 1
            if not waiting[link.target]:
                ready.append(link.target)
    if settled < len(plan.links):
        circle = _cycle({link.target: link for link in plan.links if waiting[link.source]})
        # Some of them may be the project's own: name one that the file brings.
        place = next((link.place for link in circle if link.place), "")
        names = ", ".join(link.source for link in circle[:10])
        raise PlanError(place, f"The links close a cycle through the tasks {names}.")


def _cycle(before: dict[str, PlanLink]) -> list[PlanLink]:
    """The links of one cycle. before: a link into every task that lies on a cycle or behind one."""
    key = next(iter(before))
    seen: dict[str, PlanLink] = {}
    while key not in seen:
        seen[key] = before[key]
        key = before[key].source
    return list(seen.values())[list(seen).index(key) :][::-1]


def _check_assignments(plan: Plan, by_key: dict[str, PlanTask]) -> None:
    resources = _unique(plan.resources, "resource")
    for group in plan.resources:
        if group.parent is not None and group.parent not in resources:
            raise PlanError(f"{group.place}, parent", f"There is no resource {group.parent} in the file.")
        if not 1 <= len(group.name) <= 200 or len(group.role) > 200:
            raise PlanError(
                f"{group.place}, name", "A resource needs a name; name and role have at most 200 characters."
            )
    seen = set()
    for each in plan.assignments:
        if each.task not in by_key or each.resource not in resources:
            raise PlanError(each.place, f"There is no task {each.task} or no resource {each.resource} in the file.")
        if (each.task, each.resource) in seen:
            raise PlanError(each.place, f"Resource {each.resource} is assigned to task {each.task} twice.")
        if not 0 <= each.units <= 100:
            raise PlanError(f"{each.place}, units", "Must be a number from 0 to 100.")
        seen.add((each.task, each.resource))
