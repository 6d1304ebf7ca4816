import threading
from typing import Any

import pytest
from django.db import connection

from core.models import JournalEntry
from hubs import signals
from hubs.models import Hub
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory

BODY = {"name": "Depo Timur", "address": "Jl. Kenanga 1, Jakarta", "lat": "-6.17434", "lng": "106.79028"}


def test_it_creates_a_hub_with_its_creator_inside(world: Any, client_for: Any) -> None:
    status, body = call(client_for(world.planner), "POST", "/hub", BODY)
    hub = Hub.objects.get()
    assert status == 200
    assert body == {
        "status": True,
        "data": {
            "_id": hub.pk, "name": "Depo Timur", "address": "Jl. Kenanga 1, Jakarta", "lat": -6.17434, "lng": 106.79028,
            "organizationId": world.organization.object_id, "deleteAccess": True,
            "createdTime": body["data"]["createdTime"], "updatedTime": body["data"]["updatedTime"],
        },
    }  # fmt: skip
    assert len(hub.pk) == 24
    assert body["data"]["createdTime"].endswith("Z")
    assert list(hub.users.all()) == [world.planner]
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.source, entry.object_type, entry.user) == ("create", "mileapp", "hubs.hub", world.planner)
    assert entry.changes["name"] == [None, "Depo Timur"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, "The name field is required."),
        ({"name": ""}, "The name field is required."),
        ({"name": 5}, "The name format is invalid."),
        ({"name": ["x"]}, "The name format is invalid."),
        ({"name": "a\tb"}, "The name format is invalid."),
        ({"name": "x" * 256}, "The name format is invalid."),
        ({"address": None}, "The address field is required."),
        ({"address": {}}, "The address format is invalid."),
        ({"lat": None}, "The lat field is required."),
        ({"lat": ""}, "The lat field is required."),
        ({"lat": "north"}, "The lat must be a number."),
        ({"lat": True}, "The lat must be a number."),
        ({"lat": [1]}, "The lat must be a number."),
        ({"lat": 90.01}, "The lat must be between -90 and 90."),
        ({"lng": None}, "The lng field is required."),
        ({"lng": "-180.5"}, "The lng must be between -180 and 180."),
        ({"countryCode": "IDN"}, "The countryCode format is invalid."),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_it_refuses_bad_hubs(world: Any, client_for: Any, method: str, change: dict, message: str) -> None:
    hub = HubFactory(organization=world.organization, name="Old")
    path = "/hub" if method == "POST" else f"/hub/{hub.pk}"
    assert call(client_for(world.owner), method, path, BODY | change) == (400, {"status": False, "message": message})
    assert [row.name for row in Hub.objects.all()] == ["Old"]
    assert not JournalEntry.objects.exists()


def test_names_are_unique_in_the_organization_only(world: Any, client_for: Any) -> None:
    HubFactory(organization=world.other_organization, name="Depo Timur")
    assert call(client_for(world.owner), "POST", "/hub", BODY)[0] == 200
    taken = {"status": False, "message": "Depo Timur has already been taken."}
    assert call(client_for(world.owner), "POST", "/hub", BODY) == (400, taken)
    other = HubFactory(organization=world.organization, name="Other")
    assert call(client_for(world.owner), "PUT", f"/hub/{other.pk}", BODY) == (400, taken)
    assert Hub.objects.get(pk=other.pk).name == "Other"


def test_it_updates_a_hub_and_journals_what_changed(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, name="Old", lat=1, lng=106.79028)
    status, body = call(client_for(world.owner), "PUT", f"/hub/{hub.pk}", BODY | {"countryCode": "id"})
    assert (status, body["message"]) == (200, "Success")
    assert (body["property"]["name"], body["property"]["lat"], body["property"]["countryCode"]) == (
        "Depo Timur", -6.17434, "ID",
    )  # fmt: skip
    assert JournalEntry.objects.get().changes == {
        "name": ["Old", "Depo Timur"], "lat": [1.0, -6.17434], "country_code": ["", "ID"],
    }  # fmt: skip


