"""MileApp's JSON of hubs, users, teams and roles: bodies in, objects out."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group

from accounts.groups import ADMINISTRATOR, permissions_of
from accounts.models import Organization, User
from core.actor import Actor
from core.api.errors import Invalid
from hubs import selectors
from hubs.formats import degrees_read, micros, name_read, seconds
from hubs.models import Hub, Team
from hubs.roles import PERMISSIONS, ROLE_NAMES, permission_id, permission_names, role_id, role_time

# --- hubs ---


def hub_read(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of POST and PUT /hub; lat and lng come as text or numbers."""
    fields = {
        "name": name_read(body.get("name")),
        "address": name_read(body.get("address"), "address", limit=1000),
        "lat": degrees_read(_required(body, "lat"), "lat", limit=90),
        "lng": degrees_read(_required(body, "lng"), "lng", limit=180),
    }
    if body.get("countryCode"):
        fields["country_code"] = name_read(body["countryCode"], "countryCode", limit=2).upper()
    return fields


def hubs_wire(hubs: Iterable[Hub], *, actor: Actor) -> list[dict[str, Any]]:
    """HUB of each; whether they can be deleted is asked once for all."""
    hubs = list(hubs)
    kept = selectors.hubs_kept(actor=actor, hub_ids=[hub.pk for hub in hubs])
    return [_hub_wire(hub, actor.organization, deletable=hub.pk not in kept) for hub in hubs]


def hub_wire(hub: Hub, *, actor: Actor) -> dict[str, Any]:
    return hubs_wire([hub], actor=actor)[0]


def _hub_wire(hub: Hub, organization: Organization, *, deletable: bool) -> dict[str, Any]:
    body = {
        "_id": hub.pk,
        "name": hub.name,
        "address": hub.address,
        "lat": hub.lat,
        "lng": hub.lng,
        "organizationId": organization.object_id,
        "updatedTime": micros(hub.updated_at),
        "createdTime": micros(hub.created_at),
        "deleteAccess": deletable,
    }
    return body | {"countryCode": hub.country_code} if hub.country_code else body


# --- teams ---


def team_read(body: dict[str, Any], *, organization: Organization) -> dict[str, Any]:
    """Name and hub of POST and PUT /team; the hub must be known."""
    name = name_read(body.get("name"))
    hub_id = _required(body, "hubId")
    if not isinstance(hub_id, str):
        raise Invalid("The hubId must be a string.", field="hubId")
    return {"name": name, "hub": _rows_read(Hub, [hub_id], "hubId", organization=organization)[0]}


def teams_wire(teams: Iterable[Team], *, organization: Organization) -> list[dict[str, Any]]:
    return [
        {
            "_id": team.pk,
            "name": team.name,
            "hubId": team.hub_id,
            "organizationId": organization.object_id,
            "updatedTime": micros(team.updated_at),
            "createdTime": micros(team.created_at),
            "totalUser": team.total_user,  # type: ignore[attr-defined]
        }
        for team in teams
    ]


# --- users ---


def profile_read(body: dict[str, Any]) -> dict[str, Any]:
    """name, email and phoneNumber, as far as they are given; an empty phoneNumber clears it."""
    profile: dict[str, Any] = {key: name_read(body[key], key, limit=200) for key in ("name", "email") if key in body}
    if "phoneNumber" in body:
        phone = body["phoneNumber"]
        profile["phone_number"] = name_read(phone, "phoneNumber", limit=40) if phone not in (None, "") else ""
    return profile


def member_read(body: dict[str, Any], *, organization: Organization) -> dict[str, Any]:
    """The body of PUT /user/{userId}: a profile with its name, and hubs and teams where given."""
    fields: dict[str, Any] = profile_read({**body, "name": body.get("name")})
    if "hubId" in body:
        fields["hubs"] = _rows_read(Hub, body["hubId"], "hubId", organization=organization)
    if "teamId" in body:
        fields["teams"] = _rows_read(Team, body["teamId"], "teamId", organization=organization)
    return fields


def users_wire(users: Iterable[User], *, organization: Organization) -> list[dict[str, Any]]:
    """USER of each; users come from `selectors.members`, which loads what is printed here."""
    groups = {group.name: role_wire(group, organization=organization) for group in selectors.groups()}
    return [_user_wire(user, organization, groups) for user in users]


def user_wire(user: User, *, organization: Organization) -> dict[str, Any]:
    return users_wire([user], organization=organization)[0]


def user_core_wire(user: User, *, organization: Organization) -> dict[str, Any]:
    """USER0: the user without organization, role and log-in state."""
    group = _group_name(user)
    return {
        "_id": user.object_id,
        "name": user.name,
        "email": user.email,
        "provider": "web",
        "hubId": [hub.pk for hub in user.hubs.all()],  # type: ignore[attr-defined]
        "organizationId": organization.object_id,
        "status": "active" if user.is_active else "disabled",
        "lastLogin": seconds(user.last_login) if user.last_login else None,
        "roleId": role_id(organization, group) if group else None,
        "onboardingStep": [],
        "teamId": [team.pk for team in user.teams.all()],  # type: ignore[attr-defined]
        "updatedTime": seconds(user.updated_at),
        "createdTime": seconds(user.created_at),
        "phoneNumber": user.phone_number or None,
        "dynamicVisitTime": [],
    }


def _user_wire(user: User, organization: Organization, roles: dict[str, dict]) -> dict[str, Any]:
    return user_core_wire(user, organization=organization) | {
        "organization": {"_id": organization.object_id, "name": organization.name},
        "role": roles.get(_group_name(user)),
        "firstLogin": user.last_login is None,
        "passwordExpired": False,
    }


def _group_name(user: User) -> str:
    if selectors.is_owner(user):
        return ADMINISTRATOR
    return next((group.name for group in user.groups.all() if group.name in ROLE_NAMES), "")


# --- roles ---


def role_wire(group: Group, *, organization: Organization) -> dict[str, Any]:
    names = permission_names(permissions_of(group.pk))
    return {
        "_id": role_id(organization, group.name),
        "name": ROLE_NAMES[group.name],
        "isAdmin": group.name == ADMINISTRATOR,
        "isDefault": True,
        "isDeleted": False,
        "permissionList": [permission_id(name) for name in names],
        "permissionDetails": [
            {"permissionName": name, "interval": None, "checkinRadius": None, "checkoutRadius": None} for name in names
        ],
        "organizationId": organization.object_id,
        "updatedTime": micros(role_time(organization)),
        "createdTime": micros(role_time(organization)),
    }


def role_permissions_wire(group: Group) -> list[dict[str, Any]]:
    return [
        {
            "_id": permission_id(name),
            "name": name,
            "module": module,
            "menu": menu,
            "displayName": name.replace("/", " ").capitalize(),
            "access": True,
        }
        for name in permission_names(permissions_of(group.pk))
        for _, module, menu in [PERMISSIONS[name]]
    ]


# --- ids in bodies ---


def _rows_read(model: Any, value: Any, field: str, *, organization: Organization) -> list:
    """The rows with these ids, each of which must be known."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Invalid(f"The {field} must be an array of ids.", field=field)
    rows = list(model.objects.of(organization).filter(pk__in=set(value)))
    if len(rows) != len(set(value)):
        raise Invalid(f"The selected {field} is invalid.", field=field)
    return rows


def _required(body: dict[str, Any], key: str) -> Any:
    if body.get(key) in (None, ""):
        raise Invalid(f"The {key} field is required.", field=key)
    return body[key]
