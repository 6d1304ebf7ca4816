"""The scheduler on a project's rows: what its calendar, tasks and links would make of the dates."""

from __future__ import annotations

from datetime import datetime, time

from core.api.errors import Conflict
from gantt.dates import DAY, FIRST, LAST
from gantt.models import Link, Project, Task
from gantt.ordering import depth_first

from .calendar import CalendarError, WorkingCalendar
from .network import Activity, Dependency, ScheduleError
from .plan import Schedule, schedule

COLUMNS = ("id", "parent_id", "start", "end", "type", "progress", "extra")


def project_calendar(project: Project) -> WorkingCalendar:
    return WorkingCalendar.of_settings(project.working_days, project.holidays, project.working_hours)


def project_schedule(project: Project, *, start: datetime | None = None) -> Schedule:
    """The schedule of a project; nothing is written. Two queries.

    start: no task may begin before it; None: the project's own start, or its first task where that is earlier.
    Raises Conflict when links close a cycle or dates leave the years that a chart shows.
    """
    activities = [_activity(project, row) for row in _rows(project)]
    links = Link.objects.filter(project=project, source__hidden=False, target__hidden=False)
    dependencies = [
        Dependency(*row) for row in links.order_by("id").values_list("id", "source_id", "target_id", "type", "lag")
    ]
    drawn = min((activity.start for activity in activities), default=None)
    own = datetime.combine(project.start, time())
    floor = start or min(own, drawn or own)
    try:
        result = schedule(activities, dependencies, project_calendar(project), project_start=floor)
    except (ScheduleError, CalendarError) as error:
        raise Conflict(str(error)) from None
    if result.end and not (min(result.start or FIRST, result.end) >= FIRST and result.end <= LAST):
        raise Conflict("The schedule leaves the years 1900 to 2199.")
    return result


def _rows(project: Project) -> list[tuple]:
    children: dict[int | None, list[tuple]] = {}
    rows = Task.objects.filter(project=project).visible().order_by("parent", "position", "id").values_list(*COLUMNS)
    for row in rows:
        children.setdefault(row[1], []).append(row)
    return list(depth_first(children, None))


def _activity(project: Project, row: tuple) -> Activity:
    """A task without dates stands where the chart draws it: at the project's start, for one day."""
    task_id, parent, start, end, kind, progress, extra = row
    begin = start or datetime.combine(project.start, time())
    finish = end or (begin if start else begin + DAY)
    milestone = kind == "milestone"
    return Activity(
        id=task_id,
        parent=parent,
        start=begin,
        end=begin if milestone else finish,
        milestone=milestone,
        done=progress >= 100,
        pinned=extra.get("manual") is True,
    )
