"""Every write of the Gantt chart, one module per resource."""

from gantt.services.assignments import (
    assignment_create,
    assignment_delete,
    assignment_update,
    resource_create,
    resource_delete,
    resource_update,
)
from gantt.services.copies import branch_insert, task_copy
from gantt.services.links import link_create, link_delete, link_update
from gantt.services.projects import project_create, project_delete, project_update, writing
from gantt.services.rollup import summaries_roll_up
from gantt.services.shares import ShareActor, share_create, share_revoke
from gantt.services.tasks import task_create, task_delete, task_move, task_update

__all__ = [
    "ShareActor",
    "assignment_create",
    "assignment_delete",
    "assignment_update",
    "branch_insert",
    "link_create",
    "link_delete",
    "link_update",
    "project_create",
    "project_delete",
    "project_update",
    "resource_create",
    "resource_delete",
    "resource_update",
    "share_create",
    "share_revoke",
    "summaries_roll_up",
    "task_copy",
    "task_create",
    "task_delete",
    "task_move",
    "task_update",
    "writing",
]
