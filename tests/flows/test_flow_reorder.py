from typing import Any

import pytest

from flows.models import Flow, FlowLog
from tests.flows.factories import FlowFactory
from tests.hubs.calls import call


def test_rows_are_moved_duplicated_and_deleted_in_their_order(world: Any, client_for: Any) -> None:
    first, second, third = (
        FlowFactory(organization=world.organization, name=name, version=31) for name in ("Delivery", "Pickup", "Old")
    )
    rows = [
        {"flowId": second.pk},
        {"flowId": third.pk, "doDelete": True},
        {"flowId": first.pk, "flowName": "Delivery Copy", "doDuplicate": True},
        {"flowId": first.pk},
    ]
    status, body = call(client_for(world.planner), "PUT", "/flow-reorder", {"data": rows})
    assert (status, body["status"], body["code"], body["message"]) == (200, True, 200, "success re-order index")
    moved, deleted, copied, last = body["data"]
    success = {"status": True, "code": 200, "message": "Success"}
    assert moved == success | {"flow": {"orderIndex": 1, "version": 32}}
    assert last == success | {"flow": {"orderIndex": 3, "version": 32}}
    assert (deleted["data"]["name"], set(deleted)) == ("Old", {"status", "code", "data"})
    assert copied["message"] == "Flow has been created successfully."
    assert (copied["flow"]["name"], copied["flow"]["version"], copied["flow"]["orderIndex"]) == ("Delivery Copy", 1, 2)
    rows_left = Flow.objects.filter(deleted_at=None).order_by("order_index")
    assert [flow.name for flow in rows_left] == ["Pickup", "Delivery Copy", "Delivery"]
    assert sorted(FlowLog.objects.values_list("action", flat=True)) == ["create", "reorder", "reorder"]


def test_a_bad_row_stops_no_other(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization, name="Delivery")
    foreign = FlowFactory(organization=world.other_organization)
    rows = [{"flowId": "x"}, {}, 5, {"flowId": foreign.pk, "doDelete": True},
            {"flowId": flow.pk, "flowName": "Delivery", "doDuplicate": True}, {"flowId": flow.pk}]  # fmt: skip
    body = call(client_for(world.owner), "PUT", "/flow-reorder", {"data": rows})[1]
    required = {"status": False, "code": 400, "message": "The flowId field is required."}
    unknown = {"status": False, "code": 404, "message": "Data not found"}
    taken = {"status": False, "code": 400, "message": "Delivery has already been taken."}
    assert body["data"][:5] == [unknown, required, required, unknown, taken]
    assert body["data"][5]["flow"]["orderIndex"] == 1
    assert Flow.objects.get(pk=foreign.pk).deleted_at is None


def test_a_copy_without_a_name_gets_one(world: Any, client_for: Any) -> None:
    flow = FlowFactory(organization=world.organization, name="Delivery")
    rows = [{"flowId": flow.pk, "doDuplicate": True}] * 2
    body = call(client_for(world.owner), "PUT", "/flow-reorder", {"data": rows})[1]
    assert body["data"][0]["flow"]["name"] == "Delivery Copy"
    assert body["data"][1]["message"] == "Delivery Copy has already been taken."


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": "x"}, {"data": {}}])
def test_it_refuses_other_bodies(world: Any, client_for: Any, body: dict) -> None:
    status, answer = call(client_for(world.owner), "PUT", "/flow-reorder", body)
    assert (status, answer["status"]) == (400, False)
