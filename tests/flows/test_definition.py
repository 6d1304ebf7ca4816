from typing import Any

import pytest

from core.api.errors import Invalid
from flows.fields import RESERVED_KEYS, configurations_clean, pages_clean
from tests.flows.factories import component, pages

SELECT = {"component": "select", "id": "paket", "type": "dropdown", "title": "Paket", "options": ["A", "B"]}


def test_the_vendors_example_passes() -> None:
    example = [
        {"id": "page0", "enabled": True, "components": [
            {"component": "input", "id": "customerName", "type": "String", "default": None, "title": "Customer Name",
             "required": True, "visible": True, "routeAs": "VisitName", "showAs": "title", "preValue": None},
            {"component": "select", "id": "paket", "type": "dropdown", "title": "Paket", "options": ["A", "B"],
             "min": 0, "max": 1, "default": None, "onSelect": [], "visible": True, "routeAs": None, "showAs": None,
             "preValue": None, "required": False}]},
        {"id": "page1", "title": "Confirmation", "showTooltip": False, "components": [
            {"component": "view", "id": "nama", "type": "String", "title": "Nama", "value": "$customerName",
             "visible": True}]},
    ]  # fmt: skip
    assert pages_clean(example) == example


def test_there_are_66_reserved_keys() -> None:
    assert len(RESERVED_KEYS) == len(set(RESERVED_KEYS)) == 66


@pytest.mark.parametrize("key", ["title", "content", "label"])
def test_display_keys_may_be_components(key: str) -> None:
    assert pages_clean(pages(component(key)))[0]["components"][0]["id"] == key


@pytest.mark.parametrize("key", sorted(set(RESERVED_KEYS) - {"title", "content", "label"}))
def test_the_other_reserved_keys_may_not(key: str) -> None:
    with pytest.raises(Invalid, match=r"The pages\.0\.components\.0\.id field is a reserved key\."):
        pages_clean(pages(component(key)))


def test_both_spellings_of_type_and_required_are_accepted() -> None:
    mirrored = {"component": "input", "id": "n", "inputType": "number", "isRequired": True}
    assert pages_clean(pages(mirrored))[0]["components"] == [
        {"component": "input", "id": "n", "type": "number", "required": True}
    ]


