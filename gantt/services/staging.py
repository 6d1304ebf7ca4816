"""
Branches that a chart copies row by row.

The widget sends the copy of a branch's top row with a place, and the copies of the rows below in
parallel, without one, and in any order of arrival; then the links between them, without ends. Only the
numbers of the temporary ids say what belongs together: with T for the top row, the i-th row below
it has T+i, and the k-th link among n rows T+n+1+2(k-1). So rows and links wait, hidden, and each
arrival settles what can be settled. All of this runs with the project's lock held.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from core import journal
from core.actor import Actor
from gantt import tree
from gantt.models import CopyGroup, Link, Project, Task, TempId
from gantt.ordering import depth_first
from gantt.services.places import place_last
from gantt.services.projects import writing
from gantt.services.rollup import summaries_roll_up
from gantt.services.temps import KEEP, Temp, links_copied, notes_of, temp_note

Arrival = tuple[TempId, int | None]


def group_open(project: Project, note: TempId, source: Task) -> None:
    """Wait for the rows below `source`, whose copy is noted in `note`; a row without children needs no waiting."""
    queue = _queue_below(source)
    if not queue:
        return
    group = CopyGroup.objects.create(
        organization_id=project.organization_id, project=project, client=note.client, number=note.number,
        queue=queue, links=_links_below(project, note.client, source),
    )  # fmt: skip
    TempId.objects.filter(pk=note.pk).update(group=group)


def settle(project: Project, client: str) -> None:
    """Place every row and link of the client whose turn has come."""
    for group in CopyGroup.objects.filter(project=project, client=client, created_at__gt=timezone.now() - KEEP):
        if group.state != CopyGroup.State.LINKS:
            _rows_settle(project, group)
        if group.state == CopyGroup.State.LINKS:
            _links_settle(project, group)


def link_stage(*, actor: Actor, project: Project, type: str, temp: Temp) -> Link:
    """A link without ends: kept hidden until its branch is complete. Raises Forbidden."""
    with writing(actor, project, "gantt.add_link"):
        link = Link.objects.create(organization=actor.organization, project=project, type=type)
        temp_note(project, temp, TempId.Kind.LINK, link.pk, staged=True)
        settle(project, temp.client)
    return link


def copied_by(project: Project, client: str, task_id: int | None) -> bool:
    """Whether the task is a copy that this client made within the hour."""
    return notes_of(project, client).filter(kind=TempId.Kind.COPY, object_id=task_id).exists()


def links_read(project: Project, client: str) -> None:
    """The client reads the links: from now on it knows the ends of those that it copied."""
    if links_copied(project, client):
        notes_of(project, client).filter(kind=TempId.Kind.ADOPTED).update(kind=TempId.Kind.LINK)


def leftovers_sweep(project: Project) -> None:
    """Remove what has waited for more than an hour: nobody will send the rest."""
    before = timezone.now() - KEEP
    actor = Actor.system(project.organization)
    with writing(actor, project, "gantt.delete_task"):
        CopyGroup.objects.filter(project=project, created_at__lt=before).delete()
        TempId.objects.filter(project=project, created_at__lt=before).delete()
        Link.objects.filter(project=project, source=None, created_at__lt=before).delete()
        tops = Task.objects.filter(project=project, hidden=True, parent=None, created_at__lt=before)
        for task in tops:
            journal.record(actor=actor, verb="delete", obj=task, snapshot={"text": task.text, "hidden": True})
            tree.branch_delete(task.pk)


def projects_with_leftovers() -> Iterator[Project]:
    before = timezone.now() - KEEP
    ids = set(TempId.objects.filter(created_at__lt=before).values_list("project", flat=True).distinct())
    ids |= set(Task.objects.filter(hidden=True, created_at__lt=before).values_list("project", flat=True).distinct())
    yield from Project.objects.filter(pk__in=ids).select_related("organization")


def _queue_below(source: Task) -> list[list[int]]:
    rows = Task.objects.filter(pk__in=tree.branch_of(source.pk)).exclude(pk=source.pk).visible()
    children: dict[int | None, list[tuple[int, int]]] = {}
    for task_id, parent_id in rows.order_by("position", "id").values_list("id", "parent_id"):
        children.setdefault(parent_id, []).append((task_id, parent_id))
    depths = {source.pk: 0}
    queue = []
    for task_id, parent_id in depth_first(children, source.pk):
        depths[task_id] = depths[parent_id] + 1
        queue.append([task_id, parent_id, depths[task_id]])
    return queue


def _links_below(project: Project, client: str, source: Task) -> list[list[object]]:
    """The links among the rows below, without those whose ends the client does not know: it does not send them."""
    unknown = notes_of(project, client).filter(kind=TempId.Kind.ADOPTED).values("object_id")
    links = Link.objects.filter(source__in=tree.branch_of(source.pk), target__in=tree.branch_of(source.pk))
    links = links.exclude(source=source).exclude(target=source).exclude(pk__in=unknown)
    return [list(row) for row in links.order_by("id").values_list("source_id", "target_id", "type", "lag")]


def _rows_settle(project: Project, group: CopyGroup) -> None:
    waiting = notes_of(project, group.client).filter(kind=TempId.Kind.COPY, staged=True)
    by_number = {note.number: note for note in waiting.filter(number__gt=group.number + group.settled)}
    arrived = _next_rows(group, by_number)
    if group.state == CopyGroup.State.DIVERGED:
        arrived += _next_rows_diverged(group, by_number)
    if not arrived:
        return
    _attach(project, group, arrived)
    if group.state == CopyGroup.State.ROWS and group.head == len(group.queue):
        group.state = CopyGroup.State.LINKS
        group.links = _links_expected(group)
    # Not the queue: it may be long, and does not change.
    group.save(update_fields=["head", "settled", "state", "links"])


def _next_rows(group: CopyGroup, by_number: dict[int, TempId]) -> list[Arrival]:
    """The waiting rows that continue the queue, each with its source's parent."""
    arrived: list[Arrival] = []
    while group.state == CopyGroup.State.ROWS and group.head < len(group.queue):
        note = by_number.get(group.number + group.settled + 1)
        if note is None:
            break
        source, parent, depth = group.queue[group.head]
        if note.source_id != source:
            group.state = CopyGroup.State.DIVERGED
            break
        arrived.append((note, parent))
        group.settled += 1
        group.head += 1
        # Below a row that was copied as a whole nothing more is sent.
        while note.lazy and group.head < len(group.queue) and group.queue[group.head][2] > depth:
            group.head += 1
    return arrived


