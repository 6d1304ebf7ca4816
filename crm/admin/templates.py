"""Task templates in the console."""

from typing import Any

from django.contrib import admin

from core.actor import Actor
from core.admin import OwnedAdmin
from crm import services
from crm.admin.references import ReferenceAdmin, ReferenceForm, person
from crm.models import TaskTemplate, TaskTemplateContainer
from crm.models.tasks import NOBODY
from crm.services import TemplateData


@admin.register(TaskTemplateContainer)
class ContainerAdmin(OwnedAdmin):
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

    class Meta:
        model = TaskTemplate
        fields = ("container", "title", "description", "category", "is_notify", "offset_ticks", "deadline_is_fixed")


@admin.register(TaskTemplate)
class TemplateAdmin(ReferenceAdmin):
    form = TemplateForm
    list_display = ("title", "container", "category", "offset_ticks", "is_notify")
    list_filter = ("container", "category")
    list_select_related = ("container", "category")
    search_fields = ("title",)
    autocomplete_fields = ("container", "category")
    fields = (
        "container", "title", "description", ("category", "responsible"), "is_notify", ("offset_ticks",
        "deadline_is_fixed")
    )  # fmt: skip

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
    plain = {key: value for key, value in values.items() if key not in {"container", "category", "responsible"}}
    responsible = values["responsible"]
    return TemplateData(
        **plain, category_id=values["category"].pk, responsible_id=responsible.guid if responsible else NOBODY
    )
