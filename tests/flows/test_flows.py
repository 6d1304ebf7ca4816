import threading
from typing import Any

import pytest
from django.db import connection

from core.models import JournalEntry
from flows.models import Flow, FlowLog
from tests.flows.factories import FlowFactory, component, pages
from tests.hubs.calls import call

# The request of the vendor's page, as it stands there.
DELIVERY = {
    "name": "Delivery",
    "pages": [{"id": "page0", "enabled": True, "components": [
        {"component": "input", "id": "receiver", "type": "string", "default": None, "title": "Receiver",
         "required": False, "visible": True}]}],
    "configurations": [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}],
    "isDefault": False, "version": 1, "orderIndex": 1,
}  # fmt: skip
BAD_REQUEST = {"status": False, "message": "Bad request - invalid parameters provided."}


def test_the_vendors_request_makes_the_vendors_flow(world: Any, client_for: Any) -> None:
    status, body = call(client_for(world.planner), "POST", "/flow", DELIVERY)
    flow = Flow.objects.get()
    sent = DELIVERY["pages"][0]["components"][0]
    assert (status, body["status"], body["message"]) == (201, True, "Success")
    assert body["flow"] == DELIVERY | {
        "_id": flow.pk, "organizationId": world.organization.object_id,
        "pages": [{"id": "page0", "enabled": True, "components": [
            sent | {"inputType": "string", "isRequired": False}]}],
        "createdBy": "planner@example.com", "updatedBy": "planner@example.com",
        "createdTime": body["flow"]["createdTime"], "updatedTime": body["flow"]["updatedTime"],
    }  # fmt: skip
    assert len(flow.pk) == 24
    assert body["flow"]["createdTime"].endswith("Z")
    assert JournalEntry.objects.get().verb == "create"


def test_components_are_sent_with_their_mirrors(world: Any, client_for: Any) -> None:
    numbers = component("n", "Numeric"), component("m", "number", required=True)
    flow = FlowFactory(organization=world.organization, pages=pages(*numbers, {"component": "photo", "id": "p"}))
    sent = call(client_for(world.viewer), "GET", f"/flow/{flow.pk}")[1]["flow"]["pages"][0]["components"]
    assert [(item.get("inputType"), item.get("isRequired")) for item in sent] == [
        ("number", False), ("number", True), (None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, "The name field is required."),
        ({"name": " "}, "The name field is required."),
        ({"name": 5}, "The name format is invalid."),
        ({"name": "a\nb"}, "The name format is invalid."),
        ({"name": "Activity"}, "The name Activity is reserved."),
        ({"name": "Handover"}, "The name Handover is reserved."),
        ({"name": ".."}, "The name .. is reserved."),
        ({"pages": None}, "The pages field is required."),
        ({"pages": "x"}, "The pages must be an array."),
        ({"pages": pages(component("hubId"))}, "The pages.0.components.0.id field is a reserved key."),
        ({"configurations": {}}, "The configurations must be an array."),
        ({"isDefault": "yes"}, "The isDefault field must be true or false."),
        ({"orderIndex": "first"}, "The orderIndex must be an integer."),
        ({"orderIndex": 2**31}, "The orderIndex must be an integer."),
        ({"orderIndex": True}, "The orderIndex must be an integer."),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_it_refuses_bad_flows(world: Any, client_for: Any, method: str, change: dict, message: str) -> None:
    flow = FlowFactory(organization=world.organization, name="Old")
    path = "/flow" if method == "POST" else f"/flow/{flow.pk}"
    got = call(client_for(world.owner), method, path, DELIVERY | change)
    assert got == (400, {"status": False, "message": message})
    assert [(row.name, row.version) for row in Flow.objects.all()] == [("Old", 1)]
    assert not FlowLog.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("version", [0, -1, "1", 1.5, True, 2**31])
def test_it_refuses_bad_versions(world: Any, client_for: Any, version: Any) -> None:
    expected = {"status": False, "message": "The version must be an integer."}
    assert call(client_for(world.owner), "POST", "/flow", DELIVERY | {"version": version}) == (400, expected)


def test_a_name_is_unique_among_the_flows_that_are_there(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    FlowFactory(organization=world.other_organization, name="Delivery")
    flow_id = call(client, "POST", "/flow", DELIVERY)[1]["flow"]["_id"]
    taken = (400, {"status": False, "message": "Delivery has already been taken."})
    assert call(client, "POST", "/flow", DELIVERY) == taken
    other = FlowFactory(organization=world.organization)
    assert call(client, "PUT", f"/flow/{other.pk}", DELIVERY) == taken
    assert call(client, "DELETE", f"/flow/{flow_id}")[0] == 200
    assert call(client, "POST", "/flow", DELIVERY)[0] == 201


def test_put_replaces_and_raises_the_version_by_one(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization, version=4, order_index=7, is_default=True)
    body = {"name": "Delivery", "pages": DELIVERY["pages"], "version": 99}
    status, answer = call(client_for(world.planner), "PUT", f"/flow/{flow.pk}", body)
    sent = answer["flow"]
    assert (status, sent["version"], sent["orderIndex"], sent["isDefault"]) == (200, 5, 7, False)
    assert (sent["createdBy"], sent["updatedBy"]) == ("rani@example.com", "planner@example.com")
    assert JournalEntry.objects.get().changes["version"] == [4, 5]


def test_configurations_default_to_now_and_a_day(world: Any, client_for: Any) -> None:
    body = {"name": "Delivery", "pages": DELIVERY["pages"]}
    flow = call(client_for(world.owner), "POST", "/flow", body)[1]["flow"]
    assert flow["configurations"] == DELIVERY["configurations"]
    assert (flow["version"], flow["isDefault"]) == (1, False)


def test_a_new_flow_goes_to_the_end(world: Any, client_for: Any) -> None:
    FlowFactory(organization=world.organization, order_index=41)
    body = {"name": "Delivery", "pages": DELIVERY["pages"]}
    assert call(client_for(world.owner), "POST", "/flow", body)[1]["flow"]["orderIndex"] == 42


def test_a_deleted_flow_is_gone_but_its_row_stays(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization, name="Visit")
    client = client_for(world.owner)
    status, body = call(client, "DELETE", f"/flow/{flow.pk}")
    assert (status, body["status"], body["data"]["_id"]) == (200, True, flow.pk)
    assert body["data"]["deleted_at"].endswith("Z")
    missing = (404, {"status": False, "message": "Data not found"})
    assert call(client, "DELETE", f"/flow/{flow.pk}") == missing
    assert call(client, "GET", f"/flow/{flow.pk}") == missing
    assert call(client, "PUT", f"/flow/{flow.pk}", DELIVERY) == missing
    assert call(client, "GET", "/flow/Visit/task") == missing
    assert call(client, "GET", "/flows")[1]["flows"]["total"] == 0
    assert Flow.objects.get(pk=flow.pk).deleted_at


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["C", "A", "B"]),
        ("?sort_order=asc", ["B", "A", "C"]),
        ("?sort_by=name", ["C", "B", "A"]),
        ("?sort_by=name&sort_order=asc", ["A", "B", "C"]),
        ("?sortBy=name&sortOrder=asc", ["C", "A", "B"]),
        ("?permission=true", ["C", "A", "B"]),
        ("?limit=2&page=2", ["B"]),
        ("?limit=1000", ["C", "A", "B"]),
    ],
)
def test_the_list_sorts_by_snake_case_parameters(world: Any, client_for: Any, query: str, names: list[str]) -> None:
    for name, order in (("A", 2), ("B", 1), ("C", 3)):
        FlowFactory(organization=world.organization, name=name, order_index=order)
    body = call(client_for(world.agent), "GET", f"/flows{query}")[1]
    assert [flow["name"] for flow in body["flows"]["data"]] == names


