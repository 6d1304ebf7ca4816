"""A to-do with what its answer needs, and whose turn it is."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, DateTimeField, F, Q, TextField, Value

from accounts.models import User
from core.api.errors import NotFound
from core.statements import Given, Prepared, PreparedIn
from soc.models import Comment, Todo, TodoAttachment, Workspace
from soc.selectors.workspaces import is_open_to, open_to, workspace_get


class TodoComment(NamedTuple):
    time: datetime
    id: str
    message: str
    user_id: str
    user_name: str


class TodoParts(NamedTuple):
    """What hangs on to-dos, by their ids: attachment ids in the order of adding, comments from the first on."""

    attachments: dict[str, list[str]]
    comments: dict[str, list[TodoComment]]


NO_PARTS = TodoParts({}, {})


def todo_get(*, user: User, project_id: str, workspace_id: str, todo_id: str) -> Todo:
    """A to-do with its workspace and whom it names, in one query.

    NotFound with code `project`, `workspace` or `todo`, whichever is unknown first.
    """
    todo = _TODO.first(organization=user.organization_id, project=project_id, workspace=workspace_id, todo=todo_id)
    if todo is None:
        workspace_get(user=user, project_id=project_id, workspace_id=workspace_id)
        raise NotFound("The to-do does not exist.", code="todo")
    return todo


def todo_parts(todo_ids: Sequence[str]) -> TodoParts:
    """The attachments and comments of these to-dos, in one query."""
    parts = TodoParts(defaultdict(list), defaultdict(list))
    for todo_id, place, *values in _PARTS.all(todo_ids):
        comment = TodoComment(*values)
        if place:
            parts.attachments[todo_id].append(comment.id)
        else:
            parts.comments[todo_id].append(comment)
    return parts


def group_ids(user: User) -> tuple[int, ...]:
    """The ids of the user's groups: known from his token, unless he has several."""
    known = getattr(user, "_group_ids", None)
    return tuple(user.groups.order_by("pk").values_list("pk", flat=True)) if known is None else known


def addressed_to(user: User) -> Q:
    """Which to-dos `user` is asked to settle.

    Those that name him or one of his groups; of those that name nobody, those of workspaces that are open to him.
    """
    # A list of workspaces, not an EXISTS per row: the database works it out once.
    open_to_him = Workspace.objects.of(user.organization_id).filter(open_to(user)).values("pk")
    unnamed = Q(approve_user=None, approve_group=None, workspace__in=open_to_him)
    return Q(approve_user=user) | Q(approve_group__in=user.groups.values("pk")) | unnamed


def is_addressed_to(user: User, todo: Todo) -> bool:
    """Whether `todo` is one of `addressed_to(user)`."""
    if todo.approve_user_id is None and todo.approve_group_id is None:
        return is_open_to(user=user, workspace_id=todo.workspace_id)
    return todo.approve_user_id == user.pk or todo.approve_group_id in group_ids(user)


_TODO = Prepared(
    lambda: (
        Todo.objects.filter(
            organization=Given("organization"),
            workspace__project=Given("project"),
            workspace=Given("workspace"),
            pk=Given("todo"),
        )
        .select_related("workspace", "approve_user", "approve_group")
        .order_by()
    )
)
# Comments are at place 0, attachments at the places of their links.
_PARTS = PreparedIn(
    lambda keys: (
        Comment.objects.filter(todo__pk__in=keys)
        .annotate(place=Value(0, BigIntegerField()))
        .order_by()
        .values_list("todo_id", "place", "time", "id", "message", "user_id", "user_name")
        .union(
            TodoAttachment.objects.filter(todo__pk__in=keys)
            .annotate(place=F("id"), nothing=Value("", TextField()), never=Value(None, DateTimeField()))
            .order_by()
            .values_list("todo_id", "place", "never", "attachment_id", "nothing", "nothing", "nothing"),
            all=True,
        )
        .order_by("place", "time", "id")
    )
)
