"""The rules that every file has to keep, whatever its format."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from gantt.dates import FIRST, LAST
from gantt.scheduling import CalendarError, WorkingCalendar

from .plan import Plan, PlanCalendar, PlanError, PlanLink, PlanResource, PlanTask, parse_wall

LINK_TYPES = ("e2s", "s2s", "e2e", "s2e")
MAX_TASKS = 100_000
MAX_NESTING = 50
LIMITS = {"text": 100_000, "details": 100_000, "type": 64}
# Keys of a task with a meaning of their own: as keys of the chart they would change what its next request means.
OWN_KEYS = frozenset({
    "id", "text", "details", "type", "start", "end", "duration", "progress", "parent", "open", "lazy", "data",
    "operation", "mode", "target",
})  # fmt: skip
# The widget turns these into dates too, and fails on anything else.
DATE_KEYS = frozenset({"base_start", "base_end"})


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
    if not task.type:
        raise PlanError(f"{task.place}, type", "Must not be empty.")
    for name, limit in LIMITS.items():
        _check_text(getattr(task, name), limit, f"{task.place}, {name}")
    _check_extra(task)
    _complete_dates(task)


def _check_text(text: str, limit: int, place: str) -> None:
    if len(text) > limit or "\0" in text:
        raise PlanError(place, f"Must be at most {limit:,} characters without NUL.")


def _check_extra(task: PlanTask) -> None:
    """Only what a chart may send itself: no key with a meaning of its own, and dates where the widget expects them."""
    task.extra = {key: value for key, value in task.extra.items() if key not in OWN_KEYS and not key.startswith("$")}
    _check_json(task.extra, f"{task.place}, extra")
    for name in DATE_KEYS & task.extra.keys():
        moment = parse_wall(task.extra[name], f"{task.place}, {name}")
        if moment is None:
            del task.extra[name]
        else:
            task.extra[name] = str(moment)


def _check_json(value: Any, place: str) -> None:
    """No database holds a NUL; and what is nested too deep to be written again could never be sent."""
    level = [value]
    for _ in range(MAX_NESTING):
        texts = [each for each in level if isinstance(each, str)]
        texts += [key for each in level if isinstance(each, dict) for key in each]
        if any("\0" in text for text in texts):
            raise PlanError(place, "Must not hold a NUL character.")
        level = [
            item
            for each in level
            if isinstance(each, dict | list)
            for item in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise PlanError(place, f"Must not be nested more than {MAX_NESTING} deep.")


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


def _check_resources(plan: Plan) -> dict[str, PlanResource]:
    resources = _unique(plan.resources, "resource")
    for each in plan.resources:
        if each.parent is not None and each.parent not in resources:
            raise PlanError(f"{each.place}, parent", f"There is no resource {each.parent} in the file.")
        if not each.name.strip():
            raise PlanError(f"{each.place}, name", "A resource needs a name.")
        for name, text in (("name", each.name), ("role", each.role)):
            _check_text(text, 200, f"{each.place}, {name}")
        for name, limit in (("avatar", 500), ("color", 32)):
            _check_text(each.extra.get(name, ""), limit, f"{each.place}, {name}")
        _check_json(each.extra, f"{each.place}, calendar")
    for each in plan.resources:
        above, seen = each.parent, {each.key}
        while above is not None:
            if above in seen:
                raise PlanError(f"{each.place}, parent", "The resource is a member of itself.")
            seen.add(above)
            above = resources[above].parent
    return resources


def _check_assignments(plan: Plan, by_key: dict[str, PlanTask]) -> None:
    resources = _check_resources(plan)
    seen = set()
    for each in plan.assignments:
        if each.task not in by_key or each.resource not in resources:
            raise PlanError(each.place, f"There is no task {each.task} or no resource {each.resource} in the file.")
        if (each.task, each.resource) in seen:
            raise PlanError(each.place, f"Resource {each.resource} is assigned to task {each.task} twice.")
        if not 0 <= each.units <= 100:
            raise PlanError(f"{each.place}, units", "Must be a number from 0 to 100.")
        seen.add((each.task, each.resource))
