"""Every operation of the vendor's pages on hubs, users, members, teams and roles: request, status, exact body shape."""

from typing import Any

import pytest

from tests.hubs.calls import call, shape, single_page
from tests.hubs.factories import HubFactory, TeamFactory

NONE = type(None)
HUB = {
    "_id": str, "name": str, "address": str, "lat": float, "lng": float, "organizationId": str, "updatedTime": str,
    "createdTime": str, "deleteAccess": bool,
}  # fmt: skip
TEAM = {
    "_id": str, "name": str, "hubId": str, "organizationId": str, "updatedTime": str, "createdTime": str,
    "totalUser": int,
}  # fmt: skip
ROLE = {
    "_id": str, "name": str, "isAdmin": bool, "isDefault": bool, "isDeleted": bool, "permissionList": [str],
    "permissionDetails": [
        {"permissionName": str, "interval": NONE, "checkinRadius": NONE, "checkoutRadius": NONE}
    ],
    "organizationId": str, "updatedTime": str, "createdTime": str,
}  # fmt: skip
USER0 = {
    "_id": str, "name": str, "email": str, "provider": str, "hubId": [str], "organizationId": str, "status": str,
    "lastLogin": NONE, "roleId": str, "onboardingStep": [], "teamId": [str], "updatedTime": str, "createdTime": str,
    "phoneNumber": NONE, "dynamicVisitTime": [],
}  # fmt: skip
USER = USER0 | {"organization": {"_id": str, "name": str}, "role": ROLE, "firstLogin": bool, "passwordExpired": bool}
PERMISSION = {"_id": str, "name": str, "module": str, "menu": str, "displayName": str, "access": bool}
HUB_BODY = {"name": "Depo Timur", "address": "Jl. Kenanga 1, Jakarta", "lat": "-6.17434", "lng": "106.79028"}
TEAM_BODY = {"name": "Tim Pagi", "hubId": "{hub}"}
UPDATED = "Data has been updated successfully."

OPERATIONS: list[tuple[str, str, Any, int, Any]] = [
    ("GET", "/hubs", None, 200, {"data": [HUB], "status": bool}),
    ("GET", "/hub/{hub}/", None, 200, {"data": HUB, "status": bool}),
    ("POST", "/hub", HUB_BODY, 200, {"status": bool, "data": HUB}),
    ("PUT", "/hub/{hub}", HUB_BODY, 200, {"status": bool, "property": HUB, "message": str}),
    ("DELETE", "/hub/{empty_hub}", None, 200, {"status": bool}),
    ("GET", "/users", None, 200, {"data": [USER], "status": bool}),
    ("GET", "/user", None, 200, USER),
    ("GET", "/user/{user}", None, 200, USER),
    ("GET", "/user/email/agent@example.com", None, 200, USER),
    ("PATCH", "/user", {"name": "Budi S"}, 200, {"status": bool, "message": str, "property": USER0}),
    (
        "PUT", "/user/{user}", {"name": "Budi S", "hubId": ["{hub}"], "teamId": ["{team}"]}, 200,
        {"status": bool, "data": USER0, "message": str, "statusCode": int},
    ),
    (
        "PATCH", "/user/{user}", {"name": "Budi S"}, 200,
        {"status": bool, "data": USER0, "message": str, "statusCode": int},
    ),
    ("DELETE", "/member/{user}", None, 200, {"id": str, "status": bool, "message": str}),
    ("GET", "/members/locked", None, 200, {"status": bool, "code": int, "data": []}),
    ("POST", "/member/unlock", {"email": "agent@example.com"}, 200, {"status": bool, "code": int, "message": str}),
    (
        "POST", "/member/reset-password", {"userId": "{user}", "password": "Rahas1a-baru!"}, 200,
        {"status": bool, "property": USER0 | {"isDeleted": bool, "docId": str}, "message": str},
    ),
    ("GET", "/teams", None, 200, {"data": single_page(TEAM), "status": bool, "code": int}),
    ("GET", "/team/{team}", None, 200, {"data": TEAM, "status": bool, "code": int}),
    ("POST", "/team", TEAM_BODY, 201, {"status": bool, "data": TEAM, "code": int, "message": str}),
    ("PUT", "/team/{team}/", TEAM_BODY, 200, {"status": bool, "code": int, "message": str, "data": TEAM}),
    ("DELETE", "/team/{empty_team}/", None, 200, {"status": bool, "code": int, "message": str, "data": TEAM}),
    ("GET", "/roles", None, 200, {"data": [ROLE], "status": bool}),
    ("GET", "/role/{role}", None, 200, {"data": ROLE | {"permission": [PERMISSION]}, "status": bool}),
]  # fmt: skip


