"""PUT /tasks/{id} without an operation: it merges."""

from typing import Any

import pytest

from core.models import JournalEntry
from gantt.models import Task
from tests.gantt.conftest import Chart

BODY = {
    "id": 20, "text": "Renamed", "start": "2024-04-04 00:00:00", "end": "2024-04-06 00:00:00", "duration": 2,
    "progress": 33.4, "parent": 2, "type": "task", "lazy": False, "open": False, "details": None, "color": "red",
    "custom": {"a": "2024-01-01 00:00:00"}, "$level": 2, "$x": 100, "$w": 200, "$y": 269, "$h": 31, "$skip": False,
}  # fmt: skip


@pytest.fixture
def row(chart: Chart) -> int:
    return chart.add("Visit", start="2024-04-02", end="2024-04-05", progress=10, details="before", shape="round")


def test_the_widgets_whole_task(chart: Chart, row: int) -> None:
    assert chart.put(f"/tasks/{row}", BODY) == {"id": row}
    assert chart.status == 200
    assert chart.task(row) == {
        "id": row, "text": "Renamed", "start": "2024-04-04 00:00:00", "end": "2024-04-06 00:00:00", "duration": 2,
        "progress": 33.4, "parent": 0, "type": "task", "lazy": False, "open": False, "details": "", "color": "red",
        "custom": {"a": "2024-01-01 00:00:00"}, "shape": "round",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({}, {}),
        ({"text": "b"}, {"text": "b"}),
        ({"operation": "", "text": "b"}, {"text": "b"}),
        ({"operation": None, "text": "b"}, {"text": "b"}),
        ({"text": None}, {}),
        ({"details": None}, {"details": ""}),
        ({"progress": 100}, {"progress": 100}),
        ({"progress": None}, {}),
        ({"open": True}, {"open": True}),
        ({"start": "2024-04-10"}, {"start": "2024-04-10 00:00:00", "end": "2024-04-13 00:00:00"}),
        ({"end": "2024-04-06"}, {"end": "2024-04-06 00:00:00", "duration": 4}),
        ({"end": "2024-04-05 12:00"}, {"end": "2024-04-05 12:00:00", "duration": 0}),
        ({"end": None, "start": None}, {}),
        ({"duration": 1}, {"end": "2024-04-03 00:00:00", "duration": 1}),
        ({"duration": 0}, {}),
        ({"shape": None}, {"shape": None}),
        ({"shape": {"deep": [1]}}, {"shape": {"deep": [1]}}),
        ({"lazy": True, "data": [], "$level": 4, "id": 999}, {}),
        ({"parent": 12345}, {}),
        ({"parent": None}, {}),
        ({"type": "deadline"}, {"type": "deadline"}),
        ({"type": "summary"}, {"type": "summary"}),
    ],
)
def test_what_is_missing_stays(chart: Chart, row: int, sent: dict[str, Any], changed: dict[str, Any]) -> None:
    before = chart.task(row)
    assert chart.put(f"/tasks/{row}", sent) == {"id": row}
    assert chart.task(row) == {**before, **changed}


def test_a_milestone_loses_its_end_and_gets_a_day_back(chart: Chart, row: int) -> None:
    chart.put(f"/tasks/{row}", {"type": "milestone", "duration": 0})
    milestone = chart.task(row)
    assert (milestone["start"], milestone["duration"]) == ("2024-04-02 00:00:00", 0)
    assert "end" not in milestone
    chart.put(f"/tasks/{row}", {"type": "task"})
    assert (chart.task(row)["end"], chart.task(row)["duration"]) == ("2024-04-03 00:00:00", 1)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"start": "x"}, "start"), ({"start": "2024-06-10", "end": "2024-06-01"}, "end"),
        ({"end": "2024-04-01"}, "end"),
        ({"progress": 100.1}, "progress"), ({"duration": []}, "duration"), ({"text": {}}, "text"),
        ({"open": 0}, "open"),
        ({"operation": "paste"}, "operation"), ({"operation": 5}, "operation"), ({"operation": ["move"]}, "operation"),
        ({"details": 0}, "details"), ({"details": False}, "details"), ({"details": []}, "details"),
        ({"type": False}, "type"), ({"base_end": 5}, "base_end"),
    ],
)  # fmt: skip
def test_it_refuses_bad_values_and_changes_nothing(chart: Chart, row: int, sent: dict[str, Any], field: str) -> None:
    before = chart.task(row)
    answer = chart.put(f"/tasks/{row}", {"text": "changed", **sent})
    assert chart.status == 400
    assert list(answer) == ["error"]
    assert field in answer["error"]
    assert chart.task(row) == before


@pytest.mark.parametrize("path", ["999999", "0", "x", "temp://1795188523429"])
def test_an_unknown_id_is_404_and_never_made(chart: Chart, path: str) -> None:
    assert list(chart.put(f"/tasks/{path}", BODY)) == ["error"]
    assert chart.status == 404
    assert not Task.objects.exists()


def test_an_update_after_the_delete_is_404(chart: Chart, row: int) -> None:
    chart.delete(f"/tasks/{row}")
    chart.put(f"/tasks/{row}", BODY)
    assert chart.status == 404
    assert chart.tree() == []


def test_a_late_update_does_not_undo_a_move(chart: Chart, row: int) -> None:
    other = chart.add("other")
    chart.put(f"/tasks/{row}", {"operation": "move", "mode": "child", "target": other})
    chart.put(f"/tasks/{row}", {**BODY, "parent": 0})
    assert chart.task(row)["parent"] == other


def test_the_journal_has_old_and_new_values(chart: Chart, row: int) -> None:
    chart.put(f"/tasks/{row}", {"text": "b", "start": "2024-04-03"})
    changes = JournalEntry.objects.get(object_type="gantt.task", verb="update").changes
    assert changes == {
        "text": ["Visit", "b"],
        "start": ["2024-04-02 00:00:00", "2024-04-03 00:00:00"],
        "end": ["2024-04-05 00:00:00", "2024-04-06 00:00:00"],
    }
    chart.put(f"/tasks/{row}", {"text": "b"})
    assert JournalEntry.objects.filter(object_type="gantt.task", verb="update").count() == 1


def test_an_update_takes_few_queries(chart: Chart, row: int, django_assert_num_queries: Any) -> None:
    # token, project; savepoint, lock, task, update, journal, release
    with django_assert_num_queries(8):
        chart.put(f"/tasks/{row}", {"text": "b"})
