"""Form fields for the components of a flow: a widget for each type, required marks, options and help."""

from collections.abc import Callable
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminExpandableTextareaWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from core.api.errors import Invalid
from flows.fields.values import bound
from flows.fields.vocabulary import INITIAL_PAGE, components_of, kind_of
from flows.models import Flow
from hubs.formats import datetime_read, seconds

# Fields of components are named apart from the task's own: any component id is allowed.
PREFIX = "value-"
# Filled by the worker's app, or shown only.
_NOT_TYPED = {"photo", "signature", "view"}


def value_fields(flow: Flow) -> dict[str, forms.Field]:
    """{field name: form field} for what a planner fills in: the visible components of the flow's first page."""
    components = components_of(flow.pages, page=INITIAL_PAGE)
    rules = [rule for item in components if item["component"] == "select" for rule in item.get("onSelect") or []]
    conditional = {str(key) for rule in rules for key in rule.get("componentAffected") or []}
    return {
        PREFIX + item["id"]: _field(item, sure=item["id"] not in conditional)
        for item in components
        if item.get("visible") is not False and kind_of(item) not in _NOT_TYPED
    }


def values_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """{component id: value} from the form, as an API caller would send them."""
    return {name.removeprefix(PREFIX): _plain(value) for name, value in cleaned.items() if name.startswith(PREFIX)}


def initial_of(field: forms.Field, value: Any) -> Any:
    """A stored value as its form field shows it; nothing where the flow has changed and the value does not fit."""
    if isinstance(field, forms.SplitDateTimeField):
        try:
            return datetime_read(value, "value")
        except Invalid:
            return None
    if type(field) is forms.ChoiceField and isinstance(value, list):
        return value[0] if value else None
    return value


def _field(component: dict[str, Any], *, sure: bool) -> forms.Field:
    kind = kind_of(component)
    make = _FIELDS.get(kind, _select if kind == "select" else _text)
    field = make(component)
    demanded = component.get("required") or (kind == "select" and (bound(component, "min") or 0) > 0)
    # What another answer may hide cannot be demanded by the form; the flow's own rule decides when it is sent.
    field.required = bool(demanded) and sure
    field.label = component.get("title") or component["id"]
    field.help_text = _help(component, kind)
    field.initial = initial_of(field, component.get("default"))
    return field


def _help(component: dict[str, Any], kind: str) -> str:
    shown = f"Shown as the task's {component['showAs']}." if component.get("showAs") else ""
    count = f"At most {bound(component, 'max'):g}." if kind == "select" and bound(component, "max") else ""
    hint = {"geolocation": "Latitude and longitude: -6.2308,106.7568", "list": "JSON.", "bill": "JSON."}.get(kind, "")
    return " ".join(part for part in (hint, count, shown) if part)


def _text(component: dict[str, Any]) -> forms.Field:
    return forms.CharField(widget=UnfoldAdminTextInputWidget)


def _select(component: dict[str, Any]) -> forms.Field:
    options = [(option, option) for option in component.get("options") or []]
    if bound(component, "max") == 1:
        return forms.ChoiceField(choices=[("", "---------"), *options], widget=UnfoldAdminSelectWidget)
    return forms.MultipleChoiceField(choices=options, widget=UnfoldAdminSelect2MultipleWidget)


def _number(component: dict[str, Any]) -> forms.Field:
    return forms.FloatField(widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}))


_FIELDS: dict[str, Callable[[dict[str, Any]], forms.Field]] = {
    "numeric": _number,
    "timer": _number,
    "date": lambda _: forms.DateField(widget=UnfoldAdminSingleDateWidget),
    "datetime": lambda _: forms.SplitDateTimeField(widget=UnfoldAdminSplitDateTimeWidget),
    "time": lambda _: forms.TimeField(widget=UnfoldAdminSingleTimeWidget),
    "url": lambda _: forms.URLField(widget=UnfoldAdminURLInputWidget, assume_scheme="https"),
    "list": lambda _: forms.JSONField(widget=UnfoldAdminExpandableTextareaWidget),
    "bill": lambda _: forms.JSONField(widget=UnfoldAdminExpandableTextareaWidget),
}


def _plain(value: Any) -> Any:
    if hasattr(value, "hour") and hasattr(value, "year"):
        return seconds(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
