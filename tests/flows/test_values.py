from typing import Any

import pytest

from core.api.errors import Invalid
from flows.fields import pages_clean, shown_as, values_clean
from tests.flows.factories import component, pages

SELECT = {"component": "select", "id": "kind", "options": ["A", "B", "C"]}
PHOTO = {"component": "photo", "id": "proof"}


def clean(definition: list[dict], values: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    return values_clean(pages_clean(definition), values, **kwargs)


def refusal(definition: list[dict], values: dict[str, Any], **kwargs: Any) -> str:
    with pytest.raises(Invalid) as caught:
        clean(definition, values, **kwargs)
    return caught.value.message


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("String", "Jack Ward", "Jack Ward"),
        ("string", 5, "5"),
        ("Whatever", 1.5, "1.5"),
        ("select", "A", "A"),
        ("photo", "A", "A"),
        (None, "A", "A"),
        ("Address", "Gambir Jakarta", "Gambir Jakarta"),
        ("PhoneNumber", 800, "800"),
        ("URL", "https://example.com", "https://example.com"),
        ("Numeric", "5", 5),
        ("number", 2.5, 2.5),
        ("Currency", "10000", 10000),
        ("Numeric", 0, 0),
        ("Date", "2024-05-15", "2024-05-15"),
        ("date", "2024-05-15 10:00:00", "2024-05-15"),
        ("Datetime", "2024-05-15T11:26:00+07:00", "2024-05-15T04:26:00+00:00"),
        ("Datetime", "2024-05-15 04:26:00", "2024-05-15T04:26:00+00:00"),
        ("Time", "08:00", "08:00"),
        ("Geolocation", "-6.230815251,106.75684387", "-6.230815251,106.75684387"),
    ],
)
def test_inputs_are_brought_into_form(kind: str, given: Any, stored: Any) -> None:
    value = clean(pages(component("x", kind)), {"x": given})["x"]
    assert value == stored
    assert type(value) is type(stored)


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("String", ["a"], "The x must be a string."),
        ("String", {"a": 1}, "The x must be a string."),
        ("String", True, "The x must be a string."),
        ("Numeric", "many", "The x must be a number."),
        ("number", [1], "The x must be a number."),
        ("Currency", True, "The x must be a number."),
        ("Date", "15.05.2024", "The x is not a valid date."),
        ("Datetime", "2024-05-15", "The x is not a valid date."),
        ("Time", "25:00", "The x is not a valid time."),
        ("Geolocation", "Jakarta", "The x must be a coordinate."),
        ("Geolocation", "95,0", "The x must be between -90 and 90."),
    ],
)
@pytest.mark.parametrize("partial", [False, True])
def test_wrong_values_are_refused(kind: str, given: Any, message: str, partial: bool) -> None:
    assert refusal(pages(component("x", kind)), {"x": given}, partial=partial) == message


@pytest.mark.parametrize("value", [None, "", [], {}])
@pytest.mark.parametrize("partial", [False, True])
def test_a_required_value_must_be_there(value: Any, partial: bool) -> None:
    definition = pages(component("field1", required=True))
    assert refusal(definition, {"field1": value}, partial=partial) == "The field1 field is required."


def test_a_missing_required_value_is_refused_unless_only_some_keys_change() -> None:
    definition = pages(component("field1", required=True), component("field2"))
    assert refusal(definition, {"field2": "x"}) == "The field1 field is required."
    assert clean(definition, {"field2": "x"}, partial=True) == {"field2": "x"}


def test_zero_fills_a_required_number() -> None:
    assert clean(pages(component("n", "Numeric", required=True)), {"n": 0}) == {"n": 0}


def test_missing_values_take_the_default_else_the_vendors_nothing() -> None:
    definition = pages(
        component("text"), component("other", default="Budi"), component("n", "Numeric"),
        component("m", "Numeric", default="7", required=True), SELECT, SELECT | {"id": "chosen", "default": "B"},
        worker=(component("later", default="x"), component("laterNumber", "Numeric")),
    )  # fmt: skip
    assert clean(definition, {}) == {"other": "Budi", "n": 0, "m": 7, "kind": None, "chosen": ["B"]}
    assert clean(definition, {}, partial=True) == {}


def test_an_empty_value_clears() -> None:
    definition = pages(component("text", default="Budi"), component("n", "Numeric"), SELECT)
    empty = {"text": "", "n": None, "kind": []}
    assert clean(definition, empty) == clean(definition, empty, partial=True) == {"text": None, "n": 0, "kind": None}


def test_unknown_keys_are_kept_and_reserved_ones_dropped() -> None:
    values = {"colour": {"deep": [1, 2]}, "x-ref": None, "status": "DONE", "hubId": "H1", "_id": "T1"}
    assert clean(pages(component()), values) == {"colour": {"deep": [1, 2]}, "x-ref": None}


@pytest.mark.parametrize(
    ("limits", "given", "stored"),
    [
        ({}, "A", ["A"]),
        ({}, ["A", "C"], ["A", "C"]),
        ({"min": "1", "max": "2"}, ["C", "B"], ["C", "B"]),
        ({"options": [1, 2]}, 1, ["1"]),
        ({"options": ["A, B", "C"]}, "A, B", ["A, B"]),
    ],
)
def test_selects_store_an_array(limits: dict, given: Any, stored: list[str]) -> None:
    assert clean(pages(SELECT | limits), {"kind": given}) == {"kind": stored}


