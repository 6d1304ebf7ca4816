"""The tasks and links of a project as one graph that both scheduling passes walk.

A leaf is one node. A summary is two: one that stands before everything below it and hands on what links demand of its
start, and one that stands behind and knows the span of its leaves. So a link at a summary costs one edge, however many
leaves it has, and the graph stays linear in tasks plus links.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


class ScheduleError(ValueError):
    """The links leave no order in which the tasks could follow each other."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A task as the scheduler sees it. Parents come before their children in every sequence of activities.

    `done` and `pinned` tasks keep their dates whatever links ask: the one because it is history, the other because
    somebody fixed it by hand.
    """

    id: int
    parent: int | None
    start: datetime
    end: datetime
    milestone: bool = False
    done: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Dependency:
    """A link; `lag` in working days, None for a flexible one: the target may start at any later time, too."""

    id: int
    source: int
    target: int
    type: str = "e2s"
    lag: float | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between positions in the list of activities: `source`'s edge plus `lag` seconds bounds `target`'s edge."""

    id: int
    source: int
    target: int
    from_start: bool
    to_start: bool
    lag: int
    flexible: bool


class Network:
    """`order` holds node numbers: i for a leaf or the front of summary i, i + size for a summary's back.

    Tasks that keep their dates come first in it, as nothing moves them; a summary's back follows right after the last
    of its leaves, which `last_leaf` therefore names.
    """

    def __init__(self, activities: Sequence[Activity], ties: Sequence[Tie]) -> None:
        self.activities = activities
        self.size = len(activities)
        position = {activity.id: nth for nth, activity in enumerate(activities)}
        self.parent = [position.get(a.parent, -1) if a.parent is not None else -1 for a in activities]
        self.is_summary = [False] * self.size
        for parent in self.parent:
            if parent >= 0:
                self.is_summary[parent] = True
        self.incoming = _by(self.size, ties, "target")
        self.outgoing = _by(self.size, ties, "source")
        self.fixed = self._fixed()
        self.order = self._topological_order(self._edges(ties))
        self.last_leaf = self._last_leaves()

    def back(self, nth: int) -> int:
        return nth + self.size if self.is_summary[nth] else nth

    def _fixed(self) -> list[bool]:
        """Done, pinned, or a milestone that no link leads to: such a date was set, not derived."""
        linked, fixed = [False] * self.size, [False] * self.size
        for nth, activity in enumerate(self.activities):
            parent = self.parent[nth]
            linked[nth] = bool(self.incoming[nth]) or (parent >= 0 and linked[parent])
            free_milestone = activity.milestone and not linked[nth]
            fixed[nth] = not self.is_summary[nth] and (activity.done or activity.pinned or free_milestone)
        return fixed

    def _edges(self, ties: Iterable[Tie]) -> list[list[int]]:
        edges: list[list[int]] = [[] for _ in range(2 * self.size)]
        for nth, parent in enumerate(self.parent):
            if parent >= 0:
                edges[self.back(nth)].append(parent + self.size)
                if not self.fixed[nth]:
                    edges[parent].append(nth)
        for tie in ties:
            if not self.fixed[tie.target]:
                edges[self.back(tie.source)].append(tie.target)
        return edges

    def _topological_order(self, edges: list[list[int]]) -> list[int]:
        waiting_for = [0] * (2 * self.size)
        for targets in edges:
            for target in targets:
                waiting_for[target] += 1
        nodes = [nth for nth in range(self.size) if not waiting_for[nth]]
        ready = deque(sorted(nodes, key=lambda nth: not self.fixed[nth]))
        closing: list[int] = []
        order: list[int] = []
        while ready or closing:
            node = closing.pop() if closing else ready.popleft()
            order.append(node)
            for target in edges[node]:
                waiting_for[target] -= 1
                if not waiting_for[target]:
                    (closing if target >= self.size else ready).append(target)
        if len(order) < self.size + sum(self.is_summary):
            raise ScheduleError(self._cycle(edges, waiting_for))
        return order

    def _cycle(self, edges: list[list[int]], waiting_for: list[int]) -> str:
        """Names the tasks on one cycle: from any node left over, walk back until a node comes twice."""
        before = {target: node for node, targets in enumerate(edges) if waiting_for[node] for target in targets}
        node = next(node for node in before if waiting_for[node])
        seen: dict[int, None] = {}
        while node not in seen:
            seen[node] = None
            node = before[node]
        circle = list(seen)[list(seen).index(node) :]
        ids = dict.fromkeys(self.activities[node % self.size].id for node in reversed(circle))
        return f"Links and summaries close a cycle through the tasks {', '.join(map(str, list(ids)[:10]))}."

    def _last_leaves(self) -> list[int]:
        last = list(range(self.size))
        for node in self.order:
            nth = node % self.size
            if self.parent[nth] >= 0 and (node >= self.size or not self.is_summary[nth]):
                last[self.parent[nth]] = last[nth]
        return last


def _by(size: int, ties: Iterable[Tie], end: str) -> list[list[Tie]]:
    table: list[list[Tie]] = [[] for _ in range(size)]
    for tie in ties:
        table[getattr(tie, end)].append(tie)
    return table
