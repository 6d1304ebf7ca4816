"""Random operations against a plain tree: after every step the server shows the same rows in the same order."""

from functools import partial
from random import Random
from typing import Any

import pytest

from gantt.models import Link, Project, Task
from tests.conftest import World
from tests.gantt.conftest import Chart, at_once
from tests.gantt.plain_tree import PlainTree, operation


def run(chart: Chart, seed: int, steps: int) -> None:
    random, tree = Random(seed), PlainTree()
    for step in range(steps):
        request = operation(random, list(tree.text), step)
        globals()[f"_{request['kind']}"](chart, tree, request)
        assert chart.status < 500
        rows = [(row["id"], row["parent"], row["text"]) for row in chart.get("/tasks")]
        assert rows == tree.rows(), (seed, step, request)
        links = {(link["source"], link["target"], link["type"]) for link in chart.get("/links")}
        assert links == set(tree.links.values()), (seed, step, request)


def _add(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    answer = chart.post(
        "/tasks", {"task": {"text": request["text"]}, "mode": request["mode"], "target": request["target"]}
    )
    tree.add(answer["id"], request["text"], request["mode"], request["target"])


def _move(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    body = {"operation": "move", "mode": request["mode"], "target": request["target"]}
    chart.put(f"/tasks/{request['row']}", body)
    assert chart.status == tree.move(request["row"], request["mode"], request["target"]), request


def _copy(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    row, mode, target, deep = request["row"], request["mode"], request["target"], request["deep"]
    body = {"operation": "copy", "mode": mode, "target": target, "lazy": deep}
    answer = chart.put(f"/tasks/{row}", body)
    if not tree.copy_allowed(row, mode, target):
        assert chart.status == 409, request
        return
    assert chart.status == 200, request
    below = [found["id"] for found in chart.get(f"/tasks/{answer['id']}")]
    tree.copy(row, [answer["id"], *below], mode, target, deep=deep)
    known = set(tree.links)
    found = {link["id"]: (link["source"], link["target"], link["type"]) for link in chart.get("/links")}
    new = {key: link for key, link in found.items() if key not in known}
    assert sorted(new.values()) == sorted(tree.copied_links)
    tree.links |= new


def _delete(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    assert chart.delete(f"/tasks/{request['row']}") == {}
    tree.delete(request["row"])


def _update(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    chart.put(f"/tasks/{request['row']}", {"text": request["text"], "parent": 0})
    tree.text[request["row"]] = request["text"]


def _link(chart: Chart, tree: PlainTree, request: dict[str, Any]) -> None:
    source, target, kind = request["source"], request["target"], request["type"]
    answer = chart.post("/links", {"source": source, "target": target, "type": kind})
    if tree.link_allowed(source, target, kind):
        assert chart.status == 200, (request, answer)
        tree.links[answer["id"]] = (source, target, kind)
    else:
        assert chart.status == 409, (request, answer)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_operations_give_the_tree_that_a_plain_model_gives(chart: Chart, seed: int) -> None:
    run(chart, seed, 120)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_ten_thousand_random_operations_give_the_same_tree(chart: Chart, seed: int) -> None:
    run(chart, seed, 10_000)


def writers(world: World, steps: int, seed: int) -> None:
    """Eight clients at once, each with rows of its own and all of them in one tree."""
    token = world.token(world.planner)
    start = Chart(token)
    shared = [start.add(f"shared {number}") for number in range(8)]
    results = at_once([partial(_writer, Chart(token), Random(seed * 100 + n), shared, steps) for n in range(8)])
    expected = set(shared).union(*(made for made, _ in results)) - set().union(*(gone for _, gone in results))
    check_tree(start, expected)


def _writer(chart: Chart, random: Random, shared: list[int], steps: int) -> tuple[set[int], set[int]]:
    """(rows made, rows deleted): rows are only deleted by who made them, as leaves."""
    made: list[int] = []
    gone: set[int] = set()
    for step in range(steps):
        row, target = random.choice(made or shared), random.choice(shared + made)
        action = random.choice(["add", "add", "move", "move", "copy", "delete", "link"])
        if action == "add":
            mode = random.choice(["before", "after", "child"])
            # Without the children of others below them, rows of one's own can be deleted.
            place = {"mode": mode, "target": random.choice(shared) if mode == "child" else target}
            made.append(chart.post("/tasks", {"task": {"text": f"{step}"}, **place})["id"])
        elif action == "move":
            mode = random.choice(["before", "after", "up", "down"])
            chart.put(f"/tasks/{row}", {"operation": "move", "mode": mode, "target": target})
        elif action == "copy" and made:
            made.append(chart.put(f"/tasks/{row}", {"operation": "copy", "mode": "after", "target": row})["id"])
        elif action == "delete" and made:
            row = made.pop(random.randrange(len(made)))
            chart.delete(f"/tasks/{row}")
            gone.add(row)
        elif action == "link":
            chart.post("/links", {"source": row, "target": target})
        assert chart.status in {200, 409}, (action, chart.status)
    return set(made) | gone, gone


def check_tree(chart: Chart, expected: set[int]) -> None:
    """No row lost, none twice, no cycle, no two rows at one place, no link to nowhere."""
    found = [row for row, _ in chart.tree()]
    assert len(found) == len(set(found))
    assert set(found) == expected
    places = list(Task.objects.values_list("parent", "position"))
    assert len(places) == len(set(places))
    assert Task.objects.count() == len(expected)
    assert set(Link.objects.values_list("source", flat=True)) <= expected
    assert Project.objects.get().version > 0


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_lose_nothing(world: World, plan: Project) -> None:
    writers(world, steps=15, seed=5)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [6, 7, 8])
def test_eight_writers_with_many_operations_lose_nothing(world: World, plan: Project, seed: int) -> None:
    writers(world, steps=500, seed=seed)
