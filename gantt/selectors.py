"""
What a chart loads: tasks, links, resources, assignments, as the widget wants them.

The vendor's pages: GET /tasks, /links, /resources, /assignments. Rows come from the database
driver as they are and go out as JSON at once: no model instance stands in between, and the
statements are kept (core/statements.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any

import orjson
from django.db.models import ExpressionWrapper, F, Q, QuerySet, TextField
from django.utils import timezone

from core.api.errors import NotFound
from core.statements import Given, Prepared
from gantt import tree
from gantt.dates import DAY
from gantt.fields import wall_text
from gantt.models import Assignment, Link, Project, Resource, ShareLink, Task
from gantt.ordering import depth_first
from gantt.services.projects import ORIGIN
from gantt.services.shares import share_digest


def _plain(name: str) -> ExpressionWrapper:
    """The column as the driver gives it: Django's conversion costs more than the reading."""
    return ExpressionWrapper(F(name), output_field=TextField())


COLUMNS = (
    "id", "parent_id", "position", "text", _plain("start"), _plain("end"), "duration",
    "progress", "type", _plain("open"), "details", _plain("extra"),
)  # fmt: skip
ID, IN_ORDER = itemgetter(0), itemgetter(2, 0)
CHUNK = 2000


def project_find(organization: Any, slug: str | None) -> Project:
    """The project of this name, without a name the default one; NotFound also for other organizations' projects."""
    found = _DEFAULT if slug is None else _NAMED
    project = found.first(organization=organization.pk, slug=slug)
    if project is None:
        raise NotFound("this organization has no default project" if slug is None else f"project {slug} not found")
    project.organization = organization
    return project


_DEFAULT = Prepared(lambda: Project.objects.of(Given("organization")).filter(is_default=True).order_by())
_NAMED = Prepared(lambda: Project.objects.of(Given("organization")).filter(slug=Given("slug")).order_by())


def share_find(secret: str) -> ShareLink | None:
    """The usable share link with this secret, its project and maker loaded, in one query."""
    share = _SHARE.first(secret_hash=share_digest(secret), now=timezone.now())
    if share is not None:
        share.project.organization = share.created_by.organization
    return share


_SHARE = Prepared(
    lambda: (
        ShareLink.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=Given("now", ShareLink._meta.get_field("expires_at"))),
            secret_hash=Given("secret_hash"),
            revoked_at=None,
            created_by__is_active=True,
            organization__is_active=True,
        )
        .select_related("project", "created_by__organization")
        .order_by()
    )
)


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


def _shown(*, lazy: bool, below: bool) -> QuerySet[Task]:
    """The rows of a project, or below `top`, that a chart loads at once."""
    tasks = Task.objects.filter(project=Given("project")).order_by()
    top = Given("top") if below else None
    if lazy:
        return tasks.filter(pk__in=tree.shown_of(Given("project"), top))
    return tasks.visible() if top is None else tasks.filter(pk__in=tree.branch_of(top)).exclude(pk=top)


@cache
def _rows(*, lazy: bool, below: bool) -> Prepared:
    """What the chart shows of the tasks; for a branch where nothing is lazy with `top` itself: no row, no such task."""

    def make() -> QuerySet:
        tasks = _shown(lazy=lazy, below=below)
        if below and not lazy:
            tasks = Task.objects.filter(project=Given("project"), pk__in=tree.branch_of(Given("top"))).order_by()
        return tasks.values_list(*COLUMNS)

    return Prepared(make)


@cache
def _closed(*, below: bool) -> Prepared:
    """The closed rows that a chart loads and that have rows below them."""

    def make() -> QuerySet:
        closed = _shown(lazy=True, below=below).filter(open=False)
        return Task.objects.filter(parent__in=closed).order_by().values_list("parent", flat=True).distinct()

    return Prepared(make)


_KNOWN = Prepared(
    lambda: Task.objects.filter(project=Given("project"), pk=Given("top")).order_by().values_list("pk", flat=True)
)


def _known(project: Project, top: int | None) -> None:
    if top is not None and not _KNOWN.all(project=project.pk, top=top):
        raise NotFound(f"task with id {top} not found")


