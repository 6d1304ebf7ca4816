"""PUT /tasks/{id} with the operation move."""

from itertools import pairwise
from typing import Any

import pytest

from core.models import JournalEntry
from gantt.models import Project, Task
from tests.gantt.conftest import Chart


@pytest.fixture
def ids(chart: Chart) -> dict[str, int]:
    ids = {"A": chart.add("A")}
    for name, parent in (("A1", "A"), ("A2", "A"), ("A21", "A2")):
        ids[name] = chart.add(name, ids[parent])
    ids["B"], ids["C"] = chart.add("B"), chart.add("C")
    return ids


def outline(text: str) -> str:
    """`A(A1 A2(A21)) B C` as an outline."""
    level, lines, word = 0, [], ""
    for sign in text + " ":
        if sign in "() ":
            if word:
                lines.append("  " * level + word)
            word = ""
            level += {"(": 1, ")": -1}.get(sign, 0)
        else:
            word += sign
    return "\n".join(lines)


START = "A(A1 A2(A21)) B C"


@pytest.mark.parametrize(
    ("row", "mode", "target", "expected"),
    [
        ("C", "before", "A", "C A(A1 A2(A21)) B"),
        ("C", "after", "A", "A(A1 A2(A21)) C B"),
        ("C", "child", "A", "A(A1 A2(A21) C) B"),
        ("C", "child", "B", "A(A1 A2(A21)) B(C)"),
        ("A", "after", "B", "B A(A1 A2(A21)) C"),
        ("A", "child", "C", "B C(A(A1 A2(A21)))"),
        ("A2", "before", "A1", "A(A2(A21) A1) B C"),
        ("A2", "after", "A", "A(A1) A2(A21) B C"),
        ("A21", "child", 0, "A(A1 A2) B C A21"),
        ("A21", "child", "0", "A(A1 A2) B C A21"),
        ("A1", "child", "A", "A(A2(A21) A1) B C"),
        ("B", "up", "A", "B A(A1 A2(A21)) C"),
        ("B", "down", "C", "A(A1 A2(A21)) C B"),
        ("B", "up", "A2", "A(A1 B A2(A21)) C"),
        ("B", "up", None, "B A(A1 A2(A21)) C"),
        ("B", "down", None, "A(A1 A2(A21)) C B"),
        ("B", "up", "B", "B A(A1 A2(A21)) C"),
        ("A", "up", None, START),
        ("C", "down", None, START),
        ("A21", "up", None, START),
        ("B", "after", "A", START),
        ("B", "before", "C", START),
    ],
)
def test_every_mode(chart: Chart, ids: dict[str, int], row: str, mode: str, target: Any, expected: str) -> None:
    body = {"operation": "move", "mode": mode, "target": ids.get(target, target)}
    assert chart.put(f"/tasks/{ids[row]}", body) == {"id": ids[row]}
    assert chart.status == 200
    assert chart.outline() == outline(expected)


@pytest.mark.parametrize("mode", ["up", "down"])
def test_up_and_down_need_no_target_key(chart: Chart, ids: dict[str, int], mode: str) -> None:
    chart.put(f"/tasks/{ids['B']}", {"operation": "move", "mode": mode})
    assert chart.status == 200


@pytest.mark.parametrize(
    ("row", "mode", "target"),
    [("A", "child", "A"), ("A", "before", "A"), ("A", "after", "A"), ("A", "child", "A2"), ("A", "child", "A21"),
     ("A", "before", "A1"), ("A", "after", "A21"), ("A", "up", "A21"), ("A2", "down", "A21")],
)  # fmt: skip
def test_a_move_into_itself_is_409(chart: Chart, ids: dict[str, int], row: str, mode: str, target: str) -> None:
    answer = chart.put(f"/tasks/{ids[row]}", {"operation": "move", "mode": mode, "target": ids[target]})
    assert chart.status == 409
    assert str(ids[row]) in answer["error"]
    assert chart.outline() == outline(START)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"mode": "inside", "target": 1}, 400),
        ({"target": 1}, 400),
        ({"mode": None, "target": 1}, 400),
        ({"mode": 5, "target": 1}, 400),
        ({"mode": "after"}, 400),
        ({"mode": "before", "target": None}, 400),
        ({"mode": "child"}, 400),
        ({"mode": "after", "target": 0}, 404),
        ({"mode": "after", "target": 999999}, 404),
        ({"mode": "up", "target": 999999}, 404),
        ({"mode": "after", "target": "x"}, 404),
        ({"mode": "after", "target": 2**63}, 404),
        ({"mode": "after", "target": [1]}, 400),
        ({"mode": "after", "target": False}, 400),
        ({"mode": "after", "target": 1.5}, 400),
    ],
)
def test_it_refuses_bad_bodies(chart: Chart, ids: dict[str, int], body: dict[str, Any], status: int) -> None:
    answer = chart.put(f"/tasks/{ids['B']}", {"operation": "move", **body})
    assert (chart.status, list(answer)) == (status, ["error"])
    assert chart.outline() == outline(START)


