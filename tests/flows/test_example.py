from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from flows.fields import configurations_clean, pages_clean, shown_as, task_example, times_default, values_clean
from tests.flows import strategies
from tests.flows.factories import component, pages

NOW = datetime(2024, 5, 15, 4, 26, tzinfo=UTC)


def example(definition: list[dict], configurations: Any = None, name: str = "Pickup") -> dict[str, Any]:
    return task_example(
        name=name, pages=pages_clean(definition), configurations=configurations_clean(configurations), hub_id="H1",
        now=NOW,
    )  # fmt: skip


def test_the_vendors_example() -> None:
    definition = pages(
        component("phone", "PhoneNumber"),
        component("point", "Geolocation", default="-6.97,107.63"),
        {"component": "select", "id": "kind", "options": ["Food", "Others"]},
        {"component": "view", "id": "hint"},
        worker=(component("later"),),
    )
    answer = example(definition)
    assert answer["flowName"] == "Pickup"
    assert [tuple(field.values())[:3] + tuple(field.values())[4:] for field in answer["flowFields"]] == [
        ("hubId", "String", True, "H1", None),
        ("flow", "String", True, "Pickup", None),
        ("startTime", "Datetime", True, "2024-05-15T04:26:00.000+00:00", None),
        ("endTime", "Datetime", True, "2024-05-16T04:26:00.000+00:00", None),
        ("phone", "PhoneNumber", False, "080000000000", None),
        ("point", "Geolocation", False, "-6.97,107.63", None),
        ("kind", "String", False, "Food", ["Food", "Others"]),
    ]
    assert answer["bodyRequest"] == {
        "hubId": "H1", "flow": "Pickup", "startTime": "2024-05-15T04:26:00.000+00:00",
        "endTime": "2024-05-16T04:26:00.000+00:00", "phone": "080000000000", "point": "-6.97,107.63", "kind": "Food",
    }  # fmt: skip
    assert set(answer["flowFields"][0]) == {"field", "type", "required", "description", "example", "format"}


def test_a_select_of_several_shows_an_array_and_photos_their_links() -> None:
    select = {"component": "select", "id": "kind", "options": ["A", "B", "C"], "min": "2"}
    photo = {"component": "photo", "id": "proof", "min": 2}
    body = example(pages(select, photo, {"component": "signature", "id": "sign"}))["bodyRequest"]
    assert body["kind"] == ["A", "B"]
    assert {"proof_0_url", "proof_1_url", "sign_url"} <= set(body)


@given(definition=strategies.flow_pages(), configurations=strategies.configurations)
@settings(max_examples=150, deadline=None)
def test_the_example_of_every_flow_passes_its_validation(definition: list[dict], configurations: Any) -> None:
    _example_passes(definition, configurations)


@pytest.mark.soak
@given(definition=strategies.flow_pages(), configurations=strategies.configurations)
@settings(max_examples=5_000, deadline=None)
def test_the_example_of_very_many_flows_passes_its_validation(definition: list[dict], configurations: Any) -> None:
    _example_passes(definition, configurations)


def _example_passes(definition: list[dict], configurations: Any) -> None:
    clean = pages_clean(definition)
    assert pages_clean(clean) == clean
    body = example(definition, configurations)["bodyRequest"]
    values = {key: value for key, value in body.items() if key not in {"hubId", "flow", "startTime", "endTime"}}
    stored = values_clean(clean, values)
    # What has been stored is a valid body itself, and the whole of it.
    assert values_clean(clean, stored) == stored
    assert values_clean(clean, values, partial=True).items() <= stored.items()
    assert all(value not in (None, "") for value in shown_as(clean, stored).values())


@pytest.mark.parametrize(
    ("configurations", "start", "end", "expected"),
    [
        (None, None, None, (0, 24)),
        ([{"id": "startTime", "adjustment": 2}, {"id": "endTime", "adjustment": 0.5}], None, None, (2, 2.5)),
        ([{"id": "startTime", "adjustment": -1}], None, None, (-1, 23)),
        (None, 10, None, (10, 34)),
        (None, None, 5, (0, 5)),
    ],
)
def test_default_times_follow_the_flow(configurations: Any, start: Any, end: Any, expected: tuple) -> None:
    given_times = {
        key: NOW + timedelta(hours=hours) for key, hours in (("start", start), ("end", end)) if hours is not None
    }
    times = times_default(configurations_clean(configurations), now=NOW, **given_times)
    assert times == tuple(NOW + timedelta(hours=hours) for hours in expected)
