"""POST /batch: one transaction."""

from typing import Any

import pytest

from core.models import JournalEntry
from tests.conftest import World
from tests.gantt.conftest import Chart


@pytest.fixture
def ids(chart: Chart) -> dict[str, int]:
    return {name: chart.add(name) for name in "abc"}


def test_the_widgets_batch(chart: Chart, ids: dict[str, int]) -> None:
    answer = chart.post(
        "/batch",
        [
            {"url": f"tasks/{ids['a']}", "method": "PUT", "data": {"text": "B1", "duration": 2}},
            {
                "url": "links",
                "method": "POST",
                "data": {"id": "temp://1795187518706", "source": ids["a"], "target": ids["b"], "type": "e2s"},
            },
            {"url": f"tasks/{ids['c']}", "method": "DELETE", "data": {}},
        ],
    )
    assert chart.status == 200
    (link,) = chart.get("/links")
    assert answer == [{"id": ids["a"]}, {"id": link["id"]}, {}]
    assert chart.outline() == "B1\nb"


def test_nothing_is_an_empty_answer(chart: Chart) -> None:
    assert chart.post("/batch", []) == []
    assert chart.status == 200


@pytest.mark.parametrize(
    ("request_", "status", "error"),
    [
        ({"url": "tasks/999999", "method": "PUT", "data": {"text": "x"}}, 404,
         "PUT tasks/999999: task with id 999999 not found"),
        ({"url": "tasks/1", "method": "GET"}, 400, None),
        ({"url": "batch", "method": "POST", "data": []}, 400, None),
        ({"url": "batch", "method": "POST", "data": {}}, 400, None),
        ({"url": "resources", "method": "POST", "data": {}}, 400, None),
        ({"url": "tasks", "method": "PUT", "data": {}}, 400, None),
        ({"url": "tasks/1", "method": "POST", "data": {}}, 400, None),
        ({"url": 5, "method": "POST", "data": {}}, 400, None),
        ({"url": "tasks", "method": None, "data": {}}, 400, None),
        ({"url": "tasks", "method": "POST", "data": "x"}, 400, None),
        ({}, 400, None),
        ("tasks", 400, None),
        (None, 400, None),
        ({"url": "tasks", "method": "POST", "data": {"progress": 200}}, 400,
         "POST tasks: progress must be between 0 and 100"),
    ],
)  # fmt: skip
def test_a_failure_undoes_everything(
    chart: Chart, ids: dict[str, int], request_: Any, status: int, error: str | None
) -> None:
    journal = JournalEntry.objects.count()
    answer = chart.post(
        "/batch",
        [
            {"url": "tasks", "method": "POST", "data": {"text": "d"}},
            request_,
            {"url": f"tasks/{ids['a']}", "method": "DELETE"},
        ],
    )
    assert chart.status == status
    assert answer[0] == {"error": "rolled back: request 1 failed"}
    assert answer[2] == {"error": "not attempted: request 1 failed"}
    assert list(answer[1]) == ["error"]
    assert error is None or answer[1] == {"error": error}
    assert chart.outline() == "a\nb\nc"
    assert JournalEntry.objects.count() == journal


@pytest.mark.parametrize("body", [{}, {"url": "tasks"}, "x", 5, None])
def test_a_batch_is_an_array(chart: Chart, body: Any) -> None:
    import orjson

    response = chart.client.post("/batch", orjson.dumps(body), content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()) == ["error"]


def test_leading_slashes_and_small_letters_are_fine(chart: Chart, ids: dict[str, int]) -> None:
    assert chart.post("/batch", [{"url": f"/tasks/{ids['a']}", "method": "delete"}]) == [{}]


def test_more_than_ten_thousand_are_413(chart: Chart) -> None:
    answer = chart.post("/batch", [{}] * 10_001)
    assert (chart.status, list(answer)) == (413, ["error"])


def test_a_row_of_the_batch_can_be_named_by_its_temporary_id(chart: Chart) -> None:
    chart.post(
        "/batch",
        [
            {"url": "tasks", "method": "POST", "data": {"task": {"id": "temp://1795187518706", "text": "new"}}},
            {"url": "tasks", "method": "POST", "data": {"text": "child", "parent": "temp://1795187518706"}},
            {"url": "tasks/temp://1795187518706", "method": "PUT", "data": {"text": "renamed"}},
        ],
    )
    assert chart.status == 200
    assert chart.outline() == "renamed\n  child"


def test_rights_are_checked_for_each_request(world: World, chart: Chart, chart_for: Any, ids: dict[str, int]) -> None:
    agent = chart_for(world.agent)
    change = {"url": f"tasks/{ids['a']}", "method": "PUT", "data": {"text": "by an agent"}}
    agent.post("/batch", [change])
    assert agent.status == 200
    answer = agent.post("/batch", [change, {"url": f"tasks/{ids['a']}", "method": "DELETE"}])
    assert agent.status == 403
    assert answer[0] == {"error": "rolled back: request 1 failed"}
    assert chart.outline() == "by an agent\nb\nc"