def filled(value: Any, ids: dict[str, str]) -> Any:
    """The value with the names of rows in braces replaced by their ids."""
    if isinstance(value, dict):
        return {key: filled(child, ids) for key, child in value.items()}
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    return value.format(**ids) if isinstance(value, str) else value


@pytest.fixture
def ids(world: Any, client_for: Any) -> dict[str, str]:
    hub = HubFactory(organization=world.organization, users=[world.owner, world.agent])
    team = TeamFactory(hub=hub, users=[world.owner, world.agent])
    empty = HubFactory(organization=world.organization)
    roles = call(client_for(world.owner), "GET", "/roles")[1]["data"]
    return {
        "hub": hub.pk, "team": team.pk, "empty_hub": empty.pk, "empty_team": TeamFactory(hub=empty).pk,
        "user": world.agent.object_id, "role": roles[0]["_id"],
    }  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "expected"), OPERATIONS,
                         ids=[f"{row[0]} {row[1]}" for row in OPERATIONS])  # fmt: skip
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_operation_answers_in_its_envelope(
    world: Any, client_for: Any, ids: dict[str, str], method: str, path: str, body: Any, status: int, expected: Any,
    slash: str,
) -> None:  # fmt: skip
    path = path.rstrip("/").format(**ids) + slash
    got, answer = call(client_for(world.owner), method, path, body and filled(body, ids))
    assert got == status, answer
    assert shape(answer) == expected


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in OPERATIONS if "{" in row[1]])
def test_another_organizations_rows_are_unknown(
    world: Any, client_for: Any, ids: dict[str, str], method: str, path: str, body: Any
) -> None:
    """The outsider is told the same as of ids that do not exist, and changes nothing."""
    own = call(client_for(world.outsider), "GET", "/user")[1]
    assert own["email"] == world.outsider.email
    nowhere = dict.fromkeys(ids, "0123456789abcdef01234567")
    foreign = call(client_for(world.outsider), method, path.format(**ids), body and filled(body, ids))
    unknown = call(client_for(world.outsider), method, path.format(**nowhere), body and filled(body, nowhere))
    assert foreign == unknown
    assert foreign[0] == 404
    assert call(client_for(world.owner), "GET", f"/hub/{ids['hub']}")[0] == 200
    assert call(client_for(world.owner), "GET", f"/user/{ids['user']}")[0] == 200


ALL = ("owner", "planner", "agent", "viewer")
ALLOWED: dict[str, tuple[str, ...]] = {
    "GET /hubs": ALL, "GET /hub/{hub}/": ALL, "POST /hub": ("owner", "planner"), "PUT /hub/{hub}": ("owner", "planner"),
    "DELETE /hub/{empty_hub}": ("owner", "planner"),
    "GET /users": ALL, "GET /user": ALL, "GET /user/{user}": ALL, "GET /user/email/agent@example.com": ALL,
    "PATCH /user": ALL, "PUT /user/{user}": ("owner",), "PATCH /user/{user}": ("owner",),
    "DELETE /member/{user}": ("owner",), "GET /members/locked": ("owner",), "POST /member/unlock": ("owner",),
    "POST /member/reset-password": ("owner",),
    "GET /teams": ALL, "GET /team/{team}": ALL, "POST /team": ("owner", "planner"),
    "PUT /team/{team}/": ("owner", "planner"), "DELETE /team/{empty_team}/": ("owner", "planner"),
    "GET /roles": ALL, "GET /role/{role}": ALL,
}  # fmt: skip


@pytest.mark.parametrize("who", ALL)
def test_groups_decide_who_may_do_what(world: Any, client_for: Any, ids: dict[str, str], who: str) -> None:
    client = client_for(getattr(world, who))
    for method, path, body, _, _ in OPERATIONS:
        got = call(client, method, path.format(**ids), {} if body else None)[0]
        allowed = who in ALLOWED[f"{method} {path}"]
        assert (got != 403) == allowed, (who, method, path, got)
        assert method == "DELETE" or got != 404
