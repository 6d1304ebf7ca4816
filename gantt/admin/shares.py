"""Share links: made here, the secret shown once, revoked at any time."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display

from core.actor import Actor
from core.admin import OwnedAdmin
from gantt.models import ShareLink
from gantt.services import share_create, share_revoke


@admin.register(ShareLink)
class ShareLinkAdmin(OwnedAdmin):
    list_display = ["name", "project", "access", "state", "created_by", "created_at", "expires_at"]
    list_filter = [("project", admin.RelatedOnlyFieldListFilter), "access"]
    list_select_related = ["project", "created_by"]
    search_fields = ["name", "project__name"]
    autocomplete_fields = ["project"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = ["project", "name", "access", "expires_at"]
        return [*fields, "created_by", "created_at", "revoked_at"] if obj else fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_fields(request, obj) if obj else []

    def service_create(self, actor: Actor, data: dict[str, Any]) -> ShareLink:
        share, secret = share_create(actor=actor, **data)
        share.secret = secret  # type: ignore[attr-defined]
        return share

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Share link made",
            "shown": [("Base address of the project", request.build_absolute_uri(f"/gantt/s/{obj.secret}"))],
            "obj": obj,
            "back": reverse("admin:gantt_sharelink_changelist"),
        }
        return TemplateResponse(request, "admin/credential.html", context, headers={"Cache-Control": "no-store"})

    @display(description="state", label={"active": "success", "expired": "warning", "revoked": "danger"})
    def state(self, obj: ShareLink) -> str:
        if obj.revoked_at:
            return "revoked"
        return "expired" if obj.expires_at and obj.expires_at <= timezone.now() else "active"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gantt.change_sharelink")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ShareLink]) -> None:
        revoked = sum(share_revoke(actor=self.actor(request), share=share) for share in queryset)
        self.message_user(request, f"{revoked} share link{'s' * (revoked != 1)} revoked.")
