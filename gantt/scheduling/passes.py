"""The critical path method on the working-time axis: earliest dates forward, latest dates backward.

All numbers are working seconds; index n belongs to activity n of the network. For a summary they span its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .network import Network, Tie

NEVER, ALWAYS = 10**18, -(10**18)


@dataclass(slots=True)
class Forward:
    """Where every task lands. Starts as where it stands now."""

    start: list[int]
    end: list[int]
    demanded_start: list[int] = field(default_factory=list)
    demanded_end: list[int] = field(default_factory=list)

    def demand(self, tie: Tie) -> int:
        """The offset that the tie's target edge must not fall below."""
        return (self.start if tie.from_start else self.end)[tie.source] + tie.lag


def forward_pass(net: Network, start: list[int], end: list[int], floor: int) -> Forward:
    """Places every movable leaf at the later of its own start, `floor` and what its links demand.

    A link with a lag of its own is an offset rather than a limit: its target does not wait for its own start.
    """
    run = Forward(list(start), list(end), [ALWAYS] * net.size, [ALWAYS] * net.size)
    for nth in range(net.size):
        if net.is_summary[nth]:
            run.start[nth], run.end[nth] = NEVER, ALWAYS
    for node in net.order:
        nth = node % net.size
        if node < net.size:
            _collect_demands(net, run, nth)
            if not net.is_summary[nth] and not net.fixed[nth]:
                _place(net, run, nth, floor)
        if node == net.back(nth):
            _widen_parent(net, run, nth)
    return run


def _collect_demands(net: Network, run: Forward, nth: int) -> None:
    if net.fixed[nth]:
        return
    parent = net.parent[nth]
    earliest = run.demanded_start[parent] if parent >= 0 else ALWAYS
    latest = ALWAYS
    for tie in net.incoming[nth]:
        if tie.to_start:
            earliest = max(earliest, run.demand(tie))
        else:
            latest = max(latest, run.demand(tie))
    run.demanded_start[nth], run.demanded_end[nth] = earliest, latest


def _place(net: Network, run: Forward, nth: int, floor: int) -> None:
    work = run.end[nth] - run.start[nth]
    demanded_end = max(run.demanded_end[nth], _span_demand(net, run, nth))
    earliest = max(run.demanded_start[nth], demanded_end - work, floor)
    if all(tie.flexible for tie in net.incoming[nth]):
        earliest = max(earliest, run.start[nth])
    run.start[nth], run.end[nth] = earliest, earliest + work


def _span_demand(net: Network, run: Forward, nth: int) -> int:
    """What end-links into summaries ask of their last leaf: only what none of the leaves before it has fulfilled."""
    demanded, reached = ALWAYS, ALWAYS
    summary = net.parent[nth]
    while summary >= 0 and net.last_leaf[summary] == nth:
        reached = max(reached, run.end[summary])
        if run.demanded_end[summary] > reached:
            demanded = max(demanded, run.demanded_end[summary])
        summary = net.parent[summary]
    return demanded


def _widen_parent(net: Network, run: Forward, nth: int) -> None:
    parent = net.parent[nth]
    if parent >= 0:
        run.start[parent] = min(run.start[parent], run.start[nth])
        run.end[parent] = max(run.end[parent], run.end[nth])


@dataclass(slots=True)
class Backward:
    """How far every task may slip: `latest` end without moving the project's end, `free` end without moving another.

    `front_latest` and `front_free` are for summaries: how late a link may ask all leaves to start.
    """

    latest: list[int]
    free: list[int]
    front_latest: list[int]
    front_free: list[int]


def backward_pass(net: Network, run: Forward) -> Backward:
    horizon = max(run.end, default=0)
    size = net.size
    back = Backward([horizon] * size, [horizon] * size, [NEVER] * size, [NEVER] * size)
    first_leaf = _first_leaves(net, run)
    for nth in range(size):
        if net.fixed[nth] and not net.activities[nth].done:
            _narrow_front(net, back, nth, run.start[nth], run.start[nth])
    for node in reversed(net.order):
        nth = node % size
        if node == net.back(nth):
            _limit(net, run, back, nth, first_leaf[nth])
        if node < size and not net.fixed[nth]:
            if net.is_summary[nth]:
                _narrow_front(net, back, nth, back.front_latest[nth], back.front_free[nth])
            else:
                work = run.end[nth] - run.start[nth]
                _narrow_front(net, back, nth, back.latest[nth] - work, run.start[nth])
    return back


def _limit(net: Network, run: Forward, back: Backward, nth: int, first: int) -> None:
    parent = net.parent[nth]
    if parent >= 0:
        back.latest[nth] = min(back.latest[nth], back.latest[parent])
        back.free[nth] = min(back.free[nth], back.free[parent])
    for tie in net.outgoing[nth]:
        if net.activities[tie.target].done and net.fixed[tie.target]:
            continue
        latest, free = _room(net, run, back, tie)
        # A start-link of a summary binds the leaf that begins the span; an end-link binds all of them.
        bound = first if tie.from_start else nth
        work = run.end[bound] - run.start[bound] if tie.from_start else 0
        back.latest[bound] = min(back.latest[bound], latest - tie.lag + work)
        back.free[bound] = min(back.free[bound], free - tie.lag + work)


def _room(net: Network, run: Forward, back: Backward, tie: Tie) -> tuple[int, int]:
    """Latest and present offset of the tie's target edge."""
    target = tie.target
    now = (run.start if tie.to_start else run.end)[target]
    if net.fixed[target]:
        return now, now
    if not net.is_summary[target]:
        work = run.end[target] - run.start[target] if tie.to_start else 0
        return back.latest[target] - work, now
    if tie.to_start:
        return back.front_latest[target], back.front_free[target]
    return max(now, back.latest[net.last_leaf[target]]), now


def _narrow_front(net: Network, back: Backward, nth: int, latest: int, free: int) -> None:
    parent = net.parent[nth]
    if parent >= 0:
        back.front_latest[parent] = min(back.front_latest[parent], latest)
        back.front_free[parent] = min(back.front_free[parent], free)


def _first_leaves(net: Network, run: Forward) -> list[int]:
    first = [-1 if summary else nth for nth, summary in enumerate(net.is_summary)]
    for nth in range(net.size - 1, -1, -1):  # children come after their parents
        parent = net.parent[nth]
        if parent >= 0 and run.start[nth] == run.start[parent]:
            first[parent] = first[nth]
    return first
