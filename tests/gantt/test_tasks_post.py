"""POST /tasks: wrapped and flat, every place, bad input."""

from typing import Any

import pytest

from core.models import JournalEntry
from gantt.models import Task
from tests.gantt.conftest import Chart

WRAPPED = {
    "task": {
        "text": "New child", "type": "task", "parent": 1, "start": "2024-04-02 00:00:00", "duration": 1,
        "end": "2024-04-03 00:00:00", "id": "temp://1795187042639", "progress": 0, "details": "", "$level": 2,
        "$y": 155, "$x": 100, "$w": 100, "$h": 31, "$skip": False,
    },
    "mode": "child",
    "target": 1,
}  # fmt: skip
FLAT = {
    "text": "After 10", "parent": 1, "start": "2024-04-02 00:00:00", "duration": 1, "end": "2024-04-03 00:00:00",
    "id": "temp://1795188374212", "progress": 0, "type": "task", "details": "", "$level": 2,
}  # fmt: skip


@pytest.fixture
def top(chart: Chart) -> int:
    top = chart.add("top")
    for text in "ab":
        chart.add(text, top)
    return top


def test_the_wrapped_body_of_the_widget(chart: Chart, top: int) -> None:
    answer = chart.post("/tasks", {**WRAPPED, "task": {**WRAPPED["task"], "parent": top}, "target": top})
    assert chart.status == 200
    assert list(answer) == ["id"]
    assert chart.task(answer["id"]) == {
        "id": answer["id"], "text": "New child", "type": "task", "parent": top, "start": "2024-04-02 00:00:00",
        "end": "2024-04-03 00:00:00", "duration": 1, "progress": 0, "details": "", "open": False, "lazy": False,
    }  # fmt: skip
    assert chart.outline() == "top\n  a\n  b\n  New child"


def test_the_flat_body_of_older_providers(chart: Chart, top: int) -> None:
    answer = chart.post("/tasks", {**FLAT, "parent": top})
    assert chart.status == 200
    assert not [key for key in chart.task(answer["id"]) if key.startswith("$")]
    assert chart.outline() == "top\n  a\n  b\n  After 10"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"mode": "child", "target": "top"}, "top\n  a\n  b\n  new"),
        ({"mode": "before", "target": "a"}, "top\n  new\n  a\n  b"),
        ({"mode": "after", "target": "a"}, "top\n  a\n  new\n  b"),
        ({"mode": "after", "target": "b"}, "top\n  a\n  b\n  new"),
        ({"mode": "before", "target": "top"}, "new\ntop\n  a\n  b"),
        ({"mode": "after", "target": None}, "top\n  a\n  b\nnew"),
        ({"mode": "child", "target": None}, "top\n  a\n  b\nnew"),
        ({"mode": "child", "target": 0}, "top\n  a\n  b\nnew"),
        ({}, "top\n  a\n  b\nnew"),
        ({"index": 0}, "new\ntop\n  a\n  b"),
        ({"index": 9}, "top\n  a\n  b\nnew"),
        ({"index": 0, "mode": "after", "target": "a"}, "top\n  a\n  new\n  b"),
    ],
)
def test_every_place(chart: Chart, top: int, place: dict[str, Any], expected: str) -> None:
    ids = {row["text"]: row["id"] for row in chart.get("/tasks")}
    target = place.get("target")
    body = {"task": {"text": "new", "parent": None}, **place}
    if "target" in place:
        body["target"] = ids.get(target, target)
    chart.post("/tasks", body)
    assert chart.status == 200
    assert chart.outline() == expected


@pytest.mark.parametrize(("index", "expected"), [(0, "new a b"), (1, "a new b"), (2, "a b new"), (5, "a b new")])
def test_an_index_counts_under_the_parent(chart: Chart, top: int, index: int, expected: str) -> None:
    chart.post("/tasks", {"task": {"text": "new", "parent": top}, "index": index})
    assert " ".join(row["text"] for row in chart.get(f"/tasks/{top}")) == expected


