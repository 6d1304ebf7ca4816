"""Resources and assignments."""

from typing import Any

import pytest

from core.api.errors import Conflict, Invalid
from gantt import services
from gantt.models import Assignment, Project, Resource
from tests.conftest import World
from tests.gantt.conftest import Chart


@pytest.fixture
def team(world: World, plan: Project) -> dict[str, Resource]:
    actor = world.actor()
    group = services.resource_create(actor=actor, project=plan, name="Team", color="#123456")
    alice = services.resource_create(actor=actor, project=plan, name="Alice", role="Engineer", parent=group)
    bob = services.resource_create(actor=actor, project=plan, name="Bob", avatar="/b.png", calendar={"hours": 8})
    return {"team": group, "alice": alice, "bob": bob}


def test_resources_have_the_widgets_keys(chart: Chart, team: dict[str, Resource]) -> None:
    assert chart.get("/resources") == [
        {"id": team["team"].pk, "name": "Team", "color": "#123456"},
        {"id": team["alice"].pk, "name": "Alice", "role": "Engineer", "parent": team["team"].pk},
        {"id": team["bob"].pk, "name": "Bob", "avatar": "/b.png", "calendar": {"hours": 8}},
    ]


def test_the_widgets_bodies(chart: Chart, team: dict[str, Resource]) -> None:
    task, bob = chart.add("a"), team["bob"].pk
    answer = chart.post("/assignments", {"task": task, "resource": bob, "units": 100})
    assert (chart.status, list(answer)) == (200, ["id"])
    row = answer["id"]
    assert chart.get("/assignments") == [{"id": row, "task": task, "resource": bob, "units": 100}]
    assert chart.put(f"/assignments/{row}", {"units": 20}) == {"id": row}
    assert chart.get("/assignments") == [{"id": row, "task": task, "resource": bob, "units": 20}]
    assert chart.delete(f"/assignments/{row}") == {}
    assert chart.get("/assignments") == []


def test_units_are_100_unless_said(chart: Chart, team: dict[str, Resource]) -> None:
    chart.post("/assignments", {"task": chart.add(), "resource": team["bob"].pk})
    assert chart.get("/assignments")[0]["units"] == 100


def test_assignments_of_a_branch(chart: Chart, team: dict[str, Resource]) -> None:
    top = chart.add("top")
    child = chart.add("child", top)
    for task in (top, child):
        chart.post("/assignments", {"task": task, "resource": team["bob"].pk})
    assert [row["task"] for row in chart.get(f"/assignments/{top}")] == [child]
    chart.get("/assignments/999999")
    assert chart.status == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"units": 101}, 400),
        ({"units": -1}, 400),
        ({"units": "50"}, 400),
        ({"task": None}, 400),
        ({"resource": None}, 400),
        ({"task": 999999}, 404),
        ({"resource": 999999}, 404),
        ({"resource": "x"}, 404),
        ({"task": []}, 400),
        ({"resource": "team"}, 400),
        ({"task": "summary"}, 400),
        ({"task": "taken"}, 409),
    ],
)
def test_it_refuses_bad_values(chart: Chart, team: dict[str, Resource], change: dict[str, Any], status: int) -> None:
    ids = {"team": team["team"].pk, "summary": chart.add(type="summary"), "taken": chart.add("taken")}
    chart.post("/assignments", {"task": ids["taken"], "resource": team["bob"].pk})
    row = chart.post("/assignments", {"task": chart.add("b"), "resource": team["bob"].pk})["id"]
    change = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in change.items()}
    answer = chart.post("/assignments", {"task": chart.add("c"), "resource": team["bob"].pk, **change})
    assert (chart.status, list(answer)) == (status, ["error"])
    answer = chart.put(f"/assignments/{row}", change)
    assert (chart.status, list(answer)) == (status, ["error"])
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize("method", ["put", "delete"])
def test_an_unknown_assignment_is_404(chart: Chart, method: str) -> None:
    chart.send(method, "/assignments/999999", {})
    assert chart.status == 404


def test_resources_are_only_read_here(chart: Chart) -> None:
    for method in ("post", "put", "delete"):
        assert list(chart.send(method, "/resources", {"name": "x"})) == ["error"]
        assert chart.status == 405


def test_a_group_with_members_is_not_deleted(world: World, team: dict[str, Resource]) -> None:
    with pytest.raises(Conflict):
        services.resource_delete(actor=world.actor(), resource=team["team"])
    services.resource_delete(actor=world.actor(), resource=team["alice"])
    services.resource_delete(actor=world.actor(), resource=team["team"])
    assert Resource.objects.count() == 1


def test_a_resource_is_no_member_of_itself(world: World, team: dict[str, Resource]) -> None:
    with pytest.raises(Invalid):
        services.resource_update(actor=world.actor(), resource=team["team"], parent=team["alice"])
    services.resource_update(actor=world.actor(), resource=team["bob"], parent=team["team"], name="Bobby")
    assert Resource.objects.get(pk=team["bob"].pk).name == "Bobby"


def test_resources_belong_to_their_project(world: World, chart: Chart, team: dict[str, Resource]) -> None:
    other = services.project_create(actor=world.actor(), name="Other", slug="other")
    stranger = services.resource_create(actor=world.actor(), project=other, name="Stranger")
    chart.post("/assignments", {"task": chart.add(), "resource": stranger.pk})
    assert chart.status == 404
