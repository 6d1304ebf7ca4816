"""The engine is told how a to-do ended: signed, with retries, never inside the own network."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from core import jobs
from core.models import Job
from soc.models import Todo, Workspace
from soc.services import workspace_secret_issue, workspace_update
from soc.webhooks import DeliveryFailed, TargetRefused, is_public, target_parse, target_resolve
from tests.conftest import World
from tests.soc.factories import TodoFactory


class Engine:
    """A playbook engine that notes what it is told and answers as `statuses` say, then 204."""

    def __init__(self) -> None:
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        engine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                engine.messages.append((dict(self.headers), body))
                self.send_response(engine.statuses.pop(0) if engine.statuses else 204)
                self.send_header("Location", f"{engine.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}/hook?of=engine"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def engine(settings: Any) -> Iterator[Engine]:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    engine = Engine()
    yield engine
    engine.server.shutdown()
    engine.server.server_close()


@pytest.fixture
def secret(world: World, workspace: Workspace, engine: Engine) -> str:
    workspace_update(actor=world.actor(), workspace=workspace, fields={"webhook_url": engine.url})
    return workspace_secret_issue(actor=world.actor(), workspace=workspace)


def run_all() -> None:
    """Everything that is due now or at any retry."""
    for _ in range(10):
        Job.objects.filter(state="waiting").update(run_at=timezone.now() - timedelta(seconds=1))
        jobs.run_due()


def test_the_engine_is_told_once_and_can_verify_it(owner: Any, todo: Todo, engine: Engine, secret: str) -> None:
    owner.put(todo, {"action": "CONTINUE", "comment": "fine"})
    run_all()
    [(headers, body)] = engine.messages
    message = Webhook(secret).verify(body, headers)
    assert message["type"] == "soc.task.finished"
    data = message["data"]
    assert (data["id"], data["aopengine_task_id"], data["status"]) == (todo.pk, todo.aopengine_task_id, "finished")
    assert (data["approver"], data["review_comments"]) == ("Owner", "fine")
    assert data["update_time"] == owner.get(f"tasks/{todo.pk}").json()["data"]["update_time"]


def test_nothing_is_told_before_the_end_or_without_an_address(owner: Any, todo: Todo, engine: Engine) -> None:
    owner.put(todo, {"action": "CONTINUE"})
    assert not Job.objects.exists()


def test_comments_are_not_told(owner: Any, todo: Todo, secret: str) -> None:
    owner.put(todo, {"action": "ADD_COMMENT", "comment": "x"})
    assert not Job.objects.exists()


def test_a_failing_engine_is_told_again_under_the_same_id(owner: Any, todo: Todo, engine: Engine, secret: str) -> None:
    engine.statuses = [500, 302, 404]
    owner.put(todo, {"action": "TERMINATE"})
    jobs.run_due()
    job = Job.objects.get()
    assert (job.state, len(engine.messages)) == ("waiting", 1)
    assert job.run_at > timezone.now()
    owner.put(todo, {"action": "ADD_COMMENT", "comment": "afterwards"})
    run_all()
    assert len(engine.messages) == 4
    assert len({headers["webhook-id"] for headers, _ in engine.messages}) == 1
    assert len({body for _, body in engine.messages}) == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_dead_engine_is_given_up_at_last(owner: Any, todo: Todo, engine: Engine, secret: str) -> None:
    engine.statuses = [503] * 99
    owner.put(todo, {"action": "TERMINATE"})
    run_all()
    assert Job.objects.get().state == "failed"
    assert len(engine.messages) == 8


def test_a_private_address_is_refused_at_once(
    owner: Any, todo: Todo, engine: Engine, secret: str, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    owner.put(todo, {"action": "CONTINUE"})
    jobs.run_due()
    job = Job.objects.get()
    assert job.state == "failed"
    assert "private network" in job.last_error
    assert engine.messages == []


def test_the_connection_goes_to_the_address_that_was_checked(
    owner: Any, todo: Todo, engine: Engine, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere when it is asked a second time changes nothing: it is asked once."""
    asked = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("soc.webhooks.socket.getaddrinfo", lambda host, port, *_, **kw: resolve(host, port))
    owner.put(todo, {"action": "CONTINUE"})
    jobs.run_due()
    assert len(engine.messages) == 1
    assert engine.messages[0][0]["Host"].startswith("localhost")
    assert [host for host in asked if host == "localhost"] == ["localhost"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.5.4", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1%eth0", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True), ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_it_tells_public_addresses_from_private_ones(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "http://",
        "https://user:pw@x/",
        "http://x:0/",
        "http://x:99999/",
        "javascript:alert(1)",
        "http://[::1/",
    ],
)
def test_it_refuses_what_is_no_web_address(url: str) -> None:
    with pytest.raises(TargetRefused):
        target_parse(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_every_spelling_of_loopback_is_refused(host: str, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(DeliveryFailed):
        target_resolve(target_parse(f"http://{host}/"))


def test_a_workspace_with_one_private_address_among_public_ones_is_refused(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr("soc.webhooks.socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(TargetRefused):
        target_resolve(target_parse("https://engine.example/"))


def test_the_secret_lies_encrypted_and_changes_when_issued_anew(world: World, workspace: Workspace) -> None:
    secrets = {workspace_secret_issue(actor=world.actor(), workspace=workspace) for _ in range(2)}
    assert len(secrets) == 2
    workspace.refresh_from_db()
    stored = bytes(workspace.webhook_secret_encrypted)
    assert all(secret.encode() not in stored and secret.startswith("whsec_") for secret in secrets)


def test_an_end_at_the_due_date_is_told_too(workspace: Workspace, engine: Engine, secret: str) -> None:
    from soc.jobs import todos_due

    TodoFactory(workspace=workspace, due_handle="INTERRUPT", due_date=timezone.now())
    todos_due(timezone.now())
    run_all()
    assert b"soc.task.canceled" in engine.messages[0][1]