def test_a_wrong_mode_is_told_all_that_there_are(chart: Chart, ids: dict[str, int]) -> None:
    answer = chart.put(f"/tasks/{ids['B']}", {"operation": "move", "mode": "UP", "target": ids["A"]})
    assert answer == {"error": "mode must be before, after, child, up or down, not 'UP'"}


def test_an_unknown_row_is_404(chart: Chart, ids: dict[str, int]) -> None:
    chart.put("/tasks/999999", {"operation": "move", "mode": "after", "target": ids["A"]})
    assert chart.status == 404


def test_numbers_as_text_are_no_other_rows(chart: Chart, ids: dict[str, int]) -> None:
    chart.put(f"/tasks/{ids['C']}", {"operation": "move", "mode": "before", "target": str(ids["A"])})
    assert chart.outline() == outline("C A(A1 A2(A21)) B")


def test_the_branch_keeps_its_own_order_and_links(chart: Chart, ids: dict[str, int]) -> None:
    chart.link(ids["A1"], ids["A21"])
    chart.link(ids["B"], ids["A1"])
    chart.put(f"/tasks/{ids['A']}", {"operation": "move", "mode": "child", "target": ids["C"]})
    assert len(chart.get("/links")) == 2
    assert chart.outline() == outline("B C(A(A1 A2(A21)))")


@pytest.mark.parametrize("siblings", [5, 300])
def test_a_move_writes_one_row_however_many_siblings(
    chart: Chart, plan: Project, siblings: int, django_assert_num_queries: Any
) -> None:
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, position=number << 20) for number in range(siblings)
    )
    rows = [row for row, _ in chart.tree()]
    before = dict(Task.objects.values_list("id", "position"))
    # token, project; savepoint, lock, task, place, update, journal, release
    with django_assert_num_queries(9):
        chart.put(f"/tasks/{rows[-1]}", {"operation": "move", "mode": "after", "target": rows[1]})
    after = dict(Task.objects.values_list("id", "position"))
    assert [row for row in rows if before[row] != after[row]] == [rows[-1]]


def test_a_full_gap_renumbers_one_parent_in_one_statement(
    chart: Chart, plan: Project, django_assert_num_queries: Any
) -> None:
    other, top = chart.add("other"), chart.add("top")
    inside = chart.add("inside", other)
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, parent_id=top, position=number, text=str(number))
        for number in range(50)
    )
    rows = [row["id"] for row in chart.get(f"/tasks/{top}")]
    # Two more than usual: the renumbering, and the place again.
    with django_assert_num_queries(11):
        chart.put(f"/tasks/{rows[-1]}", {"operation": "move", "mode": "after", "target": rows[0]})
    assert [row["text"] for row in chart.get(f"/tasks/{top}")] == ["0", "49", *(str(n) for n in range(1, 49))]
    positions = sorted(Task.objects.filter(parent=top).values_list("position", flat=True))
    assert min(high - low for low, high in pairwise(positions)) >= 1 << 19
    assert Task.objects.get(pk=inside).position == 0


def test_equal_positions_keep_the_order_that_was_seen(chart: Chart, plan: Project) -> None:
    """No writer here makes them, but a database may hold some."""
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, position=7, text=str(number)) for number in range(4)
    )
    rows = [row for row, _ in chart.tree()]
    chart.put(f"/tasks/{rows[3]}", {"operation": "move", "mode": "after", "target": rows[0]})
    assert [row["text"] for row in chart.get("/tasks")] == ["0", "3", "1", "2"]
    chart.put(f"/tasks/{rows[2]}", {"operation": "move", "mode": "before", "target": rows[0]})
    assert [row["text"] for row in chart.get("/tasks")] == ["2", "0", "3", "1"]


def test_the_journal_names_the_place(chart: Chart, ids: dict[str, int]) -> None:
    chart.put(f"/tasks/{ids['B']}", {"operation": "move", "mode": "child", "target": ids["A"]})
    entry = JournalEntry.objects.get(object_type="gantt.task", verb="move")
    assert entry.changes == {"parent": [None, ids["A"]], "place": [None, f"child {ids['A']}"]}