def test_unknown_keys_of_pages_and_components_are_kept() -> None:
    kept = pages_clean([{"id": "page0", "colour": "red", "components": [component(tooltip={"a": 1})]}])
    assert (kept[0]["colour"], kept[0]["components"][0]["tooltip"]) == ("red", {"a": 1})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "The pages field is required."),
        ([], "The pages field is required."),
        ({}, "The pages field is required."),
        ("page0", "The pages must be an array."),
        ({"id": "page0"}, "The pages must be an array."),
        (["page0"], "The pages.0 must be an object."),
        ([{"components": []}], "The pages.0.id field is required."),
        ([{"id": 5, "components": []}], "The pages.0.id format is invalid."),
        ([{"id": "page0"}], "The pages.0.components field is required."),
        ([{"id": "page0", "components": {}}], "The pages.0.components must be an array."),
        ([{"id": "page0", "components": [], "enabled": "yes"}], "The pages.0.enabled field must be true or false."),
        ([{"id": "page1", "components": []}], "The pages field must contain page0."),
        ([{"id": "page0", "components": []}] * 2, "The pages field has a duplicate page id: page0."),
        (pages("x"), "The pages.0.components.0 must be an object."),
        (pages({"component": "input"}), "The pages.0.components.0.id field is required."),
        (pages({"id": "a"}), "The pages.0.components.0.component field is required."),
        (pages({"id": "a", "component": "slider"}), "The selected pages.0.components.0.component is invalid."),
        (pages({"id": "a", "component": ["input"]}), "The pages.0.components.0.component format is invalid."),
        (pages(component("a"), component("a")), "The pages field has a duplicate component id: a."),
        (pages(component("a"), worker=(component("a"),)), "The pages field has a duplicate component id: a."),
        (pages({"component": "photo", "id": "a"}, component("a_0_url")),
         "The pages field has a component id that a link of a uses."),
        (pages({"component": "signature", "id": "a"}, worker=(component("a_url"),)),
         "The pages field has a component id that a link of a uses."),
        (pages(component(required="yes")), "The pages.0.components.0.required field must be true or false."),
        (pages(component(title=5)), "The pages.0.components.0.title must be a string."),
        (pages(component(showAs=["title"])), "The pages.0.components.0.showAs must be a string."),
        (pages(component(kind=5)), "The pages.0.components.0.type must be a string."),
        (pages(SELECT | {"options": "A"}), "The pages.0.components.0.options must be an array."),
        (pages(SELECT | {"options": ["A", None]}), "The pages.0.components.0.options must be texts."),
        (pages(SELECT | {"options": ["A", " "]}), "The pages.0.components.0.options must be texts."),
        (pages(SELECT | {"options": ["A", "A"]}), "The pages.0.components.0.options field has a duplicate option: A."),
        (pages(SELECT | {"options": [1, "1"]}), "The pages.0.components.0.options field has a duplicate option: 1."),
        (pages(SELECT | {"min": "two"}), "The pages.0.components.0.min must be a number."),
        (pages(SELECT | {"max": -1}), "The pages.0.components.0.max must be between 0 and 1000."),
        (pages({"component": "photo", "id": "p", "min": 10**18}),
         "The pages.0.components.0.min must be between 0 and 1000."),
        (pages(SELECT | {"min": 3}), "The pages.0.components.0.min is greater than what can be chosen."),
        (pages(SELECT | {"min": 2, "max": 1}), "The pages.0.components.0.min is greater than what can be chosen."),
        (pages(SELECT | {"required": True, "options": []}),
         "The pages.0.components.0.min is greater than what can be chosen."),
        (pages(SELECT | {"default": "C"}), "The selected pages.0.components.0.default is invalid."),
        (pages(SELECT | {"default": ["A", "B"], "max": "1"}),
         "The pages.0.components.0.default may not have more than 1 items."),
        (pages(SELECT | {"onSelect": {}}), None),
        (pages(SELECT | {"onSelect": ["x"]}), "The pages.0.components.0.onSelect.0 must be an object."),
        (pages(SELECT | {"onSelect": [{"options": "A"}]}),
         "The pages.0.components.0.onSelect.0.options must be an array."),
        (pages(component(kind="Numeric", default="ten")), "The pages.0.components.0.default must be a number."),
        (pages(component(kind="number", default="ten")), "The pages.0.components.0.default must be a number."),
        (pages(component(kind="Geolocation", default="x")), "The pages.0.components.0.default must be a coordinate."),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_and_where(value: Any, message: str | None) -> None:
    if message is None:
        assert pages_clean(value)
        return
    with pytest.raises(Invalid) as caught:
        pages_clean(value)
    assert caught.value.message == message


def test_configurations_get_the_documented_hours() -> None:
    default = [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}]
    assert configurations_clean(None) == configurations_clean([]) == default
    source = {"id": "dataSource", "list": [{"typeId": "Y1", "fields": []}]}
    assert configurations_clean([source, {"id": "endTime", "adjustment": "48"}]) == [
        {"id": "startTime", "adjustment": 0}, source, {"id": "endTime", "adjustment": 48},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x", "The configurations must be an array."),
        ([5], "The configurations.0 must be an object."),
        ([{}], "The configurations.0.id field is required."),
        ([{"id": "startTime", "adjustment": "soon"}], "The configurations.0.adjustment must be a number."),
        ([{"id": "endTime", "adjustment": -1}], "The configurations.0.adjustment is out of range."),
        ([{"id": "startTime", "adjustment": 1e9}], "The configurations.0.adjustment is out of range."),
        ([{"id": "endTime"}] * 2, "The configurations field has a duplicate id: endTime."),
    ],
)
def test_it_refuses_bad_configurations(value: Any, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        configurations_clean(value)
    assert caught.value.message == message
