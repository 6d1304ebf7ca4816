"""Every operation of the vendor's page on flows: request, status, exact body shape."""

from typing import Any

import pytest

from flows.services import flow_create, flow_update
from tests.flows.factories import component, pages
from tests.hubs.calls import call, shape, single_page
from tests.hubs.factories import HubFactory

COMPONENT = {
    "component": str, "id": str, "type": str, "title": str, "required": bool, "showAs": str, "inputType": str,
    "isRequired": bool,
}  # fmt: skip
FLOW = {
    "_id": str, "name": str, "organizationId": str,
    "pages": [{"id": str, "enabled": bool, "components": [COMPONENT]}],
    "configurations": [{"id": str, "adjustment": int}], "isDefault": bool, "version": int, "orderIndex": int,
    "createdBy": str, "updatedBy": str, "createdTime": str, "updatedTime": str,
}  # fmt: skip
LOG = {
    "_id": str, "flowId": str, "action": str, "changedBy": str, "version": int, "rawData": FLOW, "changeData": FLOW,
    "organizationId": str, "updatedTime": str, "createdTime": str,
}  # fmt: skip
FIELD = {"field": str, "type": str, "required": bool, "description": str, "example": str, "format": type(None)}
BODY = {
    "name": "Delivery", "pages": pages(component(showAs="title")), "isDefault": False, "version": 1, "orderIndex": 1,
    "configurations": [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}],
}  # fmt: skip
FIELDS = {"status": bool, "message": str, "data": [{"_id": str, "flowName": str, "fields": [COMPONENT]}]}

OPERATIONS: list[tuple[str, str, Any, int, Any]] = [
    ("GET", "/flows", None, 200, {"status": bool, "message": str, "flows": single_page(FLOW)}),
    ("GET", "/flow/{flow}", None, 200, {"status": bool, "message": str, "flow": FLOW}),
    ("POST", "/flow", BODY, 201, {"status": bool, "message": str, "flow": FLOW}),
    ("PUT", "/flow/{flow}", BODY, 200, {"status": bool, "message": str, "flow": FLOW}),
    ("DELETE", "/flow/{flow}", None, 200, {"status": bool, "data": FLOW | {"deleted_at": str}}),
    (
        "PUT", "/flow-reorder", {"data": [{"flowId": "{flow}"}]}, 200,
        {"status": bool, "code": int, "message": str, "data": [
            {"status": bool, "code": int, "message": str, "flow": {"orderIndex": int, "version": int}}
        ]},
    ),
    ("GET", "/flow-logs", None, 200, {"status": bool, "code": int, "message": str, "data": single_page(LOG)}),
    ("PUT", "/flow/{flow}/restore/{log}", None, 200, {"status": bool, "code": int, "message": str, "data": FLOW}),
    (
        "POST", "/flows/check-version", {"flows": [{"name": "Delivery", "version": 1}]}, 200,
        {"status": bool, "message": str, "flow": [FLOW]},
    ),
    ("GET", "/flow-fields", None, 200, FIELDS),
    ("GET", "/flow-components", None, 200, FIELDS),
    (
        "GET", "/flow/Visit/fields", None, 200,
        {"status": bool, "message": str, "flowFields": [COMPONENT], "reservedKey": [str], "is_cache": bool},
    ),
    (
        "GET", "/flow/Visit/task", None, 200,
        {"status": bool, "message": str, "data": {
            "flowName": str, "flowFields": [FIELD],
            "bodyRequest": {"hubId": str, "flow": str, "startTime": str, "endTime": str, "field1": str},
        }},
    ),
]  # fmt: skip
NAMES = [f"{row[0]} {row[1]}" for row in OPERATIONS]


@pytest.fixture
def ids(world: Any) -> dict[str, str]:
    actor = world.actor(world.owner)
    HubFactory(organization=world.organization)
    flow = flow_create(actor=actor, name="Visit", pages=BODY["pages"])
    flow_update(actor=actor, flow=flow, name="Visit", pages=BODY["pages"])
    return {"flow": flow.pk, "log": flow.logs.order_by("id")[0].pk}


def filled(body: Any, ids: dict[str, str]) -> Any:
    if body and "data" in body:
        return {"data": [{"flowId": ids["flow"]}]}
    return body


@pytest.mark.parametrize(("method", "path", "body", "status", "expected"), OPERATIONS, ids=NAMES)
@pytest.mark.parametrize("slash", ["", "/"])
def test_every_operation_answers_in_its_envelope(
    world: Any, client_for: Any, ids: dict[str, str], method: str, path: str, body: Any, status: int, expected: Any,
    slash: str,
) -> None:  # fmt: skip
    got, answer = call(client_for(world.owner), method, path.format(**ids) + slash, filled(body, ids))
    assert got == status, answer
    assert shape(answer) == expected


@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in OPERATIONS if row[1].startswith("/flow/")])
def test_another_organizations_flows_are_unknown(
    world: Any, client_for: Any, ids: dict[str, str], method: str, path: str, body: Any
) -> None:
    nowhere = dict.fromkeys(ids, "0123456789abcdef01234567")
    foreign = call(client_for(world.outsider), method, path.format(**ids), body)
    unknown = call(client_for(world.outsider), method, path.format(**nowhere).replace("Visit", "Nowhere"), body)
    assert foreign == unknown
    assert foreign[0] == (400 if path.endswith("/fields") else 404)
    assert call(client_for(world.owner), "GET", f"/flow/{ids['flow']}")[1]["flow"]["version"] == 2


@pytest.mark.parametrize("path", ["/flows", "/flow-logs", "/flow-fields", "/flow-components"])
def test_lists_hold_no_foreign_rows(world: Any, client_for: Any, ids: dict[str, str], path: str) -> None:
    assert ids["flow"] not in client_for(world.outsider).get(f"/api/v3{path}").content.decode()


WRITES = {
    "POST /flow", "PUT /flow/{flow}", "DELETE /flow/{flow}", "PUT /flow-reorder", "PUT /flow/{flow}/restore/{log}",
}  # fmt: skip


@pytest.mark.parametrize("who", ["owner", "planner", "agent", "viewer"])
@pytest.mark.parametrize(("method", "path", "body"), [row[:3] for row in OPERATIONS], ids=NAMES)
def test_groups_decide_who_may_do_what(
    world: Any, client_for: Any, ids: dict[str, str], who: str, method: str, path: str, body: Any
) -> None:
    got = call(client_for(getattr(world, who)), method, path.format(**ids), filled(body, ids))[0]
    allowed = f"{method} {path}" not in WRITES or who in {"owner", "planner"}
    assert (got in {200, 201}) == allowed
    assert (got == 403) != allowed
