"""What a task holds: values checked against its flow, shown copies, default times, and keys that nobody knows."""

from typing import Any

import pytest
import time_machine

from tasks.models import Task
from tests.tasks.conftest import Yard
from tests.tasks.factories import FlowFactory, component

FULL = [
    {
        "id": "page0",
        "enabled": True,
        "components": [
            component("customer", required=True, showAs="title"),
            component("amount", "Numeric"),
            component("day", "Date"),
            component("point", "Geolocation", showAs="expectedCoordinate"),
            {"component": "select", "id": "kind", "type": "dropdown", "title": "Kind", "options": ["A", "B", "C"],
             "min": 0, "max": 2, "showAs": "label", "required": False, "visible": True},
        ],
    },
    {"id": "page1", "title": "Work", "components": [
        component("remark"), {"component": "photo", "id": "foto", "min": 0, "max": 3},
        {"component": "signature", "id": "sign"}]},
]  # fmt: skip


@pytest.fixture
def full(yard: Yard) -> Yard:
    hours = [{"id": "startTime", "adjustment": 2}, {"id": "endTime", "adjustment": 5}]
    FlowFactory(organization=yard.world.organization, name="Full", pages=FULL, configurations=hours)
    return yard


def send(yard: Yard, method: str = "POST", path: str = "/task", **values: Any) -> tuple[int, dict[str, Any]]:
    base = {} if method == "PATCH" else {"flow": "Full", "hubId": yard.hub.pk, "customer": "Toko"}
    response = yard.api(method, path, {**base, **values})
    return response.status_code, response.json()


def test_values_are_coerced_and_shown(full: Yard) -> None:
    status, body = send(full, amount="12.5", kind="A", point="-6.2,106.8", day="2024-05-01", customer=12)
    task = body["task"]
    assert status == 201
    assert (task["amount"], task["kind"], task["customer"], task["day"]) == (12.5, ["A"], "12", "2024-05-01")
    assert (task["title"], task["label"], task["expectedCoordinate"]) == ("12", ["A"], "-6.2,106.8")


def test_what_is_left_out_has_the_vendors_emptiness(full: Yard) -> None:
    task = send(full)[1]["task"]
    assert (task["amount"], task["kind"]) == (0, None)
    assert not {"day", "point", "label", "expectedCoordinate", "remark"} & set(task)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"customer": ""}, "The customer field is required."),
        ({"customer": None}, "The customer field is required."),
        ({"customer": {"a": 1}}, "The customer must be a string."),
        ({"amount": "many"}, "The amount must be a number."),
        ({"amount": True}, "The amount must be a number."),
        ({"kind": "Z"}, "The selected kind is invalid."),
        ({"kind": ["A", "B", "C"]}, "The kind may not have more than 2 items."),
        ({"day": "tomorrow"}, "The day is not a valid date."),
        ({"point": "here"}, "The point must be a coordinate."),
        ({"flow": ""}, "The flow field is required."),
        ({"flow": None}, "The flow field is required."),
        ({"flow": 5}, "The flow must be a string."),
        ({"flow": "Nowhere"}, "The selected flow is invalid."),
        ({"hubId": None}, "The hubId field is required."),
        ({"hubId": ["x"]}, "The hubId must be a string."),
        ({"hubId": "ffffffffffffffffffffffff"}, "The selected hubId is invalid."),
        ({"startTime": "soon"}, "The startTime is not a valid date."),
        ({"startTime": 5}, "The startTime is not a valid date."),
        ({"startTime": "2024-13-01 00:00:00"}, "The startTime is not a valid date."),
        ({"startTime": "9999-12-31 23:59:59"}, "The startTime is out of range."),
        ({"startTime": "2024-01-02 00:00:00", "endTime": "2024-01-01 00:00:00"},
         "The endTime must be a date after or equal to startTime."),
        ({"assignee": 5}, "The assignee must be an array of e-mails."),
        ({"assignee": [{"email": "a@b.c"}]}, "The assignee must be an array of e-mails."),
        ({"orderIndex": "first"}, "The orderIndex must be a number."),
        ({"orderIndex": 1e300}, "The orderIndex is out of range."),
        ({"refId": "x" * 256}, "The refId may not be greater than 255 characters."),
        ({"refId": ["x"]}, "The refId must be a string."),
        ({"foto_0_url": 5}, "The foto_0_url must be a string."),
    ],
    ids=str,
)  # fmt: skip
def test_it_refuses_bad_values_with_the_first_rule_that_fails(full: Yard, values: dict[str, Any], message: str) -> None:
    assert send(full, **values) == (400, {"status": False, "message": message})
    row = {"flow": "Full", "hubId": full.hub.pk, "customer": "Toko", **values}
    body = full.api("POST", "/tasks/bulk", {"tasks": [row]}).json()
    assert (body["failed"], body["tasks"][0]["message"]) == (1, message)
    assert not Task.objects.exists()