def test_without_a_target_the_tasks_parent_decides(chart: Chart, top: int) -> None:
    chart.post("/tasks", {"task": {"text": "new", "parent": str(top)}, "mode": "after", "target": None})
    assert chart.outline() == "top\n  a\n  b\n  new"


def test_a_temporary_id_of_the_same_page_may_be_parent_and_target(chart: Chart, top: int) -> None:
    chart.post("/tasks", {"task": {"text": "new", "id": "temp://1795188374212", "parent": 0}})
    chart.post("/tasks", {"text": "child", "parent": "temp://1795188374212"})
    chart.post("/tasks", {"task": {"text": "next"}, "mode": "after", "target": "temp://1795188374212"})
    assert chart.outline() == "top\n  a\n  b\nnew\n  child\nnext"


def test_nothing_said_gives_a_task_of_a_day_at_its_parents_start(chart: Chart) -> None:
    assert chart.task(chart.post("/tasks", {})["id"])["start"] == "2024-04-01 00:00:00"
    parent = chart.add(start="2024-05-05 09:30:00", end="2024-05-09 09:30:00")
    row = chart.task(chart.add(parent=parent))
    assert (row["start"], row["end"], row["duration"]) == ("2024-05-05 09:30:00", "2024-05-06 09:30:00", 1)
    assert (row["type"], row["progress"], row["text"], row["details"]) == ("task", 0, "", "")


def test_a_milestone_has_no_end(chart: Chart) -> None:
    row = chart.task(chart.add(type="milestone", start="2024-05-05", end="2024-05-09", duration=4))
    assert (row["start"], row["duration"]) == ("2024-05-05 00:00:00", 0)
    assert "end" not in row


def test_keys_of_ones_own_are_kept(chart: Chart) -> None:
    own = {"color": "red", "custom": {"a": ["2024-01-01 00:00:00", None, 1.5]}, "segments": [], "unscheduled": None}
    row = chart.task(chart.add(**own, id=77, data=[{"text": "child"}], lazy=True))
    assert {key: row[key] for key in own} == own
    assert row["id"] != 77
    assert "data" not in row
    assert row["lazy"] is False


def test_dates_of_a_baseline_are_dates(chart: Chart) -> None:
    row = chart.task(chart.add(base_start="2024-04-01T08:00", base_end=None, base_duration=3))
    assert row["base_start"] == "2024-04-01 08:00:00"
    assert "base_end" not in row
    chart.post("/tasks", {"base_start": "soon"})
    assert chart.status == 400


def test_a_value_with_an_offset_becomes_the_projects_wall_time(chart: Chart) -> None:
    assert chart.task(chart.add(start="2024-04-02T01:00:00Z"))["start"] == "2024-04-02 09:00:00"


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"start": "tomorrow"}, 400, "start"),
    ({"start": 5}, 400, "start"),
    ({"end": "2024-02-30"}, 400, "end"),
    ({"start": "2024-06-10", "end": "2024-06-09"}, 400, "end"),
    ({"start": "2024-06-10", "end": "2024-06-09", "duration": 1}, 400, "end"),
    ({"duration": -1}, 400, "duration"),
    ({"duration": "3"}, 400, "duration"),
    ({"duration": True}, 400, "duration"),
    ({"duration": 1e18}, 400, "duration"),
    ({"progress": 101}, 400, "progress"),
    ({"progress": -0.1}, 400, "progress"),
    ({"progress": "10"}, 400, "progress"),
    ({"text": 5}, 400, "text"),
    ({"text": ["a"]}, 400, "text"),
    ({"details": {"a": 1}}, 400, "details"),
    ({"type": 1}, 400, "type"),
    ({"type": ""}, 400, "type"),
    ({"type": "x" * 65}, 400, "type"),
    ({"open": 1}, 400, "open"),
    ({"open": "true"}, 400, "open"),
    ({"parent": 999999}, 404, "parent"),
    ({"parent": "x"}, 404, "parent"),
    ({"parent": 2**63}, 404, "parent"),
    ({"parent": -1}, 404, "parent"),
    ({"parent": True}, 400, "parent"),
    ({"parent": [1]}, 400, "parent"),
    ({"parent": 1.5}, 400, "parent"),
    ({"parent": "temp://1795188374299"}, 404, "parent"),
]


