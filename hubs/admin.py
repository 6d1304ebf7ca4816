"""Hubs, teams and their people in the console."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from hubs import selectors, services
from hubs.models import Hub, Member, Team
from hubs.roles import ROLE_NAMES


class ServiceDeleteAdmin(OwnedAdmin):
    """Deletes as the service says: rows may stay or go that Django, looking at relations, would refuse to touch."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(obj) for obj in objs], {str(self.opts.verbose_name_plural): len(objs)}, set(), []


@admin.register(Hub)
class HubAdmin(ServiceDeleteAdmin):
    list_display = ["name", "address", "lat", "lng", "user_count", "updated_at"]
    list_filter = ["country_code"]
    search_fields = ["name", "address", "id"]
    ordering = ["name", "id"]
    fields = ["name", "address", ("lat", "lng"), "country_code", "people", "id", "created_at", "updated_at"]
    readonly_fields = ["people", "id", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(user_total=Count("users"))

    @display(description="users", ordering="user_total")
    def user_count(self, hub: Hub) -> int:
        return hub.user_total  # type: ignore[attr-defined]

    @display(description="users")
    def people(self, hub: Hub) -> str:
        return ", ".join(user.name for user in hub.users.all()) if hub.pk else ""

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Hub:  # type: ignore[override]
        return services.hub_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Hub, data: dict[str, Any]) -> Hub:  # type: ignore[override]
        return services.hub_update(actor=actor, hub=obj, **data)

    def service_delete(self, actor: Actor, obj: Hub) -> None:  # type: ignore[override]
        services.hub_delete(actor=actor, hub=obj)


@admin.register(Team)
class TeamAdmin(OwnedAdmin):
    list_display = ["name", "hub", "user_count", "updated_at"]
    list_select_related = ["hub"]
    list_filter = [("hub", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name", "hub__name", "id"]
    ordering = ["name", "id"]
    autocomplete_fields = ["hub"]
    fields = ["name", "hub", "people", "id", "created_at", "updated_at"]
    readonly_fields = ["people", "id", "created_at", "updated_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(user_total=Count("users"))

    @display(description="users", ordering="user_total")
    def user_count(self, team: Team) -> int:
        return team.user_total  # type: ignore[attr-defined]

    @display(description="users")
    def people(self, team: Team) -> str:
        return ", ".join(user.name for user in team.users.all()) if team.pk else ""

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Team:  # type: ignore[override]
        return services.team_create(actor=actor, **data)

    def service_update(self, actor: Actor, obj: Team, data: dict[str, Any]) -> Team:  # type: ignore[override]
        return services.team_update(actor=actor, team=obj, **data)

    def service_delete(self, actor: Actor, obj: Team) -> None:  # type: ignore[override]
        services.team_delete(actor=actor, team=obj)


class MemberForm(ServiceForm):
    """Which hubs and teams a user belongs to; the rows on offer are set by the page."""

    hubs = forms.ModelMultipleChoiceField(
        Hub.objects.none(), required=False, widget=UnfoldAdminSelect2MultipleWidget, help_text="Where tasks can be his."
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text="Teams of these hubs. With a team, a user sees only team mates and people without one.",
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in ("hubs", "teams"):
            self.initial[key] = list(getattr(self.instance, key).all())


@admin.register(Member)
class MemberAdmin(ServiceDeleteAdmin):
    """Users as MileApp knows them; names, e-mails and passwords are kept under People and access."""

    form = MemberForm
    list_display = ["name", "email", "role", "hub_names", "team_names", "is_active"]
    list_filter = [
        "groups",
        "is_active",
        ("hubs", admin.RelatedOnlyFieldListFilter),
        ("teams", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["name", "email", "object_id"]
    fields = ["name", "email", "role", "hubs", "teams", "object_id"]
    readonly_fields = ["name", "email", "role", "object_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        queryset = super().get_queryset(request).exclude(is_active=False, groups=None)
        return queryset.prefetch_related("hubs", "teams", "groups")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for key, model in (("hubs", Hub), ("teams", Team)):
            if key in form.base_fields:
                form.base_fields[key].queryset = model.objects.of(request.user.organization_id)  # type: ignore[union-attr]
        return form

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and request.user.has_perm("accounts.delete_user")

    @display(description="role")
    def role(self, member: Member) -> str:
        names = [ROLE_NAMES.get(group.name, group.name) for group in member.groups.all()]
        return "owner" if selectors.is_owner(member) else ", ".join(names)

    @display(description="hubs")
    def hub_names(self, member: Member) -> str:
        return ", ".join(hub.name for hub in member.hubs.all())  # type: ignore[attr-defined]

    @display(description="teams")
    def team_names(self, member: Member) -> str:
        return ", ".join(team.name for team in member.teams.all())  # type: ignore[attr-defined]

    def service_update(self, actor: Actor, obj: Member, data: dict[str, Any]) -> Member:  # type: ignore[override]
        services.memberships_set(actor=actor, user=obj, hubs=data["hubs"], teams=data["teams"])
        return obj

    def service_delete(self, actor: Actor, obj: Member) -> None:  # type: ignore[override]
        services.member_remove(actor=actor, user=obj)
