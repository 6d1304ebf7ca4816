"""MS Project XML in. Takes what a chart can hold of it; what it cannot is said in the plan's notes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from .checks import MAX_TASKS, checked
from .mspdi import (
    AS_SOON_AS_POSSIBLE,
    ELAPSED_LAG,
    LINK_TYPES,
    OFFICE_DAY_MINUTES,
    OWN_FIELD,
    PERCENT_LAG,
    WHOLE_DAY_MINUTES,
    task_guid,
)
from .plan import (
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
from .xmltree import Node, parse

DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")
MAX_HOLIDAYS = 5000
UNASSIGNED = "-65535"


def read(data: bytes) -> Plan:
    """Raises PlanError naming line and element."""
    root = parse(data)
    if root.name != "Project":
        raise PlanError(f"line {root.line}", f"The root element is {root.name}, not Project.")
    start = parse_wall(root.value("StartDate"), _place(root, "StartDate"))
    plan = Plan(
        name=(root.value("Title") or root.value("Name"))[:200],
        origin=root.value("Subject"),
        start=start.date() if start else None,
        calendar=_calendar(root),
    )
    minutes = _int(root, "MinutesPerDay", OFFICE_DAY_MINUTES) or OFFICE_DAY_MINUTES
    rows = [row for row in root.path("Tasks", "Task") if _is_row(row)]
    if len(rows) > MAX_TASKS:
        raise PlanError("Tasks", f"The file has more than {MAX_TASKS:,} tasks.")
    _read_tasks(plan, rows)
    for row in rows:
        for link in row.all("PredecessorLink"):
            _read_link(plan, row, link, minutes)
    _read_resources(plan, root)
    return checked(plan)


def _is_row(row: Node) -> bool:
    """Not a blank line of the sheet, and not Project's own row 0, which stands for the whole project."""
    return row.value("IsNull") != "1" and row.value("OutlineLevel") != "0" and row.value("UID") != "0"


def _place(node: Node, name: str) -> str:
    child = node.first(name)
    return f"line {child.line if child else node.line}, {name}"


def _int(node: Node, name: str, default: int = 0) -> int:
    text = node.value(name).strip()
    try:
        return int(text) if text else default
    except ValueError:
        raise PlanError(_place(node, name), f"{text[:40]!r} is no whole number.") from None


def _key(node: Node, name: str) -> str:
    text = node.value(name).strip()
    if not 0 < len(text) <= 100:
        raise PlanError(_place(node, name), f"{node.name} has no {name}.")
    return text


def _read_tasks(plan: Plan, rows: list[Node]) -> None:
    above: list[str] = []
    for row in rows:
        level = _int(row, "OutlineLevel", 1)
        if not 1 <= level <= len(above) + 1:
            raise PlanError(_place(row, "OutlineLevel"), f"Level {level} has no task above it.")
        key = _key(row, "UID")
        plan.tasks.append(_task(row, key, above[level - 2] if level > 1 else None, plan.origin))
        above[level - 1 :] = [key]


def _task(row: Node, key: str, parent: str | None, origin: str) -> PlanTask:
    own = _own_values(row)
    derived = "milestone" if row.value("Milestone") == "1" else "summary" if row.value("Summary") == "1" else "task"
    percent = _int(row, "PercentComplete")
    exact = own.get("progress")
    # The exact figure counts only while Project's own field still says the same.
    kept = isinstance(exact, float) and round(exact) == percent
    extra = own.get("extra")
    return PlanTask(
        key=key,
        parent=parent,
        text=row.value("Name"),
        type=own["type"] if isinstance(own.get("type"), str) and derived != "milestone" else derived,
        start=(start := parse_wall(row.value("Start"), _place(row, "Start"))),
        end=parse_wall(row.value("Finish"), _place(row, "Finish")) or _finish(row, start),
        progress=exact if kept and exact is not None else percent,
        details=row.value("Notes"),
        open=own.get("open") is True,
        extra=extra if isinstance(extra, dict) else {},
        place=f"line {row.line}",
        known=bool(origin) and row.value("GUID").strip().upper() == task_guid(origin, key),
    )


def _finish(row: Node, start: datetime | None) -> datetime | None:
    match = DURATION.fullmatch(row.value("Duration").strip())
    if start is None or not match:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return end_after(start, days + hours / 24 + minutes / 1440 + seconds / 86_400, f"line {row.line}")


def _own_values(row: Node) -> dict[str, Any]:
    for attribute in row.all("ExtendedAttribute"):
        if attribute.value("FieldID") == OWN_FIELD:
            try:
                own = orjson.loads(attribute.value("Value"))
            except orjson.JSONDecodeError:
                return {}  # somebody else's Text1
            return own if isinstance(own, dict) else {}
    return {}


