"""Reads of the SecMaster context."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Organization, User
from core.actor import Actor
from core.api.errors import NotFound
from soc.models import Attachment, Project, Status, Todo, TodoAttachment, Workspace

# The vendor's offset ends at 9,999 and a page at 100 rows: nobody can read further.
REACHABLE = 10_099


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """What a list of to-dos is narrowed to; dates include their ends, texts match anywhere in any case."""

    handled: bool = False
    business_type: str = ""
    name: str = ""
    note: str = ""
    creator_name: str = ""
    from_date: datetime | None = None
    to_date: datetime | None = None
    sort_key: str = "create_time"
    descending: bool = True


def project_list(*, organization: Organization, name: str = "") -> list[dict[str, Any]]:
    """[{id, name}] of the organization's projects, all or the one called `name`."""
    projects = Project.objects.of(organization)
    return list((projects.filter(name=name) if name else projects).values("id", "name"))


def project_find(*, organization: Organization, lookup: dict[str, str]) -> Project | None:
    """The project with this id and/or name."""
    return Project.objects.of(organization).filter(**lookup).first()


def workspace_get(*, organization: Organization, project_id: str, workspace_id: str) -> Workspace:
    """The workspace, in one query; NotFound with code `project` or `workspace`, whichever is unknown first."""
    workspaces = Workspace.objects.of(organization).filter(pk=workspace_id, project=project_id)
    workspace = workspaces.select_related("organization").first()
    if workspace is not None:
        return workspace
    if not Project.objects.of(organization).filter(pk=project_id).exists():
        raise NotFound("The project does not exist.", code="project")
    raise NotFound("The workspace does not exist.", code="workspace")


def todo_get(*, workspace: Workspace, todo_id: str, with_parts: bool = True) -> Todo:
    """A to-do, with the comments and attachments that its answer needs or without; NotFound with code `todo`."""
    todos = Todo.objects.filter(workspace=workspace, pk=todo_id)
    todo = (_with_parts(todos) if with_parts else todos.select_related("workspace")).first()
    if todo is None:
        raise NotFound("The to-do does not exist.", code="todo")
    return todo


def attachment_get(*, workspace: Workspace, attachment_id: str, **narrowed: bool) -> Attachment:
    """An attachment, deleted or not unless `is_deleted` says which; NotFound with code `attachment`."""
    attachment = Attachment.objects.filter(workspace=workspace, pk=attachment_id, **narrowed).first()
    if attachment is None:
        raise NotFound("The attachment does not exist.", code="attachment")
    return attachment


def addressed_to(user: User) -> Q:
    """Which to-dos `user` is asked to settle.

    Those that name him or one of his groups; of those that name nobody, those of workspaces whose approvers he is one
    of, and of workspaces without approvers.
    """
    groups = user.groups.values("pk")
    open_to_him = Workspace.objects.of(user.organization_id).filter(
        Q(approvers=None) | Q(approvers__user=user) | Q(approvers__group__in=groups)
    )
    # A list of workspaces, not an EXISTS per row: the database works it out once.
    unnamed = Q(approve_user=None, approve_group=None, workspace__in=open_to_him.values("pk"))
    return Q(approve_user=user) | Q(approve_group__in=groups) | unnamed


def todo_query(*, actor: Actor, workspace: Workspace, wanted: TodoFilter) -> QuerySet[Todo]:
    """The to-dos that wait for the caller, or the handled ones that he was asked to settle or has settled."""
    todos = Todo.objects.filter(_narrowed(wanted), workspace=workspace)
    if actor.user is not None:
        whose = addressed_to(actor.user)
        todos = todos.filter(whose | Q(handled_by=actor.user) if wanted.handled else whose)
    key = f"-{wanted.sort_key}" if wanted.descending else wanted.sort_key
    return todos.order_by(key, "-id" if wanted.descending else "id")


def todo_total(*, todos: QuerySet[Todo]) -> int:
    """How many to-dos the list has, counted as far as its last page can reach."""
    return todos.order_by()[:REACHABLE].count()


def todo_page(*, todos: QuerySet[Todo], offset: int, limit: int) -> list[Todo]:
    """Rows `offset` to `offset + limit` with what their answers need: three queries, however many rows."""
    return list(_with_parts(todos)[offset : offset + limit])


def _narrowed(wanted: TodoFilter) -> Q:
    # "Not waiting" rather than the two other states: one range of the index by date instead of two to be merged.
    narrowed = ~Q(status=Status.WAITING) if wanted.handled else Q(status=Status.WAITING)
    if wanted.business_type:
        narrowed &= Q(business_type=wanted.business_type)
    if wanted.from_date:
        narrowed &= Q(create_time__gte=wanted.from_date)
    if wanted.to_date:
        narrowed &= Q(create_time__lte=wanted.to_date)
    texts = {"name": wanted.name, "notes": wanted.note, "creator_name": wanted.creator_name}
    for column, text in texts.items():
        if text:
            narrowed &= Q(**{f"{column}__icontains": text})
    return narrowed


def _with_parts(todos: QuerySet[Todo]) -> QuerySet[Todo]:
    links = Prefetch("attachment_links", TodoAttachment.objects.only("todo_id", "attachment_id").order_by("id"))
    return todos.select_related("workspace", "approve_user", "approve_group").prefetch_related("comments", links)
