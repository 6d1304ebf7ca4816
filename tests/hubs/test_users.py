from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from core.models import JournalEntry
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory, TeamFactory


def users_of(client: Any, query: str = "") -> list[str]:
    return [user["name"] for user in call(client, "GET", f"/users{query}")[1]["data"]]


def test_a_user_object_is_the_vendors(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, users=[world.agent])
    team = TeamFactory(hub=hub, users=[world.agent])
    moment = datetime(2024, 6, 18, 3, 54, 47, 123456, tzinfo=UTC)
    User.objects.filter(pk=world.agent.pk).update(
        last_login=moment, created_at=moment, updated_at=moment, phone_number="+62 800"
    )
    status, body = call(client_for(world.owner), "GET", f"/user/{world.agent.object_id}")
    role = body.pop("role")
    time = "2024-06-18T03:54:47+00:00"
    organization = world.organization
    assert status == 200
    assert body == {
        "_id": world.agent.object_id, "name": "Agent", "email": "agent@example.com", "provider": "web",
        "hubId": [hub.pk], "organizationId": organization.object_id, "status": "active", "lastLogin": time,
        "roleId": role["_id"], "onboardingStep": [], "teamId": [team.pk], "updatedTime": time, "createdTime": time,
        "phoneNumber": "+62 800", "dynamicVisitTime": [], "firstLogin": False, "passwordExpired": False,
        "organization": {"_id": organization.object_id, "name": "Home"},
    }  # fmt: skip
    assert (role["name"], role["isAdmin"]) == ("field user", False)


def test_no_secret_is_ever_sent(world: Any, client_for: Any) -> None:
    text = client_for(world.owner).get("/api/v3/users").content.decode()
    for word in ('password"', "personalToken", "activationCode", world.token(world.owner), world.owner.password):
        assert not word or word not in text


def test_the_token_user_is_user(world: Any, client_for: Any) -> None:
    body = call(client_for(world.viewer), "GET", "/user")[1]
    assert (body["email"], body["role"]["name"], body["firstLogin"]) == ("viewer@example.com", "viewer", True)


def test_by_email_ignores_case_and_knows_only_the_organization(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    assert call(client, "GET", "/user/email/Owner@Example.com")[1]["name"] == "Owner"
    missing = (404, {"status": False, "message": "Data not found"})
    assert call(client, "GET", f"/user/email/{world.outsider.email}") == missing
    assert call(client, "GET", "/user/email/nobody") == missing


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?hubId={hub}", ["Agent"]),
        ("?hubId=x,{hub}", ["Agent"]),
        ("?teamId={team}", ["Agent"]),
        ("?roleId={role}", ["Planner"]),
        ("?roleId=nothing", []),
        ("?status=active", ["Agent", "Owner", "Planner"]),
        ("?status=disabled", ["Viewer"]),
        ("?status=pending", []),
        ("?status=disabled, pending,", ["Viewer"]),
        ("?q=AGE", ["Agent"]),
        ("?limit=2", ["Agent", "Owner"]),
        ("?limit=2&page=2", ["Planner", "Viewer"]),
        ("", ["Agent", "Owner", "Planner", "Viewer"]),
    ],
)
def test_the_list_filters(world: Any, client_for: Any, query: str, names: list[str]) -> None:
    hub = HubFactory(organization=world.organization, users=[world.agent])
    team = TeamFactory(hub=hub, users=[world.agent])
    client = client_for(world.owner)
    role = call(client_for(world.planner), "GET", "/user")[1]["roleId"]
    User.objects.filter(pk=world.viewer.pk).update(is_active=False)
    assert world.outsider
    assert users_of(client, query.format(hub=hub.pk, team=team.pk, role=role)) == names


@pytest.mark.parametrize("query", ["status=nothing", "status=active,nothing", "page=x", "page=0", "limit=x"])
def test_bad_parameters_are_400(world: Any, client_for: Any, query: str) -> None:
    expected = {"status": False, "message": "Bad request - invalid parameters provided."}
    assert call(client_for(world.owner), "GET", f"/users?{query}") == (400, expected)


def test_who_has_a_team_sees_mates_and_people_without_one(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, users=[world.agent, world.viewer, world.planner])
    TeamFactory(hub=hub, users=[world.agent])
    TeamFactory(hub=hub, users=[world.viewer])
    assert world.owner
    assert users_of(client_for(world.agent)) == ["Agent", "Owner", "Planner"]
    assert users_of(client_for(world.planner)) == ["Agent", "Owner", "Planner", "Viewer"]
    assert users_of(client_for(world.owner)) == ["Agent", "Owner", "Planner", "Viewer"]
    assert call(client_for(world.agent), "GET", f"/user/{world.viewer.object_id}")[0] == 404


