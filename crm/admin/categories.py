"""Task categories and stages in the console."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from crm import services
from crm.models import Stage, TaskCategory
from crm.services import CategoryData

# The vendor's icon files as symbols of the console's font.
SYMBOLS = {
    "call": "call",
    "deal": "handshake",
    "demo": "co_present",
    "email": "mail",
    "fax": "fax",
    "follow_up": "fact_check",
    "lunch": "restaurant",
    "meeting": "event",
    "note": "note",
    "ship": "local_shipping",
    "social_networks": "share",
    "thank_you": "volunteer_activism",
}


def with_icon(category: TaskCategory) -> str:
    symbol = SYMBOLS.get(category.image.removeprefix("task_category_").partition(".")[0], "label")
    return format_html(
        '<span class="inline-flex items-center gap-2"><span class="material-symbols-outlined">{}</span>{}</span>',
        symbol,
        category.title,
    )


@admin.register(TaskCategory)
class TaskCategoryAdmin(OwnedAdmin):
    """Administrators drag categories into order; everybody else looks at them."""

    list_display = ("show_title", "image", "description")
    ordering = ("sort_order", "id")
    ordering_field = "sort_order"
    hide_ordering_field = True
    search_fields = ("title",)
    fields = ("title", "description", "image", "color")

    @display(description="title", ordering="title")
    def show_title(self, category: TaskCategory) -> str:
        return with_icon(category)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and self.actor(request).is_administrator

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self.actor(request).is_administrator

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self.actor(request).is_administrator

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # Rows of the list come here with their new places; the page of a category has saved by its service.
        if not isinstance(form, ServiceForm):
            services.category_place(actor=self.actor(request), category_id=obj.pk, sort_order=obj.sort_order)

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
