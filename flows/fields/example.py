"""A task that a flow accepts, made from the flow alone: the API example of MileApp's flow page."""

import math
from datetime import datetime, timedelta
from typing import Any

from flows.fields.definition import DEFAULT_HOURS
from flows.fields.values import bound
from flows.fields.vocabulary import INITIAL_PAGE, components_of, kind_of
from hubs.formats import millis

_PHOTO = "https://example.com/photo.jpg"
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
    "signature": "https://example.com/signature.jpg",
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
    """A valid value: the default where there is one."""
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
    kind, options = component["component"], component.get("options") or None
    if kind == "view" or (kind == "select" and not options):
        return []
    if kind == "photo":
        keys = [f"{component['id']}_{number}_url" for number in range(max(1, math.ceil(bound(component, "min") or 0)))]
    else:
        keys = [f"{component['id']}_url" if kind == "signature" else component["id"]]
    return [
        _field(
            key,
            component.get("type") or "String" if kind == "input" else "String" if kind == "select" else kind,
            component.get("title") or "Set by the flow.",
            _PHOTO if kind == "photo" else value_example(component),
            required=bool(component.get("required")),
            options=options if kind == "select" else None,
        )
        for key in keys
    ]


def _choice(component: dict) -> str | list[str]:
    """One option as plain text, as the vendor shows it; an array where several must be chosen."""
    chosen = component["options"][: max(1, math.ceil(bound(component, "min") or 0))]
    return chosen[0] if len(chosen) == 1 else chosen
