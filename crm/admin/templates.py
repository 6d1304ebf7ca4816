"""Task templates in the console."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from core.actor import Actor
from core.admin import OwnedAdmin
from crm import services
from crm.admin.references import ReferenceAdmin, ReferenceForm, person
from crm.models import TaskTemplate, TaskTemplateContainer
from crm.models.tasks import NOBODY
from crm.services import TemplateData


def due_after(template: TaskTemplate) -> timedelta:
    return timedelta(microseconds=template.offset_ticks // 10)


class TemplateInline(TabularInline):
    """The templates of a set, to be looked at and followed."""

    model = TaskTemplate
    fields = readonly_fields = ("title", "category", "show_due", "is_notify")
    extra = 0
    hide_title = True
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="due after")
    def show_due(self, template: TaskTemplate) -> str:
        return str(due_after(template))


@admin.register(TaskTemplateContainer)
class ContainerAdmin(OwnedAdmin):
    inlines = (TemplateInline,)
    list_display = ("title", "entity_type")
    list_filter = ("entity_type",)
    search_fields = ("title",)
    fields = ("title", "entity_type")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        return ("entity_type",) if obj else ()

    def service_create(self, actor: Actor, data: dict[str, Any]) -> TaskTemplateContainer:
        return services.container_create(actor=actor, title=data["title"], entity_type=data["entity_type"])

    def service_update(self, actor: Actor, obj: TaskTemplateContainer, data: dict[str, Any]) -> TaskTemplateContainer:
        return services.container_update(actor=actor, container_id=obj.pk, title=data["title"])

    def service_delete(self, actor: Actor, obj: TaskTemplateContainer) -> None:
        services.container_delete(actor=actor, container_id=obj.pk)


class TemplateForm(ReferenceForm):
    responsible = person()
    due_after = forms.DurationField(
        widget=UnfoldAdminTextInputWidget, initial=timedelta(days=1), help_text="Days and time, such as 3 09:00:00."
    )

    class Meta:
        model = TaskTemplate
        fields = ("container", "title", "description", "category", "is_notify", "deadline_is_fixed")

    def initial_references(self, row: TaskTemplate) -> dict[str, Any]:
        return super().initial_references(row) | {"due_after": due_after(row)}


@admin.register(TaskTemplate)
class TemplateAdmin(ReferenceAdmin):
    form = TemplateForm
    list_display = ("title", "container", "category", "show_due", "is_notify")
    list_filter = ("container", "category")
    list_select_related = ("container", "category")
    search_fields = ("title",)
    autocomplete_fields = ("container", "category")
    fields = (
        "container", "title", "description", ("category", "responsible"), "is_notify", "due_after",
        "deadline_is_fixed",
    )  # fmt: skip

    @display(description="due after", ordering="offset_ticks")
    def show_due(self, template: TaskTemplate) -> str:
        return str(due_after(template))

    def service_create(self, actor: Actor, data: dict[str, Any]) -> TaskTemplate:
        return services.template_create(actor=actor, container_id=data["container"].pk, data=template_data(data))

    def service_update(self, actor: Actor, obj: TaskTemplate, data: dict[str, Any]) -> TaskTemplate:
        return services.template_update(
            actor=actor, container_id=data["container"].pk, template_id=obj.pk, data=template_data(data)
        )

    def service_delete(self, actor: Actor, obj: TaskTemplate) -> None:
        services.template_delete(actor=actor, template_id=obj.pk)


def template_data(values: dict[str, Any]) -> TemplateData:
    """The service's view of the form's values."""
    names = ("title", "description", "is_notify", "deadline_is_fixed")
    responsible = values["responsible"]
    return TemplateData(
        **{name: values[name] for name in names},
        category_id=values["category"].pk,
        responsible_id=responsible.guid if responsible else NOBODY,
        offset_ticks=values["due_after"] // timedelta(microseconds=1) * 10,
    )
