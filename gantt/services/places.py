"""Where a row goes: a parent and a position among its children. Called with the project's lock held."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from core.api.errors import Conflict, Invalid, NotFound
from core.statements import Given, Prepared
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
    task = _TASK.first(project=project.pk, task=task_id)
    if task is None:
        raise task_unknown(task_id)
    return task


_TASK = Prepared(lambda: Task.objects.filter(project=Given("project"), pk=Given("task")).order_by())


def task_unknown(task_id: int) -> NotFound:
    return NotFound(f"task with id {task_id} not found")


def siblings_of(
    project_id: int | Given, parent_id: int | OuterRef | None, *, moving: int | Given | None = None
) -> QuerySet[Task]:
    """The children of a parent in order, without the row that is about to move."""
    rows = Task.objects.filter(project=project_id, parent=parent_id).order_by("position", "id")
    if parent_id is None:
        rows = rows.visible()
    return rows.exclude(pk=moving) if moving else rows


def place_last(project: Project, parent_id: int | None, *, moving: Task | None = None) -> Place:
    """After all children of the parent; NotFound for an unknown one."""
    given = {"project": project.pk, "moving": moving.pk if moving else 0}
    if parent_id is None:
        hidden, last = False, _LAST_AT_ROOT.first(**given)
    else:
        parent = _PARENT.first(parent=parent_id, **given)
        if parent is None:
            raise task_unknown(parent_id)
        hidden, last = parent
    return Place(parent_id, 0 if last is None else last + GAP, hidden)


def _last(parent_id: OuterRef | None) -> QuerySet:
    rows = siblings_of(Given("project"), parent_id, moving=Given("moving"))
    return rows.order_by("-position").values_list("position", flat=True)[:1]


_LAST_AT_ROOT = Prepared(lambda: _last(None))
# (hidden, position of its last child) of a task.
_PARENT = Prepared(
    lambda: (
        Task.objects.filter(project=Given("project"), pk=Given("parent"))
        .order_by()
        .values_list("hidden", Subquery(_last(OuterRef("pk"))))
    )
)


def place_beside(project: Project, mode: str, target_id: int, *, moving: Task | None = None) -> Place:
    """Directly before or after a task, under its parent; NotFound for an unknown one."""
    target = _BESIDE[mode].first(project=project.pk, target=target_id, moving=moving.pk if moving else 0)
    if target is None:
        raise task_unknown(target_id)
    parent_id, position, hidden, other = target
    if hidden and parent_id is None:
        raise NotFound(f"task with id {target_id} has no place yet")
    place = between(position, other) if mode == "after" else between(other, position)
    if place is None:
        # No whole number is left between the two neighbours.
        tree.renumber(project.pk, parent_id)
        return place_beside(project, mode, target_id, moving=moving)
    return Place(parent_id, place, hidden)


def _beside(mode: str) -> Prepared:
    """(parent, position, hidden, position of the nearest sibling on that side) of a task."""

    def nearest(parent_id: OuterRef | None) -> Subquery:
        rows = siblings_of(Given("project"), parent_id, moving=Given("moving")).exclude(pk=OuterRef("pk"))
        # Not "greater": an equal position is a full gap, and is renumbered.
        if mode == "after":
            rows = rows.filter(position__gte=OuterRef("position")).order_by("position")
        else:
            rows = rows.filter(position__lte=OuterRef("position")).order_by("-position")
        return Subquery(rows.values("position")[:1])

    def make() -> QuerySet:
        other = Case(When(parent=None, then=nearest(None)), default=nearest(OuterRef("parent")))
        target = Task.objects.filter(project=Given("project"), pk=Given("target")).order_by()
        return target.values_list("parent_id", "position", "hidden", other)

    return Prepared(make)


_BESIDE = {mode: _beside(mode) for mode in ("before", "after")}


def place_at(project: Project, parent_id: int | None, index: int) -> Place:
    """So that `index` rows stand above it; at the end when there are fewer."""
    following = siblings_of(project.pk, parent_id)[index : index + 1].first()
    return place_beside(project, "before", following.pk) if following else place_last(project, parent_id)


def place_find(project: Project, mode: str, target_id: int | None, *, moving: Task | None = None) -> Place:
    """
    The place that before, after or child of `target_id` means; child of None is the end of the root.

    Raises Invalid for another mode, NotFound for an unknown target.
    """
    if mode == "child":
        return place_last(project, target_id, moving=moving)
    if mode not in {"before", "after"}:
        raise Invalid(f"mode must be before, after or child, not {mode!r}", field="mode")
    if target_id is None:
        raise Invalid("target must be the id of a task", field="target")
    return place_beside(project, mode, target_id, moving=moving)


def not_inside(task: Task, place: Place) -> None:
    """Conflict when the place lies in the task's own branch."""
    if (
        place.parent_id is not None
        and place.parent_id != task.parent_id
        and task.pk in tree.ancestors([place.parent_id])
    ):
        raise Conflict(f"task {task.pk} cannot be put inside itself")
