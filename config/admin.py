"""The console's pages for accounts: users, organizations and credentials, which are shown once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, BaseDialogForm, UserChangeForm, UserCreationForm

from accounts import services
from accounts.models import AccessKey, AccessToken, Organization, User
from core import journal
from core.admin import OwnedAdmin, history_for

admin.site.index_title = "Dashboard"
admin.site.unregister(Group)


class AddUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class ChangeUserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class Journalled:
    """Writes the journal for pages whose forms are Django's own."""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        actor = OwnedAdmin.actor(self, request)
        changes = {
            name: [_text(form.initial.get(name)), _text(form.cleaned_data.get(name))]
            for name in form.changed_data
            if "password" not in name
        }
        journal.record(actor=actor, verb="update" if change else "create", obj=obj, changes=changes)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        journal.record(actor=OwnedAdmin.actor(self, request), verb="delete", obj=obj)
        super().delete_model(request, obj)


def _text(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | None):
        return value
    if hasattr(value, "__iter__"):
        return sorted(str(item) for item in value)
    return str(value)


@admin.register(User)
class UserAdmin(Journalled, DjangoUserAdmin, ModelAdmin):
    form, add_form, change_password_form = ChangeUserForm, AddUserForm, AdminPasswordChangeForm
    list_display = ["name", "email", "show_groups", "title", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff"]
    search_fields = ["name", "email", "guid"]
    ordering = ["name", "id"]
    filter_horizontal = ["groups"]
    readonly_fields = ["guid", "object_id", "last_login", "created_at", "updated_at"]
    object_history_template = "admin/journal_history.html"
    compressed_fields = True
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "title", "phone_number"]}),
        ("Access", {"fields": ["groups", "is_active", "is_staff"]}),
        ("Identifiers", {"fields": ["guid", "object_id", "last_login", "created_at", "updated_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Planners name assignees and approvers: they choose among the users without seeing their pages.
        chooses = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return chooses or super().has_view_permission(request, obj)

    @display(description="groups")
    def show_groups(self, obj: User) -> str:
        return ", ".join(group.name for group in obj.groups.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        users = super().get_queryset(request).prefetch_related("groups")
        return users.filter(organization=request.user.organization_id)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.organization_id = request.user.organization_id
        super().save_model(request, obj, form, change)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        obj = self.get_object(request, object_id)
        entries = history_for(obj) if obj is not None else []
        return super().history_view(request, object_id, {**(extra_context or {}), "journal": entries})


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Groups are common to all organizations: only the server's operators change them."""

    filter_horizontal = ["permissions"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Administrators choose among the groups on a user's page.
        return request.user.has_perm("accounts.change_user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Organization)
class OrganizationAdmin(Journalled, ModelAdmin):
    """Operators see all organizations, everybody else the own one."""

    list_display = ["name", "time_zone", "is_active", "created_at"]
    search_fields = ["name"]
    readonly_fields = ["object_id", "created_at"]
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.filter(pk=request.user.organization_id)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # An administrator who switched his organization off could not switch it on again.
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, "is_active"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CredentialAdmin(OwnedAdmin):
    """Issued here and shown once; afterwards they can only be revoked."""

    list_select_related = ["user"]
    search_fields = ["name", "user__email"]
    autocomplete_fields = ["user"]
    actions_detail = ["revoke"]
    list_filter = ["user__groups"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return [field.name for field in self.model._meta.fields if field.name not in self.hidden]

    hidden = ("id", "organization", "digest", "secret_encrypted")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "name", "expires_at"] if obj is None else self.get_readonly_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(f"accounts.change_{self.model._meta.model_name}")

    def issued(self, request: HttpRequest, obj: Any, shown: list[tuple[str, str]]) -> None:
        """Keep the clear text for the one answer that shows it."""
        request._credential = shown
        journal.record(actor=self.actor(request), verb="issue", obj=obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.model._meta.verbose_name.capitalize()} issued",
            "shown": request._credential,
            "obj": obj,
            "back": reverse(f"admin:accounts_{self.model._meta.model_name}_changelist"),
        }
        return TemplateResponse(request, "admin/credential.html", context, headers={"Cache-Control": "no-store"})

    @display(description="state", label={"active": "success", "expired": "warning", "revoked": "danger"})
    def state(self, obj: Any) -> str:
        if obj.revoked_at:
            return "revoked"
        return "expired" if obj.expires_at and obj.expires_at <= timezone.now() else "active"

    @action(
        description="Revoke",
        permissions=["revoke"],
        dialog={
            "title": "Revoke this credential?",
            "description": "Programs that use it are locked out at once.",
            "form_submit_text": "Revoke",
        },
    )
    def revoke(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        if self.service_revoke(obj):
            journal.record(actor=self.actor(request), verb="revoke", obj=obj)
            self.message_user(request, f"{obj} is revoked: it is of no use from now on.")
        return HttpResponse(headers={"HX-Refresh": "true"})

    def service_revoke(self, obj: Any) -> bool:
        raise NotImplementedError


@admin.register(AccessToken)
class AccessTokenAdmin(CredentialAdmin):
    list_display = ["name", "user", "prefix", "kind", "state", "created_at", "expires_at", "last_used_at"]

    def service_create(self, actor: Any, data: dict[str, Any]) -> AccessToken:
        token, raw = services.token_issue(user=data["user"], name=data["name"], expires_at=data["expires_at"])
        token.clear_text = raw
        return token

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.issued(request, obj, [("Token", obj.clear_text)])

    def service_revoke(self, obj: Any) -> bool:
        return services.token_revoke(token=obj)


@admin.register(AccessKey)
class AccessKeyAdmin(CredentialAdmin):
    list_display = ["name", "user", "access_key", "state", "created_at", "expires_at", "last_used_at"]

    def service_create(self, actor: Any, data: dict[str, Any]) -> AccessKey:
        key, secret = services.key_issue(user=data["user"], name=data["name"], expires_at=data["expires_at"])
        key.clear_text = secret
        return key

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.issued(request, obj, [("Access key (AK)", obj.access_key), ("Secret key (SK)", obj.clear_text)])

    def service_revoke(self, obj: Any) -> bool:
        return services.key_revoke(key=obj)
