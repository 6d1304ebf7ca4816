"""What a flow may look like: pages, components and configurations are checked before they are stored.

A definition that passes can be filled in: required selects have enough options, defaults are valid values, ids are
unique and collide with no key of the task. Messages follow Laravel and name the place, as in
`The pages.0.components.1.id field is required.`
"""

from typing import Any

from core.api.errors import Invalid
from flows.fields.values import bound, link_pattern, select_read, value_read
from flows.fields.vocabulary import COMPONENTS, COUNTED, FORBIDDEN_KEYS, INITIAL_PAGE, kind_of
from hubs.formats import name_read, number_read

_TEXT_LIMIT = 255
# Ten years: further away the default end of a task would leave the calendar.
_HOURS_LIMIT = 87_600
# More options or photos than anybody has; an example shows a link for each photo that is demanded.
_COUNT_LIMIT = 1000
DEFAULT_HOURS = {"startTime": 0, "endTime": 24}


def pages_clean(pages: Any) -> list[dict]:
    """The pages to store, with `type` and `required` under the names the server uses. Raises Invalid."""
    _list(pages, "pages", required=True)
    clean = [_page(page, f"pages.{index}") for index, page in enumerate(pages)]
    _distinct([page["id"] for page in clean], "pages", "page id")
    if INITIAL_PAGE not in {page["id"] for page in clean}:
        raise Invalid(f"The pages field must contain {INITIAL_PAGE}.", field="pages")
    components = [component for page in clean for component in page["components"]]
    _distinct([component["id"] for component in components], "pages", "component id")
    _links_check(components)
    return clean


def configurations_clean(configurations: Any) -> list[dict]:
    """The configurations to store; start and end times that are not configured get 0 and 24 hours. Raises Invalid."""
    _list([] if configurations is None else configurations, "configurations")
    clean = [_configuration(item, f"configurations.{index}") for index, item in enumerate(configurations or [])]
    named = [item["id"] for item in clean]
    _distinct(named, "configurations", "id")
    return [{"id": key, "adjustment": hours} for key, hours in DEFAULT_HOURS.items() if key not in named] + clean


def _page(page: Any, place: str) -> dict:
    _object(page, place)
    enabled = page.get("enabled", True)
    if not isinstance(enabled, bool):
        raise Invalid(f"The {place}.enabled field must be true or false.", field=f"{place}.enabled")
    components = _list(page.get("components"), f"{place}.components", required=page.get("components") is None)
    clean = [_component(item, f"{place}.components.{index}") for index, item in enumerate(components)]
    return {**page, "id": name_read(page.get("id"), f"{place}.id"), "components": clean}


def _component(component: Any, place: str) -> dict:
    _object(component, place)
    clean = _unmirrored(component)
    clean["id"] = name_read(component.get("id"), f"{place}.id")
    if clean["id"] in FORBIDDEN_KEYS:
        raise Invalid(f"The {place}.id field is a reserved key.", field=f"{place}.id")
    if clean.get("component") not in COMPONENTS:
        name_read(clean.get("component"), f"{place}.component")
        raise Invalid(f"The selected {place}.component is invalid.", field=f"{place}.component")
    _flags(clean, place)
    _texts(clean, place)
    _limits(clean, place)
    _default(clean, place)
    return clean


def _unmirrored(component: dict) -> dict:
    """The vendor's rendered reference prints `type` as inputType and `required` as isRequired: either is accepted."""
    clean = {key: value for key, value in component.items() if key not in {"inputType", "isRequired"}}
    for key, mirror in (("type", "inputType"), ("required", "isRequired")):
        if key not in clean and mirror in component:
            clean[key] = component[mirror]
    return clean


def _flags(component: dict, place: str) -> None:
    for key in ("required", "visible"):
        if not isinstance(component.get(key), bool | None):
            raise Invalid(f"The {place}.{key} field must be true or false.", field=f"{place}.{key}")
    if component["component"] != "view":
        component["required"] = bool(component.get("required"))


def _texts(component: dict, place: str) -> None:
    for key in ("type", "title", "showAs", "routeAs"):
        value = component.get(key)
        if value is not None and (not isinstance(value, str) or len(value) > _TEXT_LIMIT):
            raise Invalid(f"The {place}.{key} must be a string.", field=f"{place}.{key}")


def _limits(component: dict, place: str) -> None:
    if component["component"] not in COUNTED:
        return
    for key in ("min", "max"):
        given = component.get(key) not in (None, "")
        if given and not 0 <= number_read(component[key], f"{place}.{key}") <= _COUNT_LIMIT:
            raise Invalid(f"The {place}.{key} must be between 0 and {_COUNT_LIMIT}.", field=f"{place}.{key}")
    least, most = bound(component, "min") or 0, bound(component, "max")
    if component["component"] == "select":
        offered = _options(component, place)
        most = offered if most is None else min(most, offered)
        _on_select(component, place)
    if most is not None and max(least, int(bool(component.get("required")))) > most:
        raise Invalid(f"The {place}.min is greater than what can be chosen.", field=f"{place}.min")


def _options(component: dict, place: str) -> int:
    options = _list(component.get("options") or [], f"{place}.options")
    if not all(isinstance(option, str | int | float) and str(option).strip() for option in options):
        raise Invalid(f"The {place}.options must be texts.", field=f"{place}.options")
    component["options"] = [str(option) for option in options]
    _distinct(component["options"], f"{place}.options", "option")
    return len(options)


def _on_select(component: dict, place: str) -> None:
    rules = _list(component.get("onSelect") or [], f"{place}.onSelect")
    for index, rule in enumerate(rules):
        _object(rule, f"{place}.onSelect.{index}")
        for key in ("options", "componentAffected"):
            _list(rule.get(key) or [], f"{place}.onSelect.{index}.{key}")


def _default(component: dict, place: str) -> None:
    """A default that is no valid value would refuse every task that leaves the field out."""
    default = component.get("default")
    if default in (None, "", []):
        return
    if component["component"] == "select":
        select_read(component, default, f"{place}.default")
    else:
        value_read(kind_of(component), default, f"{place}.default")


def _links_check(components: list[dict]) -> None:
    """A photo's links stand beside the other values: no other component may have such a key."""
    for component in components:
        taken = link_pattern(component).fullmatch
        if component["component"] in {"photo", "signature"} and any(taken(other["id"]) for other in components):
            raise Invalid(f"The pages field has a component id that a link of {component['id']} uses.", field="pages")


def _configuration(item: Any, place: str) -> dict:
    _object(item, place)
    key = name_read(item.get("id"), f"{place}.id")
    if key not in DEFAULT_HOURS:
        return {**item, "id": key}
    hours = number_read(item.get("adjustment", DEFAULT_HOURS[key]), f"{place}.adjustment")
    if abs(hours) > _HOURS_LIMIT or (key == "endTime" and hours < 0):
        raise Invalid(f"The {place}.adjustment is out of range.", field=f"{place}.adjustment")
    return {**item, "id": key, "adjustment": hours}


def _object(value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise Invalid(f"The {place} must be an object.", field=place)


def _list(value: Any, place: str, *, required: bool = False) -> list:
    if required and not value:
        raise Invalid(f"The {place} field is required.", field=place)
    if not isinstance(value, list):
        raise Invalid(f"The {place} must be an array.", field=place)
    return value


def _distinct(values: list, place: str, what: str) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise Invalid(f"The {place} field has a duplicate {what}: {value}.", field=place)
        seen.add(value)
