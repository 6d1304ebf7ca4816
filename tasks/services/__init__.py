"""Every write to tasks. All functions are keyword-only, check the actor's rights, write the journal and the counters in
the transaction of the change, and raise the errors of core.api.errors."""

from tasks.services.bulk import bulk_request_create, bulk_request_run, rows_run
from tasks.services.changes import task_assign, task_delete, task_move, task_replace, task_update, tasks_change
from tasks.services.creation import task_create, tasks_create
from tasks.services.imports import file_import
from tasks.services.members import member_release
from tasks.services.photos import photo_create

__all__ = [
    "bulk_request_create",
    "bulk_request_run",
    "file_import",
    "member_release",
    "photo_create",
    "rows_run",
    "task_assign",
    "task_create",
    "task_delete",
    "task_move",
    "task_replace",
    "task_update",
    "tasks_change",
    "tasks_create",
]
