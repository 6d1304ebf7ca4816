"""Resources and their assignments; links, for those who look for one; what charts have not finished yet."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin, ReadOnlyAdmin
from gantt import services
from gantt.models import Assignment, CopyGroup, Link, Resource, TempId

PROJECT = ("project", admin.RelatedOnlyFieldListFilter)


class PlanRowAdmin(OwnedAdmin):
    """A row of one project, which stays in it."""

    list_filter: Any = [PROJECT]
    list_select_related: Any = ["project"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["project"] if obj else []


@admin.register(Resource)
class ResourceAdmin(PlanRowAdmin):
    list_display = ["name", "role", "project", "parent", "show_load"]
    list_select_related = ["project", "parent"]
    search_fields = ["name", "role"]
    autocomplete_fields = ["project", "parent"]
    fields = ["project", "name", "role", "parent", "avatar", "color", "calendar"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("assignments")

    @display(description="load")
    def show_load(self, obj: Resource) -> str:
        """All that the resource works on, at once or one after the other."""
        units = [row.units for row in obj.assignments.all()]
        return f"{sum(units):g} % on {len(units)} task{'s' * (len(units) != 1)}" if units else "–"

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Resource:
        return services.resource_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Resource, data: dict[str, Any]) -> Resource:
        return services.resource_update(actor=actor, resource=obj, **data)

    def service_delete(self, actor: Actor, obj: Resource) -> None:
        services.resource_delete(actor=actor, resource=obj)


@admin.register(Assignment)
class AssignmentAdmin(PlanRowAdmin):
    list_display = ["__str__", "task", "resource", "units", "project"]
    list_select_related = ["project", "task", "resource"]
    search_fields = ["task__text", "resource__name"]
    autocomplete_fields = ["project", "task", "resource"]
    fields = ["project", "task", "resource", "units"]

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Assignment:
        return services.assignment_create(
            actor=actor,
            project=data["project"],
            task=data["task"].pk,
            resource=data["resource"].pk,
            units=data["units"],
        )

    def service_update(self, actor: Actor, obj: Assignment, data: dict[str, Any]) -> Assignment:
        values = {"task": data["task"].pk, "resource": data["resource"].pk, "units": data["units"]}
        return services.assignment_update(actor=actor, project=obj.project, assignment_id=obj.pk, values=values)

    def service_delete(self, actor: Actor, obj: Assignment) -> None:
        services.assignment_delete(actor=actor, project=obj.project, assignment_id=obj.pk)


@admin.register(Link)
class LinkAdmin(PlanRowAdmin):
    list_display = ["show_link", "source", "target", "type", "lag", "project"]
    list_filter = [PROJECT, "type"]
    list_select_related = ["project", "source", "target"]
    search_fields = ["source__text", "target__text"]
    autocomplete_fields = ["project", "source", "target"]
    fields = ["project", "source", "target", "type", "lag"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(source__hidden=False, target__hidden=False)

    @display(description="link")
    def show_link(self, obj: Link) -> str:
        return str(obj.pk)

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Link:
        return services.link_create(
            actor=actor,
            project=data["project"],
            source=_key(data["source"]),
            target=_key(data["target"]),
            type=data["type"],
            lag=data["lag"],
        )

    def service_update(self, actor: Actor, obj: Link, data: dict[str, Any]) -> Link:
        values = {
            "source": _key(data["source"]), "target": _key(data["target"]), "type": data["type"], "lag": data["lag"],
        }  # fmt: skip
        return services.link_update(actor=actor, project=obj.project, link_id=obj.pk, values=values)

    def service_delete(self, actor: Actor, obj: Link) -> None:
        services.link_delete(actor=actor, project=obj.project, link_id=obj.pk)


def _key(row: Any) -> int:
    """0, which no row has, for none."""
    return row.pk if row else 0


@admin.register(CopyGroup)
class CopyGroupAdmin(ReadOnlyAdmin):
    list_display = ["number", "client", "project", "state", "settled", "created_at"]
    list_select_related = ["project"]
    list_filter = [PROJECT]
    exclude = ["organization"]


@admin.register(TempId)
class TempIdAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "client", "project", "kind", "object_id", "created_at"]
    list_select_related = ["project"]
    list_filter = [PROJECT, "kind"]
    exclude = ["organization"]
