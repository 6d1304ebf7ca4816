"""Links between tasks."""

from __future__ import annotations

from typing import Any

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid, NotFound
from gantt import tree
from gantt.models import Link, Project, TempId
from gantt.services.places import task_find
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
        link.save(force_insert=True)
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
            link.save(update_fields=["source", "target", "type", "lag"])
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
    link = Link.objects.filter(project=project, pk=link_id).first()
    if link is None:
        raise NotFound(f"link with id {link_id} not found")
    return link


def _check(project: Project, link: Link) -> None:
    if link.type not in Link.Type.values:
        raise Invalid(f"type must be e2s, s2s, e2e or s2e, not {link.type!r}", field="type")
    source, target = link.source_id, link.target_id
    if source is None or target is None:
        raise Invalid("source and target must be the ids of two tasks", field="source")
    if source == target:
        raise Conflict(f"a link cannot join task {source} with itself")
    for end in (source, target):
        task_find(project, end)
    same = Link.objects.filter(project=project, source=source, target=target, type=link.type).exclude(pk=link.pk)
    if same.exists():
        raise Conflict(f"there is a link of type {link.type} from task {source} to task {target} already")
    if target in tree.ancestors([source]) or source in tree.ancestors([target]):
        raise Conflict(f"a link cannot join task {source} with task {target}: one is above the other")
    if tree.link_reaches(start=target, goal=source, skip=link.pk or 0):
        raise Conflict(f"a link from task {source} to task {target} would close a cycle")
