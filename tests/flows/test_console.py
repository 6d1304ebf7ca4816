"""The console's pages of flows and their log."""

import json
import shlex
from typing import Any

import pytest
from django.urls import reverse

from core.models import JournalEntry
from flows.models import Flow, FlowLog
from flows.services import flow_create, flow_update
from tests.flows.factories import FlowFactory, component, pages
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory


def form(**changes: Any) -> dict[str, Any]:
    values = {"name": "Delivery", "order_index": "", "pages": pages(component()), "configurations": []} | changes
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def page(what: str, *args: Any, model: str = "flow") -> str:
    return reverse(f"admin:flows_{model}_{what}", args=args)


@pytest.fixture
def flow(world: Any) -> Flow:
    actor = world.actor(world.owner)
    flow = flow_create(actor=actor, name="Visit", pages=pages(component("old")))
    return flow_update(actor=actor, flow=flow, name="Visit", pages=pages(component("new", showAs="title")))


def test_pages_open_for_those_who_may_see_them(world: Any, console_for: Any, flow: Flow) -> None:
    for user in (world.owner, world.planner, world.viewer):
        console = console_for(user)
        for path in (
            page("changelist"), page("change", flow.pk), page("changelist", model="flowlog"),
            page("change", flow.logs.all()[0].pk, model="flowlog"), page("history", flow.pk),
            f"{page('changelist', model='flowlog')}?flow__id__exact={flow.pk}",
        ):  # fmt: skip
            assert console.get(path).status_code == 200
    assert console_for(world.planner).get(page("add")).status_code == 200
    assert console_for(world.viewer).get(page("add")).status_code == 403
    assert console_for(world.viewer).post(page("change", flow.pk), form()).status_code == 403


def test_the_editor_is_for_those_who_may_change(world: Any, console_for: Any, flow: Flow) -> None:
    path = page("change", flow.pk)
    assert "data-flow-editor" in console_for(world.planner).get(path).content.decode()
    text = console_for(world.viewer).get(path).content.decode()
    assert "data-flow-editor" not in text
    assert "API Example" in text


def test_a_flow_is_made_changed_and_deleted_through_its_form(world: Any, console_for: Any) -> None:
    console = console_for(world.planner)
    response = console.post(page("add"), form())
    flow = Flow.objects.get()
    assert response.status_code == 302
    assert (flow.organization, flow.version, flow.order_index) == (world.organization, 1, 1)
    response = console.post(page("change", flow.pk), form(name="Pickup", is_default="on"))
    flow.refresh_from_db()
    assert (flow.name, flow.version, flow.is_default, flow.order_index) == ("Pickup", 2, True, 1)
    assert {entry.source for entry in JournalEntry.objects.all()} == {"admin"}
    console.post(page("delete", flow.pk), {"post": "yes"})
    flow.refresh_from_db()
    assert flow.deleted_at
    assert console.get(page("change", flow.pk)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Visit"}, "Visit has already been taken."),
        ({"name": "Handover"}, "The name Handover is reserved."),
        ({"pages": pages(component("hubId"))}, "The pages.0.components.0.id field is a reserved key."),
        ({"pages": "{"}, "Enter a valid JSON."),
        ({"pages": "[]"}, "This field is required."),
        ({"configurations": {}}, "must be an array"),
    ],
)
def test_what_is_wrong_is_said_on_the_form(
    world: Any, console_for: Any, flow: Flow, changes: dict, message: str
) -> None:
    response = console_for(world.owner).post(page("add"), form(**changes))
    assert response.status_code == 200
    assert message in str(response.context["adminform"].form.errors)
    assert Flow.objects.count() == 1


def test_the_api_example_creates_a_task(world: Any, console_for: Any, client_for: Any, flow: Flow) -> None:
    hub = HubFactory(organization=world.organization, users=[world.owner])
    Flow.objects.filter(pk=flow.pk).update(name='It\'s <b>"quoted"</b>')
    response = console_for(world.owner).get(page("change", flow.pk))
    example = response.context["original"].example
    words = shlex.split(example["curl"].replace("\\\n", " "))
    assert words[:5] == ["curl", "--request", "POST", "--url", "http://testserver/api/v3/task"]
    assert "Authorization: Bearer <token>" in words
    body = json.loads(words[words.index("--data") + 1])
    assert body == json.loads(example["payload"])
    assert (body["hubId"], body["flow"], body["new"]) == (hub.pk, 'It\'s <b>"quoted"</b>', "new")
    assert call(client_for(world.owner), "POST", "/task", body)[0] == 201
    text = response.content.decode()
    assert "Copy Curl" in text
    assert "<b>" not in text


def test_without_a_hub_the_example_says_so(world: Any, console_for: Any, flow: Flow) -> None:
    assert "Make a hub first" in console_for(world.owner).get(page("change", flow.pk)).content.decode()


def test_a_flow_is_duplicated_in_a_dialog(world: Any, console_for: Any, flow: Flow) -> None:
    console, path = console_for(world.planner), reverse("admin:flows_flow_duplicate", args=[flow.pk])
    assert "Duplicate this flow" in console.get(path).content.decode()
    assert Flow.objects.count() == 1
    response = console.post(path, {"name": "Visit Copy", "_form_submitted": "True"})
    copy = Flow.objects.get(name="Visit Copy")
    assert response["HX-Redirect"] == page("change", copy.pk)
    assert (copy.pages, copy.version) == (flow.pages, 1)
    response = console.post(path, {"name": "Visit", "_form_submitted": "True"})
    assert response["HX-Refresh"] == "true"
    assert "Visit has already been taken." in console.get(page("changelist")).content.decode()
    assert console_for(world.viewer).get(path).status_code == 403


def test_a_version_is_restored_in_a_dialog(world: Any, console_for: Any, flow: Flow) -> None:
    log = FlowLog.objects.get(action="put")
    console, path = console_for(world.planner), reverse("admin:flows_flowlog_restore", args=[log.pk])
    assert "Restore this version?" in console.get(path).content.decode()
    response = console.post(path, {"_form_submitted": "True"})
    flow.refresh_from_db()
    assert response["HX-Redirect"] == page("change", flow.pk)
    assert (flow.version, flow.pages[0]["components"][0]["id"]) == (3, "old")
    assert console_for(world.viewer).get(path).status_code == 403


def test_no_page_shows_another_organizations_flows(world: Any, console_for: Any, flow: Flow) -> None:
    FlowFactory(organization=world.other_organization)
    console = console_for(world.outsider)
    log = FlowLog.objects.first()
    for model, key in (("flow", flow.pk), ("flowlog", log and log.pk)):
        assert "Visit" not in console.get(page("changelist", model=model)).content.decode()
        assert console.get(page("change", key, model=model)).status_code == 302
    body = {"name": "Stolen", "_form_submitted": "True"}
    assert console.post(reverse("admin:flows_flow_duplicate", args=[flow.pk]), body).status_code == 404
    assert console.post(reverse("admin:flows_flowlog_restore", args=[log and log.pk]), body).status_code == 404
    assert Flow.objects.get(pk=flow.pk).version == 2
