"""The form editor of a flow in a real browser: somebody makes and changes a flow without writing JSON."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from flows.models import Flow
from tests.flows.factories import FlowFactory, component, pages
from tests.hubs.factories import HubFactory

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(world: Any, console_for: Any, live_server: Any, monkeypatch: Any) -> Iterator[Any]:
    """A browser page that is logged in as a planner; errors of its scripts fail the test."""
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs Chromium (apt install chromium)")
    # Playwright's loop runs in this thread; the database is used between its calls only.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    cookie = console_for(world.planner).cookies[settings.SESSION_COOKIE_NAME].value
    errors: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1400, "height": 2000})
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        yield page
        browser.close()
    assert errors == []


def add(page: Any, where: str, kind: str) -> Any:
    """Adds a component to a page of the flow; its card."""
    section = page.locator(f"[data-page={where}]")
    section.locator("select[title='Add a component']").select_option(kind)
    return section.locator(".component").last


def test_a_flow_is_made_without_json(world: Any, page: Any) -> None:
    page.goto("/admin/flows/flow/add/")
    page.fill("#id_name", "Delivery")
    card = add(page, "page0", "input")
    card.locator("[data-key=title]").fill("Customer name")
    assert card.locator("[data-key=id]").input_value() == "customerName"
    card.locator("[data-key=required]").check()
    card.locator("[data-key=showAs]").select_option("title")
    card = add(page, "page0", "input")
    card.locator("[data-key=title]").fill("Customer name")
    assert card.locator("[data-key=id]").input_value() == "customerName-1"
    card.locator("[data-key=type]").select_option("Numeric")
    page.locator(".component").last.locator("[data-key=units]").fill("kg\nlb")
    card = add(page, "page0", "select")
    card.locator("[data-key=title]").fill("Paket")
    card.locator("[data-key=options]").fill("A\nB\n")
    card.locator("[data-key=max]").fill("1")
    card.get_by_role("button", name="Add", exact=True).click()
    rule = page.locator("[data-page=page0] .row")
    rule.locator("[data-key=options]").select_option(["B"])
    rule.locator("[data-key=action]").select_option("hide")
    rule.locator("[data-key=componentAffected]").select_option(["customerName-1"])
    # The third becomes the first by its number.
    page.locator("[data-page=page0] .place").nth(2).fill("1")
    page.locator("[data-page=page0] .place").nth(2).press("Enter")
    page.get_by_role("button", name="Add a page").click()
    add(page, "page1", "photo").locator("[data-key=max]").fill("3")
    page.locator("label", has_text="End, in hours").locator("input").fill("48")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/flows/flow/")
    flow = Flow.objects.get()
    assert [item["id"] for item in flow.pages[0]["components"]] == ["paket", "customerName", "customerName-1"]
    paket, name, number = flow.pages[0]["components"]
    assert (paket["options"], paket["max"]) == (["A", "B"], 1)
    assert paket["onSelect"] == [{"options": ["B"], "action": "hide", "componentAffected": ["customerName-1"]}]
    assert (name["required"], name["showAs"], name["type"]) == (True, "title", "String")
    assert (number["type"], number["units"]) == ("Numeric", ["kg", "lb"])
    assert flow.pages[1]["components"][0]["max"] == 3
    assert {item["id"]: item["adjustment"] for item in flow.configurations} == {"startTime": 0, "endTime": 48}


def test_components_are_dragged_and_removed(world: Any, page: Any) -> None:
    first, second, third = (component(key) for key in ("a", "b", "c"))
    flow = FlowFactory(organization=world.organization, pages=pages(first, second, worker=(third,)))
    page.goto(f"/admin/flows/flow/{flow.pk}/change/")
    handles = page.locator(".handle")
    handles.nth(2).drag_to(page.locator(".component").nth(0))
    page.locator(".component", has_text="· b").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove page").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/flows/flow/")
    flow.refresh_from_db()
    assert [[item["id"] for item in part["components"]] for part in flow.pages] == [["c", "a"]]


def test_the_form_and_the_json_tab_keep_in_step(world: Any, page: Any) -> None:
    flow = FlowFactory(organization=world.organization, pages=pages(component("a", title="Old", tooltip={"x": 1})))
    page.goto(f"/admin/flows/flow/{flow.pk}/change/")
    tabs = page.locator("nav")
    tabs.get_by_text("JSON", exact=True).click()
    page.fill("#id_pages", page.input_value("#id_pages").replace("Old", "New"))
    tabs.get_by_text("Pages and components").click()
    assert page.locator(".component .name").inner_text().startswith("New")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.locator("[data-key=title]").fill("Newer")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/admin/flows/flow/")
    flow.refresh_from_db()
    stored = flow.pages[0]["components"][0]
    assert (stored["title"], stored["id"], stored["tooltip"]) == ("Newer", "a", {"x": 1})


def test_broken_json_is_named_and_not_lost(world: Any, page: Any) -> None:
    flow = FlowFactory(organization=world.organization)
    page.goto(f"/admin/flows/flow/{flow.pk}/change/")
    page.locator("nav").get_by_text("JSON", exact=True).click()
    page.fill("#id_pages", "[{")
    page.locator("nav").get_by_text("Pages and components").click()
    assert "The JSON tab has an error" in page.locator(".flow-editor").inner_text()
    assert page.input_value("#id_pages") == "[{"


def test_the_curl_is_copied(world: Any, page: Any) -> None:
    HubFactory(organization=world.organization)
    flow = FlowFactory(organization=world.organization, name="Visit")
    page.goto(f"/admin/flows/flow/{flow.pk}/change/")
    page.locator("nav").get_by_text("API Example").click()
    page.get_by_role("button", name="Copy Curl").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl --request POST")
    assert '"flow": "Visit"' in copied
