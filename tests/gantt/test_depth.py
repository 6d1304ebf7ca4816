"""Two thousand levels: nothing recurses, nothing takes long."""

import time

import pytest
from django.db import connection

from gantt import services
from gantt.models import Project, Task
from tests.conftest import World
from tests.gantt.conftest import Chart

LEVELS = 2000


@pytest.fixture
def deep(world: World, plan: Project) -> list[int]:
    tasks = [
        Task(
            organization=plan.organization,
            project=plan,
            text=str(level),
            type="summary" if level < LEVELS - 1 else "task",
        )
        for level in range(LEVELS)
    ]
    services.branch_insert([(task, level - 1 if level else None) for level, task in enumerate(tasks)])
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself within a minute: without figures it takes every table for a small one.
        cursor.execute("ANALYZE gantt_task")
    return [task.pk for task in tasks]


def test_every_request_works_two_thousand_levels_deep(chart: Chart, deep: list[int]) -> None:
    started = time.monotonic()
    rows = chart.get("/tasks")
    assert [row["id"] for row in rows] == deep
    assert [row["parent"] for row in rows] == [0, *deep[:-1]]
    assert len(chart.get(f"/tasks/{deep[999]}")) == 1000

    leaf = chart.add("leaf", deep[-1])
    chart.put(f"/tasks/{deep[0]}", {"operation": "move", "mode": "child", "target": leaf})
    assert chart.status == 409
    chart.post("/links", {"source": deep[0], "target": leaf})
    assert chart.status == 409

    copy = chart.put(f"/tasks/{deep[1]}", {"operation": "copy", "mode": "after", "target": deep[0], "lazy": True})["id"]
    assert len(chart.get(f"/tasks/{copy}")) == LEVELS - 1
    chart.put(f"/tasks/{copy}", {"operation": "move", "mode": "child", "target": leaf})
    assert chart.status == 200
    assert len(chart.get(f"/tasks/{deep[0]}")) == 2 * LEVELS

    assert chart.delete(f"/tasks/{deep[1]}") == {}
    assert chart.tree() == [(deep[0], 0)]
    assert Task.objects.count() == 1
    assert time.monotonic() - started < 30


def test_summaries_roll_up_through_all_levels(world: World, chart: Chart, plan: Project, deep: list[int]) -> None:
    services.project_update(actor=world.actor(), project=plan, summaries="auto")
    chart.put(f"/tasks/{deep[-1]}", {"start": "2024-05-01", "duration": 4, "progress": 50})
    top = chart.get("/tasks")[0]
    assert (top["start"], top["end"], top["progress"]) == ("2024-05-01 00:00:00", "2024-05-05 00:00:00", 50)


def test_a_project_of_many_levels_is_deleted(world: World, plan: Project, deep: list[int]) -> None:
    services.project_delete(actor=world.actor(), project=plan)
    assert not Project.objects.exists()
    assert not Task.objects.exists()
