"""Working time of a project as a straight axis of seconds.

Scheduling is easier without weekends: `WorkingCalendar.offset` maps a wall-clock moment to the number of working
seconds before it, `start_at` and `end_at` map such a number back. Links, lags and slack are then plain integers.

One number stands for two moments wherever work pauses: Friday's end and Monday's beginning lie equally far along the
axis. A start takes the later of the two, an end the earlier.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

DAY_SECONDS = 86_400
WORKING_WEEK = (0, 1, 2, 3, 4)


class CalendarError(ValueError):
    """A calendar without working time, or a moment that no calendar reaches."""


class WorkingCalendar:
    """Weekdays (0 = Monday) with working time, days off, and the hours that are worked on a working day.

    `hours` are (from, to) times of one day in order, `time(0)` as the end meaning midnight; none given: the whole day,
    so that a day's work is a calendar day, as the chart counts it.
    """

    def __init__(
        self,
        weekdays: Iterable[int] = WORKING_WEEK,
        holidays: Iterable[date] = (),
        hours: Iterable[tuple[time, time]] = (),
    ) -> None:
        self._weekdays = sorted(set(weekdays))
        if not self._weekdays or not set(self._weekdays) <= set(range(7)):
            raise CalendarError("A calendar needs at least one working weekday, 0 (Monday) to 6 (Sunday).")
        self._before = [sum(1 for worked in self._weekdays if worked < day) for day in range(7)]
        self._shifts = _shifts(hours)
        self.day_length = sum(end - start for start, end in self._shifts)
        off = sorted({day for day in holidays if day.weekday() in set(self._weekdays)})
        self._holidays = frozenset(off)
        self._off_ordinals = [day.toordinal() for day in off]
        # Index of the first working day after the n-th holiday: lets a bisection undo the holidays of a day number.
        self._off_index = [self._weekday_count(day) - nth for nth, day in enumerate(off)]

    @classmethod
    def of_settings(
        cls, working_days: Sequence[int], holidays: Sequence[str] = (), working_hours: Sequence[Sequence[str]] = ()
    ) -> WorkingCalendar:
        """From a project's settings: ISO weekdays, dates and clock times as text. Raises CalendarError."""
        if not all(type(day) is int and 1 <= day <= 7 for day in working_days) or not working_days:
            raise CalendarError("working_days must be weekdays from 1 (Monday) to 7, at least one.")
        try:
            off = [date.fromisoformat(day) for day in holidays]
        except (TypeError, ValueError) as error:
            raise CalendarError("holidays must be dates such as 2024-12-25.") from error
        try:
            hours = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in working_hours]
        except (TypeError, ValueError) as error:
            raise CalendarError('working_hours must be pairs such as ["09:00", "17:00"].') from error
        return cls([day - 1 for day in working_days], off, hours)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self._weekdays and day not in self._holidays

    def offset(self, moment: datetime) -> int:
        """Working seconds between the first day of the calendar and `moment`."""
        day = moment.date()
        passed = self._days_before(day) * self.day_length
        if not self.is_working_day(day):
            return passed
        clock = moment.hour * 3600 + moment.minute * 60 + moment.second
        return passed + sum(max(0, min(clock, end) - start) for start, end in self._shifts)

    def start_at(self, offset: int) -> datetime:
        """The latest moment with that offset: where work that starts there begins."""
        number, rest = divmod(offset, self.day_length)
        for start, end in self._shifts:
            if rest < end - start:
                return _moment(self._day(number), start + rest)
            rest -= end - start
        raise AssertionError("a remainder is always shorter than a day's work")

    def end_at(self, offset: int) -> datetime:
        """The earliest moment with that offset: where work that ends there is over."""
        number, rest = divmod(offset - 1, self.day_length)
        rest += 1
        for start, end in self._shifts:
            if rest <= end - start:
                return _moment(self._day(number), start + rest)
            rest -= end - start
        raise AssertionError("a remainder is never longer than a day's work")

    def days(self, seconds: int) -> float:
        """Working seconds as working days."""
        return round(seconds / self.day_length, 4)

    def seconds(self, days: float) -> int:
        return round(days * self.day_length)

    def _weekday_count(self, day: date) -> int:
        weeks, weekday = divmod(day.toordinal() - 1, 7)  # ordinal 1 is a Monday
        return weeks * len(self._weekdays) + self._before[weekday]

    def _days_before(self, day: date) -> int:
        return self._weekday_count(day) - bisect_right(self._off_ordinals, day.toordinal() - 1)

    def _day(self, number: int) -> date:
        """The working day before which `number` working days lie."""
        number += bisect_right(self._off_index, number)
        weeks, nth = divmod(number, len(self._weekdays))
        try:
            return date.fromordinal(weeks * 7 + self._weekdays[nth] + 1)
        except (ValueError, OverflowError) as error:
            raise CalendarError("The schedule leaves the years 1 to 9999.") from error


def _shifts(hours: Iterable[tuple[time, time]]) -> list[tuple[int, int]]:
    shifts = [(_clock(start), _clock(end) or DAY_SECONDS) for start, end in hours] or [(0, DAY_SECONDS)]
    edges = [edge for shift in shifts for edge in shift]
    if any(later <= earlier for earlier, later in zip(edges[::2], edges[1::2], strict=True)) or edges != sorted(edges):
        raise CalendarError("Working hours must be in order and must not overlap.")
    return shifts


def _clock(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _moment(day: date, seconds: int) -> datetime:
    try:
        return datetime.combine(day, time()) + timedelta(seconds=seconds)
    except OverflowError as error:
        raise CalendarError("The schedule leaves the years 1 to 9999.") from error
