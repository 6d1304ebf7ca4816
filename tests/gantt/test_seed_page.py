"""The vendor's page PUT /tasks/{taskId}, word for word, on the demo data."""

from typing import Any

import pytest

from gantt.demo import demo_load
from gantt.models import Project, Task
from tests.conftest import World
from tests.gantt.conftest import Chart

UPDATE = {
    "id": 67,
    "text": "New Task",
    "start": "2024-06-10 00:00:00",
    "end": "2024-06-11 00:00:00",
    "duration": 1,
    "progress": 0,
    "parent": 0,
    "type": "task",
    "lazy": False,
    "details": " ",
}
MOVE = {"operation": "move", "target": 20, "mode": "after"}
COPY = {"operation": "copy", "target": 20, "mode": "after"}


@pytest.fixture(params=["", "/gantt/demo"])
def demo(request: Any, world: World, chart_for: Any) -> Chart:
    facts = demo_load(actor=world.actor(source="command"))
    assert facts == {"gantt": {"project": "demo"}}
    return chart_for(world.owner, request.param)


def test_update_answers_the_id_and_keeps_place(demo: Chart) -> None:
    before = demo.task(67)
    assert demo.put("/tasks/67", UPDATE) == {"id": 67}
    assert demo.status == 200
    after = demo.task(67)
    assert after == {**UPDATE, "parent": before["parent"], "open": before["open"]}
    assert {key: type(value) for key, value in after.items()} == {
        **{key: type(value) for key, value in UPDATE.items()}, "open": bool,
    }  # fmt: skip


def test_move_puts_it_after_the_target(demo: Chart) -> None:
    assert demo.put("/tasks/67", MOVE) == {"id": 67}
    assert demo.status == 200
    order = [row for row, _ in demo.tree()]
    assert order[order.index(20) + 1] == 67
    assert demo.task(67)["parent"] == demo.task(20)["parent"]


@pytest.mark.parametrize("mode", ["before", "after", "up", "down", "child"])
def test_every_mode_of_the_page_is_known(demo: Chart, mode: str) -> None:
    assert demo.put("/tasks/34", {**MOVE, "mode": mode}) == {"id": 34}
    order = [row for row, _ in demo.tree()]
    assert order.index(34) - order.index(20) == (-1 if mode in {"before", "up"} else 1)
    assert demo.task(34)["parent"] == (20 if mode == "child" else 1)


@pytest.mark.parametrize("target", [20, "20"])
def test_the_target_is_a_number_or_text(demo: Chart, target: Any) -> None:
    assert demo.put("/tasks/67", {**MOVE, "target": target}) == {"id": 67}


@pytest.mark.parametrize("mode", ["before", "after"])
def test_copy_answers_the_id_of_the_new_task(demo: Chart, mode: str) -> None:
    rows = len(demo.tree())
    answer = demo.put("/tasks/67", {**COPY, "mode": mode})
    assert demo.status == 200
    assert list(answer) == ["id"]
    assert type(answer["id"]) is int
    assert answer["id"] > 67
    order = [row for row, _ in demo.tree()]
    assert len(order) == rows + 1
    assert order.index(answer["id"]) - order.index(20) == (-1 if mode == "before" else 1)
    copy, source = demo.task(answer["id"]), demo.task(67)
    assert {**copy, "id": 0, "parent": 0} == {**source, "id": 0, "parent": 0}


def test_lazy_copies_the_rows_below_as_well(demo: Chart) -> None:
    below = [row["text"] for row in demo.get("/tasks/2")]
    for lazy, expected in ((True, below), (False, [])):
        answer = demo.put("/tasks/2", {**COPY, "target": 5, "lazy": lazy})
        assert [row["text"] for row in demo.get(f"/tasks/{answer['id']}")] == expected


def test_the_pages_example_as_printed_is_no_json(demo: Chart) -> None:
    text = '{"id": 67, "text": "New Task", "details": " ", // the description field\n}'
    response = demo.client.put(f"{demo.base}/tasks/67", text, content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()) == ["error"]


def test_all_ids_of_the_page_exist_and_new_ones_follow(demo: Chart) -> None:
    assert {20, 23, 34, 67} <= {row for row, _ in demo.tree()}
    assert demo.add("next") > 67


def test_loading_the_demo_again_changes_nothing(world: World, demo: Chart) -> None:
    demo.put("/tasks/67", UPDATE)
    rows = demo.get("/tasks")
    demo_load(actor=world.actor(source="command"))
    assert demo.get("/tasks") == rows


def test_a_second_organization_gets_other_ids(world: World, demo: Chart) -> None:
    demo_load(actor=world.actor(world.outsider, source="command"))
    assert Project.objects.filter(slug="demo", is_default=True).count() == 2
    assert Task.objects.of(world.other_organization).count() == Task.objects.of(world.organization).count()
    assert not Task.objects.of(world.other_organization).filter(pk=67).exists()


def test_the_demo_is_a_plan_that_the_widget_can_draw(demo: Chart) -> None:
    rows, links = demo.get("/tasks"), demo.get("/links")
    ids = {row["id"] for row in rows}
    assert all(link["source"] in ids and link["target"] in ids for link in links)
    assert all(row["parent"] in ids | {0} for row in rows)
    assert {row["type"] for row in rows} == {"summary", "task", "milestone"}
    assert demo.get("/resources")
    assert demo.get("/assignments")