@pytest.mark.parametrize(
    ("limits", "given", "message"),
    [
        ({}, "D", "The selected kind is invalid."),
        ({}, ["A", "A"], "The selected kind is invalid."),
        ({}, ["A", None], "The kind must be a string."),
        ({}, {"A": True}, "The kind must be a string."),
        ({}, [["A"]], "The kind must be a string."),
        ({"min": 2}, "A", "The kind must have at least 2 items."),
        ({"min": 1}, None, "The kind field is required."),
        ({"min": "1"}, [], "The kind field is required."),
        ({"max": "1"}, ["A", "B"], "The kind may not have more than 1 items."),
        ({"options": []}, "A", "The selected kind is invalid."),
    ],
)
def test_selects_take_only_options_within_their_limits(limits: dict, given: Any, message: str) -> None:
    assert refusal(pages(SELECT | limits), {"kind": given}) == message


def test_photos_are_counted_by_their_links() -> None:
    definition = pages(PHOTO | {"min": 1, "max": "2"})
    links = {f"proof_{n}_url": f"https://host/{n}.jpg" for n in range(3)}
    assert refusal(definition, {}) == "The proof field is required."
    assert refusal(definition, {"proof_x_url": "y"}) == "The proof field is required."
    assert refusal(definition, links) == "The proof may not have more than 2 items."
    assert refusal(definition, {"proof_0_url": 5}) == "The proof_0_url must be a string."
    del links["proof_2_url"]
    assert clean(definition, links | {"proof_0_path": "a"}) == links | {"proof_0_path": "a"}
    assert refusal(pages(PHOTO | {"required": True}), {"proof_0_url": ""}) == "The proof field is required."


def test_a_signature_is_one_link() -> None:
    definition = pages({"component": "signature", "id": "sign", "required": True})
    assert refusal(definition, {}) == "The sign field is required."
    assert clean(definition, {"sign_url": "https://host/s.png"}) == {"sign_url": "https://host/s.png"}


@pytest.mark.parametrize(
    ("kind", "good", "bad", "message"),
    [
        ("list", [{"title": "Roti"}], "Roti", "The x must be an array."),
        ("bill", [{"name": "Roti", "qty": 1}], {"name": "Roti"}, "The x must be an array."),
        ("timer", 60, "a minute", "The x must be a number."),
        ("voice", "https://host/v.m4a", ["v"], "The x must be a string."),
    ],
)
def test_other_components(kind: str, good: Any, bad: Any, message: str) -> None:
    definition = pages({"component": kind, "id": "x", "required": True})
    assert clean(definition, {"x": good}) == {"x": good}
    assert refusal(definition, {"x": bad}) == message
    assert refusal(definition, {}) == "The x field is required."


@pytest.mark.parametrize("value", [1, "text", {"a": [1]}, [None]])
def test_a_capture_keeps_whatever_comes(value: Any) -> None:
    assert clean(pages({"component": "capture", "id": "x"}), {"x": value}) == {"x": value}


def test_a_view_has_no_value() -> None:
    assert clean(pages({"component": "view", "id": "nama", "value": "$customerName"}), {}) == {}


def test_later_pages_are_checked_but_ask_for_nothing() -> None:
    definition = pages(component(), worker=(component("done", "Numeric", required=True),))
    assert clean(definition, {}) == {}
    assert clean(definition, {"done": "5"}) == {"done": 5}
    assert refusal(definition, {"done": "x"}) == "The done must be a number."


def test_nobody_is_asked_for_a_hidden_component() -> None:
    hidden = component("note", required=True, visible=False)
    assert clean(pages(hidden), {}) == {}
    rules = [
        {"options": ["A"], "action": "fill", "componentAffected": ["note"]},
        {"options": ["B"], "action": "hide", "componentAffected": ["name"]},
    ]
    definition = pages(SELECT | {"onSelect": rules}, hidden, component("name", required=True))
    assert refusal(definition, {"kind": "A", "name": "x"}) == "The note field is required."
    assert clean(definition, {"kind": "B"}) == {"kind": ["B"]}
    assert refusal(definition, {"kind": "C"}) == "The name field is required."


@pytest.mark.parametrize("rules", [5, "A", ["A"], {"options": 5}])
def test_only_selects_have_rules(rules: Any) -> None:
    assert clean(pages(component("a", onSelect=rules)), {"a": "x"}) == {"a": "x"}


def test_components_show_as_title_content_label_and_coordinate() -> None:
    definition = pages(
        component("empty", showAs="title"), component("name", showAs="title"), component("more", showAs="title"),
        component("address", "Address", showAs="content"), SELECT | {"showAs": "label"},
        component("point", "Geolocation", showAs="expectedCoordinate"), component("other", showAs="colour"),
    )  # fmt: skip
    values = {
        "name": "Toko Maju", "more": "no", "address": "Jl. Melati 8", "kind": ["A", "B"], "point": "1,2", "other": "x"
    }  # fmt: skip
    assert shown_as(definition, values) == {
        "title": "Toko Maju", "content": "Jl. Melati 8", "label": ["A", "B"], "expectedCoordinate": "1,2",
    }  # fmt: skip


def test_a_title_made_of_other_than_text_is_text() -> None:
    definition = pages(SELECT | {"showAs": "title"}, component("n", "Numeric", showAs="content"))
    assert shown_as(definition, {"kind": ["A", "B"], "n": 5}) == {"title": "A, B", "content": "5"}


def test_title_content_and_label_may_be_posted_directly() -> None:
    definition = pages(component(showAs="title"))
    values = clean(definition, {"field1": "Shown", "title": "Direct", "content": 5, "label": ["a", "b"]})
    assert shown_as(definition, values) == {"title": "Direct", "content": "5", "label": ["a", "b"]}
    for key, value in (("title", ["x"]), ("content", {}), ("label", {"a": 1}), ("label", [["x"]])):
        assert refusal(definition, {key: value}).startswith(f"The {key} must be a string")
