"""Where a row goes: a parent and a position among its children. Called with the project's lock held."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from core.api.errors import Conflict, Invalid, NotFound
from gantt import tree
from gantt.models import Project, Task
from gantt.ordering import GAP, between


@dataclass(frozen=True)
class Place:
    """A row under a hidden parent is hidden too: it shows up together with it."""

    parent_id: int | None
    position: int
    hidden: bool = False


def task_find(project: Project, task_id: int) -> Task:
    """The task, hidden or not; NotFound for an id of another project too."""
    task = Task.objects.filter(project=project, pk=task_id).first()
    if task is None:
        raise NotFound(f"task with id {task_id} not found")
    return task


def siblings_of(project_id: int, parent_id: int | None, *, moving: Task | None = None) -> QuerySet[Task]:
    """The children of a parent in order, without the row that is about to move."""
    rows = Task.objects.filter(project=project_id, parent=parent_id).order_by("position", "id")
    if parent_id is None:
        rows = rows.visible()
    return rows.exclude(pk=moving.pk) if moving else rows


def place_last(project: Project, parent: Task | None, *, moving: Task | None = None) -> Place:
    parent_id = parent.pk if parent else None
    last = siblings_of(project.pk, parent_id, moving=moving).reverse().values_list("position", flat=True).first()
    return Place(parent_id, 0 if last is None else last + GAP, parent is not None and parent.hidden)


def place_beside(target: Task, mode: str, *, moving: Task | None = None) -> Place:
    """Directly before or after `target`, under its parent."""
    if target.hidden and target.parent_id is None:
        raise NotFound(f"task with id {target.pk} has no place yet")
    position = _position_beside(target, mode, moving)
    if position is None:
        # No whole number is left between the two neighbours.
        tree.renumber(target.project_id, target.parent_id)
        target.refresh_from_db(fields=["position"])
        return place_beside(target, mode, moving=moving)
    return Place(target.parent_id, position, target.hidden)


def _position_beside(target: Task, mode: str, moving: Task | None) -> int | None:
    others = siblings_of(target.project_id, target.parent_id, moving=moving).exclude(pk=target.pk)
    if mode == "after":
        # Not "greater": an equal position is a full gap, and is renumbered.
        following = others.filter(position__gte=target.position).values_list("position", flat=True).first()
        return between(target.position, following)
    previous = others.filter(position__lte=target.position).reverse().values_list("position", flat=True).first()
    return between(previous, target.position)


def place_at(project: Project, parent: Task | None, index: int) -> Place:
    """So that `index` rows stand above it; at the end when there are fewer."""
    following = siblings_of(project.pk, parent.pk if parent else None)[index : index + 1].first()
    return place_beside(following, "before") if following else place_last(project, parent)


def place_find(project: Project, mode: str, target_id: int | None, *, moving: Task | None = None) -> Place:
    """
    The place that before, after or child of `target_id` means; child of None is the end of the root.

    Raises Invalid for another mode, NotFound for an unknown target.
    """
    if mode == "child":
        parent = task_find(project, target_id) if target_id is not None else None
        return place_last(project, parent, moving=moving)
    if mode not in {"before", "after"}:
        raise Invalid(f"mode must be before, after or child, not {mode!r}", field="mode")
    if target_id is None:
        raise Invalid("target must be the id of a task", field="target")
    return place_beside(task_find(project, target_id), mode, moving=moving)


def not_inside(task: Task, place: Place) -> None:
    """Conflict when the place lies in the task's own branch."""
    if (
        place.parent_id is not None
        and place.parent_id != task.parent_id
        and task.pk in tree.ancestors([place.parent_id])
    ):
        raise Conflict(f"task {task.pk} cannot be put inside itself")
