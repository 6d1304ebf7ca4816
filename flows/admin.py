"""Flows in the console: a form editor, the JSON behind it, the API example, and the log."""

import json
import shlex
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from core.actor import Actor
from core.admin import OwnedAdmin, ReadOnlyAdmin, ServiceForm
from core.api.errors import AppError
from flows import services
from flows.editor import editor_table
from flows.fields import task_example
from flows.models import Flow, FlowLog
from hubs.admin import ServiceDeleteAdmin
from hubs.selectors import hub_of


class CopyForm(BaseDialogForm):
    name = forms.CharField(max_length=255, widget=UnfoldAdminTextInputWidget, help_text="Of the copy.")


class FlowForm(ServiceForm):
    class Meta:
        model = Flow
        fields = ["name", "is_default", "order_index", "pages", "configurations"]
        widgets = {
            key: UnfoldAdminTextareaWidget(attrs={"rows": rows, "spellcheck": "false", "class": "font-mono"})
            for key, rows in (("pages", 30), ("configurations", 10))
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "order_index" in self.fields:
            place = self.fields["order_index"]
            place.required = False
            place.help_text = "Flows are listed from high to low. Empty: the present place, or first."
            if not self.instance.created_at:
                self.initial["order_index"] = None


@admin.register(Flow)
class FlowAdmin(ServiceDeleteAdmin):
    form = FlowForm
    compressed_fields = False
    list_display = ["name", "version", "component_count", "order_index", "is_default", "updated_by", "updated_at"]
    list_filter = ["is_default"]
    search_fields = ["name", "id"]
    readonly_fields = ["editor", "api_example"]
    actions_detail = ["show_log", "duplicate"]
    fieldsets = [
        (None, {"fields": [("name", "order_index", "is_default")]}),
        ("Pages and components", {"classes": ["tab"], "fields": ["editor"]}),
        ("JSON", {"classes": ["tab"], "fields": ["pages", "configurations"]}),
        ("API Example", {"classes": ["tab"], "fields": ["api_example"]}),
    ]

    class Media:
        js = ["flows/editor.js"]
        css = {"all": ["flows/editor.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(deleted_at=None)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        flow = super().get_object(request, object_id, from_field)
        if flow is not None:
            # The example names the reader's hub and this server: things that a flow alone does not know.
            flow.example = api_example(flow, self.actor(request), request.build_absolute_uri("/api/v3/task"))
        return flow

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A reader sees the JSON and the example; a new flow has no example yet."""
        hidden = {"API Example"} if obj is None else set()
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            hidden.add("Pages and components")
        return [item for item in super().get_fieldsets(request, obj) if item[0] not in hidden]

    @display(description="components")
    def component_count(self, flow: Flow) -> int:
        return sum(len(page["components"]) for page in flow.pages)

    @display(description="")
    def editor(self, flow: Flow) -> str:
        return render_to_string("admin/flows/editor.html", {"table": json.dumps(editor_table())})

    @display(description="")
    def api_example(self, flow: Flow) -> str:
        return render_to_string("admin/flows/api_example.html", {"example": getattr(flow, "example", None)})

    @action(description="Log", icon="history")
    def show_log(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:flows_flowlog_changelist')}?flow__id__exact={object_id}")

    @action(
        description="Duplicate",
        icon="content_copy",
        permissions=["duplicate"],
        dialog={"title": "Duplicate this flow", "form_class": CopyForm, "form_submit_text": "Duplicate"},
    )
    def duplicate(self, request: HttpRequest, form: CopyForm, object_id: str) -> HttpResponse:
        flow = get_object_or_404(self.get_queryset(request), pk=object_id)
        fields = {"name": form.cleaned_data["name"], "pages": flow.pages, "configurations": flow.configurations}
        return written(self, request, lambda actor: services.flow_create(actor=actor, **fields))

    def has_duplicate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("flows.add_flow")

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Flow:  # type: ignore[override]
        return services.flow_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Flow, data: dict[str, Any]) -> Flow:  # type: ignore[override]
        return services.flow_update(actor=actor, flow=obj, **data)

    def service_delete(self, actor: Actor, obj: Flow) -> None:  # type: ignore[override]
        services.flow_delete(actor=actor, flow=obj)


@admin.register(FlowLog)
class FlowLogAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "flow", "action", "version", "changed_by"]
    list_select_related = ["flow"]
    list_filter = ["action", ("flow", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["flow__name", "flow__id", "changed_by"]
    exclude = ["organization"]
    actions_detail = ["restore"]

    @action(
        description="Restore",
        icon="restore",
        permissions=["restore"],
        dialog={
            "title": "Restore this version?",
            "description": "The flow becomes what it was before this change, as a new version.",
            "form_submit_text": "Restore",
        },
    )
    def restore(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        log = get_object_or_404(self.get_queryset(request).select_related("flow__organization"), pk=object_id)
        return written(self, request, lambda actor: services.flow_restore(actor=actor, flow=log.flow, log=log))

    def has_restore_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("flows.change_flow")


def written(page: OwnedAdmin, request: HttpRequest, write: Callable[[Actor], Flow]) -> HttpResponse:
    """Leads a dialog to the flow that `write` wrote, or back to where it was with the reason of the refusal."""
    try:
        flow = write(page.actor(request))
    except AppError as error:
        page.message_user(request, error.message, messages.ERROR)
        return HttpResponse(headers={"HX-Refresh": "true"})
    page.message_user(request, f"{flow.name} has been saved as version {flow.version}.")
    return HttpResponse(headers={"HX-Redirect": reverse("admin:flows_flow_change", args=[flow.pk])})


def api_example(flow: Flow, actor: Actor, url: str) -> dict[str, Any]:
    """The task body that the flow accepts, its fields, and the request as a curl command."""
    hub = hub_of(actor)
    example = task_example(
        name=flow.name,
        pages=flow.pages,
        configurations=flow.configurations,
        hub_id=hub.pk if hub else "",
        now=timezone.now(),
    )
    payload = json.dumps(example["bodyRequest"], indent=2, ensure_ascii=False)
    curl = " \\\n  ".join(
        [
            "curl --request POST",
            f"--url {shlex.quote(url)}",
            "--header 'Authorization: Bearer <token>'",
            "--header 'Content-Type: application/json'",
            f"--data {shlex.quote(payload)}",
        ]
    )
    return {"fields": example["flowFields"], "payload": payload, "curl": curl, "has_hub": hub is not None}
