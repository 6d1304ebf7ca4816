"""Chromium, and charts opened in it."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Route, expect, sync_playwright

from gantt.views import BUNDLE
from tests.gantt.chart.browser import CHROMIUM, FLAGS, Chart, Open, built, need

# A machine that runs other tests beside these may take its time.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Callable[[], Browser]]:
    """browser() → a running Chromium: a new one where the last has crashed, which is no fault of the page."""
    need(present=Path(CHROMIUM).exists(), what="Debian's Chromium (apt install chromium)")
    need(present=bool(finders.find(BUNDLE)), what="Node.js and the chart bundle (make install)")
    # Playwright keeps an event loop running in this thread; nothing of Django's runs in that loop.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started: list[Browser] = []

        def running() -> Browser:
            if not started or not started[-1].is_connected():
                started.append(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS))
            return started[-1]

        yield running
        with suppress(Error):
            running().close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def bare_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("bare"), "test/bare.jsx")


@pytest.fixture
def context(browser: Callable[[], Browser]) -> Iterator[BrowserContext]:
    made = browser().new_context(viewport={"width": 1500, "height": 800})
    made.set_default_timeout(PATIENCE)
    yield made
    with suppress(Error):
        made.close()


@pytest.fixture
def open_chart(context: BrowserContext, live_server: Any, bare_bundle: Path) -> Open:
    """open_chart(user, slug, ours=True) → the chart, loaded."""

    def log_in(user: Any) -> None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])

    def bare(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        slug = route.request.url.rsplit("/", 2)[1]
        html = f'<link rel="stylesheet" href="chart.css"><div id="chart-root" data-base="/gantt/{slug}"></div>'
        if name in {"chart.js", "chart.css"}:
            route.fulfill(path=bare_bundle / name)
        else:
            route.fulfill(content_type="text/html", body=html + '<script src="chart.js"></script>')

    def make(user: Any, slug: str = "plan", *, ours: bool = True) -> Chart:
        log_in(user)
        page = context.new_page()
        if not ours:
            page.route("**/bare/**", bare)
        page.goto(f"{live_server.url}/gantt/{slug}/" if ours else f"{live_server.url}/bare/{slug}/page")
        page.wait_for_selector(".wx-bars [data-id]")
        return Chart(page, live_server.url, slug, ours)

    return make