def _read_link(plan: Plan, row: Node, link: Node, minutes: int) -> None:
    place = f"line {link.line}, PredecessorLink"
    if link.value("CrossProject") == "1":
        plan.notes.append(f"{place}: a link to another project is left out.")
        return
    kind = link.value("Type", "1").strip()
    if kind not in LINK_TYPES:
        raise PlanError(f"{place}, Type", f"{kind[:40]!r} is not one of 0 (FF), 1 (FS), 2 (SF), 3 (SS).")
    lag = _lag(plan, row, link, minutes)
    plan.links.append(PlanLink(_key(link, "PredecessorUID"), _key(row, "UID"), LINK_TYPES[kind], lag, place))


def _lag(plan: Plan, row: Node, link: Node, minutes: int) -> float | None:
    """Days; None (flexible) without a lag, and for the plain link of a task that a date constraint may hold later."""
    if not link.value("LinkLag").strip():
        return None
    tenths = _int(link, "LinkLag")
    shape = link.value("LagFormat").strip()
    if shape in PERCENT_LAG:
        plan.notes.append(f"line {link.line}, LinkLag: a lag in percent of a task is left out.")
        return None
    if not tenths and row.value("ConstraintType", AS_SOON_AS_POSSIBLE) != AS_SOON_AS_POSSIBLE:
        return None
    return tenths / 10 / (WHOLE_DAY_MINUTES if shape in ELAPSED_LAG else minutes)


def _calendar(root: Node) -> PlanCalendar | None:
    wanted = root.value("CalendarUID").strip()
    calendars = root.path("Calendars", "Calendar")
    calendar = next((each for each in calendars if each.value("UID").strip() == wanted), None)
    days = calendar.path("WeekDays", "WeekDay") if calendar else []
    worked = [day for day in days if day.value("DayWorking").strip() == "1" and day.value("DayType") != "0"]
    if calendar is None or not worked:
        return None
    breaks = [day for day in days if day.value("DayType").strip() == "0"] + calendar.path("Exceptions", "Exception")
    return PlanCalendar(
        working_days=sorted((_int(day, "DayType") - 2) % 7 + 1 for day in worked),
        holidays=_holidays(breaks),
        working_hours=_hours(worked[0]),
    )


def _hours(day: Node) -> list[list[str]]:
    """Of the first working weekday: a project has the same hours every day."""
    shifts = [
        [time.value("FromTime").strip()[:5], time.value("ToTime").strip()[:5]]
        for time in day.path("WorkingTimes", "WorkingTime")
        if time.value("FromTime").strip()
    ]
    return [] if shifts == [["00:00", "00:00"]] else shifts


def _holidays(breaks: list[Node]) -> list[str]:
    days: set[date] = set()
    for each in breaks:
        period = each.first("TimePeriod")
        if period is None or each.value("DayWorking").strip() == "1":
            continue
        first = parse_wall(period.value("FromDate"), _place(period, "FromDate"))
        last = parse_wall(period.value("ToDate"), _place(period, "ToDate"))
        if first is None or last is None:
            continue
        if len(days) + (last - first).days > MAX_HOLIDAYS:
            raise PlanError(_place(period, "ToDate"), f"The calendar has more than {MAX_HOLIDAYS:,} days off.")
        days.update(first.date() + timedelta(days=nth) for nth in range((last.date() - first.date()).days + 1))
    return [day.isoformat() for day in sorted(days)]


def _read_resources(plan: Plan, root: Node) -> None:
    for row in root.path("Resources", "Resource"):
        if row.value("UID").strip() != "0" and row.value("Name").strip():
            plan.resources.append(
                PlanResource(
                    _key(row, "UID"), row.value("Name")[:200], row.value("Group")[:200], place=f"line {row.line}"
                )
            )
    tasks, resources = {task.key for task in plan.tasks}, {each.key for each in plan.resources}
    for row in root.path("Assignments", "Assignment"):
        task, resource = row.value("TaskUID").strip(), row.value("ResourceUID").strip()
        if resource == UNASSIGNED or task not in tasks or resource not in resources:
            continue
        plan.assignments.append(PlanAssignment(task, resource, _units(plan, row), f"line {row.line}"))


def _units(plan: Plan, row: Node) -> float:
    text = row.value("Units").strip() or "1"
    try:
        units = round(float(text) * 100, 6)
    except ValueError:
        raise PlanError(_place(row, "Units"), f"{text[:40]!r} is no number.") from None
    if 0 <= units <= 100:
        return units
    plan.notes.append(f"line {row.line}, Units: an assignment of {units:g} % is taken as 100 %.")
    return 100
