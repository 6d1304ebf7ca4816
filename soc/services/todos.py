"""To-dos: raised by an engine or a person, settled once."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from core.actor import Actor
from core.api.errors import Conflict, Forbidden, Invalid
from core.jobs import job_enqueue
from core.journal import diff, record
from core.statements import row_insert, row_update, together
from soc.models import DUE_AFTER, DueHandle, Status, Todo, Workspace, new_id
from soc.selectors import is_addressed_to
from soc.services.base import (
    SIGNATURE,
    actor_id,
    fields_check,
    now,
    signed_by,
    text_check,
    to_milliseconds,
    todo_sign,
)

REVIEW_LIMIT = 5000
PARAMETERS_LIMIT = 65536
DUE_BATCH = 500
# Every zone can show a date of these years.
DUE_YEARS = range(1970, 9999)


class Action(StrEnum):
    """What settles a to-do."""

    CONTINUE = "CONTINUE"
    TERMINATE = "TERMINATE"


# action → (the status it needs, the status it leads to)
TRANSITIONS = {
    Action.CONTINUE: (Status.WAITING, Status.FINISHED),
    Action.TERMINATE: (Status.WAITING, Status.CANCELED),
}
# What the end of a to-do writes, besides who signs it.
SETTLED = ("status", "approver", "review_comments", "handled_by_id", "handled_at")
ON_DUE = {DueHandle.CONTINUE: Action.CONTINUE, DueHandle.INTERRUPT: Action.TERMINATE}

TEXT_LIMITS = {
    "description": REVIEW_LIMIT,
    "notes": REVIEW_LIMIT,
    "view_parameters": PARAMETERS_LIMIT,
    "handle_parameters": PARAMETERS_LIMIT,
}
# What the console may change while a to-do waits.
EDITABLE = (
    "name", "description", "notes", "business_type", "related_object", "definition_key", "action_id",
    "action_version_id", "action_instance_id", "view_parameters", "handle_parameters", "due_date", "due_handle",
    "approve_user", "approve_group",
)  # fmt: skip


def todo_raise(*, actor: Actor, workspace: Workspace, fields: Mapping[str, Any]) -> tuple[Todo, bool]:
    """Raise a to-do from model `fields` (name and business_type at least); (to-do, whether it is new).

    A to-do with the same aopengine_task_id in the workspace is returned as it is, so that an engine may ask twice.
    Without due_date it is due 15 days after creation. Raises Invalid with the field's name.
    """
    actor.require("soc.add_todo")
    todo = _todo_build(actor, workspace, fields)
    try:
        with transaction.atomic(), together():
            row_insert(todo)
            record(actor=actor, verb="create", obj=todo, changes={"name": [None, todo.name]})
    except IntegrityError:
        same = Todo.objects.filter(workspace=workspace, aopengine_task_id=todo.aopengine_task_id)
        existing = same.select_related("workspace", "approve_user", "approve_group").first()
        if existing is None:
            raise
        return existing, False
    return todo, True


def todo_update(*, actor: Actor, todo: Todo, fields: Mapping[str, Any]) -> Todo:
    """Change the EDITABLE `fields` of a waiting to-do; Conflict when it has been settled."""
    actor.require("soc.change_todo")
    before = _plain(todo)
    for name in EDITABLE:
        if name in fields:
            setattr(todo, name, fields[name])
    _todo_complete(todo)
    values = {name: getattr(todo, name) for name in EDITABLE}
    with transaction.atomic():
        if not Todo.objects.filter(pk=todo.pk, status=Status.WAITING).update(**values, **signed_by(actor)):
            raise _not_waiting(todo)
        record(actor=actor, verb="update", obj=todo, changes=diff(before, _plain(todo)))
    return todo


def todo_settle(*, actor: Actor, todo: Todo, action: Action, review_comments: str = "") -> None:
    """End a waiting to-do for good and tell the engine through the queue.

    Forbidden (code `approver`) for who may not settle it, Conflict when it isn't waiting (any more): of several callers
    at the same time exactly one gets through.
    """
    actor.require("soc.change_todo")
    _approver_check(actor, todo)
    text_check(review_comments, field="comment", limit=REVIEW_LIMIT)
    before, after = TRANSITIONS[action]
    todo_sign(todo, actor)
    todo.status, todo.approver, todo.review_comments = after, actor.name, review_comments
    todo.handled_by, todo.handled_at = actor.user, todo.update_time
    with transaction.atomic():
        if not row_update(todo, (*SIGNATURE, *SETTLED), status=before):
            raise _not_waiting(todo)
        changes: dict[str, list[Any]] = {"status": [before, after], "review_comments": ["", review_comments]}
        record(actor=actor, verb=action.lower(), obj=todo, changes=changes)
        if todo.workspace.webhook_url:
            job_enqueue(
                "soc.todo_ended", organization=actor.organization, payload={"todo": todo.pk}, key=f"soc.ended:{todo.pk}"
            )


def todos_settle_due(*, at: datetime) -> int:
    """Apply `due_handle` to every to-do that is still waiting at its due date; the number settled."""
    settled = 0
    due = Todo.objects.filter(status=Status.WAITING, due_handle__in=DueHandle.values, due_date__lte=at)
    while batch := list(due.select_related("organization", "workspace").order_by("due_date")[:DUE_BATCH]):
        for todo in batch:
            try:
                todo_settle(actor=Actor.system(todo.organization), todo=todo, action=ON_DUE[DueHandle(todo.due_handle)])
                settled += 1
            except Conflict:
                continue  # a person was faster
    return settled


def _approver_check(actor: Actor, todo: Todo) -> None:
    if actor.user is None or actor.is_administrator:
        return
    if not is_addressed_to(actor.user, todo):
        raise Forbidden("The to-do is for other approvers.", code="approver")


def _not_waiting(todo: Todo) -> Conflict:
    return Conflict(f"The to-do {todo.pk} is not waiting any more.", code="status")


def _todo_build(actor: Actor, workspace: Workspace, fields: Mapping[str, Any]) -> Todo:
    moment = now()
    todo = Todo(
        organization=actor.organization,
        workspace=workspace,
        id=new_id(),
        create_time=moment,
        update_time=moment,
        creator_id=actor_id(actor),
        creator_name=actor.name,
    )
    for name, value in fields.items():
        setattr(todo, name, value)
    todo.aopengine_task_id = todo.aopengine_task_id or todo.pk
    _todo_complete(todo)
    return todo


def _todo_complete(todo: Todo) -> None:
    """Fill in the due date; Invalid for what a to-do can't be."""
    todo.due_date = to_milliseconds(todo.due_date or todo.create_time + DUE_AFTER)
    if not todo.name.strip():
        raise Invalid("name: must not be empty", field="name")
    for name, limit in TEXT_LIMITS.items():
        text_check(getattr(todo, name), field=name, limit=limit)
    if todo.due_date.year not in DUE_YEARS:
        raise Invalid(
            f"due_date: the year must lie between {DUE_YEARS.start} and {DUE_YEARS.stop - 1}", field="due_date"
        )
    if todo.approve_user and todo.approve_user.organization_id != todo.organization_id:
        raise Invalid("approveuser_id: no such user", field="approveuser_id")
    fields_check(todo)


def _plain(todo: Todo) -> dict[str, Any]:
    """The editable columns as the journal keeps them."""
    values = {name: getattr(todo, name) for name in EDITABLE}
    return {name: value if isinstance(value, str) or value is None else str(value) for name, value in values.items()}
