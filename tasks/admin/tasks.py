"""The page of tasks: list, form with the flow's own fields, actions on many rows, photos."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin
from flows.models import Flow
from hubs.models import Hub
from tasks import services
from tasks.admin.actions import ACTIONS
from tasks.admin.fields import value_fields
from tasks.admin.forms import TaskForm, body_of, errors_at_fields, task_form
from tasks.admin.records import photo_html
from tasks.documents import document_of
from tasks.inputs import input_read
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee, TaskPhoto
from tasks.people import people_of

_COLORS = {Status.UNASSIGNED: "warning", Status.ONGOING: "info", Status.DONE: "success"}
_OWN_FIELDS = ("flow", "hub", "assignees", "start_time", "end_time", ("ref_id", "order_index"))


@admin.register(Task)
class TaskAdmin(OwnedAdmin):
    form = TaskForm
    list_display = ["name", "state", "flow", "hub", "people", "start_time", "end_time", "ref_id"]
    list_filter = [
        "status",
        ("hub", admin.RelatedOnlyFieldListFilter),
        ("flow", admin.RelatedOnlyFieldListFilter),
        "created_time",
        "start_time",
    ]
    list_select_related = ["flow", "hub"]
    search_fields = ["title", "=ref_id", "=id"]
    search_help_text = "Title, reference or id"
    autocomplete_fields = ["flow", "hub"]
    actions = ACTIONS
    readonly_fields = ["content", "photos", "state"]

    class Media:
        js = ["tasks/task_form.js"]

    # --- writing ---

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Task:
        with errors_at_fields():
            body = {"flow": data["flow"].name, **body_of(data, None)}
            return services.task_create(actor=actor, given=input_read(body))[0]

    def service_update(self, actor: Actor, task: Task, data: dict[str, Any]) -> Task:
        with errors_at_fields():
            return services.task_update(actor=actor, task_id=task.pk, body=body_of(data, task))[0]

    def service_delete(self, actor: Actor, task: Task) -> None:
        services.task_delete(actor=actor, task_id=task.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        for task in queryset:
            self.delete_model(request, task)

    def has_change_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.status != Status.DONE)

    def has_delete_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.status != Status.DONE)

    # --- form ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        assignments = TaskAssignee.objects.select_related("user").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("assignments", assignments))

    def get_form(self, request: HttpRequest, obj: Task | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = task_form(request.user.organization, self._flow(request, obj), obj)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Task | None = None) -> Any:
        flow = self._flow(request, obj)
        own = (None, {"fields": _OWN_FIELDS})
        if obj is not None and not self.has_change_permission(request, obj):
            return [own, (flow.name, {"fields": ["content", "photos"]})]
        if flow is None:
            return [own]
        entered = (flow.name, {"fields": tuple(value_fields(flow)), "description": "What this flow asks for."})
        return [own, entered] if obj is None else [own, entered, ("Now", {"fields": ["state", "photos", "content"]})]

    def _flow(self, request: HttpRequest, task: Task | None) -> Flow | None:
        """The task's flow, else the chosen one."""
        if task is not None:
            return task.flow
        chosen = request.POST.get("flow") or request.GET.get("flow") or ""
        return Flow.objects.of(request.user.organization).filter(pk=chosen, deleted_at=None).first()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "flow":
            kwargs["queryset"] = Flow.objects.of(request.user.organization).filter(deleted_at=None).order_by("name")
        elif db_field.name == "hub":
            kwargs["queryset"] = Hub.objects.of(request.user.organization)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # --- what is shown ---

    @display(description="Task", ordering="title")
    def name(self, task: Task) -> str:
        return str(task)

    @display(description="Status", ordering="status", label=_COLORS)
    def state(self, task: Task) -> str:
        return task.status

    @display(description="Assignees")
    def people(self, task: Task) -> str:
        return ", ".join(assignment.user.name for assignment in task.assignments.all())

    @display(description="All keys")
    def content(self, task: Task) -> SafeString:
        document = document_of(task, people_of([task.pk]).get(task.pk, []))
        rows = ((key, value) for key, value in document.items() if key not in {"hub", "assignedTo"})
        cells = format_html_join("", '<tr><th class="pr-4 text-left">{}</th><td class="break-all">{}</td></tr>', rows)
        return format_html("<table>{}</table>", cells)

    @display(description="Photos")
    def photos(self, task: Task) -> SafeString:
        photos = TaskPhoto.objects.of(task.organization_id).filter(task_id=task.pk).select_related("organization")
        shown = ((photo_html(f"/{photo.organization.object_id}/{photo.path}", str(photo)),) for photo in photos[:50])
        return format_html('<div class="flex flex-wrap gap-2">{}</div>', format_html_join("", "{}", shown))
