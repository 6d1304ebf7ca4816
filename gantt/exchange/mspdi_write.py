"""MS Project XML out: tasks with outline levels, links with lag, calendar, resources, assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import orjson

from .mspdi import (
    AS_SOON_AS_POSSIBLE,
    LAG_IN_DAYS,
    LINK_NUMBERS,
    MAX_LAG,
    NAMESPACE,
    OWN_FIELD,
    OWN_FIELD_ALIAS,
    OWN_FIELD_NAME,
    START_NO_EARLIER,
    WHOLE_DAY_MINUTES,
    task_guid,
)
from .plan import Plan, PlanCalendar, PlanLink, PlanTask
from .xmltree import element


def write(plan: Plan) -> bytes:
    return "\n".join(["<?xml version='1.0' encoding='UTF-8' standalone='yes'?>", *_project(plan), ""]).encode()


def _project(plan: Plan) -> Iterator[str]:
    calendar = plan.calendar or PlanCalendar([1, 2, 3, 4, 5])
    minutes = day_minutes(calendar)
    uid = _numbers([task.key for task in plan.tasks])
    resource_uid = _numbers([each.key for each in plan.resources])
    yield f'<Project xmlns="{NAMESPACE}">'
    yield element("SaveVersion", 14)
    yield element("Name", plan.name)
    yield element("Title", plan.name)
    yield element("Subject", plan.origin)
    if plan.start:
        yield element("StartDate", f"{plan.start}T00:00:00")
    yield element("ScheduleFromStart", 1)
    yield element("CalendarUID", 1)
    yield element("MinutesPerDay", minutes)
    yield element("MinutesPerWeek", minutes * len(calendar.working_days))
    own = [("FieldID", OWN_FIELD), ("FieldName", OWN_FIELD_NAME), ("Alias", OWN_FIELD_ALIAS)]
    yield _block("ExtendedAttributes", _block("ExtendedAttribute", *(element(*each) for each in own)))
    yield from _calendar(calendar)
    yield "<Tasks>"
    yield from _tasks(plan, uid, minutes)
    yield "</Tasks>"
    yield "<Resources>"
    for each in plan.resources:
        yield _block(
            "Resource",
            element("UID", resource_uid[each.key]),
            element("ID", resource_uid[each.key]),
            element("Name", each.name),
            element("Group", each.role),
        )
    yield "</Resources>"
    yield "<Assignments>"
    for nth, link in enumerate(plan.assignments, start=1):
        yield _block(
            "Assignment",
            element("UID", nth),
            element("TaskUID", uid[link.task]),
            element("ResourceUID", resource_uid[link.resource]),
            element("Units", repr(link.units / 100)),
        )
    yield "</Assignments>"
    yield "</Project>"


def day_minutes(calendar: PlanCalendar) -> int:
    if not calendar.working_hours:
        return WHOLE_DAY_MINUTES
    return sum((_minutes(end) or WHOLE_DAY_MINUTES) - _minutes(start) for start, end in calendar.working_hours)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _numbers(keys: list[str]) -> dict[str, int]:
    """UIDs: the keys themselves where they are numbers, else a count."""
    if all(key.isascii() and key.isdigit() and 0 < int(key) < 2**31 for key in keys):
        return {key: int(key) for key in keys}
    return {key: nth for nth, key in enumerate(keys, start=1)}


def _block(name: str, *lines: str) -> str:
    return "".join([f"<{name}>", *lines, f"</{name}>"])


def _calendar(calendar: PlanCalendar) -> Iterator[str]:
    hours = calendar.working_hours or [["00:00", "00:00"]]
    times = _block(
        "WorkingTimes",
        *(
            _block("WorkingTime", element("FromTime", f"{start}:00"), element("ToTime", f"{end}:00"))
            for start, end in hours
        ),
    )
    yield "<Calendars><Calendar>"
    yield element("UID", 1) + element("Name", "Standard") + element("IsBaseCalendar", 1)
    yield "<WeekDays>"
    for weekday in range(1, 8):
        worked = weekday in calendar.working_days
        number = weekday % 7 + 1  # Project counts from Sunday = 1
        yield _block("WeekDay", element("DayType", number), element("DayWorking", int(worked)), times if worked else "")
    yield "</WeekDays>"
    yield "<Exceptions>"
    for day in calendar.holidays:
        period = element("FromDate", f"{day}T00:00:00") + element("ToDate", f"{day}T23:59:00")
        yield _block("Exception", _block("TimePeriod", period), element("Name", day), element("DayWorking", 0))
    yield "</Exceptions>"
    yield "</Calendar></Calendars>"


def _tasks(plan: Plan, uid: dict[str, int], minutes: int) -> Iterator[str]:
    incoming: dict[str, list[PlanLink]] = defaultdict(list)
    for link in plan.links:
        incoming[link.target].append(link)
    level: dict[str | None, int] = {None: 0}
    summaries = {task.parent for task in plan.tasks}
    for nth, task in enumerate(plan.tasks, start=1):
        level[task.key] = level[task.parent] + 1
        yield _block(
            "Task",
            element("UID", uid[task.key]),
            element("GUID", task_guid(plan.origin, task.key)),
            element("ID", nth),
            element("Name", task.text),
            element("OutlineLevel", level[task.key]),
            *_dates(task, minutes, plan.calendar),
            element("Milestone", int(task.type == "milestone")),
            element("Summary", int(task.key in summaries)),
            element("PercentComplete", round(task.progress)),
            *_constraint(task, incoming[task.key]),
            *([element("Notes", task.details)] if task.details else []),
            *(_predecessor(link, uid, minutes) for link in incoming[task.key]),
            *_own_values(task, task.key in summaries),
        )


def _dates(task: PlanTask, minutes: int, calendar: PlanCalendar | None) -> Iterator[str]:
    if task.start is None:
        return
    end = task.end or task.start
    yield element("Start", task.start.isoformat())
    yield element("Finish", end.isoformat())
    seconds = _working_days(task, calendar) * minutes * 60
    hours, rest = divmod(round(seconds), 3600)
    yield element("Duration", f"PT{hours}H{rest // 60}M{rest % 60}S") + element("DurationFormat", LAG_IN_DAYS)


def _working_days(task: PlanTask, calendar: PlanCalendar | None) -> float:
    if task.start is None or task.end is None:
        return 0
    days = (task.end - task.start) / timedelta(days=1)
    if calendar is None or calendar.working_hours or days != int(days):
        return days
    weeks, rest = divmod(int(days), 7)
    first = task.start.date()
    off = {date.fromisoformat(day) for day in calendar.holidays}
    worked = weeks * len(calendar.working_days)
    worked += sum((first + timedelta(days=nth)).isoweekday() in calendar.working_days for nth in range(rest))
    return worked - sum(first <= day < task.end.date() and day.isoweekday() in calendar.working_days for day in off)


def _constraint(task: PlanTask, incoming: list[PlanLink]) -> Iterator[str]:
    """Holds the task where it is drawn, or Project would pull it to the project's start when it opens the file."""
    if task.start is None or any(link.lag is not None for link in incoming):
        yield element("ConstraintType", AS_SOON_AS_POSSIBLE)
    else:
        yield element("ConstraintType", START_NO_EARLIER) + element("ConstraintDate", task.start.isoformat())


def _own_values(task: PlanTask, has_children: bool) -> list[str]:
    own: dict[str, Any] = {}
    if task.type not in ("milestone", "summary" if has_children else "task"):
        own["type"] = task.type
    if task.progress != round(task.progress):
        own["progress"] = task.progress
    if task.open:
        own["open"] = True
    if task.extra:
        own["extra"] = task.extra
    if not own:
        return []
    value = element("Value", orjson.dumps(own).decode())
    return [_block("ExtendedAttribute", element("FieldID", OWN_FIELD), value)]


def _predecessor(link: PlanLink, uid: dict[str, int], minutes: int) -> str:
    lag = "" if link.lag is None else element("LinkLag", round(max(-MAX_LAG, min(MAX_LAG, link.lag)) * minutes * 10))
    return _block(
        "PredecessorLink",
        element("PredecessorUID", uid[link.source]),
        element("Type", LINK_NUMBERS[link.type]),
        lag,
        element("LagFormat", LAG_IN_DAYS),
    )
