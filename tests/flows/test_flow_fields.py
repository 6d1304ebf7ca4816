from typing import Any
from urllib.parse import quote

import pytest

from flows.fields import RESERVED_KEYS
from flows.models import Flow
from tests.flows.factories import FlowFactory, component, pages
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory

PAGES = pages(
    component("name", routeAs="VisitName"), {"component": "select", "id": "kind", "options": ["A"]},
    {"component": "photo", "id": "photo"}, {"component": "signature", "id": "sign"},
    {"component": "list", "id": "items"},
    worker=({"component": "bill", "id": "bill"}, {"component": "timer", "id": "timer"},
            {"component": "voice", "id": "voice"}, {"component": "view", "id": "view"}),
)  # fmt: skip
EVERYTHING = ["name", "kind", "photo", "sign", "items", "bill", "timer", "voice", "view"]
NAMES = ["Visit", "Visit to Jakarta", "A/B", "a/task", "Ünïcödé 訪問", "100% & more?", "#1 + 2;x=y", "task", "fields"]


@pytest.fixture
def flow(world: Any) -> Flow:
    HubFactory(organization=world.organization, name="Z")
    return FlowFactory(organization=world.organization, name="Visit", pages=PAGES)


@pytest.mark.parametrize("path", ["/flow-fields", "/flow-components"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYTHING),
        ("?fieldType=all", EVERYTHING),
        ("?fieldType=unheard-of", EVERYTHING),
        ("?fieldType=routeAs", ["name"]),
        ("?fieldType=basicStructurData", ["name", "kind"]),
        ("?fieldType=structurData", ["name", "kind", "items", "bill", "timer"]),
        ("?fieldType=singleValue", ["name", "timer", "voice"]),
        ("?fieldType=image", ["photo", "sign"]),
        ("?fieldType=listItemData", ["items", "bill"]),
        ("?fields=kind,view,none", ["kind", "view"]),
        ("?fieldType=image&fields=sign", ["sign"]),
    ],
)
def test_components_of_a_kind(
    world: Any, client_for: Any, flow: Flow, path: str, query: str, expected: list[str]
) -> None:
    body = call(client_for(world.agent), "GET", path + query)[1]
    assert [(row["_id"], row["flowName"]) for row in body["data"]] == [(flow.pk, "Visit")]
    assert [item["id"] for item in body["data"][0]["fields"]] == expected


def test_reserved_keys_are_listed_on_demand(world: Any, client_for: Any, flow: Flow) -> None:
    body = call(client_for(world.agent), "GET", "/flow-fields?fieldType=reservedKey")[1]
    assert body["data"][0]["fields"] == RESERVED_KEYS


def test_components_of_some_flows_in_one_flat_list(world: Any, client_for: Any, flow: Flow) -> None:
    other = FlowFactory(organization=world.organization)
    client = client_for(world.agent)
    assert len(call(client, "GET", "/flow-components")[1]["data"]) == 2
    assert [row["_id"] for row in call(client, "GET", f"/flow-components?flowId={other.pk},x")[1]["data"]] == [other.pk]
    merged = call(client, "GET", f"/flow-components?isMerge=1&flowId={flow.pk}&fieldType=image")[1]["data"]
    assert [item["id"] for item in merged] == ["photo", "sign"]


def test_fields_of_one_flow_come_with_the_reserved_keys(world: Any, client_for: Any, flow: Flow) -> None:
    status, body = call(client_for(world.agent), "GET", "/flow/Visit/fields")
    assert (status, body["message"], body["is_cache"]) == (200, "Success", False)
    assert [item["id"] for item in body["flowFields"]] == EVERYTHING
    assert body["flowFields"][0] == PAGES[0]["components"][0] | {"inputType": "string", "isRequired": False}
    assert body["reservedKey"] == RESERVED_KEYS


def test_fields_of_an_unknown_flow_are_400(world: Any, client_for: Any) -> None:
    expected = {"status": False, "message": "Bad request - invalid parameters provided."}
    assert call(client_for(world.owner), "GET", "/flow/Nowhere/fields") == (400, expected)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("slash", ["", "/"])
def test_any_name_can_stand_in_the_path(world: Any, client_for: Any, name: str, slash: str) -> None:
    client = client_for(world.owner)
    body = {"name": name, "pages": pages(component("field1"))}
    assert call(client, "POST", "/flow", body)[0] == 201
    path = f"/flow/{quote(name, safe='')}"
    example = call(client, "GET", f"{path}/task{slash}")[1]
    assert (example["message"], example["data"]["flowName"]) == ("Success.", name)
    assert example["data"]["bodyRequest"]["flow"] == name
    assert [item["id"] for item in call(client, "GET", f"{path}/fields{slash}")[1]["flowFields"]] == ["field1"]


def test_the_example_names_a_hub_of_the_caller(world: Any, client_for: Any, flow: Flow) -> None:
    own = HubFactory(organization=world.organization, name="ZZ", users=[world.agent])
    first = HubFactory(organization=world.organization, name="A")
    for user, hub in ((world.agent, own), (world.viewer, first)):
        data = call(client_for(user), "GET", "/flow/Visit/task")[1]["data"]
        assert data["bodyRequest"]["hubId"] == hub.pk


def test_the_example_of_an_unknown_flow_is_404(world: Any, client_for: Any) -> None:
    expected = {"status": False, "message": "Data not found"}
    assert call(client_for(world.owner), "GET", "/flow/Nowhere/task") == (404, expected)
