"""Resources, and which of them work on which task."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid, NotFound
from core.statements import Given, Prepared, row_insert, row_update
from gantt.models import Assignment, Project, Resource
from gantt.services.places import task_find
from gantt.services.projects import writing

RESOURCE_FIELDS = ("name", "role", "avatar", "color", "calendar", "parent_id")


def assignment_create(*, actor: Actor, project: Project, task: int, resource: int, units: float = 100) -> Assignment:
    """
    Put a resource to work on a task with `units` percent of its time.

    Raises Forbidden, NotFound, Invalid (a summary task, a group of resources), Conflict (twice).
    """
    with writing(actor, project, "gantt.add_assignment"):
        row = Assignment(
            organization=actor.organization, project=project, task_id=task, resource_id=resource, units=units
        )
        _check(project, row)
        row_insert(row)
        journal.record(actor=actor, verb="create", obj=row, changes=journal.diff({}, assignment_values(row)))
    return row


def assignment_update(*, actor: Actor, project: Project, assignment_id: int, values: dict[str, Any]) -> Assignment:
    """Change any of task, resource, units; raises as assignment_create."""
    with writing(actor, project, "gantt.change_assignment"):
        row = _assignment_find(project, assignment_id)
        before = assignment_values(row)
        for name, value in values.items():
            setattr(row, name if name == "units" else f"{name}_id", value)
        _check(project, row)
        if changes := journal.diff(before, assignment_values(row)):
            row_update(row, ["task_id", "resource_id", "units"])
            journal.record(actor=actor, verb="update", obj=row, changes=changes)
    return row


def assignment_delete(*, actor: Actor, project: Project, assignment_id: int) -> None:
    """Raises Forbidden, NotFound."""
    with writing(actor, project, "gantt.delete_assignment"):
        row = _assignment_find(project, assignment_id)
        journal.record(actor=actor, verb="delete", obj=row, snapshot=assignment_values(row))
        Assignment.objects.filter(pk=row.pk).delete()


def resource_create(*, actor: Actor, project: Project, name: str, **values: Any) -> Resource:
    """A resource; values: role, avatar, color, calendar, parent (Resource or None). Raises Forbidden, Invalid."""
    with writing(actor, project, "gantt.add_resource"):
        row = Resource(organization=actor.organization, project=project, name=name, **values)
        _check_resource(row)
        row.save(force_insert=True)
        journal.record(actor=actor, verb="create", obj=row, changes=journal.diff({}, resource_values(row)))
    return row


def resource_update(*, actor: Actor, resource: Resource, **values: Any) -> Resource:
    """Change any of name, role, avatar, color, calendar, parent. Raises Forbidden, Invalid."""
    with writing(actor, resource.project, "gantt.change_resource"):
        row = Resource.objects.of(actor.organization).get(pk=resource.pk)
        before = resource_values(row)
        for name, value in values.items():
            setattr(row, name, value)
        _check_resource(row)
        if changes := journal.diff(before, resource_values(row)):
            row.save(update_fields=["name", "role", "avatar", "color", "calendar", "parent"])
            journal.record(actor=actor, verb="update", obj=row, changes=changes)
    return row


def resource_delete(*, actor: Actor, resource: Resource) -> None:
    """Delete a resource and its assignments. Raises Forbidden, and Conflict while it has members."""
    with writing(actor, resource.project, "gantt.delete_resource"):
        row = Resource.objects.of(actor.organization).get(pk=resource.pk)
        if row.members.exists():
            raise Conflict(f"resource {row.pk} has members: move or delete them first")
        journal.record(actor=actor, verb="delete", obj=row, snapshot=resource_values(row))
        row.delete()


def assignment_values(row: Assignment) -> dict[str, Any]:
    return {"task": row.task_id, "resource": row.resource_id, "units": row.units}


def resource_values(row: Resource) -> dict[str, Any]:
    return {name.removesuffix("_id"): getattr(row, name) for name in RESOURCE_FIELDS}


def _assignment_find(project: Project, assignment_id: int) -> Assignment:
    row = _ASSIGNMENT.first(project=project.pk, assignment=assignment_id)
    if row is None:
        raise NotFound(f"assignment with id {assignment_id} not found")
    return row


# With what its name in the journal is made of.
_ASSIGNMENT = Prepared(
    lambda: (
        Assignment.objects.filter(project=Given("project"), pk=Given("assignment"))
        .select_related("task", "resource")
        .order_by()
    )
)


def _check(project: Project, row: Assignment) -> None:
    task = task_find(project, row.task_id)
    if task.type == "summary":
        raise Invalid(f"task {task.pk} is a summary: assign resources to the tasks below it", field="task")
    resource = _RESOURCE.first(project=project.pk, resource=row.resource_id, task=task.pk, assignment=row.pk or 0)
    if resource is None:
        raise NotFound(f"resource with id {row.resource_id} not found")
    if resource.is_group:
        raise Invalid(f"resource {resource.pk} is a group: assign its members", field="resource")
    if resource.is_taken:
        raise Conflict(f"resource {resource.pk} is assigned to task {task.pk} already")
    row.task, row.resource = task, resource


def _resources() -> QuerySet[Resource]:
    """A resource, with whether it is a group and whether another assignment puts it to work on the task."""
    taken = Assignment.objects.filter(task=Given("task"), resource=OuterRef("pk")).exclude(pk=Given("assignment"))
    members = Resource.objects.filter(parent=OuterRef("pk"))
    rows = Resource.objects.filter(project=Given("project"), pk=Given("resource")).order_by()
    return rows.annotate(is_group=Exists(members), is_taken=Exists(taken))


_RESOURCE = Prepared(_resources)


def _check_resource(row: Resource) -> None:
    if not row.name.strip():
        raise Invalid("name must not be empty", field="name")
    above = row.parent
    while above is not None:
        if above.pk == row.pk or above.project_id != row.project_id:
            raise Invalid("parent must be another resource of the project, not one of its own members", field="parent")
        above = above.parent
