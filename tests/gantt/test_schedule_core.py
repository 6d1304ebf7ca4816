"""The scheduler's pure core: calendar, dates along links, slack, critical path."""

from __future__ import annotations

import time as clock
from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gantt.scheduling import Activity, CalendarError, Dependency, ScheduleError, WorkingCalendar, schedule

MONDAY = datetime(2024, 4, 1)
EVERY_DAY = WorkingCalendar(range(7))
WEEK = WorkingCalendar()
EXAMPLES = 60


def day(number: int) -> datetime:
    """The n-th day after Monday, 1 April 2024."""
    return MONDAY + timedelta(days=number)


def task(key: int, start: int, days: int = 1, parent: int | None = None, **more: bool) -> Activity:
    return Activity(key, parent, day(start), day(start + days), **more)


def dates(result, key: int) -> tuple[datetime, datetime]:
    placed = next(row for row in result.tasks if row.id == key)
    return placed.start, placed.end


def row(result, key: int):
    return next(placed for placed in result.tasks if placed.id == key)


class TestCalendar:
    def test_it_skips_weekends_and_holidays(self):
        calendar = WorkingCalendar(holidays=[date(2024, 4, 3)])
        assert calendar.days(calendar.offset(day(7)) - calendar.offset(day(0))) == 4

    def test_a_start_is_the_monday_and_an_end_the_friday_night(self):
        offset = WEEK.offset(day(5))
        assert WEEK.start_at(offset) == day(7)
        assert WEEK.end_at(offset) == day(5)

    def test_it_counts_working_hours_with_a_break(self):
        calendar = WorkingCalendar(hours=[(time(8), time(12)), (time(13), time(17))])
        assert calendar.day_length == 8 * 3600
        noon = calendar.offset(datetime(2024, 4, 1, 12, 30))
        assert calendar.start_at(noon) == datetime(2024, 4, 1, 13)
        assert calendar.end_at(noon) == datetime(2024, 4, 1, 12)

    def test_midnight_ends_a_day(self):
        assert WorkingCalendar(hours=[(time(18), time(0))]).day_length == 6 * 3600

    @pytest.mark.parametrize("weekdays", [[], [7], [-1, 0]])
    def test_it_refuses_a_week_without_working_days(self, weekdays):
        with pytest.raises(CalendarError):
            WorkingCalendar(weekdays)

    @pytest.mark.parametrize(
        "hours",
        [
            [(time(9), time(9))],
            [(time(13), time(17)), (time(8), time(12))],
            [(time(8), time(12)), (time(11), time(17))],
        ],
    )
    def test_it_refuses_hours_out_of_order(self, hours):
        with pytest.raises(CalendarError):
            WorkingCalendar(hours=hours)

    def test_it_refuses_to_leave_the_known_years(self):
        with pytest.raises(CalendarError):
            WEEK.start_at(WEEK.offset(datetime(9999, 12, 31)) + 30 * 86_400)

    @given(
        st.sets(st.integers(0, 6), min_size=1),
        st.sets(st.dates(date(2024, 1, 1), date(2024, 6, 1)), max_size=20),
        st.datetimes(datetime(2023, 12, 1), datetime(2024, 7, 1)),
        st.booleans(),
    )
    def test_offsets_and_moments_agree(self, weekdays, holidays, moment, office_hours):
        hours = [(time(9), time(12)), (time(13), time(17, 30))] if office_hours else []
        calendar = WorkingCalendar(weekdays, holidays, hours)
        offset = calendar.offset(moment)
        start, end = calendar.start_at(offset), calendar.end_at(offset)
        assert calendar.offset(start) == calendar.offset(end) == offset
        assert end <= moment <= start or (end <= start and start == moment.replace(microsecond=0))
        assert calendar.is_working_day(start.date())


