"""Wall times in, and how start, end and duration follow from each other."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.api.errors import Invalid
from gantt.dates import Span, span_merge, wall_parse, whole_days

SINGAPORE = ZoneInfo("Asia/Singapore")


def day(number: int, hour: int = 0) -> datetime:
    return datetime(2024, 4, number, hour)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-04-02 00:00:00", day(2)),
        ("2024-04-02T09:00:00", day(2, 9)),
        ("2024-04-02 09:00", day(2, 9)),
        ("2024-04-02", day(2)),
        ("2024-04-02T01:00:00Z", day(2, 9)),
        ("2024-04-02T01:00:00.000Z", day(2, 9)),
        ("2024-04-02T03:00:00+02:00", day(2, 9)),
        ("2024-04-02 03:00:00+0200", day(2, 9)),
    ],
)
def test_it_reads_the_wire_form_and_its_relatives(text: str, expected: datetime) -> None:
    assert wall_parse(text, field="start", zone=SINGAPORE) == expected


@pytest.mark.parametrize(
    "value",
    [
        "", "tomorrow", "2024-13-01", "2024-02-30 00:00:00", "20240402", "2024-W14-2", "2024-04-02 25:00:00",
        "02.04.2024", "2024-04-02 00:00:00 UTC", "٢٠٢٤-04-02", "1066-01-01", "9999-12-31 23:59:59", 1712016000,
        True, [], {}, "2024-4-2",
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_date(value: object) -> None:
    with pytest.raises(Invalid) as error:
        wall_parse(value, field="end", zone=SINGAPORE)
    assert error.value.field == "end"
    assert "end" in error.value.message


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [(day(1), day(4), 3), (day(1), day(1), 0), (day(1), day(2, 12), 0), (day(1, 8), day(2, 8), 1), (None, None, 0)],
)
def test_duration_is_whole_days_or_nothing(start: datetime | None, end: datetime | None, days: int) -> None:
    assert whole_days(start, end) == days


OLD = Span(day(2), day(5))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, OLD),
        ({"start": day(3)}, Span(day(3), day(6))),
        ({"end": day(9)}, Span(day(2), day(9))),
        ({"duration": 1}, Span(day(2), day(3))),
        ({"duration": 0}, OLD),
        ({"duration": 1.5}, Span(day(2), day(3, 12))),
        ({"start": day(3), "end": day(4)}, Span(day(3), day(4))),
        ({"start": day(3), "end": day(4), "duration": 0}, Span(day(3), day(4))),
        ({"start": day(3), "end": day(4), "duration": 5}, Span(day(3), day(8))),
        ({"end": day(1), "duration": 2}, Span(day(2), day(4))),
        ({"start": day(3), "end": day(3)}, Span(day(3), day(3))),
    ],
)
def test_a_positive_duration_decides_over_the_end(sent: dict, expected: Span) -> None:
    assert span_merge(OLD, milestone=False, default_start=day(20), **sent) == expected


@pytest.mark.parametrize(
    "sent",
    [
        {"start": day(9), "end": day(8)},
        {"start": day(9), "end": day(8), "duration": 1},
        {"end": day(1)},
        {"duration": 1e9},
        {"duration": 1e300},
        {"duration": 70_000},
    ],
)
def test_it_refuses_an_end_before_the_start_and_ends_beyond_all_days(sent: dict) -> None:
    with pytest.raises(Invalid):
        span_merge(OLD, milestone=False, default_start=day(20), **sent)


def test_a_milestone_has_no_end() -> None:
    assert span_merge(OLD, milestone=True, end=day(9), duration=3, default_start=day(20)) == Span(day(2))


def test_what_was_a_milestone_takes_a_day() -> None:
    assert span_merge(Span(day(2)), milestone=False, default_start=day(20)) == Span(day(2), day(3))


def test_without_any_date_it_starts_where_it_is_told() -> None:
    assert span_merge(Span(), milestone=False, default_start=day(20)) == Span(day(20), day(21))
