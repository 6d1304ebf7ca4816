"""Copies of rows and branches."""

from __future__ import annotations

from collections.abc import Sequence

from core import journal
from core.actor import Actor
from core.api.errors import Invalid
from core.statements import row_insert
from gantt import tree
from gantt.models import Link, Project, Task, TempId
from gantt.services.places import Place, not_inside, place_beside, place_find, siblings_of, task_find
from gantt.services.projects import writing
from gantt.services.rollup import summaries_roll_up
from gantt.services.staging import group_open, settle
from gantt.services.temps import Temp, notes_of, temp_note

COPIED = ("text", "details", "type", "start", "end", "duration", "progress", "open", "extra")


def task_copy(
    *,
    actor: Actor,
    project: Project,
    source_id: int,
    mode: str,
    target: int | None = None,
    lazy: bool = False,
    temp: Temp | None = None,
) -> Task:
    """
    A copy of a row, before or after `target` (None: after its source) or as its last child.

    lazy: the rows below are copied too, with the links between them. Otherwise the chart sends
    copies of them itself, with mode child and no target: such a copy needs a temporary id and
    stays hidden until `settle` finds its place. Raises Forbidden, Invalid, NotFound, and Conflict
    for a copy into itself.
    """
    with writing(actor, project, "gantt.add_task"):
        source = task_find(project, source_id)
        nested = mode == "child" and target is None
        if nested and temp is None:
            raise Invalid("target must be the id of a task", field="target")
        place = Place(None, 0, hidden=True) if nested else _place(project, source, mode, target, temp)
        copy, count = _branch_copy(source, place, deep=lazy)
        journal.record(actor=actor, verb="copy", obj=copy, changes={"source": [None, source_id], "rows": [None, count]})
        note = temp_note(project, temp, TempId.Kind.COPY, copy.pk, source_id=source_id, lazy=lazy, staged=nested)
        if note and not nested and not lazy:
            group_open(project, note, source)
        if note:
            settle(project, note.client)
        summaries_roll_up(project, [copy.parent_id])
    return copy


def branch_insert(rows: Sequence[tuple[Task, int | None]]) -> None:
    """
    Insert new tasks with the tree between them, however deep it is.

    rows: (task, index of its parent in `rows`), or None where `task.parent_id` says it already.
    """
    Task.objects.bulk_create([task for task, _ in rows], batch_size=500)
    below = [(task, rows[above][0]) for task, above in rows if above is not None]
    for task, parent in below:
        task.parent_id = parent.pk
    # Nobody's id is known before all rows are in: one more statement hangs them under each other.
    if below:
        tree.parents_set([(parent.pk, task.pk) for task, parent in below])


def _place(project: Project, source: Task, mode: str, target: int | None, temp: Temp | None) -> Place:
    if target is None:
        place = place_find(project, mode, source.pk)
    else:
        place = (temp and mode == "child" and _among_copies(project, target, temp)) or place_find(project, mode, target)
    not_inside(source, place)
    return place


def _among_copies(project: Project, target: int, temp: Temp) -> Place | None:
    """
    Before the copies under `target` that the same client numbered higher but that arrived sooner.

    Older providers send the copies of sibling rows in parallel: the number tells their order.
    """
    later = notes_of(project, temp.client).filter(kind=TempId.Kind.COPY, number__gt=temp.number)
    first = siblings_of(project.pk, target).filter(pk__in=later.values("object_id")).first()
    return place_beside(project, "before", first.pk) if first else None


def _branch_copy(source: Task, place: Place, *, deep: bool) -> tuple[Task, int]:
    """(the copy of a row, how many rows were copied with it)."""
    copy = Task(
        organization_id=source.organization_id,
        project_id=source.project_id,
        parent_id=place.parent_id,
        position=place.position,
        hidden=place.hidden,
        **{name: getattr(source, name) for name in COPIED},
    )
    row_insert(copy)
    below = Task.objects.filter(pk__in=tree.branch_of(source.pk)).exclude(pk=source.pk).order_by()
    parents = list(below.values_list("parent_id", "pk")) if deep else []
    if parents:
        copies = tree.below_copy(source.pk, columns=COPIED, hidden=place.hidden)
        copies[source.pk] = copy.pk
        tree.parents_set([(copies[parent], copies[task]) for parent, task in parents])
        _links_copy(source, copies)
    return copy, 1 + len(parents)


def _links_copy(source: Task, copies: dict[int | None, int]) -> None:
    inside = Link.objects.filter(source__in=tree.branch_of(source.pk), target__in=tree.branch_of(source.pk)).order_by(
        "id"
    )
    Link.objects.bulk_create(
        Link(
            organization_id=link.organization_id, project_id=link.project_id, type=link.type, lag=link.lag,
            source_id=copies[link.source_id], target_id=copies[link.target_id],
        )
        for link in inside
    )  # fmt: skip