class TestLinks:
    @pytest.mark.parametrize(
        ("type", "lag", "start"),
        [
            ("e2s", None, 3),
            ("e2s", 2, 5),
            ("e2s", -1, 2),
            ("s2s", 1, 1),
            ("e2e", None, 1),
            ("e2e", 1, 2),
            ("s2e", 4, 2),
        ],
    )
    def test_each_type_moves_its_target(self, type, lag, start):
        result = schedule([task(1, 0, 3), task(2, 0, 2)], [Dependency(9, 1, 2, type, lag)], EVERY_DAY)
        assert dates(result, 2) == (day(start), day(start + 2))
        assert row(result, 2).moved

    def test_a_flexible_link_leaves_a_later_task_alone(self):
        result = schedule([task(1, 0, 3), task(2, 10, 2)], [Dependency(9, 1, 2)], EVERY_DAY)
        assert dates(result, 2) == (day(10), day(12))

    def test_a_link_with_a_lag_pulls_a_later_task_to_its_offset(self):
        result = schedule([task(1, 0, 3), task(2, 10, 2)], [Dependency(9, 1, 2, "e2s", 0)], EVERY_DAY)
        assert dates(result, 2) == (day(3), day(5))

    def test_the_latest_of_several_links_decides(self):
        links = [Dependency(8, 1, 3, "e2s", 0), Dependency(9, 2, 3, "e2s", 0)]
        result = schedule([task(1, 0, 3), task(2, 0, 5), task(3, 0)], links, EVERY_DAY)
        assert dates(result, 3) == (day(5), day(6))

    def test_a_lag_counts_working_days(self):
        result = schedule([task(1, 3, 1), task(2, 0, 1)], [Dependency(9, 1, 2, "e2s", 2)], WEEK)
        assert dates(result, 2) == (day(8), day(9))  # Thursday's task, Friday and Monday between, Tuesday

    def test_a_task_keeps_its_working_days_over_a_weekend(self):
        result = schedule([task(1, 0, 3), task(2, 0, 4)], [Dependency(9, 1, 2)], WEEK)
        assert dates(result, 2) == (day(3), day(9))

    def test_a_task_on_a_weekend_moves_to_the_monday(self):
        assert dates(schedule([task(1, 5, 2)], [], WEEK), 1) == (day(7), day(9))

    def test_a_task_ending_after_a_weekend_is_left_as_drawn(self):
        assert not row(schedule([task(1, 4, 3)], [], WEEK), 1).moved

    def test_no_task_starts_before_the_project(self):
        assert dates(schedule([task(1, 0, 2)], [], WEEK, project_start=day(9)), 1) == (day(9), day(11))

    @pytest.mark.parametrize("lag", [1e308, 1e12])
    def test_a_lag_beyond_all_calendars_is_refused(self, lag):
        with pytest.raises(CalendarError):
            schedule([task(1, 0), task(2, 0)], [Dependency(9, 1, 2, "e2s", lag)], WEEK)

    def test_a_lead_beyond_all_calendars_demands_nothing(self):
        result = schedule([task(1, 0), task(2, 0)], [Dependency(9, 1, 2, "e2s", -1e308)], WEEK, project_start=day(0))
        assert dates(result, 2)[0] == day(0)

    def test_a_cycle_is_refused_naming_its_tasks(self):
        links = [Dependency(1, 1, 2), Dependency(2, 2, 3), Dependency(3, 3, 1)]
        with pytest.raises(ScheduleError, match=r"cycle through the tasks \d, \d, \d"):
            schedule([task(1, 0), task(2, 0), task(3, 0), task(4, 0)], links, WEEK)

    def test_a_cycle_through_a_summary_is_refused(self):
        links = [Dependency(1, 1, 3), Dependency(2, 3, 2)]
        with pytest.raises(ScheduleError):
            schedule([task(1, 0), task(2, 0, parent=1), task(3, 0)], links, WEEK)


