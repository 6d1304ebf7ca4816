"""Tasks in the console."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from core.actor import Actor
from core.api.errors import AppError
from crm import services
from crm.admin.categories import with_icon
from crm.admin.references import ReferenceAdmin, ReferenceForm, person, reference
from crm.models import Case, Opportunity, Task
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.related import Related, related_load
from crm.selectors.tasks import words_found
from crm.services import TaskData


class TaskForm(ReferenceForm):
    responsible = person()
    contact = reference(Opportunity._meta.get_field("contact"))
    opportunity = reference(
        Opportunity.members.through._meta.get_field("opportunity"),
        help_text="A task belongs to an opportunity or to a case.",
    )
    case = reference(Case.members.through._meta.get_field("case"))

    class Meta:
        model = Task
        fields = ("title", "description", "deadline", "category", "alert_value")

    def initial_references(self, row: Task) -> dict[str, Any]:
        records = {EntityType.OPPORTUNITY: "opportunity", EntityType.CASE: "case"}
        shown = super().initial_references(row) | {"contact": row.contact_id or None}
        return shown | ({records[EntityType(row.entity_type)]: row.entity_id} if row.entity_type is not None else {})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("opportunity") and values.get("case"):
            raise ValidationError("Choose an opportunity or a case, not both.")
        return values


class OverdueFilter(admin.SimpleListFilter):
    title = "due"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("overdue", "Overdue"), ("ahead", "Ahead")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "overdue":
            return queryset.filter(is_closed=False, deadline__lt=timezone.now())
        if self.value() == "ahead":
            return queryset.filter(is_closed=False, deadline__gte=timezone.now())
        return queryset


# Enough for everybody who types.
MOST_WORDS = 10


@admin.register(Task)
class TaskAdmin(ReferenceAdmin):
    form = TaskForm
    references = ("responsible", "contact", "opportunity", "case")
    list_display = (
        "title",
        "show_state",
        "deadline",
        "show_category",
        "show_contact",
        "show_entity",
        "show_responsible",
    )
    list_filter = (OverdueFilter, "is_closed", "category", "deadline")
    list_select_related = ("category",)
    search_fields = ("title",)
    search_help_text = "Beginnings of words of the title or description."
    autocomplete_fields = ("category",)
    date_hierarchy = "deadline"
    actions = ("close", "reopen")
    fields = (
        "title", "description", "deadline", "alert_value", "category", "responsible",
        "contact", ("opportunity", "case"),
    )  # fmt: skip

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found = words_found(self.actor(request).organization, " ".join(search_term.split()[:MOST_WORDS]))
        return queryset.filter(*found), False

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().changelist_view(request, *args, **kwargs)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            # Names of people, contacts and records for the whole page at once.
            rows = list(changelist.result_list)
            related = related_load(self.actor(request), rows)
            for row in rows:
                row.related = related
            changelist.result_list = rows
        return response

    @display(description="state", label={"closed": "success", "overdue": "danger", "open": "info"})
    def show_state(self, task: Task) -> str:
        if task.is_closed:
            return "closed"
        return "overdue" if task.deadline < timezone.now() else "open"

    @display(description="category", ordering="category")
    def show_category(self, task: Task) -> str:
        return with_icon(task.category)

    @display(description="contact", ordering="contact_key")
    def show_contact(self, task: Any) -> str:
        contact = self._related(task).contacts.get(task.contact_id)
        return contact.display_name if contact else "–"

    @display(description="about")
    def show_entity(self, task: Any) -> str:
        return self._related(task).entities.get((task.entity_type, task.entity_id)) or "–"

    @display(description="responsible", ordering="responsible_key")
    def show_responsible(self, task: Any) -> str:
        responsible = self._related(task).users.get(task.responsible_id)
        return responsible.name if responsible else "–"

    def _related(self, task: Any) -> Related:
        return getattr(task, "related", Related())

    @admin.action(description="Close the selected tasks", permissions=["change"])
    def close(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        self._each(request, queryset, services.task_close, "closed")

    @admin.action(description="Reopen the selected tasks", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        self._each(request, queryset, services.task_reopen, "reopened")

    def _each(self, request: HttpRequest, tasks: QuerySet[Task], service: Callable[..., Any], done: str) -> None:
        """Write every task that the user may edit, and say how many were not."""
        ids, refused = list(tasks.values_list("pk", flat=True)), 0
        for task_id in ids:
            try:
                service(actor=self.actor(request), task_id=task_id)
            except AppError:
                refused += 1
        if refused:
            self.message_user(request, f"{refused} tasks are not yours to edit.", messages.WARNING)
        self.message_user(request, f"{len(ids) - refused} tasks are {done}.")

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Task:
        return services.task_create(actor=actor, data=task_data(data))[0]

    def service_update(self, actor: Actor, obj: Task, data: dict[str, Any]) -> Task:
        return services.task_update(actor=actor, task_id=obj.pk, data=task_data(data))[0]

    def service_delete(self, actor: Actor, obj: Task) -> None:
        services.task_delete(actor=actor, task_id=obj.pk)


def task_data(values: dict[str, Any]) -> TaskData:
    """The service's view of the form's values."""
    record = values["opportunity"] or values["case"]
    kind = EntityType.OPPORTUNITY if values["opportunity"] else EntityType.CASE
    return TaskData(
        title=values["title"],
        description=values["description"],
        deadline=values["deadline"],
        category_id=values["category"].pk,
        responsible_id=values["responsible"].guid if values["responsible"] else NOBODY,
        contact_id=values["contact"].pk if values["contact"] else 0,
        entity_type=kind if record else None,
        entity_id=record.pk if record else 0,
        alert_value=values["alert_value"],
    )
