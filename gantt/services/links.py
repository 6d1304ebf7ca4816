"""Links between tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid, NotFound
from core.statements import Given, Prepared, row_insert, row_update
from gantt import tree
from gantt.models import Link, Project, Task, TempId
from gantt.services.places import task_unknown
from gantt.services.projects import writing
from gantt.services.temps import Temp, temp_note

FIELDS = ("source_id", "target_id", "type", "lag")


def link_create(
    *,
    actor: Actor,
    project: Project,
    source: int,
    target: int,
    type: str = "e2s",
    lag: float | None = None,
    temp: Temp | None = None,
) -> Link:
    """
    A dependency of two tasks of the project; lag in days.

    Raises Forbidden, Invalid (type), NotFound (an end), Conflict (to itself, twice, a cycle, or
    between a task and its own ancestor).
    """
    with writing(actor, project, "gantt.add_link"):
        link = Link(
            organization=actor.organization, project=project, source_id=source, target_id=target, type=type, lag=lag
        )
        _check(project, link)
        row_insert(link)
        temp_note(project, temp, TempId.Kind.LINK, link.pk)
        journal.record(actor=actor, verb="create", obj=link, changes=journal.diff({}, link_values(link)))
    return link


def link_update(*, actor: Actor, project: Project, link_id: int, values: dict[str, Any]) -> Link:
    """Change any of source, target, type, lag (None: flexible); raises as link_create."""
    with writing(actor, project, "gantt.change_link"):
        link = _link_find(project, link_id)
        before = link_values(link)
        for name, value in values.items():
            setattr(link, f"{name}_id" if name in {"source", "target"} else name, value)
        _check(project, link)
        if changes := journal.diff(before, link_values(link)):
            row_update(link, FIELDS)
            journal.record(actor=actor, verb="update", obj=link, changes=changes)
    return link


def link_delete(*, actor: Actor, project: Project, link_id: int) -> None:
    """Raises Forbidden, NotFound."""
    with writing(actor, project, "gantt.delete_link"):
        link = _link_find(project, link_id)
        journal.record(actor=actor, verb="delete", obj=link, snapshot=link_values(link))
        Link.objects.filter(pk=link.pk).delete()


def link_values(link: Link) -> dict[str, Any]:
    """The fields as JSON values, for the journal."""
    return {name.removesuffix("_id"): getattr(link, name) for name in FIELDS}


def _link_find(project: Project, link_id: int) -> Link:
    link = _LINK.first(project=project.pk, link=link_id)
    if link is None:
        raise NotFound(f"link with id {link_id} not found")
    return link


_LINK = Prepared(lambda: Link.objects.filter(project=Given("project"), pk=Given("link")).order_by())


def _check(project: Project, link: Link) -> None:
    if link.type not in Link.Type.values:
        raise Invalid(f"type must be e2s, s2s, e2e or s2e, not {link.type!r}", field="type")
    source, target = link.source_id, link.target_id
    if source is None or target is None:
        raise Invalid("source and target must be the ids of two tasks", field="source")
    if source == target:
        raise Conflict(f"a link cannot join task {source} with itself")
    known = _ENDS.all(project=project.pk, source=source, target=target)
    for end in (source, target):
        if end not in known:
            raise task_unknown(end)
    if _SAME.all(project=project.pk, source=source, target=target, type=link.type, link=link.pk or 0):
        raise Conflict(f"there is a link of type {link.type} from task {source} to task {target} already")
    parents = tree.ancestors([source, target])
    if target in _above(parents, source) or source in _above(parents, target):
        raise Conflict(f"a link cannot join task {source} with task {target}: one is above the other")
    if tree.link_reaches(start=target, goal=source, skip=link.pk or 0):
        raise Conflict(f"a link from task {source} to task {target} would close a cycle")


_ENDS = Prepared(
    lambda: (
        Task.objects.filter(Q(pk=Given("source")) | Q(pk=Given("target")), project=Given("project"))
        .order_by()
        .values_list("pk", flat=True)
    )
)
_SAME = Prepared(
    lambda: (
        Link.objects.filter(
            project=Given("project"), source=Given("source"), target=Given("target"), type=Given("type")
        )
        .exclude(pk=Given("link"))
        .order_by()
        .values_list("pk")
    )
)


def _above(parents: dict[int, int | None], task_id: int) -> Iterator[int]:
    """The rows above a task, the nearest first."""
    above = parents[task_id]
    while above is not None:
        yield above
        above = parents[above]
