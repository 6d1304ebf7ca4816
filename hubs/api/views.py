"""Hubs, teams, users, members and roles under /api/v3. Envelopes differ per resource, as the vendor's do."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.api.errors import Invalid, NotFound
from hubs import selectors, services
from hubs.api import schema
from hubs.api import serializers as wire
from hubs.api.dialect import (
    NOT_FOUND_LONG,
    NOT_FOUND_LOWER,
    MileAppViewSet,
    ordering,
    project,
)
from hubs.api.filters import HubFilter, TeamFilter, UserFilter
from hubs.formats import name_read
from hubs.models import Hub

_UPDATED = "Data has been updated successfully."
_HUB_COLUMNS = {
    "name": "name",
    "address": "address",
    "createdTime": "created_at",
    "updatedTime": "updated_at",
    "_id": "id",
}


class HubViewSet(MileAppViewSet):
    permissions = {
        "list": "hubs.view_hub",
        "retrieve": "hubs.view_hub",
        "create": "hubs.add_hub",
        "update": "hubs.change_hub",
        "destroy": "hubs.delete_hub",
    }
    not_found = {"destroy": NOT_FOUND_LOWER}

    def hub(self, hub_id: str) -> Hub:
        return selectors.hub_get(organization=self.actor.organization, hub_id=hub_id)

    @schema.hub_list
    def list(self, request: Request) -> Response:
        rows = HubFilter(self.params, Hub.objects.of(self.actor.organization), actor=self.actor).rows
        rows = rows.order_by(*ordering(self.params, _HUB_COLUMNS, by="name", order="asc"))
        data = project(wire.hubs_wire(self.slice(rows), actor=self.actor), self.params.get("fields"))
        return Response({"data": data, "status": True})

    @schema.hub_retrieve
    def retrieve(self, request: Request, hub_id: str) -> Response:
        return Response({"data": wire.hub_wire(self.hub(hub_id), actor=self.actor), "status": True})

    @schema.hub_create
    def create(self, request: Request) -> Response:
        hub = services.hub_create(actor=self.actor, **wire.hub_read(self.body))
        return Response({"status": True, "data": wire.hub_wire(hub, actor=self.actor)})

    @schema.hub_update
    def update(self, request: Request, hub_id: str) -> Response:
        hub = services.hub_update(actor=self.actor, hub=self.hub(hub_id), **wire.hub_read(self.body))
        return Response({"status": True, "property": wire.hub_wire(hub, actor=self.actor), "message": "Success"})

    @schema.hub_destroy
    def destroy(self, request: Request, hub_id: str) -> Response:
        services.hub_delete(actor=self.actor, hub=self.hub(hub_id))
        return Response({"status": True})


class TeamViewSet(MileAppViewSet):
    permissions = {
        "list": "hubs.view_team",
        "retrieve": "hubs.view_team",
        "create": "hubs.add_team",
        "update": "hubs.change_team",
        "destroy": "hubs.delete_team",
    }
    not_found = {"destroy": NOT_FOUND_LOWER}

    def team_wire(self, team_id: str) -> dict[str, Any]:
        team = selectors.team_get(organization=self.actor.organization, team_id=team_id)
        return self.teams_wire([team])[0]

    def teams_wire(self, teams: Any) -> list[dict[str, Any]]:
        return wire.teams_wire(teams, organization=self.actor.organization)

    @schema.team_list
    def list(self, request: Request) -> Response:
        rows = TeamFilter(self.params, selectors.teams(organization=self.actor.organization), actor=self.actor).rows
        return Response({"data": self.page(rows, self.teams_wire), "status": True, "code": 200})

    @schema.team_retrieve
    def retrieve(self, request: Request, team_id: str) -> Response:
        return Response({"data": self.team_wire(team_id), "status": True, "code": 200})

    @schema.team_create
    def create(self, request: Request) -> Response:
        fields = wire.team_read(self.body, organization=self.actor.organization)
        team = services.team_create(actor=self.actor, **fields)
        body = {"status": True, "data": self.team_wire(team.pk), "code": 201, "message": "Data successfully created."}
        return Response(body, status=201)

    @schema.team_update
    def update(self, request: Request, team_id: str) -> Response:
        team = selectors.team_get(organization=self.actor.organization, team_id=team_id)
        fields = wire.team_read(self.body, organization=self.actor.organization)
        services.team_update(actor=self.actor, team=team, **fields)
        return self._done("Data successfully updated.", self.team_wire(team_id))

    @schema.team_destroy
    def destroy(self, request: Request, team_id: str) -> Response:
        team = selectors.team_get(organization=self.actor.organization, team_id=team_id)
        body = self.teams_wire([team])[0]
        services.team_delete(actor=self.actor, team=team)
        return self._done("Data successfully deleted.", body)

    def _done(self, message: str, data: dict[str, Any]) -> Response:
        return Response({"status": True, "code": 200, "message": message, "data": data})


class UserViewSet(MileAppViewSet):
    permissions = {
        "list": "hubs.view_member",
        "retrieve": "hubs.view_member",
        "by_email": "hubs.view_member",
        "update": "accounts.change_user",
        "partial_update": "accounts.change_user",
    }

    def answer(self, **lookup: Any) -> Response:
        user = selectors.member_get(actor=self.actor, **lookup)
        return Response(wire.user_wire(user, organization=self.actor.organization))

    @schema.user_list
    def list(self, request: Request) -> Response:
        rows = UserFilter(self.params, selectors.members_visible(actor=self.actor), actor=self.actor).rows
        data = wire.users_wire(self.slice(rows), organization=self.actor.organization)
        return Response({"data": project(data, self.params.get("fields")), "status": True})

    @schema.user_me
    def me(self, request: Request) -> Response:
        return Response(wire.user_wire(self._own(), organization=self.actor.organization))

    @schema.user_retrieve
    def retrieve(self, request: Request, user_id: str) -> Response:
        return self.answer(object_id=user_id)

    @schema.user_by_email
    def by_email(self, request: Request, email: str) -> Response:
        return self.answer(email=email.strip().lower())

    @schema.user_me_update
    def me_update(self, request: Request) -> Response:
        user = services.member_update(actor=self.actor, user=self._own(), **wire.profile_read(self.body))
        body = wire.user_core_wire(user, organization=self.actor.organization)
        return Response({"status": True, "message": _UPDATED, "property": body})

    @schema.user_update
    def update(self, request: Request, user_id: str) -> Response:
        user = selectors.member_get(actor=self.actor, object_id=user_id)
        return self._change(user, wire.member_read(self.body, organization=self.actor.organization))

    @schema.user_partial_update
    def partial_update(self, request: Request, user_id: str) -> Response:
        user = selectors.member_get(actor=self.actor, object_id=user_id)
        return self._change(user, wire.profile_read(self.body))

    def _own(self) -> User:
        return selectors.members(organization=self.actor.organization).get(pk=self.request.user.pk)

    def _change(self, user: User, fields: dict[str, Any]) -> Response:
        user = services.member_update(actor=self.actor, user=user, **fields)
        body = wire.user_core_wire(user, organization=self.actor.organization)
        return Response({"status": True, "data": body, "message": _UPDATED, "statusCode": 200})


class MemberViewSet(MileAppViewSet):
    permissions = {
        "destroy": "accounts.delete_user",
        "locked": "accounts.change_user",
        "unlock": "accounts.change_user",
        "reset_password": "accounts.change_user",
    }
    not_found = {"destroy": NOT_FOUND_LONG, "reset_password": NOT_FOUND_LONG}
    error_keys = {"unlock": {400: {"code": 400}}, "reset_password": {404: {"statusCode": 404}}}

    @schema.member_destroy
    def destroy(self, request: Request, user_id: str) -> Response:
        services.member_remove(actor=self.actor, user=selectors.member_get(actor=self.actor, object_id=user_id))
        return Response({"id": user_id, "status": True, "message": "Data has been deleted successfully."})

    @schema.member_locked
    def locked(self, request: Request) -> Response:
        locked = selectors.members_locked(organization=self.actor.organization)
        data = [{"email": row["email"], "attempt": str(row["attempts"]), "ttl": row["seconds"]} for row in locked]
        return Response({"status": True, "code": 200, "data": data})

    @schema.member_unlock
    def unlock(self, request: Request) -> Response:
        email = name_read(self.body.get("email"), "email").lower()
        try:
            services.member_unlock(actor=self.actor, user=selectors.member_get(actor=self.actor, email=email))
        except NotFound:
            raise Invalid(NOT_FOUND_LONG, field="email") from None
        message = f"{email} has been unlocked. The user can now log in."
        return Response({"status": True, "code": 200, "message": message})

    @schema.member_reset_password
    def reset_password(self, request: Request) -> Response:
        user_id, password = (name_read(self.body.get(key), key) for key in ("userId", "password"))
        user = selectors.member_get(actor=self.actor, object_id=user_id)
        user = services.member_password_reset(actor=self.actor, user=user, password=password)
        body = wire.user_core_wire(user, organization=self.actor.organization)
        return Response(
            {
                "status": True,
                "property": body | {"isDeleted": False, "docId": user.object_id},
                "message": "Your password has been updated successfully.",
            }
        )


class RoleViewSet(MileAppViewSet):
    permissions = {"list": "hubs.view_member", "retrieve": "hubs.view_member"}
    not_found = {"retrieve": NOT_FOUND_LONG}

    @schema.role_list
    def list(self, request: Request) -> Response:
        data = [wire.role_wire(group, organization=self.actor.organization) for group in selectors.groups()]
        return Response({"data": data, "status": True})

    @schema.role_retrieve
    def retrieve(self, request: Request, role_id: str) -> Response:
        for group in selectors.groups():
            role = wire.role_wire(group, organization=self.actor.organization)
            if role["_id"] == role_id:
                return Response({"data": role | {"permission": wire.role_permissions_wire(group)}, "status": True})
        raise NotFound
