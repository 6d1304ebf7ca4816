"""Order among siblings: whole numbers with gaps, so that a move writes one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

GAP = 1 << 20


def between(low: int | None, high: int | None) -> int | None:
    """A position between two neighbours (None: no neighbour on that side), or None when the gap is full."""
    if low is None:
        return GAP if high is None else high - GAP
    if high is None:
        return low + GAP
    middle = (low + high) // 2
    return middle if low < middle < high else None


def depth_first(children: Mapping[int | None, Sequence[Any]], top: int | None) -> Iterator[Any]:
    """
    The rows below `top`, parents first, from `{parent: rows in order}`; a row's id is its first item.

    A stack instead of recursion: a plan may be thousands of levels deep.
    """
    stack = list(reversed(children.get(top, ())))
    while stack:
        row = stack.pop()
        yield row
        below = children.get(row[0])
        if below:
            stack.extend(reversed(below))
