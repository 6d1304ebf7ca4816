"""Dates in and out, by the vendor's rules."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization
from core.api.errors import Invalid
from crm.api.dialect.dates import EARLIEST, LATEST, moment_parse, moment_text
from crm.models import TaskCategory
from tests.conftest import World
from tests.crm.conftest import Portal

MOSCOW, ATHENS = "Etc/GMT-3", "Europe/Athens"

VECTORS = [
    (MOSCOW, "2008-04-10T06-30-00.000Z", "2008-04-10T09:30:00.0000000+03:00"),
    (MOSCOW, "2008-04-10T06:30:00", "2008-04-10T06:30:00.0000000+03:00"),
    (MOSCOW, "2008-04-10", "2008-04-10T00:00:00.0000000+03:00"),
    (MOSCOW, "2014-12-29T00:00:00+00:00", "2014-12-29T03:00:00.0000000+03:00"),
    (MOSCOW, "2008-04-10T06:30:00.120Z", "2008-04-10T09:30:00.1200000+03:00"),
    ("UTC", "2008-04-10T06:30:00+02:00", "2008-04-10T04:30:00.0000000Z"),
    ("UTC", "2008-04-10T06-30-00.000Z", "2008-04-10T06:30:00.0000000Z"),
    ("UTC", "2008-04-10T06-30-00.1234567-11:30", "2008-04-10T18:00:00.1234560Z"),
    ("America/St_Johns", "2008-01-10T12:00:00Z", "2008-01-10T08:30:00.0000000-03:30"),
    # The offset is that of the moment: summer and winter differ.
    (ATHENS, "2024-07-01T00:00:00Z", "2024-07-01T03:00:00.0000000+03:00"),
    (ATHENS, "2024-12-01T00:00:00Z", "2024-12-01T02:00:00.0000000+02:00"),
    (ATHENS, "2024-07-01T12-00-00", "2024-07-01T12:00:00.0000000+03:00"),
]
REFUSED = [
    "10.04.2008", "2008-04", "now", "", " ", "2008-4-1", "2008-13-01", "2008-02-30", "0000-01-01", "0001-01-01",
    "9999-12-31T23:59:59Z", "2008-04-10T06:30", "2008-04-10 06:30:00", "2008-04-10T06:30-00", "2008-04-10T06:30:00.1Z",
    "2008-04-10T06:30:00.12Z", "2008-04-10T06:30:00.123456Z", "2008-04-10T06:30:00,123Z", "2008-04-10T24:00:00Z",
    "2008-04-10T06:30:61Z", "2008-04-10T06:30:00+3", "2008-04-10T06:30:00+0300", "2008-04-10T06:30:00+25:00",
    "2008-04-10Z", "2008-04-10t06:30:00Z", "２００８-04-10", "2008-04-10\n", "20080410",
]  # fmt: skip


@pytest.mark.parametrize(("zone", "text", "printed"), VECTORS)
def test_a_date_through_a_task(
    world: World, portal: Portal, category: TaskCategory, zone: str, text: str, printed: str
) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(time_zone=zone)
    for body in ({"deadline": text},):
        answer = portal.post("crm/task", title="t", categoryId=category.pk, **body)
        response = json.loads(answer.content)["response"]
        assert response["deadLine"] == printed
        later = json.loads(portal.get(f"crm/task/{response['id']}").content)["response"]["deadLine"]
        assert later == printed[:20] + "0000000" + printed[27:]


@pytest.mark.parametrize("text", REFUSED)
def test_any_other_date_is_refused_with_the_vendors_words(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        moment_parse(text, ZoneInfo("UTC"))
    assert refusal.value.message == f"invalid date time format: {text}"


def test_a_date_of_five_months_is_a_400_over_http(portal: Portal, category: TaskCategory) -> None:
    answer = portal.post("crm/task", title="t", categoryId=category.pk, deadline="2008-04")
    assert answer.status_code == 400
    assert json.loads(answer.content)["error"] == {
        "message": "invalid date time format: 2008-04", "hresult": -2147024809, "data": {},
    }  # fmt: skip


ZONES = st.sampled_from(
    ["UTC", MOSCOW, ATHENS, "Asia/Singapore", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)
MOMENTS = st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC))


@given(MOMENTS.filter(lambda moment: moment.year > 1950), ZONES)
def test_what_is_printed_is_read_back(moment: datetime, zone: str) -> None:
    assert moment_parse(moment_text(moment, ZoneInfo(zone)), ZoneInfo("UTC")) == moment


@given(MOMENTS, ZONES)
def test_every_stored_moment_can_be_printed_in_every_zone(moment: datetime, zone: str) -> None:
    printed: Any = moment_text(moment, ZoneInfo(zone))
    assert len(printed) in (28, 33)
