"""Positions between neighbours, and the depth-first walk."""

import pytest

from gantt.ordering import GAP, between, depth_first


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (None, None, GAP), (None, 0, -GAP), (5, None, 5 + GAP), (0, 10, 5), (0, 2, 1), (0, 1, None), (3, 3, None),
        (-4, -2, -3),
    ],
)  # fmt: skip
def test_a_position_between_two_neighbours(low: int | None, high: int | None, expected: int | None) -> None:
    assert between(low, high) == expected


def test_a_gap_takes_twenty_rows_at_one_spot() -> None:
    low, high, count = 0, GAP, 0
    while (position := between(low, high)) is not None:
        high, count = position, count + 1
    assert count == 20


def test_rows_come_depth_first_and_parents_first() -> None:
    children = {None: [(1,), (2,)], 1: [(3,), (4,)], 3: [(5,)], 2: [(6,)]}
    assert [row[0] for row in depth_first(children, None)] == [1, 3, 5, 4, 2, 6]
    assert [row[0] for row in depth_first(children, 1)] == [3, 5, 4]
    assert list(depth_first(children, 6)) == []


def test_depth_needs_no_recursion() -> None:
    children = {number: [(number + 1,)] for number in range(1, 50_000)} | {None: [(1,)]}
    assert sum(1 for _ in depth_first(children, None)) == 50_000
