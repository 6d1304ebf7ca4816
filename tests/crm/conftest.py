"""The CRM's own fixtures: a portal to call, and rows to call about."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import escape

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from crm.models import TaskCategory
from tests.conftest import World

BASE = "/api/2.0/"
DEADLINE = "2030-05-06T07:08:09.000Z"


class Portal:
    """Calls the API as one user: `portal.put("crm/task/1", title="x")`, `portal.get("crm/task/filter", count=2)`."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(headers={"authorization": token} if token else {})
        self.client.raise_request_exception = True

    def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json", **more: Any
    ) -> HttpResponse:
        return self.client.generic(method, BASE + path, body or b"", content_type=content_type, **more)

    def json(self, method: str, path: str, parameters: dict[str, Any]) -> HttpResponse:
        return self.call(method, path, json.dumps(parameters))

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"{BASE}{path}?{urlencode(query, doseq=True)}")

    def post(self, path: str, **parameters: Any) -> HttpResponse:
        return self.json("POST", path, parameters)

    def put(self, path: str, **parameters: Any) -> HttpResponse:
        return self.json("PUT", path, parameters)

    def delete(self, path: str, **parameters: Any) -> HttpResponse:
        return self.json("DELETE", path, parameters)


def as_form(parameters: dict[str, Any]) -> tuple[str, str]:
    flat = {}
    for name, value in parameters.items():
        flat[f"{name}[]" if isinstance(value, list) else name] = (
            str(value).lower() if isinstance(value, bool) else value
        )
    return urlencode(flat, doseq=True), "application/x-www-form-urlencoded"


def as_xml(parameters: dict[str, Any]) -> tuple[str, str]:
    def element(name: str, value: Any) -> str:
        if isinstance(value, list):
            return "".join(element(name, item) for item in value)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f"<{name}>{escape(text)}</{name}>"

    return f"<request>{''.join(element(*item) for item in parameters.items())}</request>", "text/xml"


def as_json(parameters: dict[str, Any]) -> tuple[str, str]:
    return json.dumps(parameters), "application/json"


def parsed_xml(document: bytes) -> Any:
    """An answer in XML as dicts, lists and texts: repeated elements are a list, `<x />` is "" here."""

    def value(element: Element) -> Any:
        if not len(element):
            return element.text or ""
        found: dict[str, Any] = {}
        for child in element:
            if child.tag in found:
                earlier = found[child.tag]
                found[child.tag] = [*(earlier if isinstance(earlier, list) else [earlier]), value(child)]
            else:
                found[child.tag] = value(child)
        return found

    return value(fromstring(document))


@pytest.fixture
def portal_of(world: World) -> Callable[[User], Portal]:
    return lambda user: Portal(world.token(user))


@pytest.fixture
def portal(world: World) -> Portal:
    """Calls as the administrator."""
    return Portal(world.token(world.owner))


@pytest.fixture
def category(world: World) -> TaskCategory:
    return TaskCategory.objects.of(world.organization).get(title="Appointment")