class TestFixedTasks:
    def test_a_milestone_that_no_link_leads_to_stays_even_on_a_sunday(self):
        result = schedule([task(1, 6, 0, milestone=True)], [], WEEK, project_start=day(9))
        assert dates(result, 1) == (day(6), day(6))

    def test_a_linked_milestone_follows_its_predecessor(self):
        result = schedule([task(1, 0, 3), task(2, 0, 0, milestone=True)], [Dependency(9, 1, 2)], WEEK)
        assert dates(result, 2) == (day(3), day(3))

    @pytest.mark.parametrize("state", ["done", "pinned"])
    def test_it_stays_and_the_broken_link_is_reported(self, state):
        result = schedule([task(1, 0, 3), task(2, 1, 1, **{state: True})], [Dependency(9, 1, 2)], WEEK)
        assert dates(result, 2) == (day(1), day(2))
        (conflict,) = result.conflicts
        assert (conflict.link, conflict.source, conflict.target, conflict.days) == (9, 1, 2, 2.0)

    def test_a_done_task_is_never_critical(self):
        result = schedule([task(1, 0, 3, done=True), task(2, 3, 1)], [Dependency(9, 1, 2)], WEEK)
        assert (row(result, 1).critical, row(result, 2).critical) == (False, True)


class TestSlack:
    def test_the_longest_chain_is_critical_and_the_other_has_slack(self):
        rows = [task(1, 0, 2), task(2, 2, 4), task(3, 2, 1), task(4, 6, 1)]
        links = [Dependency(1, 1, 2), Dependency(2, 1, 3), Dependency(3, 2, 4), Dependency(4, 3, 4)]
        result = schedule(rows, links, EVERY_DAY)
        assert result.critical_path == [1, 2, 4]
        assert result.driving_links == [1, 3]
        assert (row(result, 3).total_slack, row(result, 3).free_slack) == (3, 3)

    def test_total_slack_is_shared_along_a_chain_and_free_slack_is_its_last(self):
        rows = [task(1, 0, 1), task(2, 1, 1), task(3, 0, 5)]
        result = schedule(rows, [Dependency(1, 1, 2)], EVERY_DAY)
        assert [(row(result, key).total_slack, row(result, key).free_slack) for key in (1, 2)] == [(3, 0), (3, 3)]

    def test_an_empty_project_has_no_dates(self):
        result = schedule([], [], WEEK)
        assert (result.tasks, result.start, result.end, result.critical_path) == ([], None, None, [])


class TestSummaries:
    def test_a_link_at_a_summary_waits_for_the_last_of_its_leaves(self):
        rows = [task(1, 0, 1), task(2, 0, 2, parent=1), task(3, 0, 5, parent=1), task(4, 0, 1)]
        result = schedule(rows, [Dependency(9, 1, 4)], EVERY_DAY)
        assert dates(result, 4) == (day(5), day(6))
        assert dates(result, 1) == (day(0), day(5))
        assert row(result, 1).summary

    def test_a_link_into_a_summary_moves_every_leaf(self):
        rows = [task(1, 0, 4), task(2, 0, 1), task(3, 0, 2, parent=2), task(4, 1, 2, parent=2)]
        result = schedule(rows, [Dependency(9, 1, 2)], EVERY_DAY)
        assert dates(result, 3)[0] == dates(result, 4)[0] == dates(result, 2)[0] == day(4)

    def test_an_end_link_into_a_summary_moves_its_last_leaf_only_when_none_reaches_so_far(self):
        rows = [task(1, 0, 6), task(2, 0, 1), task(3, 0, 2, parent=2), task(4, 0, 2, parent=2)]
        links = [Dependency(8, 1, 2, "e2e"), Dependency(9, 3, 4)]
        result = schedule(rows, links, EVERY_DAY)
        assert (dates(result, 3), dates(result, 4)) == ((day(0), day(2)), (day(4), day(6)))
        long = [rows[0], rows[1], task(3, 0, 9, parent=2), rows[3]]
        assert dates(schedule(long, links[:1], EVERY_DAY), 4) == (day(0), day(2))

    def test_a_summary_has_the_least_slack_of_its_leaves(self):
        rows = [task(1, 0, 1), task(2, 0, 2, parent=1), task(3, 0, 5, parent=1)]
        result = schedule(rows, [], EVERY_DAY)
        assert (row(result, 1).total_slack, row(result, 1).critical, row(result, 2).critical) == (0, True, False)


