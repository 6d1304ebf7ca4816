"""The console's pages of tasks."""

from tasks.admin.records import BulkRequestAdmin, TaskCountAdmin, TaskImportAdmin, TaskPhotoAdmin
from tasks.admin.tasks import TaskAdmin

__all__ = ["BulkRequestAdmin", "TaskAdmin", "TaskCountAdmin", "TaskImportAdmin", "TaskPhotoAdmin"]
