"""The base of the console's pages: rows of one organization, writes through services, the journal as history."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from core import jobs, journal
from core.actor import Actor
from core.api.errors import AppError
from core.models import Job, JournalEntry


class ServiceForm(forms.ModelForm):
    """A model form whose last step of validation is the service: what the service refuses is an error of the form.

    The whole page runs in one transaction, which OwnedAdmin rolls back when the page is shown again.
    """

    # Set by OwnedAdmin.get_form: (form) -> the saved object.
    service: Callable[["ServiceForm"], models.Model]

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors or (self.instance.pk and not self.has_changed()):
            return
        try:
            with transaction.atomic():
                self.instance = type(self).service(self)
        except AppError as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)


class OwnedRelatedFilter(admin.RelatedFieldListFilter):
    """Offers the organization's own rows, as many as one can choose from."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(row.pk, str(row)) for row in scoped(field.remote_field.model, request)[:200]]


class OwnedAdmin(ModelAdmin):
    """A page over rows of the user's own organization.

    Subclasses say which service writes: `service_create(actor, data)`, `service_update(actor, obj, data)` (`data` = the
    form's cleaned values; `obj` = the row as stored) and `service_delete(actor, obj)`; each returns the object (delete:
    anything). AppErrors become errors of the form. Where one is missing, that action is not offered.
    """

    form = ServiceForm
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_sheet = True
    list_per_page = 50
    show_full_result_count = False
    object_history_template = "admin/journal_history.html"

    service_create: Callable[..., models.Model] | None = None
    service_update: Callable[..., models.Model] | None = None
    service_delete: Callable[..., Any] | None = None

    def actor(self, request: HttpRequest) -> Actor:
        return Actor(request.user, request.user.organization, "admin", getattr(request, "request_id", ""))

    # --- rows ---

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).filter(organization=request.user.organization_id)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", scoped(db_field.remote_field.model, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", scoped(db_field.remote_field.model, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [self._owned_filter(entry) for entry in super().get_list_filter(request)]

    def _owned_filter(self, entry: Any) -> Any:
        """A plain foreign key in `list_filter` would offer the rows of every organization."""
        if isinstance(entry, str) and "__" not in entry:
            field = self.model._meta.get_field(entry)
            if field.is_relation:
                return entry, OwnedRelatedFilter
        return entry

    # --- rights: Django's permissions, and a service that does it ---

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.service_create is not None and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.service_update is not None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.service_delete is not None and super().has_delete_permission(request, obj)

    # --- writing ---

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)

        def service(bound: ServiceForm) -> models.Model:
            actor = self.actor(request)
            if not change:
                return self.service_create(actor, bound.cleaned_data)
            stored = self.get_queryset(request).get(pk=bound.instance.pk)
            return self.service_update(actor, stored, bound.cleaned_data)

        return (
            type(form.__name__, (form,), {"service": staticmethod(service)}) if issubclass(form, ServiceForm) else form
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The form's service has saved it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.service_delete(self.actor(request), obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with transaction.atomic():
            for obj in queryset:
                self.delete_model(request, obj)

    # --- views ---

    def _changeform_view(self, request: HttpRequest, *args: Any) -> Any:
        response = super()._changeform_view(request, *args)
        if request.method == "POST" and (getattr(response, "context_data", None) or {}).get("errors"):
            # Shown again with errors: nothing that a service wrote meanwhile may stay.
            transaction.set_rollback(True)
        return response

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._said(request, super().changeform_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._said(request, super().changelist_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self._said(request, super().delete_view, *args, **kwargs)

    def _said(self, request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The view's answer; a refusal outside a form is told as a message on the page that asked."""
        try:
            return view(request, *args, **kwargs)
        except AppError as error:
            self.message_user(request, error.message, messages.ERROR)
            return HttpResponseRedirect(request.path.removesuffix("delete/"))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        obj = self.get_object(request, object_id)
        entries = history_for(obj) if obj is not None else []
        return super().history_view(request, object_id, {**(extra_context or {}), "journal": entries})


def scoped(model: type[models.Model], request: HttpRequest) -> models.QuerySet:
    """The rows of `model` that the user's organization may choose from."""
    queryset = model._default_manager.all()
    try:
        model._meta.get_field("organization")
    except FieldDoesNotExist:
        return queryset
    return queryset.filter(organization=request.user.organization_id)


def history_for(obj: Any) -> list[JournalEntry]:
    """The newest journal entries about a row."""
    return journal.of_object(organization=obj.organization, obj=obj)


class ReadOnlyAdmin(OwnedAdmin):
    """Rows that nobody edits by hand."""

    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "actor_name", "source", "verb", "object_type", "object_repr", "request_id"]
    list_filter = ["source", "verb", "object_type"]
    search_fields = ["object_id", "object_repr", "request_id", "actor_name"]
    exclude = ["organization"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["id", "name", "show_state", "attempts", "run_at", "finished_at", "last_error"]
    list_filter = ["state", "name"]
    search_fields = ["name", "key", "last_error"]
    exclude = ["organization", "payload"]
    actions_detail = ["retry"]

    @display(
        description="state", label={"done": "success", "failed": "danger", "running": "info", "waiting": "warning"}
    )
    def show_state(self, obj: Job) -> str:
        return obj.state

    @action(
        description="Run again",
        permissions=["retry"],
        dialog={"title": "Run this job again?", "form_submit_text": "Run again"},
    )
    def retry(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        if jobs.job_retry(row=row):
            self.message_user(request, "The job will run again in a moment.")
        else:
            self.message_user(request, "Only failed jobs can be run again.", messages.WARNING)
        return HttpResponse(headers={"HX-Refresh": "true"})

    def has_retry_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("core.change_job")
