"""Baselines: set, and compared with the plan of today on their page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin
from gantt.baselines.selectors import baseline_compare
from gantt.baselines.services import baseline_delete, baseline_set
from gantt.models import Baseline


@admin.register(Baseline)
class BaselineAdmin(OwnedAdmin):
    list_display = ["name", "project", "show_tasks", "created_at"]
    list_filter = [("project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["name", "project__name"]
    autocomplete_fields = ["project"]
    change_form_after_template = "admin/gantt/baseline_compare.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Baseline]:
        return super().get_queryset(request).annotate(task_count=Count("tasks"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["project", "name", "created_at"] if obj else ["project", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    @display(description="tasks")
    def show_tasks(self, obj: Any) -> int:
        return obj.task_count

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Baseline:
        return baseline_set(actor=actor, **data)

    def service_delete(self, actor: Actor, obj: Baseline) -> None:
        baseline_delete(actor=actor, baseline=obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        baseline = self.get_object(request, object_id)
        rows = baseline_compare(baseline) if baseline else []
        moved = [row for row in rows if row["state"] != "same"]
        context = {"compared": moved[:500], "compared_count": len(moved), "same_count": len(rows) - len(moved)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})
