"""
What a chart loads: tasks, links, resources, assignments, as the widget wants them.

The vendor's pages: GET /tasks, /links, /resources, /assignments. Rows come from the database
driver as they are and go out as JSON at once: no model instance stands in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.api.errors import NotFound
from gantt import tree
from gantt.dates import DAY
from gantt.fields import wall_text
from gantt.models import Assignment, Link, Project, Resource, ShareLink, Task
from gantt.ordering import depth_first
from gantt.services.projects import ORIGIN
from gantt.services.shares import share_digest

COLUMNS = (
    "id", "parent_id", "position", "text", "start", "end", "duration", "progress", "type", "open", "details", "extra",
)  # fmt: skip
IN_ORDER = itemgetter(2, 0)
CHUNK = 2000


def project_find(organization: Any, slug: str | None) -> Project:
    """The project of this name, without a name the default one; NotFound also for other organizations' projects."""
    projects = Project.objects.of(organization)
    project = projects.filter(is_default=True).first() if slug is None else projects.filter(slug=slug).first()
    if project is None:
        raise NotFound("this organization has no default project" if slug is None else f"project {slug} not found")
    project.organization = organization
    return project


def share_find(secret: str) -> ShareLink | None:
    """The usable share link with this secret, its project and maker loaded, in one query."""
    share = (
        ShareLink.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            secret_hash=share_digest(secret),
            revoked_at=None,
            created_by__is_active=True,
            organization__is_active=True,
        )
        .select_related("project", "created_by__organization")
        .first()
    )
    if share is not None:
        share.project.organization = share.created_by.organization
    return share


def origin_allowed(origin: str, *, slug: str | None, secret: str | None = None) -> bool:
    """Whether some project of this address lists the origin: asked before anybody has said who he is."""
    if not ORIGIN.fullmatch(origin):
        return False
    projects = Project.objects.filter(allowed_origins__contains=origin)
    if secret is not None:
        projects = projects.filter(share_links__secret_hash=share_digest(secret))
    else:
        projects = projects.filter(is_default=True) if slug is None else projects.filter(slug=slug)
    return any(origin in text.split() for text in projects.values_list("allowed_origins", flat=True))


def shown_tasks(project: Project, top: int | None = None) -> QuerySet[Task]:
    """The rows below `top` (None: all) that a chart loads at once."""
    tasks = Task.objects.filter(project=project)
    if project.lazy:
        return tasks.filter(pk__in=tree.shown_of(project.pk, top))
    return tasks.visible() if top is None else tasks.filter(pk__in=tree.branch_of(top)).exclude(pk=top)


def _known(project: Project, top: int | None) -> None:
    if top is not None and not Task.objects.filter(project=project, pk=top).exists():
        raise NotFound(f"task with id {top} not found")


def tasks_json(project: Project, top: int | None = None) -> Iterator[bytes]:
    """
    The JSON array of the rows below `top` (None: the whole project), depth first, in pieces.

    `start` is always there, and `end` and `duration` follow from it: a row without dates is drawn
    at the project's start for one day. NotFound for an unknown `top`, before the first piece.
    """
    _known(project, top)
    children: dict[int | None, list[tuple[Any, ...]]] = {}
    for row in raw_rows(shown_tasks(project, top).order_by().values_list(*COLUMNS)):
        below = children.get(row[1])
        if below is None:
            children[row[1]] = [row]
        else:
            below.append(row)
    # Sorting here takes half the time that the database would need for it.
    for below in children.values():
        below.sort(key=IN_ORDER)
    # Asked before the first piece goes out: a failure is still an answer then.
    unloaded: frozenset[int | None] = _closed_with_children(project, top) if project.lazy else frozenset()
    return _json_array(_task_dicts(project, depth_first(children, top), unloaded))


def _task_dicts(
    project: Project, rows: Iterator[tuple[Any, ...]], unloaded: frozenset[int | None]
) -> Iterator[dict[str, Any]]:
    first = datetime.combine(project.start, time())
    no_dates = wall_text(first), wall_text(first + DAY)
    for task_id, parent, _, text, start, end, duration, progress, kind, opened, details, extra in rows:
        task = {
            "id": task_id,
            "text": text,
            "start": start,
            "end": end,
            "duration": duration,
            "progress": int(progress) if progress.is_integer() else progress,
            "parent": parent or 0,
            "type": kind,
            "lazy": task_id in unloaded,
            "open": bool(opened),
            "details": details,
        }
        if start is None:
            task["start"], task["end"] = no_dates
            task["duration"] = 1
        if kind == "milestone":
            del task["end"]
            task["duration"] = 0
        elif task["end"] is None:
            del task["end"]
        # Kept keys come last, and never in place of the row's own.
        yield task if extra == "{}" else {**task, **orjson.loads(extra), **task}


def _closed_with_children(project: Project, top: int | None) -> frozenset[int | None]:
    closed = shown_tasks(project, top).filter(open=False)
    return frozenset(Task.objects.filter(parent__in=closed).values_list("parent", flat=True).distinct())


def links_list(project: Project, top: int | None = None) -> list[dict[str, Any]]:
    """The links whose ends are both loaded; below `top`, those that touch a row loaded with it. Raises NotFound."""
    _known(project, top)
    links = Link.objects.filter(project=project, source__hidden=False, target__hidden=False)
    if top is not None:
        rows = shown_tasks(project, top).values("id")
        links = links.filter(Q(source__in=rows) | Q(target__in=rows))
    elif project.lazy:
        rows = shown_tasks(project).values("id")
        links = links.filter(source__in=rows, target__in=rows)
    found = links.order_by("id").values_list("id", "source_id", "target_id", "type", "lag")
    return [_link_dict(*row) for row in found]


def _link_dict(link_id: int, source: int, target: int, kind: str, lag: float | None) -> dict[str, Any]:
    link = {"id": link_id, "source": source, "target": target, "type": kind}
    return link if lag is None else {**link, "lag": _number(lag)}


def resources_list(project: Project) -> list[dict[str, Any]]:
    """All resources; keys without a value are left out."""
    names = ("id", "name", "role", "avatar", "color", "calendar", "parent")
    rows = Resource.objects.filter(project=project).order_by("id").values_list(*names)
    return [{name: value for name, value in zip(names, row, strict=True) if value not in (None, "")} for row in rows]


def assignments_list(project: Project, top: int | None = None) -> list[dict[str, Any]]:
    """The assignments of the tasks loaded with the project, or below `top`. Raises NotFound."""
    _known(project, top)
    rows = Assignment.objects.filter(project=project, task__hidden=False).order_by("id")
    if top is not None or project.lazy:
        rows = rows.filter(task__in=shown_tasks(project, top).values("id"))
    return [
        {"id": row_id, "task": task, "resource": resource, "units": _number(units)}
        for row_id, task, resource, units in rows.values_list("id", "task_id", "resource_id", "units")
    ]


def raw_rows(query: QuerySet) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: without Django's conversion, which costs more than the reading."""
    sql, params = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _json_array(items: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """A JSON array, `CHUNK` items at a time."""
    start = b"["
    while chunk := list(islice(items, CHUNK)):
        yield start + orjson.dumps(chunk)[1:-1]
        start = b","
    yield b"[]" if start == b"[" else b"]"


def _number(value: float) -> float:
    """10 rather than 10.0."""
    return int(value) if value.is_integer() else value
