"""Task categories and stages in the console."""

from typing import Any

from django.contrib import admin
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin
from crm import services
from crm.models import Stage, TaskCategory
from crm.services import CategoryData


@admin.register(TaskCategory)
class TaskCategoryAdmin(OwnedAdmin):
    list_display = ("title", "image", "sort_order", "description")
    search_fields = ("title",)
    fields = ("title", "description", "image", "color")

    def service_create(self, actor: Actor, data: dict[str, Any]) -> TaskCategory:
        return services.category_create(actor=actor, data=CategoryData(**data))

    def service_update(self, actor: Actor, obj: TaskCategory, data: dict[str, Any]) -> TaskCategory:
        return services.category_update(actor=actor, category_id=obj.pk, data=CategoryData(**data))

    def service_delete(self, actor: Actor, obj: TaskCategory) -> None:
        services.category_delete(actor=actor, category_id=obj.pk)


@admin.register(Stage)
class StageAdmin(OwnedAdmin):
    """Stages are the vendor's nine; they can be looked at."""

    list_display = ("title", "probability", "show_type", "sort_order")
    search_fields = ("title",)

    @display(description="type", label={"Closed and won": "success", "Closed and lost": "danger"})
    def show_type(self, stage: Stage) -> str:
        return stage.get_stage_type_display()
