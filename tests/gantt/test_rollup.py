"""Summary tasks in projects that roll them up."""

from datetime import datetime
from typing import Any

import pytest

from gantt import services
from gantt.models import Project
from gantt.services.rollup import rolled_up
from tests.conftest import World
from tests.gantt.conftest import Chart


def day(number: int) -> datetime:
    return datetime(2024, 4, number)


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ([], None),
        ([(None, None, 50)], None),
        ([(day(2), day(5), 40)], (day(2), day(5), 40)),
        ([(day(2), day(3), 100), (day(4), day(7), 0)], (day(2), day(7), 25)),
        ([(day(2), day(4), 50), (day(9), None, 0)], (day(2), day(9), 50)),
        ([(day(2), None, 0), (day(3), None, 100)], (day(2), day(3), 50)),
        ([(day(2), day(3), 10), (None, None, 90)], (day(2), day(3), 10)),
        ([(day(1), day(2), 100), (day(1), day(2), 0), (day(1), day(2), 0)], (day(1), day(2), 33.3)),
    ],
)
def test_a_summary_spans_its_children_and_weighs_progress_by_length(children: Any, expected: Any) -> None:
    assert rolled_up(children) == expected


@pytest.fixture
def auto(world: World, plan: Project) -> Project:
    return services.project_update(actor=world.actor(), project=plan, summaries="auto")


def span(chart: Chart, row: int) -> tuple[str, str, float]:
    task = chart.task(row)
    return task["start"][:10], task["end"][:10], task["progress"]


@pytest.fixture
def tree(auto: Project, chart: Chart) -> dict[str, int]:
    ids = {"top": chart.add("top", type="summary"), "other": chart.add("other", type="summary", start="2024-09-01")}
    ids["mid"] = chart.add("mid", ids["top"], type="summary")
    ids["a"] = chart.add("a", ids["mid"], start="2024-04-02", duration=2, progress=100)
    ids["b"] = chart.add("b", ids["mid"], start="2024-04-06", duration=2)
    ids["c"] = chart.add("c", ids["top"], start="2024-04-01", duration=4)
    return ids


def test_adding_rolls_up_through_all_levels(chart: Chart, tree: dict[str, int]) -> None:
    assert span(chart, tree["mid"]) == ("2024-04-02", "2024-04-08", 50)
    assert span(chart, tree["top"]) == ("2024-04-01", "2024-04-08", 30)


def test_changes_moves_copies_and_deletes_roll_up(chart: Chart, tree: dict[str, int]) -> None:
    chart.put(f"/tasks/{tree['b']}", {"start": "2024-04-10", "progress": 50})
    assert span(chart, tree["top"])[1] == "2024-04-12"
    chart.put(f"/tasks/{tree['b']}", {"operation": "move", "mode": "child", "target": tree["other"]})
    assert span(chart, tree["mid"]) == ("2024-04-02", "2024-04-04", 100)
    assert span(chart, tree["top"])[1] == "2024-04-05"
    assert span(chart, tree["other"]) == ("2024-04-10", "2024-04-12", 50)
    chart.put(f"/tasks/{tree['b']}", {"operation": "copy", "mode": "child", "target": tree["mid"]})
    assert span(chart, tree["top"])[1] == "2024-04-12"
    chart.delete(f"/tasks/{tree['a']}")
    assert span(chart, tree["mid"]) == ("2024-04-10", "2024-04-12", 50)


def test_what_the_page_computed_for_a_summary_is_overruled(chart: Chart, tree: dict[str, int]) -> None:
    chart.put(f"/tasks/{tree['mid']}", {"start": "2020-01-01", "end": "2030-01-01", "progress": 1, "text": "renamed"})
    assert span(chart, tree["mid"]) == ("2024-04-02", "2024-04-08", 50)
    assert chart.task(tree["mid"])["text"] == "renamed"


def test_a_summary_without_rows_keeps_its_dates(chart: Chart, tree: dict[str, int]) -> None:
    assert span(chart, tree["other"])[0] == "2024-09-01"


def test_a_task_with_rows_below_it_is_no_summary(chart: Chart, tree: dict[str, int]) -> None:
    chart.add("below a", tree["a"], start="2024-01-01", duration=300)
    assert span(chart, tree["mid"]) == ("2024-04-02", "2024-04-08", 50)


def test_as_sent_computes_nothing(chart: Chart) -> None:
    top = chart.add(type="summary", start="2024-09-01", duration=1)
    chart.add("", top, start="2024-01-01", duration=9, progress=70)
    assert span(chart, top) == ("2024-09-01", "2024-09-02", 0)


def test_switching_it_on_rolls_up_everything(world: World, chart: Chart, plan: Project) -> None:
    top = chart.add(type="summary", start="2024-09-01", duration=1)
    chart.add("", top, start="2024-01-01", duration=9, progress=70)
    services.project_update(actor=world.actor(), project=plan, summaries="auto")
    assert span(chart, top) == ("2024-01-01", "2024-01-10", 70)


@pytest.mark.parametrize("levels", [1, 12])
def test_it_takes_three_more_queries_at_any_depth(
    chart: Chart, auto: Project, levels: int, django_assert_num_queries: Any
) -> None:
    parent = 0
    for _ in range(levels):
        parent = chart.add("", parent, type="summary")
    row = chart.add("leaf", parent)
    # An update's 8, and: rows above, their children, the write.
    with django_assert_num_queries(11):
        chart.put(f"/tasks/{row}", {"start": "2024-08-01"})
