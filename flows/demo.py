"""Demo flow: the one of MileApp's own task examples."""

from typing import Any

from core.actor import Actor
from flows.selectors import flows
from flows.services import flow_create

_FIELDS = (("field1", "String", "Name", "title"), ("field2", "Address", "Address", "content"))


def demo_load(*, actor: Actor) -> dict[str, Any]:
    """Flow Visit with field1, field2 and field3, where it is missing."""
    if not flows(organization=actor.organization).filter(name="Visit").exists():
        flow_create(actor=actor, name="Visit", pages=_pages(), is_default=True)
    return {"mileapp": {"flow": "Visit"}}


def _pages() -> list[dict]:
    common = {"component": "input", "default": None, "required": False, "visible": True}
    texts = [common | {"id": key, "type": kind, "title": title, "showAs": show} for key, kind, title, show in _FIELDS]
    point = common | {"id": "field3", "type": "Geolocation", "title": "Coordinate"}
    done = {"component": "photo", "id": "proof", "title": "Photo of the visit", "min": 0, "max": 3, "visible": True}
    return [
        {"id": "page0", "enabled": True, "components": [*texts, point]},
        {"id": "page1", "title": "Visit", "components": [done]},
    ]
