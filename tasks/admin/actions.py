"""Actions on many tasks: a page that asks what is needed, then a page with the result of each row."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelectWidget

from accounts.models import Organization, User
from core.api.errors import AppError
from hubs.models import Hub
from tasks import services
from tasks.admin.forms import hub_users
from tasks.models import Task

LIMIT = 2000


class BulkForm(forms.Form):
    """What an action asks before it runs; `body` is what the API's bulk call would say of each task."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization

    def body(self) -> dict[str, Any]:
        raise NotImplementedError


class AssignForm(BulkForm):
    assignees = forms.ModelMultipleChoiceField(
        User.objects.none(),
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text="They replace whoever a task is assigned to. A task whose hub they do not belong to is refused.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignees"].queryset = hub_users(self.organization)  # type: ignore[attr-defined]

    def body(self) -> dict[str, Any]:
        return {"assignee": [user.email for user in self.cleaned_data["assignees"]]}


class MoveForm(BulkForm):
    hub = forms.ModelChoiceField(Hub.objects.none(), widget=UnfoldAdminSelectWidget, help_text="Assignments stay.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hub"].queryset = Hub.objects.of(self.organization)  # type: ignore[attr-defined]

    def body(self) -> dict[str, Any]:
        return {"hubId": self.cleaned_data["hub"].pk}


class UnassignForm(BulkForm):
    def body(self) -> dict[str, Any]:
        return {"assignee": []}


class FinishForm(BulkForm):
    def body(self) -> dict[str, Any]:
        return {"status": "DONE"}


class Bulk(NamedTuple):
    """title: what the page says; form: what it asks; operation: of tasks_change; past: what it says of a row."""

    title: str
    form: type[BulkForm]
    operation: str
    past: str


_BULKS = {
    "assign_tasks": Bulk("Assign", AssignForm, "assign", "assigned"),
    "unassign_tasks": Bulk("Take back", UnassignForm, "assign", "unassigned"),
    "move_tasks": Bulk("Move to another hub", MoveForm, "move", "moved"),
    "finish_tasks": Bulk("Finish", FinishForm, "patch", "done"),
}


def _run(page: Any, request: HttpRequest, queryset: QuerySet[Task], name: str) -> HttpResponse | None:
    bulk = _BULKS[name]
    tasks = list(queryset.order_by("-id")[: LIMIT + 1])
    if len(tasks) > LIMIT:
        page.message_user(request, f"At most {LIMIT} tasks at a time.", messages.ERROR)
        return None
    asked = request.POST if "apply" in request.POST else None
    form = bulk.form(asked, organization=request.user.organization)
    context = {
        **page.admin_site.each_context(request),
        "title": f"{bulk.title}: {len(tasks)} tasks",
        "opts": page.model._meta,
        "bulk": bulk,
        "form": form,
        "action": name,
        "tasks": tasks,
        "back": request.get_full_path(),
    }
    if form.is_bound and form.is_valid():
        context["results"] = _results(page, request, tasks, bulk, form.body())
        context["failed"] = sum(1 for _, error in context["results"] if error)
    return TemplateResponse(request, "tasks/bulk_action.html", context)


def _results(
    page: Any, request: HttpRequest, tasks: list[Task], bulk: Bulk, body: Mapping[str, Any]
) -> list[tuple[Task, str]]:
    """Each task with the reason why it was refused, if it was."""
    rows = [(task.pk, body) for task in tasks]
    results = services.tasks_change(actor=page.actor(request), operation=bulk.operation, rows=rows)
    return [
        (task, result.message if isinstance(result, AppError) else "")
        for task, result in zip(tasks, results, strict=True)
    ]


@action(description="Assign…", permissions=["change"])
def assign_tasks(page: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
    return _run(page, request, queryset, "assign_tasks")


@action(description="Take back (unassign)", permissions=["change"])
def unassign_tasks(page: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
    return _run(page, request, queryset, "unassign_tasks")


@action(description="Move to another hub…", permissions=["change"])
def move_tasks(page: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
    return _run(page, request, queryset, "move_tasks")


@action(description="Finish", permissions=["change"])
def finish_tasks(page: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
    return _run(page, request, queryset, "finish_tasks")


ACTIONS = [assign_tasks, unassign_tasks, move_tasks, finish_tasks]
