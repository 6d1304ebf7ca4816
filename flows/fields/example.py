"""A task that a flow accepts, made from the flow alone: the API example of MileApp's flow page."""

import math
from datetime import datetime, timedelta
from typing import Any

from flows.fields.definition import DEFAULT_HOURS
from flows.fields.values import bound
from flows.fields.vocabulary import COUNTED, INITIAL_PAGE, components_of, kind_of
from hubs.formats import millis

_LINKS = {"photo": "https://example.com/photo.jpg", "signature": "https://example.com/signature.jpg"}
_EXAMPLES: dict[str, Any] = {
    "numeric": 10,
    "date": "2024-05-15",
    "datetime": "2024-05-15T04:26:00+00:00",
    "time": "08:00",
    "address": "Jl. Kenanga 1, Jakarta",
    "geolocation": "-6.230815251,106.75684387",
    "phonenumber": "080000000000",
    "url": "https://example.com",
    "bill": [{"name": "Delivery", "qty": 1, "unit_price": 10000}],
    "list": [{"title": "Item", "content": None, "data": None, "qty": 1, "unitPrice": None, "qtyProcessed": 1}],
    "timer": 60,
    "voice": "https://example.com/voice.m4a",
}


def times_default(
    configurations: list[dict], *, now: datetime, start: datetime | None = None, end: datetime | None = None
) -> tuple[datetime, datetime]:
    """Start and end of a task: those given, else now and the start, each moved by the flow's configured hours."""
    hours = {**DEFAULT_HOURS, **{item["id"]: item.get("adjustment", 0) for item in configurations}}
    start = start or now + timedelta(hours=float(hours["startTime"]))
    return start, end or start + timedelta(hours=float(hours["endTime"]))


def task_example(*, name: str, pages: list[dict], configurations: list[dict], hub_id: str, now: datetime) -> dict:
    """`{flowName, flowFields, bodyRequest}` of GET /flow/{flowName}/task; `bodyRequest` creates a task as it stands."""
    start, end = times_default(configurations, now=now)
    fields = [
        _field("hubId", "String", "The hub of the task: an id from GET /hubs.", hub_id),
        _field("flow", "String", "The name of the flow.", name),
        _field("startTime", "Datetime", "Work may begin; without it the flow's configured time.", millis(start)),
        _field("endTime", "Datetime", "Work must be done; without it the flow's configured time.", millis(end)),
    ]
    for component in components_of(pages, page=INITIAL_PAGE):
        fields += _component_fields(component)
    return {"flowName": name, "flowFields": fields, "bodyRequest": {item["field"]: item["example"] for item in fields}}


def value_example(component: dict) -> Any:
    """A valid value: the default where there is one, always a link for photos and signatures."""
    if component["component"] in _LINKS:
        return _LINKS[component["component"]]
    if component.get("default") not in (None, "", []):
        return component["default"]
    if component["component"] == "select":
        return _choice(component)
    return _EXAMPLES.get(kind_of(component), component.get("title") or "Text")


def _field(
    key: str, kind: str, description: str, example: Any, *, required: bool = True, options: list | None = None
) -> dict[str, Any]:
    return {
        "field": key,
        "type": kind,
        "required": required,
        "description": description,
        "example": example,
        "format": options,
    }


def _component_fields(component: dict) -> list[dict]:
    options = component.get("options") if component["component"] == "select" else None
    return [
        _field(
            key,
            _type_shown(component),
            component.get("title") or "Set by the flow.",
            value_example(component),
            required=bool(component.get("required")),
            options=options,
        )
        for key in _keys(component)
    ]


def _keys(component: dict) -> list[str]:
    """The keys of the task that hold the component's value: none for a view, or where nothing can be chosen."""
    key, kind = component["id"], component["component"]
    most = bound(component, "max") if kind in COUNTED else None
    if kind == "view" or (kind == "select" and not component["options"]) or (most is not None and most < 1):
        return []
    if kind == "signature":
        return [f"{key}_url"]
    if kind == "photo":
        return [f"{key}_{number}_url" for number in range(_least(component))]
    return [key]


def _type_shown(component: dict) -> str:
    """Inputs show their type; a select shows as text, as the vendor has it."""
    names = {"input": component.get("type") or "String", "select": "String"}
    return names.get(component["component"], component["component"])


def _least(component: dict) -> int:
    return max(1, math.ceil(bound(component, "min") or 0))


def _choice(component: dict) -> str | list[str]:
    """One option as plain text, as the vendor shows it; an array where several must be chosen."""
    chosen = component["options"][: _least(component)]
    return chosen[0] if len(chosen) == 1 else chosen