@pytest.mark.parametrize(("task", "status", "field"), BAD)
def test_it_refuses_bad_values_and_stores_nothing(chart: Chart, task: dict[str, Any], status: int, field: str) -> None:
    for body in (task, {"task": task}):
        answer = chart.post("/tasks", body)
        assert chart.status == status, answer
        assert list(answer) == ["error"]
        assert field in answer["error"] or str(task[field]) in answer["error"]
    assert not Task.objects.exists()
    assert not JournalEntry.objects.filter(object_type="gantt.task").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"task": 5}, 400),
        ({"task": None}, 400),
        ({"task": []}, 400),
        ({"task": {}, "mode": "inside", "target": 1}, 400),
        ({"task": {}, "mode": "inside"}, 400),
        ({"task": {}, "mode": 1}, 400),
        ({"task": {}, "mode": "child", "target": 999999}, 404),
        ({"task": {}, "mode": "after", "target": {}}, 400),
        ({"task": {}, "index": -1}, 400),
        ({"task": {}, "index": "0"}, 400),
        ([], 400),
        ("text", 400),
        (5, 400),
    ],
)
def test_it_refuses_bad_bodies(chart: Chart, body: Any, status: int) -> None:
    import orjson

    response = chart.client.post("/tasks", orjson.dumps(body), content_type="application/json")
    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b" ", "application/json", 400),
        (b"null", "application/json", 400),
        (b"", "", 400),
        (b'{"text": "a",}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"text": "a\\u0000b"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b'{"progress": NaN}', "application/json", 400),
        (b'{"big": 1e999}', "application/json", 400),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json", 400),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b'{"text": "' + b"x" * 11_000_000 + b'"}', "application/json", 413),
    ],
)
def test_it_refuses_what_is_no_json(chart: Chart, body: bytes, content_type: str, status: int) -> None:
    response = chart.client.post("/tasks", body, content_type=content_type)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert list(response.json()) == ["error"]
    assert not Task.objects.exists()


def test_a_body_of_nine_megabytes_is_fine(chart: Chart) -> None:
    row = chart.post("/tasks", {"text": "big", "details": "x" * 9_000_000})["id"]
    assert len(chart.task(row)["details"]) == 9_000_000


def test_the_journal_says_who_added_what(chart: Chart) -> None:
    row = chart.add("noted")
    entry = JournalEntry.objects.get(object_type="gantt.task")
    assert (entry.verb, entry.object_id, entry.source, entry.actor_name) == ("create", str(row), "gantt", "Planner")
    assert entry.changes["text"] == [None, "noted"]


def test_an_error_inside_leaves_no_row_and_no_entry(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("gantt.services.tasks.summaries_roll_up", broken)
    with pytest.raises(RuntimeError):
        chart.post("/tasks", {"text": "a"})
    assert not Task.objects.exists()
    assert not JournalEntry.objects.filter(object_type="gantt.task").exists()


def test_an_idempotency_key_adds_once(chart: Chart) -> None:
    first = chart.post("/tasks", {"text": "a"}, **{"idempotency-key": "k1"})
    again = chart.post("/tasks", {"text": "a"}, **{"idempotency-key": "k1"})
    assert first == again
    assert len(chart.tree()) == 1


def test_a_hundred_rows_at_one_spot_keep_their_order(chart: Chart, plan: Any, world: Any) -> None:
    from gantt import services

    first = chart.add("first")
    for number in range(100):
        services.task_create(
            actor=world.actor(), project=plan, values={"text": str(number)}, mode="after", target=first
        )
    assert [row["text"] for row in chart.get("/tasks")] == ["first", *(str(n) for n in range(99, -1, -1))]
