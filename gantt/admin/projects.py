"""Projects: settings, the way to the chart, schedule, baseline, import and export."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from gantt import services
from gantt.exchange import FORMATS
from gantt.exchange.selectors import project_file
from gantt.models import Project

from .fields import HoursField, LinesField, WeekdaysField
from .imports import import_page
from .schedules import schedule_page

LINK = "font-semibold text-primary-600 dark:text-primary-500"
PAGES = {"import": import_page, "schedule": schedule_page}


class ProjectForm(ServiceForm):
    working_days = WeekdaysField()
    working_hours = HoursField(help_text="09:00-12:00, 13:00-18:00; empty: working days count whole")
    holidays = LinesField(help_text="Days off, one per line: 2026-12-25")

    class Meta:
        widgets = {"allowed_origins": UnfoldAdminTextareaWidget(attrs={"rows": 3})}


@admin.register(Project)
class ProjectAdmin(OwnedAdmin):
    form = ProjectForm
    list_display = ["name", "slug", "show_tasks", "start", "is_default", "show_chart"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["version", "created_at", "updated_at"]
    actions_detail = [
        "chart",
        "schedule",
        "baseline",
        "import_plan",
        {"title": "Export", "icon": "download", "items": ["export_mspdi", "export_csv", "export_json"]},
    ]
    fieldsets = [
        (None, {"fields": ["name", "slug", "is_default", "start", "time_zone"]}),
        ("Working time", {"fields": ["working_days", "working_hours", "holidays"]}),
        ("Chart", {"fields": ["summaries", "lazy", "allowed_origins"]}),
        ("More", {"fields": ["version", "created_at", "updated_at"]}),
    ]

    # --- rows ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        count = Count("tasks", filter=Q(tasks__hidden=False))
        return super().get_queryset(request).select_related("organization").annotate(task_count=count)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    @display(description="tasks")
    def show_tasks(self, obj: Any) -> str:
        url = f"{reverse('admin:gantt_task_changelist')}?project__id__exact={obj.pk}"
        return format_html('<a href="{}" class="{}">{}</a>', url, LINK, obj.task_count)

    @display(description="chart")
    def show_chart(self, obj: Project) -> str:
        return format_html('<a href="{}" class="{}">Chart</a>', reverse("gantt-chart", args=[obj.slug]), LINK)

    # --- writing ---

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Project:
        return services.project_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Project, data: dict[str, Any]) -> Project:
        return services.project_update(actor=actor, project=obj, **data)

    def service_delete(self, actor: Actor, obj: Project) -> None:
        services.project_delete(actor=actor, project=obj)

    # --- what can be done with a project ---

    @action(description="Chart", icon="view_timeline", permissions=["view"])
    def chart(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("gantt-chart", args=[self._project(request, object_id).slug]))

    @action(description="Schedule", icon="event_repeat", permissions=["view"], url_path="to-schedule")
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:gantt_project_page_schedule", args=[object_id]))

    @action(description="Set baseline", icon="flag", permissions=["baseline"])
    def baseline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:gantt_baseline_add')}?project={object_id}")

    @action(description="Import", icon="upload", permissions=["import"], url_path="to-import")
    def import_plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:gantt_project_page_import", args=[object_id]))

    @action(description="MS Project XML", permissions=["export"])
    def export_mspdi(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "mspdi")

    @action(description="CSV", permissions=["export"])
    def export_csv(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "csv")

    @action(description="JSON", permissions=["export"])
    def export_json(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "json")

    def has_baseline_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("gantt.add_baseline")

    def has_import_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("gantt.change_task")

    def has_export_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("gantt.view_task")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.page_view)
        pages = [path(f"<int:pk>/{name}/", view, {"page": name}, name=f"gantt_project_page_{name}") for name in PAGES]
        return [*pages, *super().get_urls()]

    def page_view(self, request: HttpRequest, pk: int, page: str) -> HttpResponse:
        return PAGES[page](self, request, self._project(request, pk))

    def _project(self, request: HttpRequest, key: Any) -> Project:
        project = self.get_object(request, str(key))
        if project is None or not self.has_view_permission(request, project):
            raise Http404
        return project

    def _file(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        kind = FORMATS[name]
        file_name, data = project_file(self._project(request, object_id), kind)
        response = HttpResponse(data, content_type=kind.content_type)
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
        return response
