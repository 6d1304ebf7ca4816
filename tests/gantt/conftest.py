"""A project with a small plan, and a client that speaks the widget's protocol."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from gantt import services
from gantt.baselines.services import baseline_set
from gantt.models import Project, Resource
from tests.conftest import World


class Chart:
    """Requests of one user to one base address; `status` is that of the last answer."""

    def __init__(self, token: str | None, base: str = "", **headers: str) -> None:
        if token:
            headers["authorization"] = f"Bearer {token}"
        self.client = Client(headers=headers)
        self.base = base
        self.status = 200

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        kwargs = {} if body is None else {"data": body}
        response = getattr(self.client, method)(
            self.base + path, content_type="application/json", headers=headers, **kwargs
        )
        self.status = response.status_code
        self.response = response
        assert response.headers["Content-Type"] == "application/json", response
        return response.json() if not response.streaming else _json(response)

    def get(self, path: str, **headers: str) -> Any:
        response = self.client.get(self.base + path, headers=headers)
        self.status, self.response = response.status_code, response
        return _json(response) if response.status_code != 304 else None

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("post", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("put", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("delete", path, **headers)

    def add(self, text: str = "", parent: int = 0, **task: Any) -> int:
        answer = self.post(
            "/tasks", {"task": {"text": text, "parent": parent, **task}, "mode": "child", "target": parent}
        )
        assert self.status == 200, answer
        return answer["id"]

    def link(self, source: int, target: int, kind: str = "e2s", **more: Any) -> int:
        answer = self.post("/links", {"source": source, "target": target, "type": kind, **more})
        assert self.status == 200, answer
        return answer["id"]

    def task(self, task_id: int) -> dict[str, Any]:
        return next(row for row in self.get("/tasks") if row["id"] == task_id)

    def tree(self) -> list[tuple[int, int]]:
        """(id, parent) of all rows, as they come."""
        return [(row["id"], row["parent"]) for row in self.get("/tasks")]

    def outline(self) -> str:
        """The texts of all rows, one a line, indented by level."""
        rows = self.get("/tasks")
        level = {0: -1}
        for row in rows:
            level[row["id"]] = level[row["parent"]] + 1
        return "\n".join("  " * level[row["id"]] + row["text"] for row in rows)


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """The results of all works, each run in a thread of its own; the first failure is raised."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def _json(response: Any) -> Any:
    import orjson

    return orjson.loads(response.getvalue())


@pytest.fixture(autouse=True)
def _rights_stay_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a group's rights again after some seconds is no query of the request that a slow machine counts."""
    monkeypatch.setattr("accounts.groups._CACHE_SECONDS", 3600)


@pytest.fixture
def plan(world: World) -> Project:
    """The default project of the home organization, without tasks."""
    return services.project_create(
        actor=world.actor(source="command"), name="Plan", slug="plan", start=date(2024, 4, 1)
    )


@pytest.fixture
def chart_for(world: World) -> Any:
    """chart_for(user, base="/gantt/plan") → a Chart that sends the user's token."""

    def make(user: User | None, base: str = "", **headers: str) -> Chart:
        return Chart(world.token(user) if user else None, base, **headers)

    return make


@pytest.fixture
def chart(world: World, plan: Project, chart_for: Any) -> Chart:
    return chart_for(world.planner)


@pytest.fixture
def sample(world: World, chart: Chart, plan: Project) -> dict[str, int]:
    """A small plan: top(leaf, other), far; a link, a resource at work on the leaf, and a baseline."""
    ids = {"top": chart.add("top"), "far": chart.add("far")}
    ids["other"], ids["leaf"] = chart.add("other", ids["top"]), chart.add("leaf", ids["top"])
    ids["link"] = chart.link(ids["other"], ids["far"])
    ids["resource"] = Resource.objects.create(organization=plan.organization, project=plan, name="Alice").pk
    ids["assignment"] = services.assignment_create(
        actor=world.actor(), project=plan, task=ids["leaf"], resource=ids["resource"]
    ).pk
    ids["baseline"] = baseline_set(actor=world.actor(), project=plan, name="First").pk
    return ids