def test_everybody_changes_his_own_profile(world: Any, client_for: Any) -> None:
    body = {"name": "Budi S", "email": "Budi@Example.com", "phoneNumber": "+628000000000", "hubId": ["x"]}
    status, answer = call(client_for(world.agent), "PATCH", "/user", body)
    assert (status, answer["message"]) == (200, "Data has been updated successfully.")
    assert answer["property"]["email"] == "budi@example.com"
    user = User.objects.get(pk=world.agent.pk)
    assert (user.name, user.phone_number, list(user.hubs.all())) == ("Budi S", "+628000000000", [])
    assert JournalEntry.objects.get().changes["name"] == ["Agent", "Budi S"]


@pytest.mark.parametrize("path", ["/user", "/user/{id}"])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": ""}, "The name field is required."),
        ({"name": "a\nb"}, "The name format is invalid."),
        ({"name": 7}, "The name format is invalid."),
        ({"email": "nonsense"}, "The email format is invalid."),
        ({"email": None}, "The email field is required."),
        ({"email": "Planner@example.com"}, "planner@example.com has already been taken."),
        ({"phoneNumber": ["1"]}, "The phoneNumber format is invalid."),
        ({"phoneNumber": "1" * 41}, "The phoneNumber format is invalid."),
    ],
)
def test_it_refuses_bad_profiles(world: Any, client_for: Any, path: str, body: dict, message: str) -> None:
    assert world.planner
    path = path.format(id=world.owner.object_id)
    assert call(client_for(world.owner), "PATCH", path, body) == (400, {"status": False, "message": message})
    assert User.objects.get(pk=world.owner.pk).email == "owner@example.com"


def test_put_sets_profile_hubs_and_teams(world: Any, client_for: Any) -> None:
    hubs = [HubFactory(organization=world.organization) for _ in range(2)]
    team = TeamFactory(hub=hubs[0])
    body = {
        "name": "Budi S", "email": "worker@example.com", "phoneNumber": "+628000000000",
        "hubId": [hub.pk for hub in hubs], "teamId": [team.pk],
    }  # fmt: skip
    client, path = client_for(world.owner), f"/user/{world.agent.object_id}"
    status, answer = call(client, "PUT", path, body)
    assert (status, answer["statusCode"]) == (200, 200)
    assert sorted(answer["data"]["hubId"]) == sorted(hub.pk for hub in hubs)
    assert answer["data"]["teamId"] == [team.pk]
    # Leaving the hub means leaving its team.
    answer = call(client, "PUT", path, {"name": "Budi S", "hubId": [hubs[1].pk]})[1]
    assert (answer["data"]["hubId"], answer["data"]["teamId"]) == ([hubs[1].pk], [])
    assert answer["data"]["email"] == "worker@example.com"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "The name field is required."),
        ({"name": "B", "hubId": "x"}, "The hubId must be an array of ids."),
        ({"name": "B", "hubId": [1]}, "The hubId must be an array of ids."),
        ({"name": "B", "hubId": ["{foreign}"]}, "The selected hubId is invalid."),
        ({"name": "B", "teamId": ["0123456789abcdef01234567"]}, "The selected teamId is invalid."),
        ({"name": "B", "hubId": ["{hub}"], "teamId": ["{team}"]}, "The teamId must be of the user's hubs."),
    ],
)
def test_put_refuses_bad_memberships(world: Any, client_for: Any, body: dict, message: str) -> None:
    foreign = HubFactory(organization=world.other_organization)
    hub = HubFactory(organization=world.organization)
    team = TeamFactory(hub=HubFactory(organization=world.organization))
    names = {"{foreign}": foreign.pk, "{hub}": hub.pk, "{team}": team.pk}
    body = {k: [names.get(item, item) for item in v] if isinstance(v, list) else v for k, v in body.items()}
    got = call(client_for(world.owner), "PUT", f"/user/{world.agent.object_id}", body)
    assert got == (400, {"status": False, "message": message})
    assert User.objects.get(pk=world.agent.pk).name == "Agent"
    assert not world.agent.hubs.exists()


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_takes_the_same_queries_for_any_number(
    world: Any, client_for: Any, django_assert_num_queries: Any, count: int
) -> None:
    from tests.factories import UserFactory

    hub = HubFactory(organization=world.organization)
    team = TeamFactory(hub=hub)
    for _ in range(count):
        user = UserFactory(organization=world.organization, group="Agent")
        hub.users.add(user)
        team.users.add(user)
    client = client_for(world.owner)
    call(client, "GET", "/users")
    with django_assert_num_queries(6):
        call(client, "GET", "/users")
