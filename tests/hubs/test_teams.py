from typing import Any

import pytest

from core.models import JournalEntry
from hubs.models import Team
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory, TeamFactory


def test_it_creates_a_team_and_its_creator_joins(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization)
    status, body = call(client_for(world.planner), "POST", "/team", {"name": "Tim Pagi", "hubId": hub.pk})
    team = Team.objects.get()
    assert (status, body["code"], body["message"]) == (201, 201, "Data successfully created.")
    assert body["data"] == {
        "_id": team.pk, "name": "Tim Pagi", "hubId": hub.pk, "organizationId": world.organization.object_id,
        "createdTime": body["data"]["createdTime"], "updatedTime": body["data"]["updatedTime"], "totalUser": 1,
    }  # fmt: skip
    assert list(team.users.all()) == [world.planner]
    assert JournalEntry.objects.get().object_type == "hubs.team"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "The name field is required."),
        ({"name": "Tim", "hubId": ""}, "The hubId field is required."),
        ({"name": "Tim", "hubId": None}, "The hubId field is required."),
        ({"name": "Tim", "hubId": "0123456789abcdef01234567"}, "The selected hubId is invalid."),
        ({"name": "Tim", "hubId": 5}, "The hubId must be a string."),
        ({"name": ["Tim"], "hubId": "x"}, "The name format is invalid."),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_it_refuses_bad_teams(world: Any, client_for: Any, method: str, body: dict, message: str) -> None:
    team = TeamFactory(hub=HubFactory(organization=world.organization), name="Old")
    path = "/team" if method == "POST" else f"/team/{team.pk}/"
    assert call(client_for(world.owner), method, path, body) == (400, {"status": False, "message": message})
    assert [row.name for row in Team.objects.all()] == ["Old"]


def test_a_foreign_hub_is_unknown(world: Any, client_for: Any) -> None:
    foreign = HubFactory(organization=world.other_organization)
    body = {"name": "Tim", "hubId": foreign.pk}
    expected = {"status": False, "message": "The selected hubId is invalid."}
    assert call(client_for(world.owner), "POST", "/team", body) == (400, expected)


def test_names_are_unique_per_hub(world: Any, client_for: Any) -> None:
    one, two = (HubFactory(organization=world.organization) for _ in range(2))
    client = client_for(world.owner)
    assert call(client, "POST", "/team", {"name": "Tim", "hubId": one.pk})[0] == 201
    assert call(client, "POST", "/team", {"name": "Tim", "hubId": two.pk})[0] == 201
    taken = {"status": False, "message": "Tim has already been taken."}
    assert call(client, "POST", "/team", {"name": "Tim", "hubId": one.pk}) == (400, taken)


def test_a_team_that_changes_hubs_loses_people_of_the_old_one(world: Any, client_for: Any) -> None:
    old = HubFactory(organization=world.organization, users=[world.agent, world.viewer])
    new = HubFactory(organization=world.organization, users=[world.viewer])
    team = TeamFactory(hub=old, users=[world.agent, world.viewer])
    status, body = call(client_for(world.owner), "PUT", f"/team/{team.pk}/", {"name": "Tim", "hubId": new.pk})
    assert (status, body["message"], body["data"]["totalUser"]) == (200, "Data successfully updated.", 1)
    assert list(team.users.all()) == [world.viewer]


def test_a_team_with_other_active_users_stays(world: Any, client_for: Any) -> None:
    team = TeamFactory(hub=HubFactory(organization=world.organization), users=[world.owner, world.agent])
    client = client_for(world.owner)
    refused = {"status": False, "message": "The team has active users and cannot be deleted."}
    assert call(client, "DELETE", f"/team/{team.pk}/") == (400, refused)
    world.agent.is_active = False
    world.agent.save()
    status, body = call(client, "DELETE", f"/team/{team.pk}/")
    assert (status, body["message"], body["data"]["_id"]) == (200, "Data successfully deleted.", team.pk)
    assert call(client, "DELETE", f"/team/{team.pk}/") == (404, {"status": False, "message": "data not found"})


def test_the_list_is_a_page_and_filters_by_hub(world: Any, client_for: Any, django_assert_num_queries: Any) -> None:
    one, two = (HubFactory(organization=world.organization) for _ in range(2))
    TeamFactory(hub=HubFactory(organization=world.other_organization))
    last, first, second = (
        TeamFactory(hub=hub, name=name, users=[world.agent]).pk for hub, name in ((one, "C"), (one, "A"), (two, "B"))
    )
    teams = [first, second, last]
    client = client_for(world.viewer)
    call(client, "GET", "/teams")
    with django_assert_num_queries(3):
        body = call(client, "GET", "/teams")[1]
    assert [team["_id"] for team in body["data"]["data"]] == teams
    assert body["data"]["data"][0]["totalUser"] == 1
    assert call(client, "GET", f"/teams?hubId={one.pk}")[1]["data"]["total"] == 2
    assert call(client, "GET", f"/teams?hubId={one.pk},{two.pk}")[1]["data"]["total"] == 3
    assert call(client, "GET", "/teams?hubId=nowhere")[1]["data"]["total"] == 0
    assert call(client, "GET", "/teams?limit=2&page=2")[1]["data"]["from"] == 3
