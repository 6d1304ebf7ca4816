"""Tasks: create, update, move, delete. Copies are in copies.py."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid
from core.statements import Given, Prepared, row_insert, row_update
from gantt import tree
from gantt.dates import Span, span_merge
from gantt.fields import wall_text
from gantt.models import Project, Task, TempId
from gantt.services.places import (
    Place,
    not_inside,
    place_at,
    place_beside,
    place_find,
    place_last,
    siblings_of,
    task_find,
)
from gantt.services.projects import writing
from gantt.services.rollup import summaries_roll_up
from gantt.services.temps import Temp, temp_note

PLAIN_FIELDS = ("text", "details", "type", "open", "progress")
MOVES = ("before", "after", "child", "up", "down")
WRITTEN = [*PLAIN_FIELDS, "start", "end", "duration", "extra", "updated_at"]


def task_create(
    *,
    actor: Actor,
    project: Project,
    values: dict[str, Any],
    mode: str | None = None,
    target: int | None = None,
    parent: int | None = None,
    index: int | None = None,
    temp: Temp | None = None,
) -> Task:
    """
    A new task, placed by mode (before, after, child) and target, else under `parent` (None: root).

    values: any of text, details, type, open, progress, start, end (naive datetimes), duration (days),
    extra (dict). Missing dates: the parent's start, one day. index: rows above it under `parent`.
    temp: the id that the client gave the row. Raises Forbidden, Invalid, NotFound.
    """
    with writing(actor, project, "gantt.add_task"):
        place = _new_place(project, mode, target, parent, index)
        task = Task(organization=actor.organization, project=project)
        _put(task, place)
        _merge(task, {"start": None, **values}, values.get("start") or _start_below(project, place))
        row_insert(task)
        temp_note(project, temp, TempId.Kind.TASK, task.pk)
        journal.record(actor=actor, verb="create", obj=task, changes=journal.diff({}, task_values(task)))
        summaries_roll_up(project, [task.parent_id])
    return task


def task_update(*, actor: Actor, project: Project, task_id: int, values: dict[str, Any]) -> Task:
    """
    Merge `values` (see task_create) into a task: what is missing stays, unknown keys are kept.

    Raises Forbidden, Invalid, NotFound.
    """
    with writing(actor, project, "gantt.change_task"):
        task = task_find(project, task_id)
        before = task_values(task)
        _merge(task, values, project_start(project))
        if changes := journal.diff(before, task_values(task)):
            row_update(task, WRITTEN)
            journal.record(actor=actor, verb="update", obj=task, changes=changes)
            summaries_roll_up(project, [task.pk])
    return task


def task_move(*, actor: Actor, project: Project, task_id: int, mode: str, target: int | None = None) -> Task:
    """
    Move a task with its branch: one row is written.

    mode: before, after or child of target (child of None: the root); up and down are before and
    after the target, without one a swap with the neighbour, which at the end of the list changes
    nothing. Raises Forbidden, Invalid, NotFound, and Conflict for a move into itself.
    """
    with writing(actor, project, "gantt.change_task"):
        task = task_find(project, task_id)
        place = _moved_place(project, task, mode, target)
        if place is None:
            return task
        not_inside(task, place)
        old_parent = task.parent_id
        was_hidden = task.hidden
        _put(task, place)
        row_update(task, ["parent_id", "position", "hidden", "updated_at"])
        if was_hidden and not task.hidden:
            branch_show(task.pk)
        journal.record(
            actor=actor, verb="move", obj=task,
            changes={"parent": [old_parent, task.parent_id], "place": [None, f"{mode} {target or ''}".strip()]},
        )  # fmt: skip
        summaries_roll_up(project, [old_parent, task.parent_id])
    return task


def task_delete(*, actor: Actor, project: Project, task_id: int) -> None:
    """Delete a task, everything below it, and their links and assignments. Raises Forbidden, NotFound."""
    with writing(actor, project, "gantt.delete_task"):
        task = task_find(project, task_id)
        below = list(
            Task.objects.filter(pk__in=tree.branch_of(task_id)).exclude(pk=task_id).values_list("pk", flat=True)
        )
        journal.record(actor=actor, verb="delete", obj=task, snapshot={**task_values(task), "below": below})
        tree.branch_delete(task_id)
        summaries_roll_up(project, [task.parent_id])


def branch_show(task_id: int) -> None:
    """Take a branch out of hiding."""
    Task.objects.filter(pk__in=tree.branch_of(task_id)).update(hidden=False)


def task_values(task: Task) -> dict[str, Any]:
    """The fields as JSON values, for the journal."""
    values = {name: getattr(task, name) for name in PLAIN_FIELDS}
    return {
        **values,
        "parent": task.parent_id,
        "start": wall_text(task.start) if task.start else None,
        "end": wall_text(task.end) if task.end else None,
        "extra": dict(task.extra),
    }


def project_start(project: Project) -> datetime:
    """Where tasks without dates are drawn."""
    return datetime.combine(project.start, time())


def _new_place(project: Project, mode: str | None, target: int | None, parent: int | None, index: int | None) -> Place:
    if mode is not None and mode not in {"before", "after", "child"}:
        raise Invalid(f"mode must be before, after or child, not {mode!r}", field="mode")
    if target is not None:
        return place_find(project, mode or "child", target)
    return place_last(project, parent) if index is None else place_at(project, parent, index)


def _moved_place(project: Project, task: Task, mode: str, target: int | None) -> Place | None:
    if mode not in MOVES:
        raise Invalid(f"mode must be before, after, child, up or down, not {mode!r}", field="mode")
    if mode in {"up", "down"}:
        beside = "before" if mode == "up" else "after"
        if target is not None and target != task.pk:
            return place_find(project, beside, target, moving=task)
        neighbour = _neighbour(project, task, mode)
        return place_beside(project, beside, neighbour.pk, moving=task) if neighbour else None
    if target == task.pk:
        raise Conflict(f"task {task.pk} cannot be put beside or inside itself")
    return place_find(project, mode, target, moving=task)


def _neighbour(project: Project, task: Task, mode: str) -> Task | None:
    others = siblings_of(project.pk, task.parent_id, moving=task.pk)
    if mode == "up":
        return others.filter(position__lte=task.position).last()
    return others.filter(position__gte=task.position).first()


def _put(task: Task, place: Place) -> None:
    task.parent_id = place.parent_id
    task.position = place.position
    task.hidden = place.hidden


def _start_below(project: Project, place: Place) -> datetime:
    """Where a new task starts that says nothing itself: with its parent."""
    start = None if place.parent_id is None else _START.first(task=place.parent_id)
    return start or project_start(project)


_START = Prepared(lambda: Task.objects.filter(pk=Given("task")).order_by().values_list("start", flat=True))


def _merge(task: Task, values: dict[str, Any], default_start: datetime) -> None:
    retyped = values.get("type", task.type) != task.type
    for name in PLAIN_FIELDS:
        if name in values:
            setattr(task, name, values[name])
    task.extra = {**task.extra, **values.get("extra", {})}
    if retyped or {"start", "end", "duration"} & values.keys():
        span = span_merge(
            Span(task.start, task.end),
            milestone=task.type == "milestone",
            start=values.get("start"),
            end=values.get("end"),
            duration=values.get("duration"),
            default_start=default_start,
        )
        task.start, task.end, task.duration = span.start, span.end, span.duration
