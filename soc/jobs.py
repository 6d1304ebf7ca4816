"""Background work: due dates, and telling the engine that a to-do has ended."""

from datetime import datetime, timedelta
from typing import Any

import orjson

from accounts import crypto
from core.jobs import GiveUp, job, periodic
from soc.api.dialect.dates import date_format
from soc.models import Status, Todo
from soc.services import todos_settle_due
from soc.webhooks import TargetRefused, message_send


@periodic("soc.todos_due", every=timedelta(minutes=1))
def todos_due(now: datetime) -> None:
    todos_settle_due(at=now)


@job("soc.todo_ended", attempts=8, backoff=(5, 60, 300, 1800, 7200, 21600, 43200))
def todo_ended(payload: dict[str, Any]) -> None:
    """Tell the workspace's engine how `payload["todo"]` ended; the same message id at every attempt."""
    todo = Todo.objects.select_related("workspace", "organization").filter(pk=payload["todo"]).first()
    if todo is None or todo.handled_at is None or not todo.workspace.webhook_url:
        return  # nobody is left to be told
    workspace = todo.workspace
    if not workspace.webhook_secret_encrypted:
        raise GiveUp("the workspace has no webhook secret")
    secret = crypto.decrypt(bytes(workspace.webhook_secret_encrypted))
    message_id = f"msg_{todo.pk}_{todo.status}"
    try:
        message_send(
            url=workspace.webhook_url, secret=secret, message_id=message_id, body=_message(todo, todo.handled_at)
        )
    except TargetRefused as error:
        raise GiveUp(str(error)) from error


def _message(todo: Todo, ended_at: datetime) -> bytes:
    """The same bytes at every attempt: nothing in it changes after the end."""
    return orjson.dumps({
        "type": f"soc.task.{Status(todo.status).value}",
        "timestamp": ended_at.isoformat(timespec="milliseconds"),
        "data": {
            "id": todo.pk,
            "aopengine_task_id": todo.aopengine_task_id,
            "project_id": todo.workspace.project_id,
            "workspace_id": todo.workspace_id,
            "business_type": todo.business_type,
            "definition_key": todo.definition_key,
            "action_id": todo.action_id,
            "action_version_id": todo.action_version_id,
            "action_instance_id": todo.action_instance_id,
            "status": todo.status,
            "approver": todo.approver,
            "review_comments": todo.review_comments,
            "update_time": date_format(ended_at, todo.organization.zone),
        },
    })  # fmt: skip