@st.composite
def projects(draw):
    """Up to 14 tasks in a random forest, links that never close a cycle, some tasks done or pinned, any calendar."""
    count = draw(st.integers(1, 14))
    rows = []
    for key in range(1, count + 1):
        parent = draw(st.sampled_from([None, *range(1, key)])) if key > 1 else None
        start, milestone = day(draw(st.integers(-10, 30))), draw(st.integers(0, 4)) == 0
        rows.append(
            Activity(
                key,
                parent,
                start,
                start if milestone else start + timedelta(days=draw(st.integers(0, 9))),
                milestone=milestone,
                done=draw(st.integers(0, 7)) == 0,
                pinned=draw(st.integers(0, 7)) == 0,
            )
        )
    rows = depth_first(rows)
    links = []
    for key in range(draw(st.integers(0, 12)) if count > 1 else 0):
        source, target = sorted(draw(st.permutations(range(1, count + 1)))[:2])
        if not related(rows, source, target):
            links.append(
                Dependency(
                    key,
                    source,
                    target,
                    draw(st.sampled_from(["e2s", "s2s", "e2e", "s2e"])),
                    draw(st.none() | st.integers(-3, 5)),
                )
            )
    calendar = WorkingCalendar(
        draw(st.sets(st.integers(0, 6), min_size=1)),
        [day(number).date() for number in draw(st.sets(st.integers(-20, 60), max_size=6))],
        draw(st.sampled_from([[], [(time(9), time(12)), (time(13), time(18))]])),
    )
    return rows, links, calendar, draw(st.none() | st.integers(-10, 40).map(day))


def depth_first(rows):
    children = defaultdict(list)
    for each in rows:
        children[each.parent].append(each)
    ordered, stack = [], list(reversed(children[None]))
    while stack:
        ordered.append(each := stack.pop())
        stack.extend(reversed(children[each.id]))
    return ordered


def related(rows, one, other):
    parents = {each.id: each.parent for each in rows}

    def line(key):
        while key is not None:
            yield key
            key = parents[key]

    return one in line(other) or other in line(one)


def holds(link, placed, calendar):
    source, target = placed[link.source], placed[link.target]
    edge = {"s": lambda row: calendar.offset(row.start), "e": lambda row: calendar.offset(row.end)}
    kind_from, kind_to = link.type.split("2")
    return edge[kind_to](target) >= edge[kind_from](source) + calendar.seconds(link.lag or 0)


def scheduled(case):
    rows, links, calendar, begin = case
    try:
        return schedule(rows, links, calendar, project_start=begin)
    except ScheduleError:  # two summaries whose leaves wait for each other
        return None