def test_a_foreign_hub_and_flow_are_as_unknown_as_none(full: Yard) -> None:
    outsider = full.api_of(full.world.outsider)
    FlowFactory(organization=full.world.other_organization, name="Theirs")
    body = {"flow": "Theirs", "hubId": full.hub.pk}
    assert outsider("POST", "/task", body).json()["message"] == "The selected hubId is invalid."
    assert full.api("POST", "/task", body).json()["message"] == "The selected flow is invalid."


@pytest.mark.parametrize("body", [None, [], "x", 5, [["flow"]]])
def test_a_body_that_is_no_object_is_a_bad_request(full: Yard, body: Any) -> None:
    response = full.api("POST", "/task", body)
    assert response.status_code == 400
    assert set(response.json()) == {"status", "message"}


@pytest.mark.parametrize("data", [b"{", b'{"flow":"a\x00"}', b'{"flow":"\\u0000"}', b"\xff\xfe", b"[" * 10_000, b"nul"])
def test_malformed_json_is_a_bad_request(full: Yard, data: bytes) -> None:
    for method, path in [("POST", "/task"), ("PUT", "/task/x"), ("POST", "/tasks/bulk"), ("DELETE", "/tasks/bulk")]:
        response = full.api.client.generic(method, f"/api/v3{path}", data, content_type="application/json")
        assert response.status_code == 400
        assert set(response.json()) == {"status", "message"}


def test_unknown_keys_are_kept_and_echoed(full: Yard) -> None:
    extra = {"whatever": {"deep": [1, None, "é"]}, "idLocal": "7", "visitGroup": "north", "empty": None, "title": "Own"}
    status, body = send(full, **extra)
    assert status == 201
    assert {key: body["task"][key] for key in extra} == extra
    read = full.api("GET", f"/task/{body['task']['_id']}").json()["task"]
    assert {key: read[key] for key in extra} == extra


def test_keys_of_the_server_are_passed_over(full: Yard) -> None:
    own = {"_id": "f" * 24, "createdBy": "me", "createdTime": "2000-01-01 00:00:00", "organizationId": "x", "hub": {},
           "status": "DONE", "histories": [], "doneBy": "me", "createdFrom": "WEB", "updatedTime": "x",
           "flowId": "y"}  # fmt: skip
    task = send(full, **own)[1]["task"]
    assert not {key for key in own if task.get(key) == own[key]}
    assert task["status"] == "UNASSIGNED"


def test_title_content_and_label_may_be_posted_directly(yard: Yard) -> None:
    body = yard.api("POST", "/task", yard.body(title="T", content="C", label="L", field1="x")).json()
    assert {key: body["task"][key] for key in ("title", "content", "label")} == {
        "title": "T",
        "content": "C",
        "label": "L",
    }
    assert Task.objects.get().title == "T"


def test_default_times_come_from_the_flow(full: Yard) -> None:
    with time_machine.travel("2026-01-01T10:00:00+00:00", tick=False):
        task = send(full)[1]["task"]
        given = send(full, startTime="2026-02-01 10:00:00")[1]["task"]
    assert (task["startTime"], task["endTime"]) == ("2026-01-01T12:00:00+00:00", "2026-01-01T17:00:00+00:00")
    assert given["endTime"] == "2026-02-01T15:00:00+00:00"


@pytest.mark.parametrize(
    "text",
    ["2024-05-01 10:00:00", "2024-05-01T10:00:00", "2024-05-01T17:00:00+07:00", "2024-05-01T17:00:00.000+07:00"],
)
def test_every_documented_time_format_is_read(full: Yard, text: str) -> None:
    assert send(full, startTime=text)[1]["task"]["startTime"] == "2024-05-01T10:00:00+00:00"


def test_the_default_order_is_the_time_of_creation(full: Yard) -> None:
    with time_machine.travel("2023-07-17T07:00:41.930120+00:00", tick=False):
        assert send(full)[1]["task"]["orderIndex"] == 168957724193012
    for given, order in [(10, 10), ("10", 10), (-3, -3), (10.5, 10.5), (0, 0)]:
        task = send(full, orderIndex=given)[1]["task"]
        assert (task["orderIndex"], type(task["orderIndex"])) == (order, type(order))


