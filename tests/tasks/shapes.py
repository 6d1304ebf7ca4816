"""The exact shapes of the vendor's answers: a type per key, and nothing beside them."""

import re
from typing import Any

OBJECT_ID = re.compile(r"[0-9a-f]{24}")
SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
MICROS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
ANY = object()

HUB = {"_id": OBJECT_ID, "name": str, "lat": float, "lng": float}
# Every key of the vendor's page, with the copies that the flow Visit shows.
TASK = {
    "_id": OBJECT_ID, "flow": str, "hubId": OBJECT_ID, "startTime": SECONDS, "organizationId": OBJECT_ID,
    "status": re.compile("UNASSIGNED|ONGOING|DONE"), "hub": HUB, "orderIndex": int, "field1": str, "field2": str,
    "field3": str, "createdFrom": "API", "endTime": SECONDS, "createdBy": str, "updatedTime": SECONDS,
    "createdTime": SECONDS, "flowId": OBJECT_ID, "title": str, "content": str,
}  # fmt: skip
ASSIGNED = TASK | {
    "status": "ONGOING", "assignee": [str], "assignedBy": str, "assignedTime": SECONDS,
    "assignedTo": {
        "_id": OBJECT_ID, "name": str, "email": str, "hubId": [OBJECT_ID], "organization": None, "role": None,
    },
}  # fmt: skip
HISTORY = {"_id": OBJECT_ID, "action": str, "notes": str, "changeData": ANY, "createdAt": MICROS}
LINK = {"url": ANY, "label": str, "active": bool}
PAGE = {
    "current_page": int, "data": ANY, "first_page_url": str, "from": ANY, "last_page": int, "last_page_url": str,
    "links": [LINK], "next_page_url": ANY, "path": str, "per_page": int, "prev_page_url": ANY, "to": ANY, "total": int,
}  # fmt: skip


def envelope(message: str, **more: Any) -> dict[str, Any]:
    return {"status": True, "message": message, **more}


def fits(value: Any, shape: Any, path: str = "answer") -> None:
    """Assert that `value` has exactly the keys and types of `shape`."""
    if shape is ANY:
        return
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{path} is {type(value).__name__}"
        assert set(value) == set(shape), f"{path}: {set(value) ^ set(shape)}"
        for key in shape:
            fits(value[key], shape[key], f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), path
        for index, item in enumerate(value):
            fits(item, shape[0], f"{path}.{index}")
    elif isinstance(shape, re.Pattern):
        assert isinstance(value, str), path
        assert shape.fullmatch(value), f"{path}: {value}"
    elif isinstance(shape, type):
        assert type(value) is shape, f"{path}: {value!r} is no {shape.__name__}"
    else:
        assert value == shape, f"{path}: {value!r} is not {shape!r}"
        assert type(value) is type(shape), path
