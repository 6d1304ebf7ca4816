"""Pages of what tasks leave behind; nobody edits these by hand."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.admin import ReadOnlyAdmin
from tasks.models import BulkRequest, TaskCount, TaskImport, TaskPhoto


@admin.register(TaskPhoto)
class TaskPhotoAdmin(ReadOnlyAdmin):
    list_display = ["thumbnail", "path", "task_id", "size", "created_by", "created_time"]
    list_display_links = ["path"]
    search_fields = ["=task_id", "path"]
    list_select_related = ["organization"]
    exclude = ["organization"]

    def get_readonly_fields(self, request: HttpRequest, obj: TaskPhoto | None = None) -> list[str]:
        return ["thumbnail", "path", "task_id", "size", "created_by", "created_time"]

    def get_fields(self, request: HttpRequest, obj: TaskPhoto | None = None) -> list[str]:
        return self.get_readonly_fields(request, obj)

    @admin.display(description="Photo")
    def thumbnail(self, photo: TaskPhoto) -> SafeString:
        return photo_html(f"/{photo.organization.object_id}/{photo.path}", str(photo))


@admin.register(BulkRequest)
class BulkRequestAdmin(ReadOnlyAdmin):
    list_display = ["id", "operation", "user", "position", "failed", "created_time", "finished_time"]
    list_filter = ["operation"]
    list_select_related = ["user"]
    exclude = ["organization"]


@admin.register(TaskImport)
class TaskImportAdmin(ReadOnlyAdmin):
    list_display = ["filename", "position", "created", "refused", "started_time", "finished_time"]
    search_fields = ["filename"]
    exclude = ["organization"]


@admin.register(TaskCount)
class TaskCountAdmin(ReadOnlyAdmin):
    list_display = ["hub", "flow", "status", "slot", "count", "changed_at"]
    list_filter = ["status"]
    list_select_related = ["hub", "flow"]
    exclude = ["organization"]


def photo_html(url: str, title: str) -> SafeString:
    """A small picture that leads to the whole one."""
    return format_html(
        '<a href="{0}" target="_blank" rel="noopener"><img src="{0}" alt="{1}" title="{1}" loading="lazy" '
        'class="h-16 object-cover rounded-default w-16"></a>',
        url,
        title,
    )
