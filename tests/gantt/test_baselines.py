"""/gantt/{project}/baselines: set, list, compare, delete."""

from __future__ import annotations

import pytest

from core.models import JournalEntry
from gantt.baselines import services
from gantt.models import Baseline, BaselineTask, Project
from tests.conftest import World

from .planning import day, project_of, task_of, wall

URL = "/gantt/tower/baselines"


@pytest.fixture
def project(world: World) -> Project:
    return project_of(world)


@pytest.fixture
def planner(world: World, client_for):
    return client_for(world.planner)


def post(client, **body):
    return client.post(URL, body, content_type="application/json")


def test_it_keeps_the_plan_and_lists_it(project, planner):
    task_of(project, "Dig", 0, 3, progress=20)
    task_of(project, "Half a copy", hidden=True)
    response = post(planner, name=" First plan ")
    assert response.status_code == 200
    (row,) = planner.get(URL).json()
    assert (row["id"], row["name"], row["tasks"], row["start"], row["end"]) == (
        response.json()["id"], "First plan", 1, wall(0), wall(3),
    )  # fmt: skip
    assert BaselineTask.objects.get().progress == 20
    assert JournalEntry.objects.get(object_type="gantt.baseline").verb == "create"


def test_it_compares_with_the_plan_of_today(project, planner):
    same, later, gone = task_of(project, "Same"), task_of(project, "Later", 0, 2), task_of(project, "Gone", 5)
    baseline_id = post(planner, name="Plan").json()["id"]
    later.start, later.end, later.progress = day(3), day(4), 50
    later.save()
    gone.delete()
    new = task_of(project, "New", 9)
    answer = planner.get(f"{URL}/{baseline_id}").json()
    assert answer["name"] == "Plan"
    first = {"start": wall(0), "end": wall(1), "progress": 0}
    assert answer["tasks"] == [
        {"id": same.pk, "text": "Same", "state": "same", "baseline": first, "current": first,
         "start_shift": 0, "end_shift": 0},
        {"id": later.pk, "text": "Later", "state": "changed",
         "baseline": {"start": wall(0), "end": wall(2), "progress": 0},
         "current": {"start": wall(3), "end": wall(4), "progress": 50}, "start_shift": 3, "end_shift": 2},
        {"id": answer["tasks"][2]["id"], "text": "Gone", "state": "removed",
         "baseline": {"start": wall(5), "end": wall(6), "progress": 0}, "current": None,
         "start_shift": None, "end_shift": None},
        {"id": new.pk, "text": "New", "state": "added", "baseline": None,
         "current": {"start": wall(9), "end": wall(10), "progress": 0}, "start_shift": None, "end_shift": None},
    ]  # fmt: skip


def test_milestones_and_tasks_without_dates_compare_too(project, planner):
    task_of(project, "Party", 1, type="milestone")
    task_of(project, "Some day", None)
    baseline_id = post(planner, name="Plan").json()["id"]
    rows = planner.get(f"{URL}/{baseline_id}").json()["tasks"]
    assert [(row["state"], row["start_shift"], row["end_shift"]) for row in rows] == [
        ("same", 0, None), ("same", None, None),
    ]  # fmt: skip


def test_comparing_takes_the_same_queries_for_any_size(project, planner, django_assert_num_queries):
    for number in range(20):
        task_of(project, f"T{number}")
    baseline_id = post(planner, name="Plan").json()["id"]
    planner.get(f"{URL}/{baseline_id}")
    with django_assert_num_queries(5):  # token, project, baseline, its tasks, today's tasks
        planner.get(f"{URL}/{baseline_id}")


def test_it_is_deleted(project, planner):
    baseline_id = post(planner, name="Plan").json()["id"]
    assert planner.delete(f"{URL}/{baseline_id}").json() == {}
    assert not Baseline.objects.exists()
    assert planner.get(f"{URL}/{baseline_id}").status_code == 404


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "  "}, {"name": 5}, {"name": "x" * 201}, {"name": None}])
def test_it_refuses_a_baseline_without_a_proper_name(project, planner, body):
    response = post(planner, **body)
    assert response.status_code == 400
    assert "name" in response.json()["error"]
    assert not Baseline.objects.exists()


def test_there_is_an_end_to_their_number(project, planner, monkeypatch):
    monkeypatch.setattr(services, "MAX_BASELINES", 1)
    post(planner, name="One")
    assert post(planner, name="Two").status_code == 409


def test_rights_decide(world, project, client_for, client):
    baseline_id = post(client_for(world.planner), name="Plan").json()["id"]
    assert client.get(URL).status_code == 401
    viewer, outsider = client_for(world.viewer), client_for(world.outsider)
    assert viewer.get(f"{URL}/{baseline_id}").status_code == 200
    assert post(viewer, name="x").status_code == 403
    assert viewer.delete(f"{URL}/{baseline_id}").status_code == 403
    for url in (URL, f"{URL}/{baseline_id}"):
        assert outsider.get(url).status_code == 404
    assert outsider.delete(f"{URL}/{baseline_id}").status_code == 404


@pytest.mark.parametrize("row", ["999999999", "0", "x", "temp://1795187042642"])
def test_an_unknown_baseline_is_not_found(project, planner, row):
    assert planner.get(f"{URL}/{row}").status_code == 404


def test_a_baseline_of_another_project_is_not_found(world, project, planner):
    other = project_of(world, slug="other", name="Other")
    foreign = services.baseline_set(actor=world.actor(), project=other, name="Theirs")
    assert planner.get(f"{URL}/{foreign.pk}").status_code == 404
