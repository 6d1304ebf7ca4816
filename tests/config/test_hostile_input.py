"""Hostile input to every dialect: the vendor's own error shape, never a 500, nothing half-written."""

import json
from typing import Any

import pytest
from django.test import Client

from config.management.commands.seed_demo import demo_load
from core.models import JournalEntry

SECMASTER = (
    "/v1/15645222e8744afa985c93dab6341da6/workspaces/75645d0a-93b8-4a7f-a77c-e97009389445/soc/tasks/"
    "3e4c170e-7cc9-11f0-9216-fa163e209978"
)
# vendor: method, path, header, and the members of its error body
DOORS: dict[str, tuple[str, str, str, set[str]]] = {
    "mileapp": ("POST", "/api/v3/task", "authorization", {"status", "message"}),
    "onlyoffice": ("PUT", "/api/2.0/crm/task/1.json", "authorization", {"status", "statusCode", "error"}),
    "secmaster": ("PUT", SECMASTER, "x-auth-token", {"code", "message"}),
    "gantt": ("PUT", "/tasks/67", "authorization", {"error"}),
}
BODIES = {
    "no JSON": b"{",
    "half a number": b'{"title": 1e}',
    "an array": b"[1, 2]",
    "a text": b'"text"',
    "a number": b"12",
    "NUL": b'{"title": "a\\u0000b", "flow": "a\\u0000b", "action": "\\u0000", "text": "\\u0000"}',
    "raw NUL": b'{"title": "a\x00b"}',
    "control character": b'{"title": "a\x01b"}',
    "no UTF-8": b'{"title": "\xff\xfe"}',
    "lone surrogate": b'{"title": "\\ud800", "text": "\\ud800"}',
    "deep array": b"[" * 10_000 + b"]" * 10_000,
    "deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "NaN": b'{"duration": NaN, "title": NaN}',
    "wrong types": json.dumps(
        {
            "flow": {"a": 1},
            "hubId": [],
            "title": {},
            "deadline": [],
            "categoryid": "x",
            "action": 5,
            "text": [],
            "start": 7,
        }
    ).encode(),
}


@pytest.fixture
def demo(db: None) -> dict[str, Any]:
    return demo_load()


def send(demo: dict[str, Any], vendor: str, body: bytes, token: str | None = None, **extra: Any):
    method, path, header, _ = DOORS[vendor]
    token = demo[vendor]["token"] if token is None else token
    value = f"Bearer {token}" if vendor in {"mileapp", "gantt"} else token
    headers = {header: value} if token else {}
    return Client().generic(method, path, body, content_type="application/json", headers=headers, **extra)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("vendor", DOORS)
def test_bad_bodies_get_the_vendors_error(demo, vendor, name):
    before = JournalEntry.objects.count()
    answer = send(demo, vendor, BODIES[name])
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"].startswith("application/json")
    assert set(answer.json()) >= DOORS[vendor][3]
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("vendor", DOORS)
def test_twenty_megabytes_are_refused(demo, vendor):
    answer = send(demo, vendor, b'{"title": "' + b"x" * 20_000_000 + b'"}')
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("application/json")
    known = DOORS[vendor][3] | {"error_msg", "error_code"}
    assert set(answer.json()) & known


@pytest.mark.parametrize("token", ["", "wrong", "x" * 10_000, "ty_" + "é" * 5])
@pytest.mark.parametrize("vendor", DOORS)
def test_bad_tokens_get_the_vendors_401(demo, vendor, token):
    answer = send(demo, vendor, b"{}", token=token)
    assert answer.status_code == 401, answer.content
    if vendor == "onlyoffice":
        assert answer.content == b"Unauthorized"
        return
    body = answer.json()
    assert (
        set(body)
        >= {"mileapp": {"status", "message"}, "secmaster": {"error_code", "error_msg"}, "gantt": {"error"}}[vendor]
    )
    if vendor == "mileapp":
        assert body == {"status": False, "message": "Unauthorized"}
    if vendor == "secmaster":
        assert body["error_code"] == "APIGW.0301"


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("/api/v3/nothing", {"status", "message"}),
        ("/api/v3/task/1/2/3", {"status", "message"}),
        ("/v1/x/nothing", {"error_code", "error_msg", "request_id"}),
        ("/gantt/demo/nothing/x", {"error"}),
        ("/resources/1/2", {"error"}),
    ],
)
def test_unknown_routes_answer_in_the_dialect(db, client, path, members):
    answer = client.get(path)
    assert answer.status_code == 404
    assert set(answer.json()) >= members


def test_an_unknown_host_is_not_echoed(client, db, settings):
    settings.ALLOWED_HOSTS = ["taskyard.example"]
    answer = client.get("/api/v3/tasks", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()


def test_a_chunked_body_is_read():
    """As the production server hands it over: without a length."""
    import io

    from config import wsgi

    seen = {}

    def django(environ, start_response):
        seen["body"] = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wsgi, "django", django)
        wsgi.application({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b'{"a": 1}')}, lambda *a: None)
    assert seen["body"] == b'{"a": 1}'


@pytest.mark.parametrize("vendor", DOORS)
def test_a_bug_is_a_500_with_the_request_id_and_leaves_nothing(demo, vendor, monkeypatch):
    """The journal is written last in every service: failing there, everything before has to vanish."""

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a bug with a secret in it")

    monkeypatch.setattr("core.journal._entry", fail)
    good = {
        "mileapp": {"flow": "Visit", "hubId": "634e98498ce07d29474a7e29", "field1": "x"},
        "onlyoffice": {"title": "changed", "deadline": "2030-01-01", "categoryid": demo["onlyoffice"]["category_id"]},
        "secmaster": {"action": "CONTINUE"},
        "gantt": {"text": "changed"},
    }[vendor]
    before = snapshot()
    method, path, header, members = DOORS[vendor]
    token = demo[vendor]["token"]
    client = Client(raise_request_exception=False)
    answer = client.generic(
        method,
        path,
        json.dumps(good),
        content_type="application/json",
        headers={header: f"Bearer {token}" if header == "authorization" else token, "x-request-id": "bug-1"},
    )
    assert answer.status_code == 500, answer.content
    assert set(answer.json()) & (members | {"error_code"})
    assert "secret" not in answer.content.decode()
    assert answer["X-Request-Id"] == "bug-1"
    if vendor in {"mileapp", "gantt"}:
        assert "bug-1" in answer.content.decode()
    assert snapshot() == before


def snapshot() -> list[Any]:
    from crm.models import Task as CrmTask
    from gantt.models import Task as GanttTask
    from soc.models import Todo
    from tasks.models import Task

    return [list(model.objects.order_by("pk").values()) for model in (Task, CrmTask, GanttTask, Todo, JournalEntry)]
