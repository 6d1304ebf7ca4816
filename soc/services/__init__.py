"""Every write of the SecMaster context."""

from soc.services.attachments import attachment_add, attachment_delete, attachment_remove, attachment_upload
from soc.services.comments import comment_add, comment_delete
from soc.services.todos import Action, todo_raise, todo_settle, todo_update, todos_settle_due
from soc.services.workspaces import (
    approver_create,
    approver_delete,
    project_create,
    project_delete,
    project_update,
    workspace_create,
    workspace_delete,
    workspace_secret_issue,
    workspace_update,
)

__all__ = [
    "Action",
    "approver_create",
    "approver_delete",
    "attachment_add",
    "attachment_delete",
    "attachment_remove",
    "attachment_upload",
    "comment_add",
    "comment_delete",
    "project_create",
    "project_delete",
    "project_update",
    "todo_raise",
    "todo_settle",
    "todo_update",
    "todos_settle_due",
    "workspace_create",
    "workspace_delete",
    "workspace_secret_issue",
    "workspace_update",
]