def test_put_drops_what_is_left_out_but_nothing_of_the_worker(full: Yard) -> None:
    task = send(full, amount=5, note="unknown", refId="R-1", orderIndex=10, assignee=["agent@example.com"])[1]["task"]
    path = f"/task/{task['_id']}"
    worker = {"remark": "closed", "foto_0_url": "https://x/1.jpg", "sign_url": "https://x/2.jpg",
              "page1DoneTime": "2024-05-01T10:00:00+07:00", "openTaskTime": "2024-05-01T10:00:00+07:00"}  # fmt: skip
    assert send(full, "PATCH", path, **worker)[0] == 200
    status, body = send(full, "PUT", path, customer="New")
    after = body["task"]
    assert status == 200
    assert (after["customer"], after["amount"], "note" in after) == ("New", 0, False)
    assert {key: after[key] for key in worker} == worker
    for key in ("_id", "createdTime", "createdBy", "createdFrom", "orderIndex", "status", "refId", "assignee"):
        assert after[key] == task[key], key


def test_put_needs_flow_and_hub_and_keeps_the_flow(full: Yard) -> None:
    path = f"/task/{send(full)[1]['task']['_id']}"
    assert full.api("PUT", path, {}).json()["message"] == "The flow field is required."
    assert full.api("PUT", path, {"flow": "Full"}).json()["message"] == "The hubId field is required."
    message = "The flow of a task cannot be changed."
    assert send(full, "PUT", path, flow="Visit") == (400, {"status": False, "message": message})
    assert send(full, "PATCH", path, flow="Visit") == (400, {"status": False, "message": message})
    assert send(full, "PUT", path, hubId=full.other_hub.pk)[1]["task"]["hubId"] == full.other_hub.pk


def test_a_task_can_be_put_back_as_it_was_read(full: Yard) -> None:
    task = send(full, amount=5, kind=["A"], assignee=["agent@example.com"], extra=1)[1]["task"]
    read = full.api("GET", f"/task/{task['_id']}").json()["task"]
    status, body = send(full, "PUT", f"/task/{task['_id']}", **read)
    assert status == 200
    assert {key: body["task"][key] for key in task if key != "updatedTime"} == {
        key: task[key] for key in task if key != "updatedTime"
    }


def test_a_task_that_moved_away_from_its_assignee_can_be_sent_back_as_it_was_read(full: Yard) -> None:
    task = send(full, assignee=["agent@example.com"])[1]["task"]
    full.api("PUT", f"/task/{task['_id']}/move", {"hubId": full.other_hub.pk})
    for method in ("PUT", "PATCH"):
        read = full.api("GET", f"/task/{task['_id']}").json()["task"]
        status, body = send(full, method, f"/task/{task['_id']}", **read)
        assert (status, body["task"]["assignee"]) == (200, ["agent@example.com"])
        assert body["task"]["assignedTime"] == read["assignedTime"]
    message = "The selected assignee is invalid: planner@example.com."
    assert send(full, "PATCH", f"/task/{task['_id']}", assignee=["planner@example.com"])[1]["message"] == message


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_photo_that_is_taken_back_leaves_no_key(full: Yard, nothing: Any) -> None:
    task = send(full, foto_0_url="https://x/1.jpg", foto_1_url="https://x/2.jpg", sign_url="https://x/3.jpg")[1]["task"]
    body = send(full, "PATCH", f"/task/{task['_id']}", foto_0_url=nothing, sign_url=nothing, note=None)[1]["task"]
    assert (body["foto_1_url"], body["note"]) == ("https://x/2.jpg", None)
    assert not {"foto_0_url", "sign_url"} & set(body)


def test_patch_changes_only_what_is_given(full: Yard) -> None:
    task = send(full, amount=5, kind=["A"], extra=1, startTime="2024-05-01 10:00:00")[1]["task"]
    path = f"/task/{task['_id']}"
    status, body = send(full, "PATCH", path, amount="7", foto_0_url="https://x/1.jpg")
    assert status == 200
    changed = {key for key in body["task"] if body["task"][key] != task.get(key)}
    assert changed <= {"amount", "foto_0_url", "updatedTime"}
    assert body["task"]["amount"] == 7
    assert send(full, "PATCH", path, customer="")[1]["message"] == "The customer field is required."
    assert send(full, "PATCH", path, kind=["Z"])[1]["message"] == "The selected kind is invalid."
    assert send(full, "PATCH", path, endTime="2023-01-01 00:00:00")[0] == 400
    assert send(full, "PATCH", path)[0] == 200


def test_a_body_of_twenty_megabytes_is_refused(full: Yard) -> None:
    status, body = send(full, note="x" * 20 * 1024 * 1024)
    assert (status, body["status"]) == (413, False)