class TestProperties:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(projects())
    def test_every_link_holds_or_is_reported(self, case):
        rows, links, calendar, _ = case
        if (result := scheduled(case)) is None:
            return
        placed = {each.id: each for each in result.tasks}
        broken = {conflict.link for conflict in result.conflicts}
        fixed_rows = any(each.done or each.pinned for each in rows) or any(each.milestone for each in rows)
        assert fixed_rows or not broken
        for link in links:
            assert holds(link, placed, calendar) or link.id in broken

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(projects())
    def test_tasks_begin_in_working_time_and_keep_their_work(self, case):
        rows, _, calendar, begin = case
        if (result := scheduled(case)) is None:
            return
        before = {each.id: each for each in rows}
        for each in result.tasks:
            was = before[each.id]
            if each.summary or was.done or was.pinned or (was.milestone and not each.moved):
                continue
            assert calendar.start_at(calendar.offset(each.start)) == each.start
            assert begin is None or each.start >= begin
            drawn = calendar.offset(was.end) - calendar.offset(was.start)
            if drawn and not was.milestone:
                assert calendar.offset(each.end) - calendar.offset(each.start) == drawn

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(projects())
    def test_slack_is_never_negative_without_conflicts_and_zero_on_the_critical_path(self, case):
        if (result := scheduled(case)) is None or result.conflicts:
            return
        for each in result.tasks:
            assert each.total_slack >= each.free_slack >= 0 or each.summary
            assert each.total_slack >= 0
            assert not each.critical or each.total_slack == 0
        if any(not each.done for each in case[0]) and max((each.end for each in result.tasks), default=None) == max(
            (row.end for row in result.tasks if not row.summary and row.critical), default=None
        ):
            assert result.critical_path

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(projects())
    def test_scheduling_twice_changes_nothing_more(self, case):
        rows, links, calendar, begin = case
        if (result := scheduled(case)) is None:
            return
        placed = {each.id: each for each in result.tasks}
        again = schedule(
            [
                Activity(r.id, r.parent, placed[r.id].start, placed[r.id].end, r.milestone, r.done, r.pinned)
                for r in rows
            ],
            links,
            calendar,
            project_start=begin,
        )
        assert [(e.id, e.start, e.end) for e in again.tasks] == [(e.id, e.start, e.end) for e in result.tasks]
        assert not any(e.moved for e in again.tasks)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(projects(), st.integers(1, 5))
    def test_a_leaf_may_slip_by_its_total_slack_without_ending_the_project_later(self, case, slip):
        """A model check of slack: pin one task later, within its slack, and schedule again."""
        rows, links, calendar, begin = case
        if (result := scheduled(case)) is None or result.conflicts or any(link.lag is not None for link in links):
            return
        leaf = next((e for e in result.tasks if not e.summary and e.total_slack >= slip), None)
        if leaf is None or next(r for r in rows if r.id == leaf.id).done:
            return
        placed = {each.id: each for each in result.tasks}
        later = [
            Activity(r.id, r.parent, placed[r.id].start, placed[r.id].end, r.milestone, r.done, r.pinned) for r in rows
        ]
        nth = next(nth for nth, r in enumerate(later) if r.id == leaf.id)
        start = calendar.start_at(calendar.offset(leaf.start) + calendar.seconds(slip))
        end = calendar.end_at(calendar.offset(leaf.end) + calendar.seconds(slip)) if leaf.end > leaf.start else start
        later[nth] = Activity(leaf.id, later[nth].parent, start, end, later[nth].milestone, pinned=True)
        again = schedule(later, links, calendar, project_start=begin)
        assert calendar.offset(again.end) == calendar.offset(result.end)


@pytest.mark.parametrize("count", [20_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_many_tasks_take_seconds(count):
    """A chain of half of them below 2,000 nested summaries, the other half loose."""
    rows = [task(key, 0, 1, parent=key - 1 or None) for key in range(1, 2001)]
    rows += [task(key, 0, 1, parent=2000 if key % 2 else None) for key in range(2001, count + 1)]
    links = [Dependency(key, key, key + 2) for key in range(2001, count - 1, 2)]
    began = clock.process_time()
    result = schedule(depth_first(rows), links, WEEK)
    assert clock.process_time() - began < count / 5000
    assert len(result.critical_path) == len(links) + 1


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("test_every_link_holds_or_is_reported", []),
        ("test_tasks_begin_in_working_time_and_keep_their_work", []),
        ("test_slack_is_never_negative_without_conflicts_and_zero_on_the_critical_path", []),
        ("test_scheduling_twice_changes_nothing_more", []),
        ("test_a_leaf_may_slip_by_its_total_slack_without_ending_the_project_later", [st.integers(1, 5)]),
    ],
)
def test_the_properties_hold_for_thousands_of_projects(name, slip):
    inner = getattr(TestProperties, name).hypothesis.inner_test
    check = given(projects(), *slip)(inner)
    settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))(check)(TestProperties())
