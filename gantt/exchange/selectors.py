"""A project as a plan: what an export writes and an import is compared with."""

from __future__ import annotations

from gantt.models import Assignment, Link, Project, Resource, Task
from gantt.ordering import depth_first

from . import Format
from .plan import Plan, PlanAssignment, PlanCalendar, PlanLink, PlanResource, PlanTask

COLUMNS = ("id", "parent_id", "text", "type", "start", "end", "progress", "details", "open", "extra")


def project_plan(project: Project) -> Plan:
    """The whole project, tasks depth first; keys are ids as text. Four queries."""
    tasks = Task.objects.filter(project=project).visible()
    links = Link.objects.filter(project=project, source__hidden=False, target__hidden=False).order_by("id")
    assignments = Assignment.objects.filter(project=project, task__hidden=False).order_by("id")
    return Plan(
        name=project.name,
        origin=f"{project.organization.object_id}-{project.pk}",
        start=project.start,
        calendar=PlanCalendar(list(project.working_days), list(project.holidays), list(project.working_hours)),
        tasks=[_task(row) for row in _rows(tasks)],
        links=[
            PlanLink(str(source), str(target), kind, lag)
            for source, target, kind, lag in links.values_list("source_id", "target_id", "type", "lag")
        ],
        resources=[_resource(row) for row in Resource.objects.filter(project=project).order_by("id")],
        assignments=[
            PlanAssignment(str(task), str(resource), units)
            for task, resource, units in assignments.values_list("task_id", "resource_id", "units")
        ],
    )


def project_file(project: Project, kind: Format) -> tuple[str, bytes]:
    """File name and contents of an export."""
    return f"{project.slug}{kind.suffix}", kind.write(project_plan(project))


def _rows(tasks) -> list[tuple]:  # type: ignore[no-untyped-def]
    children: dict[int | None, list[tuple]] = {}
    for row in tasks.order_by("parent", "position", "id").values_list(*COLUMNS):
        children.setdefault(row[1], []).append(row)
    return list(depth_first(children, None))


def _task(row: tuple) -> PlanTask:
    task_id, parent, *values = row
    return PlanTask(str(task_id), None if parent is None else str(parent), *values)


def _resource(row: Resource) -> PlanResource:
    names = ("avatar", "color", "calendar")
    extra = {name: value for name in names if (value := getattr(row, name)) not in ("", None)}
    parent = None if row.parent_id is None else str(row.parent_id)
    return PlanResource(str(row.pk), row.name, row.role, parent, extra)