def test_fields_cuts_flows(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization, name="Visit")
    body = call(client_for(world.agent), "GET", "/flows?fields=name,version")[1]
    assert body["flows"]["data"] == [{"_id": flow.pk, "name": "Visit", "version": 1}]


@pytest.mark.parametrize("query", ["?sort_by=colour", "?sort_order=up", "?page=x", "?limit=0"])
def test_bad_parameters_are_400(world: Any, client_for: Any, query: str) -> None:
    assert call(client_for(world.owner), "GET", f"/flows{query}") == (400, BAD_REQUEST)


@pytest.mark.parametrize("count", [1, 15])
def test_the_list_takes_three_queries(world: Any, client_for: Any, django_assert_num_queries: Any, count: int) -> None:
    FlowFactory.create_batch(count, organization=world.organization)
    client = client_for(world.owner)
    call(client, "GET", "/flows")
    with django_assert_num_queries(3):
        call(client, "GET", "/flows")


def known(*rows: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"flows": list(rows), **keys}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (known({"name": "A", "version": 2}, {"name": "B", "version": 1}), []),
        (known({"name": "A", "version": 1}, {"name": "B", "version": 1}), ["A"]),
        (known({"name": "A", "version": 2}), ["B"]),
        (known({"name": "Renamed", "version": 2, "id": "{A}"}, {"name": "B", "version": 1}), []),
        (known(), ["A", "B"]),
        (known({"name": "A", "version": 2}, {"name": "B", "version": 1}, allFlow=True), ["A", "B"]),
        ({"allFlow": True}, ["A", "B"]),
        (known({"name": "A", "version": 2}, {"name": "B", "version": 1}, {"name": "Gone", "version": 9}), []),
    ],
)
def test_check_version_answers_what_the_client_lacks(world: Any, client_for: Any, body: dict, names: list[str]) -> None:
    flow = FlowFactory(organization=world.organization, name="A", version=2, order_index=2)
    FlowFactory(organization=world.organization, name="B", order_index=1)
    FlowFactory(organization=world.other_organization, name="Foreign")
    for row in body.get("flows", []):
        row["id"] = row.get("id", "").replace("{A}", flow.pk)
    status, answer = call(client_for(world.agent), "POST", "/flows/check-version", body)
    assert (status, answer["status"], answer["message"]) == (200, True, "Success")
    assert [sent["name"] for sent in answer["flow"]] == names


@pytest.mark.parametrize(
    "body", [{}, {"flows": None}, {"flows": "all"}, {"flows": ["A"]}, {"flows": [{"name": "A"}]}, {"allFlow": "x"}]
)
def test_check_version_refuses_other_bodies(world: Any, client_for: Any, body: dict) -> None:
    status, answer = call(client_for(world.agent), "POST", "/flows/check-version", body)
    assert (status, answer["status"]) == (400, False)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_get_two_versions(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization)
    clients = [client_for(world.owner), client_for(world.planner)]
    versions: list[int] = []

    def put(client: Any) -> None:
        try:
            versions.append(call(client, "PUT", f"/flow/{flow.pk}", DELIVERY)[1]["flow"]["version"])
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == [2, 3]
    assert sorted(log.version for log in FlowLog.objects.all()) == [1, 2]
