from datetime import UTC, datetime

import pytest

from core.api.errors import Invalid
from hubs import formats

MOMENT = datetime(2022, 11, 2, 7, 28, 23, 4000, tzinfo=UTC)


def test_the_vendors_output_formats() -> None:
    assert formats.seconds(MOMENT) == "2022-11-02T07:28:23+00:00"
    assert formats.micros(MOMENT) == "2022-11-02T07:28:23.004000Z"
    assert formats.plain(MOMENT) == "2022-11-02 07:28:23"
    assert formats.millis(MOMENT) == "2022-11-02T07:28:23.004+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "2022-11-02 07:28:23",
        "2022-11-02T07:28:23",
        "2022-11-02T07:28:23+00:00",
        "2022-11-02T14:28:23+07:00",
        "2022-11-02T07:28:23Z",
        "2022-11-02T07:28:23.000+00:00",
        "2022-11-02T07:28:23.000000Z",
        " 2022-11-02 07:28:23 ",
    ],
)
def test_every_input_format_is_one_moment(text: str) -> None:
    assert formats.datetime_read(text, "startTime") == datetime(2022, 11, 2, 7, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None, "", "tomorrow", "2022-11-02", "2022-13-02 07:28:23", "2022-11-02 25:00:00", "2022-11-02T07:28",
        1667374103, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "٢٠٢٢-11-02 07:28:23", [], True,
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_moment(value: object) -> None:
    with pytest.raises(Invalid, match=r"The startTime is not a valid date\."):
        formats.datetime_read(value, "startTime")


def test_dates_and_times() -> None:
    assert formats.date_read("2024-02-29", "day") == "2024-02-29"
    assert formats.date_read("2024-02-29T23:30:00-02:00", "day") == "2024-03-01"
    assert formats.time_read("08:00", "at") == "08:00"
    assert formats.time_read("23:59:59", "at") == "23:59:59"
    for bad in ("2023-02-29", "x", None, 5):
        with pytest.raises(Invalid, match="The day is not a valid date"):
            formats.date_read(bad, "day")
    for bad in ("24:00", "8:00", "08:60", None, 8):
        with pytest.raises(Invalid, match="The at is not a valid time"):
            formats.time_read(bad, "at")


@pytest.mark.parametrize(
    ("value", "number"), [(5, 5), ("5", 5), ("-5.50", -5.5), (2.5, 2.5), ("1e3", 1000.0), (" 7 ", 7), ("0", 0)]
)
def test_numbers_come_as_numbers_or_text(value: object, number: float) -> None:
    assert formats.number_read(value, "n") == number
    assert type(formats.number_read(value, "n")) is type(number)


@pytest.mark.parametrize("value", ["", "x", "1,5", "0x10", "٣", "1e999", "9" * 25, True, None, [], float("inf"), 2**63])
def test_it_refuses_what_is_no_number(value: object) -> None:
    with pytest.raises(Invalid, match=r"The n must be a number\."):
        formats.number_read(value, "n")


def test_coordinates_are_kept_digit_for_digit() -> None:
    assert formats.coordinate_read("-6.230815251,106.75684387", "field3") == "-6.230815251,106.75684387"
    assert formats.coordinate_read(" 90, -180 ", "field3") == "90, -180"


@pytest.mark.parametrize("value", ["", "1", "1,2,3", "a,b", "91,0", "0,181", ",", None, [1, 2], 5])
def test_it_refuses_what_is_no_coordinate(value: object) -> None:
    with pytest.raises(Invalid, match="The field3 must be"):
        formats.coordinate_read(value, "field3")


def test_names_are_trimmed_and_visible() -> None:
    assert formats.name_read("  Toko Maju ") == "Toko Maju"
    with pytest.raises(Invalid, match=r"The name field is required\."):
        formats.name_read("   ")
    for bad in ("a\nb", "a\x00b", "x" * 256, 5, ["x"], {"a": 1}):
        with pytest.raises(Invalid, match=r"The name format is invalid\."):
            formats.name_read(bad)
