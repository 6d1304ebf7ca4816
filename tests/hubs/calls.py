"""Calling MileApp as a client does, and the types of what comes back."""

from typing import Any

from django.test import Client

BASE = "/api/v3"


def call(client: Client, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and parsed body; `body` is sent as JSON, text as it is."""
    kwargs: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
    response = client.generic(method, BASE + path, **_encoded(kwargs), headers=headers)
    assert "Location" not in response.headers
    return response.status_code, response.json()


def _encoded(kwargs: dict[str, Any]) -> dict[str, Any]:
    import orjson

    if "data" in kwargs and not isinstance(kwargs["data"], str | bytes):
        kwargs["data"] = orjson.dumps(kwargs["data"])
    return kwargs


def shape(value: Any) -> Any:
    """The value with every leaf replaced by its type; of a list, the shapes that occur in it."""
    if isinstance(value, dict):
        return {key: shape(child) for key, child in value.items()}
    if isinstance(value, list):
        shapes: list[Any] = []
        for item in map(shape, value):
            if item not in shapes:
                shapes.append(item)
        return shapes
    return type(value)


LINK = {"url": str, "label": str, "active": bool}
DEAD_LINK = {"url": type(None), "label": str, "active": bool}


def single_page(item: Any) -> dict[str, Any]:
    """The shape of a Laravel page that is the only one."""
    return {
        "current_page": int, "data": [item], "first_page_url": str, "from": int, "last_page": int,
        "last_page_url": str, "links": [DEAD_LINK, LINK], "next_page_url": type(None), "path": str, "per_page": int,
        "prev_page_url": type(None), "to": int, "total": int,
    }  # fmt: skip
