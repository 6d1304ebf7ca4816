"""The values of a task against its flow: required, types, options and limits are checked, values brought into form.

    String, Address, PhoneNumber, URL   text (numbers become text)
    Numeric, Currency                   number (numeric text becomes a number)
    Date, Datetime, Time                `Y-m-d`, `Y-m-dTH:i:s+00:00`, `H:i` or `H:i:s`
    Geolocation                         `"lat,lng"`, digit for digit
    select                              array of options; a single option may come as text
    list, bill                          array
    timer                               seconds
    photo                               `<id>_<n>_url`, n from 0
    signature                           `<id>_url`

Keys that the flow does not know are kept as they are. Everything here is plain data, without models.
"""

import re
from collections.abc import Callable
from typing import Any

from core.api.errors import Invalid
from flows.fields.vocabulary import COUNTED, DISPLAY_KEYS, FORBIDDEN_KEYS, INITIAL_PAGE, SHOW_AS, components_of, kind_of
from hubs.formats import coordinate_read, date_read, datetime_read, number_read, seconds, time_read

_NOTHING: tuple = (None, "", [], {})


def values_clean(pages: list[dict], values: dict[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The values to store of a task whose flow has these pages.

    `values` is the request's body without the task's own keys (flow, hubId, startTime ...); reserved keys that are
    still in it are dropped. Components of the initial page that are left out take their default, else 0 (Numeric),
    None (select) or nothing; with `partial` only the keys given are checked and answered. A value given empty becomes
    0 (Numeric) or None. Raises Invalid with the first rule that fails, as in `The field1 field is required.`
    """
    clean = {key: value for key, value in values.items() if key not in FORBIDDEN_KEYS}
    _display_check(clean, skip={component["id"] for component in components_of(pages)})
    initial = {component["id"] for component in components_of(pages, page=INITIAL_PAGE)}
    shown = visible_ids(pages, values)
    for component in components_of(pages):
        if partial and not _given(component, values):
            continue
        needed = component["id"] in initial and component["id"] in shown
        clean.update(_component_read(component, values, needed=needed, fill=component["id"] in initial))
    return clean


def shown_as(pages: list[dict], values: dict[str, Any]) -> dict[str, Any]:
    """What a task shows: `title`, `content`, `label` and `expectedCoordinate`, from values already clean.

    A key comes from the value posted under that very name, else from the first filled component with that `showAs`.
    A label made of a select is an array, the others are text. Keys without a value are left out.
    """
    shown = {key: _shown(key, values[key]) for key in SHOW_AS if values.get(key) not in _NOTHING}
    for component in components_of(pages):
        key, value = component.get("showAs"), values.get(component["id"])
        if key in SHOW_AS and key not in shown and value not in _NOTHING:
            shown[key] = _shown(key, value)
    return shown


def visible_ids(pages: list[dict], values: dict[str, Any]) -> set[str]:
    """Ids of the components that a form shows for these values: nobody can be asked for a hidden one."""
    visible = {component["id"] for component in components_of(pages) if component.get("visible") is not False}
    for component in components_of(pages):
        if component["component"] != "select":
            continue
        chosen = _chosen(values.get(component["id"], component.get("default")))
        for rule in component.get("onSelect") or []:
            if chosen & set(map(str, rule.get("options") or [])):
                affected = set(map(str, rule.get("componentAffected") or []))
                visible = visible - affected if rule.get("action") == "hide" else visible | affected
    return visible


def value_read(kind: str, value: Any, field: str) -> Any:
    """One value in the form of its kind (see `kind_of`); kinds without a rule keep what comes."""
    reader = _READERS.get(kind, text_read if kind not in _FREE else _as_it_comes)
    return reader(value, field)


def text_read(value: Any, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid(f"The {field} must be a string.", field=field)
    return str(value)


def select_read(component: dict, value: Any, field: str) -> list[str]:
    """The chosen options as an array; each must be on offer, once, and their number within min and max."""
    given = value if isinstance(value, list) else [value]
    chosen = [text_read(option, field) for option in given]
    if set(chosen) - set(component.get("options") or []) or len(set(chosen)) != len(chosen):
        raise Invalid(f"The selected {field} is invalid.", field=field)
    _count_check(component, len(chosen), field)
    return chosen


def bound(component: dict, key: str) -> float | None:
    """`min` or `max` of a component; the vendor writes them as numbers or numeric text, empty for none."""
    value = component.get(key)
    return None if value in (None, "") else float(value)


def _component_read(component: dict, values: dict, *, needed: bool, fill: bool) -> dict[str, Any]:
    key, kind = component["id"], kind_of(component)
    if kind in _MEDIA:
        return _media_read(component, values, needed=needed)
    if kind == "view":
        return {}
    value = values[key] if key in values else component.get("default") if fill else None
    if value in _NOTHING:
        if needed and _demanded(component):
            raise Invalid(f"The {key} field is required.", field=key)
        return {key: _UNSET.get(kind)} if key in values or (fill and kind in _UNSET) else {}
    return {key: select_read(component, value, key) if kind == "select" else value_read(kind, value, key)}


def _media_read(component: dict, values: dict, *, needed: bool) -> dict[str, Any]:
    key = component["id"]
    given = list(filter(link_pattern(component).fullmatch, values))
    links = [name for name in given if values[name] not in _NOTHING]
    for name in links:
        if not isinstance(values[name], str):
            raise Invalid(f"The {name} must be a string.", field=name)
    if not links and needed and _demanded(component):
        raise Invalid(f"The {key} field is required.", field=key)
    if links and component["component"] in COUNTED:
        _count_check(component, len(links), key)
    return {name: None for name in given if name not in links}


def _demanded(component: dict) -> bool:
    counted = component["component"] in COUNTED and (bound(component, "min") or 0) > 0
    return counted or bool(component.get("required"))


def _display_check(values: dict, *, skip: set[str]) -> None:
    """Clients post title, content and label to any flow; a label comes as a list, too. Components say it themselves."""
    for key in set(DISPLAY_KEYS) - skip:
        value = values.get(key)
        for part in value if isinstance(value, list) and key == "label" else [value]:
            if part is not None:
                text_read(part, key)


def _given(component: dict, values: dict) -> bool:
    if kind_of(component) in _MEDIA:
        return any(link_pattern(component).fullmatch(name) for name in values)
    return component["id"] in values


def holds(component: dict, key: str) -> bool:
    """Whether `key` of a task is the component's: its value, or a link to a photo or signature."""
    return key == component["id"] or (kind_of(component) in _MEDIA and bool(link_pattern(component).fullmatch(key)))


def link_pattern(component: dict) -> re.Pattern:
    """The keys under which a task holds the links of a photo or signature component."""
    number = "_[0-9]+" if component["component"] == "photo" else ""
    return re.compile(re.escape(component["id"]) + number + "_url")


def _count_check(component: dict, count: int, field: str) -> None:
    least, most = bound(component, "min"), bound(component, "max")
    if least is not None and count < least:
        raise Invalid(f"The {field} must have at least {least:g} items.", field=field)
    if most is not None and count > most:
        raise Invalid(f"The {field} may not have more than {most:g} items.", field=field)


def _chosen(value: Any) -> set[str]:
    return {str(item) for item in (value if isinstance(value, list) else [value]) if item not in _NOTHING}


def _shown(key: str, value: Any) -> str | list:
    if isinstance(value, list):
        return value if key == "label" else ", ".join(map(str, value))
    return str(value)


def _array_read(value: Any, field: str) -> list:
    if not isinstance(value, list):
        raise Invalid(f"The {field} must be an array.", field=field)
    return value


def _moment_read(value: Any, field: str) -> str:
    return seconds(datetime_read(value, field))


def _as_it_comes(value: Any, field: str) -> Any:
    return value


_MEDIA = {"photo", "signature"}
# An unset number is stored as 0, an unset select as null, anything else not at all.
_UNSET: dict[str, int | None] = {"numeric": 0, "select": None}
_FREE = {"capture", "view", "photo", "signature"}
_READERS: dict[str, Callable[[Any, str], Any]] = {
    "numeric": number_read,
    "date": date_read,
    "datetime": _moment_read,
    "time": time_read,
    "geolocation": coordinate_read,
    "list": _array_read,
    "bill": _array_read,
    "timer": number_read,
}