def test_the_list_has_every_hub_unless_a_limit_is_sent(world: Any, client_for: Any) -> None:
    for number in range(25):
        HubFactory(organization=world.organization, name=f"Hub {number:02}")
    HubFactory(organization=world.other_organization)
    client = client_for(world.viewer)
    names = [hub["name"] for hub in call(client, "GET", "/hubs")[1]["data"]]
    assert names == [f"Hub {number:02}" for number in range(25)]
    assert [hub["name"] for hub in call(client, "GET", "/hubs?limit=10&page=3")[1]["data"]] == names[20:]
    assert len(call(client, "GET", "/hubs?limit=1000")[1]["data"]) == 25


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?name=Jakarta", ["Jakarta"]),
        ("?name=jakarta", []),
        ("?q=ka", ["Jakarta", "Karawang"]),
        ("?sortOrder=desc", ["Surabaya", "Karawang", "Jakarta"]),
        ("?sortBy=createdTime&sortOrder=desc", ["Surabaya", "Jakarta", "Karawang"]),
        ("?byUser=true", ["Surabaya"]),
        ("?byUser=True", ["Surabaya"]),
        ("?byUser=1", ["Surabaya"]),
        ("?byUser=false", ["Jakarta", "Karawang", "Surabaya"]),
        ("?colour=red", ["Jakarta", "Karawang", "Surabaya"]),
    ],
)
def test_the_list_filters_and_sorts(world: Any, client_for: Any, query: str, names: list[str]) -> None:
    for name in ("Karawang", "Jakarta"):
        HubFactory(organization=world.organization, name=name)
    HubFactory(organization=world.organization, name="Surabaya", users=[world.agent])
    body = call(client_for(world.agent), "GET", f"/hubs{query}")[1]
    assert [hub["name"] for hub in body["data"]] == names


def test_fields_cuts_hubs_and_keeps_the_id(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, name="Jakarta")
    body = call(client_for(world.agent), "GET", "/hubs?fields=name,colour")[1]
    assert body == {"data": [{"_id": hub.pk, "name": "Jakarta"}], "status": True}


@pytest.mark.parametrize(
    "query", ["?limit=x", "?limit=5&page=0", "?page=x", "?page=0", "?sortBy=colour", "?sortOrder=up", "?byUser=maybe"]
)
def test_bad_parameters_are_400(world: Any, client_for: Any, query: str) -> None:
    expected = {"status": False, "message": "Bad request - invalid parameters provided."}
    assert call(client_for(world.owner), "GET", f"/hubs{query}") == (400, expected)


def test_a_hub_with_other_users_stays(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, users=[world.owner, world.agent])
    client = client_for(world.owner)
    refused = {"status": False, "message": "The hub has users or done tasks and cannot be deleted."}
    assert call(client, "GET", f"/hub/{hub.pk}")[1]["data"]["deleteAccess"] is False
    assert call(client, "DELETE", f"/hub/{hub.pk}") == (400, refused)
    hub.users.remove(world.agent)
    assert call(client, "GET", f"/hub/{hub.pk}")[1]["data"]["deleteAccess"] is True
    assert call(client, "DELETE", f"/hub/{hub.pk}") == (200, {"status": True})


def test_deleting_twice_is_404_in_small_letters(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization)
    client = client_for(world.owner)
    assert call(client, "DELETE", f"/hub/{hub.pk}") == (200, {"status": True})
    assert call(client, "DELETE", f"/hub/{hub.pk}") == (404, {"status": False, "message": "data not found"})
    assert call(client, "GET", f"/hub/{hub.pk}") == (404, {"status": False, "message": "Data not found"})


def test_others_can_keep_a_hub_and_clean_up_after_it(world: Any, client_for: Any) -> None:
    """Tasks connect to these signals: done tasks keep a hub, open ones go with it."""
    kept, gone = (HubFactory(organization=world.organization) for _ in range(2))
    deleted: list[str] = []

    def in_use(sender: Any, hub_ids: Any, **_: Any) -> set[str]:
        return {kept.pk} & set(hub_ids)

    def deleting(sender: Any, hub: Hub, actor: Any, **_: Any) -> None:
        deleted.append(hub.pk)

    signals.hubs_in_use.connect(in_use)
    signals.hub_deleting.connect(deleting)
    try:
        client = client_for(world.owner)
        assert call(client, "DELETE", f"/hub/{kept.pk}")[0] == 400
        assert call(client, "DELETE", f"/hub/{gone.pk}")[0] == 200
    finally:
        signals.hubs_in_use.disconnect(in_use)
        signals.hub_deleting.disconnect(deleting)
    assert deleted == [gone.pk]


def test_a_receiver_that_fails_undoes_the_deletion(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization)

    def failing(**_: Any) -> None:
        raise RuntimeError("bug")

    signals.hub_deleting.connect(failing)
    client = client_for(world.owner)
    client.raise_request_exception = False
    try:
        assert call(client, "DELETE", f"/hub/{hub.pk}")[0] == 500
    finally:
        signals.hub_deleting.disconnect(failing)
    assert Hub.objects.filter(pk=hub.pk).exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_writers_create_one_hub_of_a_name(world: Any, client_for: Any) -> None:
    clients = [client_for(world.owner), client_for(world.planner)]
    statuses: list[int] = []

    def create(client: Any) -> None:
        try:
            statuses.append(call(client, "POST", "/hub", BODY)[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400]
    assert Hub.objects.count() == 1


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_the_same_queries_for_any_number(
    world: Any, client_for: Any, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        HubFactory(organization=world.organization, users=[world.agent])
    client = client_for(world.owner)
    call(client, "GET", "/hubs")
    baseline = 3 + len(signals.hubs_in_use.receivers)
    with django_assert_num_queries(baseline):
        call(client, "GET", "/hubs")
