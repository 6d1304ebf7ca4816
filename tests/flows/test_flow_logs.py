from typing import Any

import pytest

from core.models import JournalEntry
from flows.models import Flow, FlowLog
from tests.flows.factories import FlowFactory, component, pages
from tests.hubs.calls import call

BODY = {"name": "Visit", "pages": pages(component("field1"))}


@pytest.fixture
def flow(world: Any, client_for: Any) -> dict[str, Any]:
    """A flow in its second version, with a log of two entries."""
    client = client_for(world.owner)
    made = call(client, "POST", "/flow", BODY)[1]["flow"]
    renamed = {"name": "Visit 2", "pages": pages(component("field2"))}
    return call(client, "PUT", f"/flow/{made['_id']}", renamed)[1]["flow"]


def logs(client: Any, query: str = "") -> list[dict[str, Any]]:
    return call(client, "GET", f"/flow-logs{query}")[1]["data"]["data"]


def test_the_log_has_the_flow_before_and_after(world: Any, client_for: Any, flow: dict) -> None:
    put, create = logs(client_for(world.viewer))
    assert (create["action"], put["action"]) == ("create", "put")
    assert create["rawData"] == create["changeData"] == put["rawData"]
    assert put["changeData"] == flow
    assert (create["version"], put["version"], put["changedBy"]) == (1, 1, "Owner")
    assert (put["rawData"]["name"], put["flowId"]) == ("Visit", flow["_id"])


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("", ["reorder", "put", "create"]),
        ("?sortOrder=asc", ["create", "put", "reorder"]),
        ("?action=put", ["put"]),
        ("?action=put,create", ["put", "create"]),
        ("?action=nothing", []),
        ("?flowId={flow}", ["reorder", "put", "create"]),
        ("?flowId=nowhere", []),
        ("?limit=1&page=2", ["put"]),
    ],
)
def test_the_log_filters(world: Any, client_for: Any, flow: dict, query: str, actions: list[str]) -> None:
    client = client_for(world.owner)
    call(client, "PUT", "/flow-reorder", {"data": [{"flowId": flow["_id"]}]})
    assert [log["action"] for log in logs(client, query.format(flow=flow["_id"]))] == actions


def test_the_log_takes_three_queries(world: Any, client_for: Any, flow: dict, django_assert_num_queries: Any) -> None:
    client = client_for(world.owner)
    with django_assert_num_queries(3):
        logs(client)


def test_restoring_brings_back_the_version_of_the_log(world: Any, client_for: Any, flow: dict) -> None:
    client = client_for(world.planner)
    log = logs(client, "?action=put")[0]
    status, body = call(client, "PUT", f"/flow/{flow['_id']}/restore/{log['_id']}")
    assert (status, body["code"], body["message"]) == (200, 200, "Flow has been updated successfully.")
    restored = body["data"]
    assert (restored["name"], restored["version"], restored["updatedBy"]) == ("Visit", 3, "planner@example.com")
    assert restored["pages"] == log["rawData"]["pages"]
    assert restored["createdTime"] == flow["createdTime"]
    assert logs(client)[0]["action"] == "put"
    assert JournalEntry.objects.first().changes["name"] == ["Visit 2", "Visit"]  # type: ignore[union-attr]


def test_a_restored_name_may_be_taken_by_now(world: Any, client_for: Any, flow: dict) -> None:
    FlowFactory(organization=world.organization, name="Visit")
    client = client_for(world.owner)
    log = logs(client, "?action=put")[0]
    got = call(client, "PUT", f"/flow/{flow['_id']}/restore/{log['_id']}")
    assert got == (400, {"status": False, "message": "Visit has already been taken."})
    assert Flow.objects.get(pk=flow["_id"]).version == 2


def test_only_the_flows_own_log_restores_it(world: Any, client_for: Any, flow: dict) -> None:
    client = client_for(world.owner)
    other = call(client, "POST", "/flow", BODY)[1]["flow"]
    log = FlowLog.objects.get(flow=other["_id"])
    missing = (404, {"status": False, "message": "Data not found"})
    assert call(client, "PUT", f"/flow/{flow['_id']}/restore/{log.pk}") == missing
    assert call(client, "PUT", f"/flow/{flow['_id']}/restore/x") == missing
    assert call(client, "PUT", f"/flow/x/restore/{log.pk}") == missing
