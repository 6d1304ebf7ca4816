"""`schedule`: the pure core that the project's schedule route and the admin stand on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .calendar import DAY_SECONDS, WorkingCalendar
from .network import Activity, Dependency, Network, Tie
from .passes import ALWAYS, NEVER, Backward, Forward, backward_pass, forward_pass

EARLIEST, LATEST = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001  (wall time has no zone)


# Days that lead out of every calendar, and still are a number that can be counted with.
FARTHEST = 10_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A scheduled task; `total_slack` working days until the project, `free_slack` until another task ends later."""

    id: int
    start: datetime
    end: datetime
    total_slack: float
    free_slack: float
    critical: bool
    moved: bool
    summary: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A link that a task with fixed dates breaks, and by how many working days."""

    link: int
    source: int
    target: int
    days: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """`critical_path`: ids of critical leaves by start. `driving_links`: links without play between two of them."""

    tasks: list[Placed]
    conflicts: list[Conflict]
    critical_path: list[int]
    driving_links: list[int]
    start: datetime | None
    end: datetime | None


def schedule(
    activities: Sequence[Activity],
    dependencies: Iterable[Dependency],
    calendar: WorkingCalendar,
    *,
    project_start: datetime | None = None,
) -> Schedule:
    """Earliest dates along the links, slack and the critical path; linear in tasks plus links.

    A task keeps its working time, not its calendar length. What no link and no day off concerns keeps its dates.
    Raises ScheduleError when links close a cycle, CalendarError when dates run out of the calendar.
    """
    position = {activity.id: nth for nth, activity in enumerate(activities)}
    links = list(dependencies)
    ties = [_tie(dependency, position, calendar) for dependency in links]
    net = Network(activities, ties)
    begins = [calendar.offset(activity.start) for activity in activities]
    ends = [begin + _work(net, nth, begin, calendar) for nth, begin in enumerate(begins)]
    floor = calendar.offset(project_start) if project_start else ALWAYS
    run = forward_pass(net, begins, ends, floor)
    back = backward_pass(net, run)
    placed = _placed(net, run, back, begins, calendar)
    critical = {task.id for task in placed if task.critical}
    leaves = [task for task in placed if not task.summary]
    return Schedule(
        tasks=placed,
        conflicts=_conflicts(net, run, ties, calendar),
        critical_path=[t.id for t in sorted(leaves, key=lambda task: task.start) if t.critical],
        driving_links=[
            d.id
            for d, tie in zip(links, ties, strict=True)
            if critical >= {d.source, d.target} and _play(net, run, tie) <= 0
        ],
        start=min((task.start for task in leaves), default=None),
        end=max((task.end for task in leaves), default=None),
    )


def _tie(dependency: Dependency, position: dict[int, int], calendar: WorkingCalendar) -> Tie:
    source_edge, _, target_edge = dependency.type.partition("2")
    return Tie(
        id=dependency.id,
        source=position[dependency.source],
        target=position[dependency.target],
        from_start=source_edge == "s",
        to_start=target_edge == "s",
        lag=calendar.seconds(max(-FARTHEST, min(FARTHEST, dependency.lag or 0))),
        flexible=dependency.lag is None,
    )


def _work(net: Network, nth: int, begin: int, calendar: WorkingCalendar) -> int:
    """Working seconds of a task; a movable one drawn wholly into days off has as many working days as calendar days."""
    activity = net.activities[nth]
    if activity.milestone or activity.end <= activity.start:
        return 0
    inside = calendar.offset(activity.end) - begin
    if inside or net.fixed[nth]:
        return inside
    return calendar.seconds((activity.end - activity.start).total_seconds() / DAY_SECONDS)


def _placed(net: Network, run: Forward, back: Backward, begins: list[int], calendar: WorkingCalendar) -> list[Placed]:
    dates = _dates(net, run, begins, calendar)
    total = _slack(net, back.latest, run.end)
    free = _slack(net, back.free, run.end)
    alive = _alive(net)
    return [
        Placed(
            id=activity.id,
            start=dates[nth][0],
            end=dates[nth][1],
            total_slack=calendar.days(total[nth]),
            free_slack=calendar.days(free[nth]),
            critical=alive[nth] and total[nth] <= 0,
            moved=dates[nth] != (activity.start, activity.end),
            summary=net.is_summary[nth],
        )
        for nth, activity in enumerate(net.activities)
    ]


def _dates(net: Network, run: Forward, begins: list[int], calendar: WorkingCalendar) -> list[tuple[datetime, datetime]]:
    """Leaves from their offsets, summaries as the span of their leaves (which come after them in the list)."""
    dates = [(LATEST, EARLIEST)] * net.size
    for nth in range(net.size - 1, -1, -1):
        if not net.is_summary[nth]:
            dates[nth] = _leaf_dates(net, run, nth, begins[nth], calendar)
        parent = net.parent[nth]
        if parent >= 0:
            dates[parent] = min(dates[parent][0], dates[nth][0]), max(dates[parent][1], dates[nth][1])
    return dates


def _leaf_dates(
    net: Network, run: Forward, nth: int, begin: int, calendar: WorkingCalendar
) -> tuple[datetime, datetime]:
    activity = net.activities[nth]
    stays = run.start[nth] == begin and calendar.start_at(begin) == activity.start
    if net.fixed[nth] or (stays and calendar.offset(activity.end) == run.end[nth]):
        return activity.start, activity.end
    start = calendar.start_at(run.start[nth])
    return start, calendar.end_at(run.end[nth]) if run.end[nth] > run.start[nth] else start


def _slack(net: Network, latest: list[int], end: list[int]) -> list[int]:
    """Play of each leaf; a done task has none left, a summary has the least of its open leaves."""
    slack = [0 if a.done else latest[nth] - end[nth] for nth, a in enumerate(net.activities)]
    least = [NEVER] * net.size
    alive = _alive(net)
    for nth in range(net.size - 1, -1, -1):
        if net.is_summary[nth]:
            slack[nth] = least[nth] if alive[nth] else 0
        parent = net.parent[nth]
        if parent >= 0 and alive[nth]:
            least[parent] = min(least[parent], slack[nth])
    return slack


def _alive(net: Network) -> list[bool]:
    """Leaves that are not done, and summaries with one of them below."""
    alive = [not net.is_summary[nth] and not a.done for nth, a in enumerate(net.activities)]
    for nth in range(net.size - 1, -1, -1):
        if net.parent[nth] >= 0 and alive[nth]:
            alive[net.parent[nth]] = True
    return alive


def _play(net: Network, run: Forward, tie: Tie) -> int:
    """Working seconds between what the link demands and where its target stands; negative when it is broken."""
    return (run.start if tie.to_start else run.end)[tie.target] - run.demand(tie)


def _conflicts(net: Network, run: Forward, ties: Sequence[Tie], calendar: WorkingCalendar) -> list[Conflict]:
    return [
        Conflict(tie.id, net.activities[tie.source].id, net.activities[tie.target].id, calendar.days(-play))
        for tie in ties
        if (play := _play(net, run, tie)) < 0
    ]