def tasks_json(project: Project, top: int | None = None) -> Iterator[bytes]:
    """
    The JSON array of the rows below `top` (None: the whole project), depth first, in pieces.

    `start` is always there, and `end` and `duration` follow from it: a row without dates is drawn
    at the project's start for one day. NotFound for an unknown `top`, before the first piece.
    """
    lazy, below = project.lazy, top is not None
    rows = _rows(lazy=lazy, below=below).all(project=project.pk, top=top)
    if below and (lazy or top not in map(ID, rows)):
        _known(project, top)
    children: defaultdict[int | None, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        children[row[1]].append(row)
    # Sorting here takes half the time that the database would need for it.
    for siblings in children.values():
        siblings.sort(key=IN_ORDER)
    # Asked before the first piece goes out: a failure is still an answer then.
    unloaded = frozenset(_closed(below=below).all(project=project.pk, top=top)) if lazy else frozenset()
    return _json_array(project, depth_first(children, top), unloaded)


def _json_array(project: Project, rows: Iterator[tuple[Any, ...]], unloaded: frozenset[int]) -> Iterator[bytes]:
    """A JSON array of tasks, `CHUNK` at a time."""
    start = b"["
    while chunk := list(islice(rows, CHUNK)):
        yield start + orjson.dumps(_task_dicts(project, chunk, unloaded))[1:-1]
        start = b","
    yield b"[]" if start == b"[" else b"]"


def _task_dicts(project: Project, rows: list[tuple[Any, ...]], unloaded: frozenset[int]) -> list[dict[str, Any]]:
    first = datetime.combine(project.start, time())
    no_dates = wall_text(first), wall_text(first + DAY)
    tasks = []
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
        tasks.append(task if extra == "{}" else {**task, **orjson.loads(extra), **task})
    return tasks


@cache
def _links(*, lazy: bool, below: bool) -> Prepared:
    def make() -> QuerySet:
        links = Link.objects.filter(project=Given("project"), source__hidden=False, target__hidden=False)
        rows = _shown(lazy=lazy, below=below).values("id")
        if below:
            links = links.filter(Q(source__in=rows) | Q(target__in=rows))
        elif lazy:
            links = links.filter(source__in=rows, target__in=rows)
        return links.order_by("id").values_list("id", "source_id", "target_id", "type", "lag")

    return Prepared(make)


def links_list(project: Project, top: int | None = None) -> list[dict[str, Any]]:
    """The links whose ends are both loaded; below `top`, those that touch a row loaded with it. Raises NotFound."""
    _known(project, top)
    found = _links(lazy=project.lazy, below=top is not None).all(project=project.pk, top=top)
    return [_link_dict(*row) for row in found]


def _link_dict(link_id: int, source: int, target: int, kind: str, lag: float | None) -> dict[str, Any]:
    link = {"id": link_id, "source": source, "target": target, "type": kind}
    return link if lag is None else {**link, "lag": _number(lag)}


RESOURCE_KEYS = ("id", "name", "role", "avatar", "color", "calendar", "parent")
_RESOURCES = Prepared(lambda: Resource.objects.filter(project=Given("project")).order_by("id").values(*RESOURCE_KEYS))


def resources_list(project: Project) -> list[dict[str, Any]]:
    """All resources; keys without a value are left out."""
    return [
        {name: value for name, value in row.items() if value not in (None, "")}
        for row in _RESOURCES.all(project=project.pk)
    ]


@cache
def _assignments(*, lazy: bool, below: bool) -> Prepared:
    def make() -> QuerySet:
        rows = Assignment.objects.filter(project=Given("project"), task__hidden=False).order_by("id")
        if lazy or below:
            rows = rows.filter(task__in=_shown(lazy=lazy, below=below).values("id"))
        return rows.values_list("id", "task_id", "resource_id", "units")

    return Prepared(make)


def assignments_list(project: Project, top: int | None = None) -> list[dict[str, Any]]:
    """The assignments of the tasks loaded with the project, or below `top`. Raises NotFound."""
    _known(project, top)
    found = _assignments(lazy=project.lazy, below=top is not None).all(project=project.pk, top=top)
    return [
        {"id": row_id, "task": task, "resource": resource, "units": _number(units)}
        for row_id, task, resource, units in found
    ]


def _number(value: float) -> float:
    """10 rather than 10.0."""
    return int(value) if value.is_integer() else value