def _next_rows_diverged(group: CopyGroup, by_number: dict[int, TempId]) -> list[Arrival]:
    """The chart showed another tree than ours: go by the number and by where each source stands now."""
    notes = []
    while note := by_number.get(group.number + group.settled + 1):
        notes.append(note)
        group.settled += 1
    sources = [note.source_id for note in notes]
    parents: dict[int | None, int | None] = dict(Task.objects.filter(pk__in=sources).values_list("id", "parent_id"))
    return [(note, parents.get(note.source_id)) for note in notes]


def _attach(project: Project, group: CopyGroup, arrived: list[Arrival]) -> None:
    """Show each copy as the last child of its parent's copy; without one (deleted meanwhile) it stays hidden."""
    wanted = {parent for _, parent in arrived}
    copies = dict(group.members.filter(source_id__in=wanted).values_list("source_id", "object_id"))
    tasks = Task.objects.filter(project=project).in_bulk({note.object_id for note, _ in arrived} | set(copies.values()))
    for note, parent in arrived:
        copy, above = tasks.get(note.object_id), tasks.get(copies.get(parent, 0))
        if copy is None or above is None:
            continue
        copies[note.source_id] = note.object_id
        if copy.hidden and copy.parent_id is None:
            place = place_last(project, above.pk)
            copy.parent_id, copy.position, copy.hidden = place.parent_id, place.position, place.hidden
            copy.save(update_fields=["parent", "position", "hidden", "updated_at"])
            if note.lazy:
                Task.objects.filter(pk__in=tree.branch_of(copy.pk)).update(hidden=place.hidden)
        TempId.objects.filter(pk=note.pk).update(staged=False, group=group)
    summaries_roll_up(project, [copies.get(parent) for _, parent in arrived])


def _links_expected(group: CopyGroup) -> list[list[object]]:
    """[number, source, target, type, lag] of the links between the copied rows, as the chart numbers them."""
    members = group.members.filter(number__gt=group.number).order_by("number")
    place = {source: index for index, source in enumerate(members.values_list("source_id", flat=True))}
    inner = [link for link in group.links if link[0] in place and link[1] in place]
    # The chart goes through the rows and takes each link at the first end that it meets; sorting keeps the order by id.
    inner.sort(key=lambda link: min(place[link[0]], place[link[1]]))
    first = group.number + group.settled + 1
    return [[first + 2 * index, *link] for index, link in enumerate(inner)]


def _links_settle(project: Project, group: CopyGroup) -> None:
    waiting = notes_of(project, group.client).filter(kind=TempId.Kind.LINK, staged=True)
    by_number = {note.number: note for note in waiting.filter(number__gt=group.number)}
    copies = dict(group.members.values_list("source_id", "object_id")) if by_number else {}
    left = []
    for number, source, target, link_type, lag in group.links:
        note = by_number.get(number)
        if note is None:
            left.append([number, source, target, link_type, lag])
        elif _adopt(note, copies[source], copies[target], link_type, lag):
            TempId.objects.filter(pk=note.pk).update(staged=False, kind=TempId.Kind.ADOPTED)
    group.links = left
    if left:
        group.save(update_fields=["links"])
    else:
        group.delete()


def _adopt(note: TempId, source: int, target: int, link_type: str, lag: float | None) -> bool:
    """Give a waiting link its ends; not when an end is gone, or somebody has drawn the same link meanwhile."""
    if Task.objects.filter(pk__in=(source, target)).count() < 2:
        return False
    if Link.objects.filter(source=source, target=target, type=link_type).exists():
        return False
    waiting = Link.objects.filter(pk=note.object_id, type=link_type)
    return waiting.update(source=source, target=target, lag=lag) == 1
