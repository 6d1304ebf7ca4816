"""Links and assignments on a task's page, written through the services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest
from unfold.admin import TabularInline

from core.actor import Actor
from core.admin import OwnedAdmin
from core.api.errors import AppError
from gantt import services
from gantt.models import Assignment, Link, Task


class RowForm(forms.ModelForm):
    """A row whose last step of validation is its service; the page's transaction takes it back on any error."""

    parent_task: Task
    service: Callable[[Any], Any]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        deleted = self.cleaned_data.get("DELETE") if hasattr(self, "cleaned_data") else None
        if self.errors or deleted or not self.has_changed() or self.parent_task.pk is None:
            return
        try:
            with transaction.atomic():
                type(self).service(self)
        except AppError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)


class RowFormSet(forms.BaseInlineFormSet):
    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        form.parent_task = self.instance
        return form


class RowInline(TabularInline):
    """Subclasses say which services save and delete a row; `values` are the form's, rows of the task as objects."""

    extra = 0
    hide_title = True
    formset = RowFormSet

    def save_row(self, actor: Actor, task: Task, row: Any, values: dict[str, Any]) -> Any:
        raise NotImplementedError

    def delete_row(self, actor: Actor, task: Task, row: Any) -> None:
        raise NotImplementedError

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        actor = OwnedAdmin.actor(self, request)  # type: ignore[arg-type]

        def save(form: Any) -> None:
            values = {name: form.cleaned_data[name] for name in self.fields or ()}
            self.save_row(actor, form.parent_task, form.instance, values)

        form = type("Form", (RowForm,), {"service": staticmethod(save)})
        formset = super().get_formset(request, obj, **{**kwargs, "form": form})
        formset.delete_row = staticmethod(lambda task, row: self.delete_row(actor, task, row))
        return formset


def rows_delete(formset: Any) -> None:
    """What is left to do after the page's forms were valid; and what Django's log of changes asks for."""
    formset.new_objects = [form.instance for form in formset.extra_forms if form.has_changed()]
    formset.changed_objects = [
        (form.instance, form.changed_data) for form in formset.initial_forms if form.has_changed()
    ]
    formset.deleted_objects = [form.instance for form in formset.deleted_forms if form.instance.pk]
    for row in formset.deleted_objects:
        formset.delete_row(formset.instance, row)


class LinkInline(RowInline):
    model = Link
    other: str

    def save_row(self, actor: Actor, task: Task, row: Link, values: dict[str, Any]) -> Any:
        ends = {self.fk_name: task.pk, self.other: values[self.other].pk}
        about = {"type": values["type"], "lag": values["lag"]}
        if row.pk is None:
            return services.link_create(actor=actor, project=task.project, **ends, **about)  # type: ignore[arg-type]
        return services.link_update(actor=actor, project=task.project, link_id=row.pk, values={**ends, **about})

    def delete_row(self, actor: Actor, task: Task, row: Link) -> None:
        services.link_delete(actor=actor, project=task.project, link_id=row.pk)


class PredecessorInline(LinkInline):
    fk_name, other = "target", "source"
    fields = ["source", "type", "lag"]
    autocomplete_fields = ["source"]
    verbose_name, verbose_name_plural = "predecessor", "waits for"


class SuccessorInline(LinkInline):
    fk_name, other = "source", "target"
    fields = ["target", "type", "lag"]
    autocomplete_fields = ["target"]
    verbose_name, verbose_name_plural = "successor", "is waited for by"


class AssignmentInline(RowInline):
    model = Assignment
    fields = ["resource", "units"]
    autocomplete_fields = ["resource"]
    verbose_name_plural = "who works on it"

    def save_row(self, actor: Actor, task: Task, row: Assignment, values: dict[str, Any]) -> Any:
        resource, units = values["resource"].pk, values["units"]
        if row.pk is None:
            return services.assignment_create(
                actor=actor, project=task.project, task=task.pk, resource=resource, units=units
            )
        return services.assignment_update(
            actor=actor, project=task.project, assignment_id=row.pk, values={"resource": resource, "units": units}
        )

    def delete_row(self, actor: Actor, task: Task, row: Assignment) -> None:
        services.assignment_delete(actor=actor, project=task.project, assignment_id=row.pk)
