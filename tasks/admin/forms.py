"""The form of a task: its own keys, and the fields of the chosen flow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from accounts.models import Organization, User
from core.admin import ServiceForm
from core.api.errors import AppError
from flows.models import Flow
from hubs.formats import seconds
from tasks.admin.fields import PREFIX, initial_of, value_fields, values_of
from tasks.models import Task

# The vendor's key in an error → the field that it is about.
_OWN_FIELDS = {
    "flow": "flow",
    "hubId": "hub",
    "startTime": "start_time",
    "endTime": "end_time",
    "assignee": "assignees",
    "refId": "ref_id",
    "orderIndex": "order_index",
}


class TaskForm(ServiceForm):
    """What every task has; `task_form` adds the fields of a flow."""

    assignees = forms.ModelMultipleChoiceField(
        User.objects.none(),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text="Users of the task's hub; any of them completes the task.",
    )

    class Meta:
        model = Task
        fields = ["flow", "hub", "assignees", "start_time", "end_time", "ref_id", "order_index"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_time", "end_time", "order_index"):
            if name in self.fields:
                self.fields[name].required = bool(self.instance.pk and not self.instance._state.adding)
        if "flow" in self.fields and not self.instance._state.adding:
            self.fields["flow"].disabled = True
        for name in self.fields:
            if name.startswith(PREFIX) and not self.instance._state.adding:
                self.initial[name] = initial_of(self.fields[name], self.instance.values.get(name.removeprefix(PREFIX)))

    def _get_validation_exclusions(self) -> set[str]:
        # The service checks what the table's constraints hold, in words that say which field is meant.
        return {field.name for field in Task._meta.fields}


def task_form(organization: Organization, flow: Flow | None, task: Task | None) -> type[TaskForm]:
    """The form for a task of this flow; without a flow only the task's own keys."""
    fields: dict[str, Any] = value_fields(flow) if flow else {}
    users = hub_users(organization) if task is None else hub_users(organization).filter(hubs=task.hub_id)
    own: Any = TaskForm.base_fields["assignees"]
    fields["assignees"] = forms.ModelMultipleChoiceField(
        users, required=False, widget=UnfoldAdminSelect2MultipleWidget, help_text=own.help_text
    )
    return type("TaskForm", (TaskForm,), fields)


def hub_users(organization: Organization) -> QuerySet[User]:
    """Everybody who belongs to a hub."""
    return User.objects.of(organization).filter(is_active=True).exclude(hubs=None).order_by("name").distinct()


def body_of(data: dict[str, Any], task: Task | None) -> dict[str, Any]:
    """The form as an API caller would send it; what stayed as it was is left out."""
    body: dict[str, Any] = {
        "hubId": data["hub"].pk,
        "startTime": _time(data.get("start_time")),
        "endTime": _time(data.get("end_time")),
        "refId": data.get("ref_id", ""),
        "orderIndex": data.get("order_index"),
        **values_of(data),
    }
    emails = [user.email for user in data.get("assignees", ())]
    before = {user.email for user in task.assignees.all()} if task else set()
    return body | ({"assignee": emails} if set(emails) != before else {})


@contextmanager
def errors_at_fields() -> Iterator[None]:
    """Services name the vendor's keys; the form has fields of its own names."""
    try:
        yield
    except AppError as error:
        error.field = _OWN_FIELDS.get(error.field, PREFIX + error.field)
        raise


def _time(moment: datetime | None) -> str | None:
    return seconds(moment) if moment else None
