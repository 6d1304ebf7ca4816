"""The button "Create tasks from templates" on contacts, opportunities and cases."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget

from core.api.errors import AppError
from crm import services
from crm.models import ContainerType, TaskTemplateContainer
from crm.models.records import EntityType


class ApplyForm(BaseDialogForm):
    """Chooses a set of templates; the one that does not fit the kind of record is refused by the page."""

    container = forms.ModelChoiceField(
        TaskTemplateContainer.objects.none(), widget=UnfoldAdminSelectWidget, label="Templates"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        containers = TaskTemplateContainer.objects.of(self.request.user.organization_id)  # type: ignore[union-attr, arg-type]
        self.fields["container"].queryset = containers.filter(entity_type__in=self.kinds())  # type: ignore[attr-defined]

    def kinds(self) -> list[int]:
        """By the page that the dialog stands on."""
        page = next(name for name in PAGES if f"/crm/{name}/" in self.request.path)
        return PAGES[page]


PAGES: dict[str, list[int]] = {
    "contact": [ContainerType.CONTACT, ContainerType.PERSON, ContainerType.COMPANY],
    "opportunity": [ContainerType.OPPORTUNITY],
    "case": [ContainerType.CASE],
}


class TemplatesAction:
    """For an OwnedAdmin; entity_type: what the page's rows are to a task, None for contacts."""

    entity_type: EntityType | None = None
    actions_detail = ("create_tasks",)

    @action(
        description="Create tasks from templates",
        icon="playlist_add",
        permissions=["create_tasks"],
        dialog={
            "title": "Create tasks from templates",
            "description": "One task for each template of the set, due as the template says.",
            "form_class": ApplyForm,
            "form_submit_text": "Create",
        },
    )
    def create_tasks(self: Any, request: HttpRequest, form: ApplyForm, object_id: str) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        about = {"contact_id": row.pk}
        if self.entity_type is not None:
            about = {"entity_type": self.entity_type, "entity_id": row.pk}
        container = form.cleaned_data["container"]
        try:
            tasks = services.container_apply(actor=self.actor(request), container_id=container.pk, **about)
        except AppError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            self.message_user(request, f"{len(tasks)} tasks have been created.")
        return HttpResponse(headers={"HX-Refresh": "true"})

    def has_create_tasks_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("crm.add_task")
