"""PUT /tasks/{id} with the operation copy: single rows, and whole branches by the server."""

from typing import Any

import pytest

from core.models import JournalEntry
from gantt.models import Assignment, Project, Resource, Task
from tests.gantt.conftest import Chart


@pytest.fixture
def ids(chart: Chart) -> dict[str, int]:
    ids = {"A": chart.add("A", color="red", open=True, progress=12.5, details="d", type="summary")}
    for name, parent in (("A1", "A"), ("A2", "A"), ("A21", "A2")):
        ids[name] = chart.add(name, ids[parent])
    ids["B"] = chart.add("B")
    return ids


@pytest.mark.parametrize(
    ("mode", "target", "expected"),
    [
        ("after", "B", "A\n  A1\n  A2\n    A21\nB\nA"),
        ("before", "B", "A\n  A1\n  A2\n    A21\nA\nB"),
        ("child", "B", "A\n  A1\n  A2\n    A21\nB\n  A"),
        ("after", "A", "A\n  A1\n  A2\n    A21\nA\nB"),
        ("before", "A", "A\nA\n  A1\n  A2\n    A21\nB"),
        ("after", None, "A\n  A1\n  A2\n    A21\nA\nB"),
        ("before", None, "A\nA\n  A1\n  A2\n    A21\nB"),
    ],
)
def test_a_row_alone(chart: Chart, ids: dict[str, int], mode: str, target: Any, expected: str) -> None:
    body = {"operation": "copy", "mode": mode, "target": ids.get(target), "lazy": False}
    answer = chart.put(f"/tasks/{ids['A']}", body)
    assert chart.status == 200
    assert answer["id"] not in ids.values()
    assert chart.outline() == expected


def test_all_fields_and_own_keys_are_copied(chart: Chart, ids: dict[str, int]) -> None:
    copy = chart.put(f"/tasks/{ids['A']}", {"operation": "copy", "mode": "after", "target": ids["B"]})["id"]
    assert {**chart.task(copy), "id": 0} == {**chart.task(ids["A"]), "id": 0}
    chart.put(f"/tasks/{copy}", {"color": "blue"})
    assert chart.task(ids["A"])["color"] == "red"


def test_a_branch_with_the_links_inside_it(chart: Chart, ids: dict[str, int], plan: Project) -> None:
    chart.link(ids["A1"], ids["A21"], "s2s", lag=1.5)
    chart.link(ids["A1"], ids["B"])
    person = Resource.objects.create(organization=plan.organization, project=plan, name="Alice")
    Assignment.objects.create(organization=plan.organization, project=plan, task_id=ids["A1"], resource=person)
    copy = chart.put(f"/tasks/{ids['A']}", {"operation": "copy", "mode": "after", "target": ids["B"], "lazy": True})[
        "id"
    ]
    assert chart.outline() == "A\n  A1\n  A2\n    A21\nB\nA\n  A1\n  A2\n    A21"
    below = {row["text"]: row["id"] for row in chart.get(f"/tasks/{copy}")}
    new = [link for link in chart.get("/links") if link["source"] == below["A1"]]
    assert [(link["target"], link["type"], link["lag"]) for link in new] == [(below["A21"], "s2s", 1.5)]
    assert len(chart.get("/links")) == 3
    assert len(chart.get("/assignments")) == 1


@pytest.mark.parametrize("lazy", [True, False])
@pytest.mark.parametrize(
    ("mode", "target"), [("child", "A"), ("child", "A21"), ("before", "A1"), ("after", "A21"), ("child", "A2")]
)
def test_a_copy_into_itself_is_409(chart: Chart, ids: dict[str, int], mode: str, target: str, lazy: bool) -> None:
    rows = chart.tree()
    chart.put(f"/tasks/{ids['A']}", {"operation": "copy", "mode": mode, "target": ids[target], "lazy": lazy})
    assert chart.status == 409
    assert chart.tree() == rows


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"target": 1}, 400),
        ({"mode": "up", "target": 1}, 400),
        ({"mode": "inside"}, 400),
        ({"mode": "after", "target": 999999}, 404),
        ({"mode": "after", "target": "x"}, 404),
        ({"mode": "after", "target": {}}, 400),
        ({"mode": "after", "target": "B", "lazy": "true"}, 400),
        ({"mode": "after", "target": "B", "lazy": 1}, 400),
        ({"mode": "child"}, 400),
        ({"mode": "child", "target": 0}, 400),
        ({"mode": "after", "target": 0}, 400),
    ],
)
def test_it_refuses_bad_bodies(chart: Chart, ids: dict[str, int], body: dict[str, Any], status: int) -> None:
    rows = chart.tree()
    if body.get("target") == "B":
        body = {**body, "target": ids["B"]}
    answer = chart.put(f"/tasks/{ids['A']}", {"operation": "copy", **body})
    assert (chart.status, list(answer)) == (status, ["error"])
    assert chart.tree() == rows


def test_an_unknown_source_is_404(chart: Chart, ids: dict[str, int]) -> None:
    chart.put("/tasks/999999", {"operation": "copy", "mode": "after", "target": ids["B"]})
    assert chart.status == 404


def test_a_branch_of_a_thousand_rows_takes_few_statements(
    chart: Chart, plan: Project, django_assert_num_queries: Any
) -> None:
    top = chart.add("top")
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, parent_id=top, position=number) for number in range(1000)
    )
    # token, project; savepoint, lock, source, place, copy, rows below, their copies, parents, links, journal, release
    with django_assert_num_queries(13):
        copy = chart.put(f"/tasks/{top}", {"operation": "copy", "mode": "after", "target": top, "lazy": True})["id"]
    assert len(chart.get(f"/tasks/{copy}")) == 1000
    entry = JournalEntry.objects.get(object_type="gantt.task", verb="copy")
    assert entry.changes == {"source": [None, top], "rows": [None, 1001]}


def test_copies_of_copies_of_copies(chart: Chart, ids: dict[str, int]) -> None:
    row = ids["A"]
    for _ in range(4):
        row = chart.put(f"/tasks/{row}", {"operation": "copy", "mode": "child", "target": ids["B"], "lazy": True})["id"]
    branch = "\n  A\n    A1\n    A2\n      A21"
    assert chart.outline() == "A\n  A1\n  A2\n    A21\nB" + branch * 4
