"""Dates of the form 2025-08-19T14:53:42.424Z+0800."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc.api.dialect.dates import FALLBACK_ZONE, date_format, date_parse

SINGAPORE = ZoneInfo("Asia/Singapore")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-08-19T14:53:42.424Z+0800", "2025-08-19T06:53:42.424"),
        ("2025-08-19T14:53:42Z+0800", "2025-08-19T06:53:42"),
        ("2025-08-19T14:53:42.424Z 0800", "2025-08-19T06:53:42.424"),
        ("2025-08-19T06:53:42.424Z+0000", "2025-08-19T06:53:42.424"),
        ("2025-08-19T14:53:42.424Z", "2025-08-19T06:53:42.424"),
        ("2025-08-19T14:53:42.4Z+08:00", "2025-08-19T06:53:42.4"),
        ("2025-08-19T01:23:42.424Z-0530", "2025-08-19T06:53:42.424"),
        ("2025-08-19T14:53:42.424ZCST", "2025-08-19T06:53:42.424"),
        ("2025-08-19T14:53:42.424Z+9900", "2025-08-19T06:53:42.424"),
    ],
)
def test_it_reads_every_spelling_of_an_instant(text: str, instant: str) -> None:
    assert date_parse(text, SINGAPORE) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_date_without_offset_is_wall_time_of_the_given_zone() -> None:
    assert date_parse("2025-08-19T14:53:42.424Z", ZoneInfo("Europe/Berlin")).hour == 12


@pytest.mark.parametrize(
    "text",
    [
        "", "19.08.2025", "2025-08-19", "2025-08-19T14:53:42.424", "2025-13-19T14:53:42.424Z+0800",
        "2025-02-30T14:53:42Z+0800", "2025-08-19T24:00:00Z+0800", "2025-08-19T14:53:60Z+0800", "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z+0000", "9999-12-31T23:59:59Z-0800", "２０２５-08-19T14:53:42Z+0800", "1755586422424",
        "2025-08-19T14:53:42.4241Z+0800", " 2025-08-19T14:53:42Z+0800",
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        date_parse(text, SINGAPORE)


def test_it_writes_milliseconds_a_literal_z_and_the_offset() -> None:
    moment = datetime(2025, 8, 19, 6, 53, 42, 424999, tzinfo=UTC)
    assert date_format(moment, SINGAPORE) == "2025-08-19T14:53:42.424Z+0800"
    assert date_format(moment, UTC) == "2025-08-19T06:53:42.424Z+0000"
    assert date_format(moment.replace(microsecond=0), ZoneInfo("America/St_Johns")) == "2025-08-19T04:23:42.000Z-0230"


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9998, 12, 30)),
    st.sampled_from([UTC, SINGAPORE, FALLBACK_ZONE, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Kiritimati")]),
)
def test_what_it_writes_it_reads_back(naive: datetime, zone: ZoneInfo) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=naive.microsecond // 1000 * 1000)
    assert date_parse(date_format(moment, zone), UTC) == moment


@given(st.text(max_size=60))
def test_it_reads_or_refuses_any_text(text: str) -> None:
    with suppress(ValueError):
        assert date_parse(text, SINGAPORE).tzinfo is UTC
