"""Drives the real widget in Debian's Chromium: makes gestures, reads the page's tree and the server's."""

import difflib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from gantt.models import Link, Project, Task
from tests.conftest import World

FRONTEND = Path(__file__).parents[3] / "gantt" / "frontend"
GAP = 2**20
FIRST = datetime(2026, 3, 2)
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Rows of the page in order, each with its parent and the data that the user sees; new rows by the id they were given.
PAGE_TREE = """() => {
  const {api, provider} = window.chart, rows = [], pad = n => String(n).padStart(2, "0");
  const day = d => `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
  // The stock provider leaves its dates as text once it has sent them.
  const wall = d => d ? (d.getFullYear ? `${day(d)} ${pad(d.getHours())}:00:00` : d) : null;
  const walk = (tasks, parent) => (tasks || []).forEach(t => {
    const id = provider.serverId(t.id) ?? null;
    rows.push([id, parent, t.text, t.type, wall(t.start), t.type === "milestone" ? null : wall(t.end), t.progress]);
    walk(t.data, id);
  });
  walk(api.getState().tasks.getBranch(0), 0);
  return rows;
}"""
PAGE_LINKS = """() => {
  const {api, provider} = window.chart, links = [], id = end => provider.serverId(end) ?? null;
  api.getState().links.forEach(l => links.push([id(l.source), id(l.target), l.type]));
  return links;
}"""


def need(*, present: bool, what: str) -> None:
    """Skip with one line where something is missing on the machine; fail where everything has been installed."""
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"the browser tests need {what}")
    pytest.skip(f"the browser tests need {what}")


def built(folder: Path, entry: str) -> Path:
    """Bundles a page of gantt/frontend into FOLDER."""
    node = shutil.which("node")
    need(
        present=bool(node) and (FRONTEND / "node_modules").is_dir(), what="Node.js and the chart bundle (make install)"
    )
    subprocess.run([str(node), "build.mjs", str(folder), entry], cwd=FRONTEND, check=True, capture_output=True)
    return folder


@dataclass
class Chart:
    """A chart in the browser. `ours` tells the console's page from the vendor's bare one."""

    page: Page
    origin: str
    slug: str
    ours: bool

    # --- gestures ---

    def do(self, action: str, **event: Any) -> None:
        """The gesture as the widget's own buttons and menus carry it out."""
        self.page.evaluate("([action, event]) => { window.chart.api.exec(action, event) }", [action, event])

    def bar(self, task: int) -> Locator:
        return self.page.locator(f'.wx-bars [data-id="{task}"]')

    def row(self, task: int) -> Locator:
        return self.page.locator(f'.wx-table-container .wx-row[data-id="{task}"]')

    def drag(self, start: tuple[float, float], end: tuple[float, float], hold: float = 0) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        self.page.wait_for_timeout(hold)
        mouse.move(*end, steps=12)
        mouse.up()

    def drag_bar(self, task: int, at: float, by: float) -> None:
        """Drags the bar sideways, held AT pixels from its left edge (negative: from its right edge)."""
        box = box_of(self.bar(task))
        x = box["x"] + (at if at >= 0 else box["width"] + at)
        y = box["y"] + box["height"] / 2
        self.drag((x, y), (x + by, y))

    # --- what is seen ---

    def page_tree(self) -> list[list[Any]]:
        return self.page.evaluate(PAGE_TREE)

    def page_links(self) -> list[list[Any]]:
        return sorted(self.page.evaluate(PAGE_LINKS), key=str)

    def server(self, path: str) -> list[dict[str, Any]]:
        """A fresh GET with the page's own session."""
        return json.loads(self.page.request.get(f"{self.origin}/gantt/{self.slug}/{path}").text())

    def server_tree(self) -> list[list[Any]]:
        keys = ("id", "parent", "text", "type", "start", "end", "progress")
        return [[task.get(key) for key in keys] for task in self.server("tasks")]

    def server_links(self) -> list[list[Any]]:
        links = [[link["source"], link["target"], link["type"]] for link in self.server("links")]
        return sorted(links, key=str)

    def status(self) -> str:
        return str(self.page.locator("[data-status]").get_attribute("data-status"))

    def wait_until(self, true: Callable[[], bool], seconds: float = 10) -> bool:
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(50)
        return True

    def wait_saved(self) -> None:
        assert self.wait_until(lambda: self.status() == "saved"), self.page.locator(".chart-failure").all_inner_texts()

    def assert_same_everywhere(self) -> None:
        """The page's rows and links are those of a fresh GET, as soon as all writes have arrived."""
        self.wait_until(lambda: self.page_tree() == self.server_tree(), 6)
        assert_equal(self.page_tree(), self.server_tree())
        if self.ours:
            assert_equal(self.page_links(), self.server_links())
        else:
            # The bare page leaves null ends on the links of copied branches until it is reloaded.
            assert_equal([link for link in self.page_links() if None not in link], self.known_links())

    def known_links(self) -> list[list[Any]]:
        page = self.page_links()
        lost = sum(None in link for link in page)
        server = self.server_links()
        known = [link for link in server if link in page]
        assert len(server) == len(known) + lost
        return known


def assert_equal(page: list[Any], server: list[Any]) -> None:
    lines = difflib.unified_diff(
        [str(row) for row in page], [str(row) for row in server], "page", "server", lineterm=""
    )
    assert page == server, "\n".join(lines)


def box_of(locator: Locator) -> dict[str, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box is not None
    return dict(box)


Open = Callable[..., Chart]


def plan(world: World, slug: str = "plan", **settings: Any) -> SimpleNamespace:
    """A project of two branches and a milestone, with links inside the branches and between them."""
    project = Project.objects.create(organization=world.organization, name="Plan", slug=slug, **settings)
    made = SimpleNamespace(project=project)

    def task(name: str, day: int, days: int, parent: Task | None = None, **fields: Any) -> Task:
        start = FIRST + timedelta(days=day)
        row = Task.objects.create(
            organization=world.organization,
            project=project,
            parent=parent,
            position=GAP * (1 + Task.objects.filter(project=project).count()),
            text=name.capitalize(),
            start=start,
            end=start + timedelta(days=days) if days else None,
            duration=days,
            **fields,
        )
        setattr(made, name, row)
        return row

    def link(source: Task, target: Task) -> None:
        Link.objects.create(organization=world.organization, project=project, source=source, target=target)

    survey = task("survey", 0, 11, type="summary", open=True)
    visit, measuring = task("visit", 0, 3, survey, progress=30), task("measuring", 3, 4, survey)
    report = task("report", 7, 4, survey)
    build = task("build", 11, 9, type="summary", open=True)
    footing, walls = task("footing", 11, 4, build), task("walls", 15, 5, build)
    task("handover", 20, 0, type="milestone")
    for source, target in ((visit, measuring), (measuring, report), (report, footing), (footing, walls)):
        link(source, target)
    return made
