"""The console's pages: an analyst's queue of to-dos, and the workspaces, projects and files around it."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, TextField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from core.actor import Actor
from core.admin import OwnedAdmin, history_for
from core.api.errors import AppError, Invalid
from soc import services
from soc.api.files import file_response
from soc.models import Approver, Attachment, Comment, Project, Status, Todo, Workspace
from soc.selectors import addressed_to
from soc.services import Action
from soc.services.attachments import MAX_BYTES
from soc.services.comments import COMMENT_LIMIT


class QueueFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine", "Waiting for me"), ("overdue", "Overdue"), ("handled", "Handled"), ("all", "Everything")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "all":
            return queryset
        if self.value() == "handled":
            return queryset.exclude(status=Status.WAITING)
        waiting = queryset.filter(status=Status.WAITING)
        if self.value() == "mine":
            return waiting.filter(addressed_to(request.user))  # type: ignore[arg-type]
        return waiting.filter(due_date__lt=timezone.now()) if self.value() == "overdue" else waiting

    def choices(self, changelist: Any) -> Any:
        everything, *others = super().choices(changelist)
        return [{**everything, "display": "Waiting"}, *others]


@admin.register(Todo)
class TodoAdmin(OwnedAdmin):
    """Approve, terminate, comment and attach on the page of a to-do; the form below it edits what waits."""

    list_display = ["name", "show_urgency", "due_date", "show_status", "related_object", "show_asked", "workspace"]
    list_filter = [QueueFilter, "business_type", ("workspace", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["workspace", "approve_user", "approve_group"]
    search_fields = ["name", "notes", "related_object", "id", "aopengine_task_id"]
    ordering = ["due_date", "id"]
    autocomplete_fields = ["workspace", "approve_user"]
    change_form_outer_before_template = "admin/soc/review.html"
    change_form_outer_after_template = "admin/soc/talk.html"
    fieldsets = [
        (None, {"fields": ["workspace", "name", "description", "notes", "due_date", "due_handle"]}),
        ("Who is asked", {"fields": ["approve_user", "approve_group"]}),
        ("What asks", {"fields": ["business_type", "related_object", "view_parameters", "handle_parameters"]}),
        (
            "Engine",
            {
                "classes": ["collapse"],
                "fields": [
                    "id",
                    "aopengine_task_id",
                    "definition_key",
                    "action_id",
                    "action_version_id",
                    "action_instance_id",
                    "creator_id",
                    "creator_name",
                ],
            },
        ),
    ]

    @display(
        description="state", ordering="status", label={"waiting": "info", "finished": "success", "canceled": "danger"}
    )
    def show_status(self, obj: Todo) -> str:
        return obj.status

    @display(description="urgency", label={"overdue": "danger", "within a day": "warning"})
    def show_urgency(self, obj: Todo) -> str:
        if obj.status != Status.WAITING:
            return ""
        hours = (obj.due_date - timezone.now()).total_seconds() / 3600
        return "overdue" if hours < 0 else "within a day" if hours < 24 else ""

    @display(description="for")
    def show_asked(self, obj: Todo) -> str:
        return str(obj.approve_user or obj.approve_group or "everyone")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, TextField):
            # Low boxes: what people say about the to-do should not lie pages below it.
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # --- rights and writes ---

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        identity = ["id", "creator_id", "creator_name"]
        return [*identity, "workspace", "aopengine_task_id"] if obj else identity

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        waits = obj is None or obj.status == Status.WAITING
        return waits and super().has_change_permission(request, obj)

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Todo:
        fields = {name: value for name, value in data.items() if name != "workspace" and value is not None}
        return services.todo_raise(actor=actor, workspace=data["workspace"], fields=fields)[0]

    def service_update(self, actor: Actor, obj: Todo, data: dict[str, Any]) -> Todo:
        return services.todo_update(actor=actor, todo=obj, fields=data)

    # --- the review panel ---

    def get_urls(self) -> list[Any]:
        review = path("<path:object_id>/review/", self.admin_site.admin_view(self.review_view), name="soc_todo_review")
        return [review, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        todo = self.get_object(request, object_id)
        panel = self._panel(request, todo) if todo else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **panel})

    def _panel(self, request: HttpRequest, todo: Todo) -> dict[str, Any]:
        actor = self.actor(request)
        asked = actor.is_administrator or Todo.objects.filter(addressed_to(actor.user), pk=todo.pk).exists()  # type: ignore[arg-type]
        return {
            "todo": todo,
            "review_url": reverse("admin:soc_todo_review", args=[todo.pk]),
            "is_overdue": todo.status == Status.WAITING and todo.due_date < timezone.now(),
            "can_settle": todo.status == Status.WAITING and actor.can("soc.change_todo") and asked,
            "can_comment": actor.can("soc.add_comment"),
            "can_attach": actor.can("soc.add_attachment") and actor.can("soc.change_todo"),
            "comments": [(comment, self._may_delete(actor, comment)) for comment in todo.comments.all()],
            "attachments": todo.attachments.filter(is_deleted=False).order_by("todo_links__id"),
            "journal": history_for(todo),
            "comment_limit": COMMENT_LIMIT,
            "max_megabytes": MAX_BYTES // 1024**2,
        }

    def _may_delete(self, actor: Actor, comment: Comment) -> bool:
        is_own = actor.user is not None and comment.user_id == str(actor.user.guid)
        return actor.can("soc.delete_comment") and (is_own or actor.is_administrator)

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One button of the panel; the services check who may press it."""
        todo = self.get_object(request, object_id)
        review = REVIEWS.get(request.POST.get("action", ""))
        if todo is None or review is None:
            raise Http404
        try:
            self.message_user(request, review(self.actor(request), todo, request), messages.SUCCESS)
        except AppError as error:
            self.message_user(request, error.message, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:soc_todo_change", args=[todo.pk]))


def _continue(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    services.todo_settle(
        actor=actor, todo=todo, action=Action.CONTINUE, review_comments=request.POST.get("comment", "").strip()
    )
    return "Approved: the workflow goes on."


def _terminate(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    services.todo_settle(
        actor=actor, todo=todo, action=Action.TERMINATE, review_comments=request.POST.get("comment", "").strip()
    )
    return "Terminated."


def _comment(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    services.comment_add(actor=actor, todo=todo, message=request.POST.get("comment", ""))
    return "Comment added."


def _comment_delete(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    services.comment_delete(actor=actor, todo=todo, comment_id=request.POST.get("id", ""))
    return "Comment deleted."


def _attach(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    if "file" not in request.FILES:
        raise Invalid("Choose a file first.")
    attachment = services.attachment_upload(actor=actor, workspace=todo.workspace, file=request.FILES["file"])
    services.attachment_add(actor=actor, todo=todo, attachment_id=attachment.pk)
    return f"{attachment.file_name} attached."


def _detach(actor: Actor, todo: Todo, request: HttpRequest) -> str:
    services.attachment_remove(actor=actor, todo=todo, attachment_id=request.POST.get("id", ""))
    return "Attachment removed."


REVIEWS: dict[str, Callable[[Actor, Todo, HttpRequest], str]] = {
    "continue": _continue,
    "terminate": _terminate,
    "comment": _comment,
    "comment_delete": _comment_delete,
    "attach": _attach,
    "detach": _detach,
}


class ApproverInline(TabularInline):
    """Who settles to-dos that name nobody. Without any entry everyone may."""

    model = Approver
    fields = ["user", "group"]
    autocomplete_fields = ["user"]
    extra = 0
    verbose_name_plural = "approvers (none: everyone who may change to-dos)"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Workspace)
class WorkspaceAdmin(OwnedAdmin):
    list_display = ["name", "project", "id", "webhook_url"]
    list_filter = [("project", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["project"]
    search_fields = ["name", "id"]
    autocomplete_fields = ["project"]
    fields = ["id", "project", "name", "description", "webhook_url"]
    readonly_fields = ["id"]
    inlines = [ApproverInline]
    change_form_outer_after_template = "admin/soc/webhook_secret.html"

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Workspace:
        return services.workspace_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Workspace, data: dict[str, Any]) -> Workspace:
        return services.workspace_update(actor=actor, workspace=obj, fields=data)

    def service_delete(self, actor: Actor, obj: Workspace) -> None:
        services.workspace_delete(actor=actor, workspace=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        actor = self.actor(request)
        for approver in formset.save(commit=False):
            services.approver_create(actor=actor, workspace=form.instance, user=approver.user, group=approver.group)
        for approver in formset.deleted_objects:
            services.approver_delete(actor=actor, approver=approver)

    def get_urls(self) -> list[Any]:
        secret = path(
            "<path:object_id>/secret/", self.admin_site.admin_view(self.secret_view), name="soc_workspace_secret"
        )
        return [secret, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"secret_url": reverse("admin:soc_workspace_secret", args=[object_id]), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A new webhook secret, shown in this one answer."""
        workspace = self.get_object(request, object_id)
        if workspace is None or request.method != "POST" or not self.has_change_permission(request, workspace):
            raise Http404
        secret = services.workspace_secret_issue(actor=self.actor(request), workspace=workspace)
        context = {
            **self.admin_site.each_context(request),
            "title": "Webhook secret issued",
            "shown": [("Secret of the workspace's webhooks (Standard Webhooks)", secret)],
            "back": reverse("admin:soc_workspace_change", args=[workspace.pk]),
        }
        return TemplateResponse(request, "admin/credential.html", context, headers={"Cache-Control": "no-store"})


@admin.register(Project)
class ProjectAdmin(OwnedAdmin):
    list_display = ["name", "id", "created_at"]
    search_fields = ["name", "id"]
    fields = ["id", "name"]
    readonly_fields = ["id"]

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Project:
        return services.project_create(actor=actor, name=data["name"])

    def service_update(self, actor: Actor, obj: Project, data: dict[str, Any]) -> Project:
        return services.project_update(actor=actor, project=obj, name=data["name"])

    def service_delete(self, actor: Actor, obj: Project) -> None:
        services.project_delete(actor=actor, project=obj)


@admin.register(Attachment)
class AttachmentAdmin(OwnedAdmin):
    """Files are uploaded on a to-do's page; deleting one drops its bytes and keeps the row."""

    list_display = ["file_name", "workspace", "show_size", "creator_name", "create_time", "is_deleted"]
    list_filter = ["is_deleted", ("workspace", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["workspace"]
    search_fields = ["file_name", "id", "creator_name"]
    fields = ["file_name", "show_download", "workspace", "show_size", "creator_name", "create_time", "is_deleted"]
    readonly_fields = fields

    @display(description="size")
    def show_size(self, obj: Attachment) -> str:
        return f"{obj.size:,} bytes"

    @display(description="file")
    def show_download(self, obj: Attachment) -> str:
        if obj.is_deleted:
            return "deleted"
        return format_html('<a href="{}">Download</a>', reverse("admin:soc_attachment_download", args=[obj.pk]))

    def service_delete(self, actor: Actor, obj: Attachment) -> None:
        services.attachment_delete(actor=actor, attachment=obj)

    def get_urls(self) -> list[Any]:
        download = path(
            "<path:object_id>/download/", self.admin_site.admin_view(self.download_view), name="soc_attachment_download"
        )
        return [download, *super().get_urls()]

    def download_view(self, request: HttpRequest, object_id: str) -> Any:
        attachment = self.get_object(request, object_id)
        if attachment is None or not self.has_view_permission(request, attachment):
            raise Http404
        try:
            return file_response(attachment)
        except AppError as error:
            raise Http404(error.message) from None


@admin.register(Comment)
class CommentAdmin(OwnedAdmin):
    """Comments are written on a to-do's page."""

    list_display = ["message", "todo", "user_name", "time"]
    list_select_related = ["todo"]
    search_fields = ["message", "user_name", "todo__name"]
    fields = ["todo", "message", "user_name", "time"]
    readonly_fields = fields

    def service_delete(self, actor: Actor, obj: Comment) -> None:
        services.comment_delete(actor=actor, todo=obj.todo, comment_id=obj.pk)
