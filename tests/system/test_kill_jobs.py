"""Server and workers killed with work of every kind at hand: all of it is done, each piece as often as it should."""

import json
import os
import re
import signal
import textwrap
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.installation import installation

pytestmark = pytest.mark.xdist_group("system")

BULK_ROWS, REMINDERS, PLAN_ROWS = 20, 6, 150
# Acknowledged rounds before everything is killed.
ROUNDS = 12

PREPARE = """
    import json
    from accounts.models import User
    from core.actor import Actor
    from core.jobs import job_enqueue
    from gantt.exchange.uploads import Upload, upload_keep
    from gantt.models import Project
    from soc.models import Workspace
    from soc.services import workspace_secret_issue, workspace_update
    user = User.objects.select_related("organization").get(email="admin@demo.example")
    actor = Actor(user, user.organization, "command")
    workspace = Workspace.objects.get()
    workspace_update(actor=actor, workspace=workspace, fields={"webhook_url": URL})
    workspace_secret_issue(actor=actor, workspace=workspace)
    project = Project.objects.get()
    rows = [{"id": n, "text": f"imported {n}", "start": "2026-01-05", "duration": 1} for n in range(1, ROWS + 1)]
    path = upload_keep(json.dumps({"tasks": rows, "links": []}).encode())
    upload = Upload(path=path, name="plan.json", replace=False, project=project.pk, version=project.version)
    payload = {"upload": upload.as_dict(), "user": user.pk}
    job_enqueue("gantt.import", organization=user.organization, payload=payload, key=path)
"""
# As if the leases of dead workers had run out, and a minute had passed for periodic work.
LAPSE = """
    from datetime import timedelta
    from django.utils import timezone
    from core.models import Job, PeriodicRun
    print(Job.objects.filter(state="running").update(lease_until=timezone.now()))
    PeriodicRun.objects.update(last_run_at=timezone.now() - timedelta(days=1))
"""
UNFINISHED = """
    from core.models import Job
    from crm.models import Task
    waiting = Task.objects.filter(title__startswith="reminder ").exclude(remind_at=None)
    print(Job.objects.exclude(state="done").count() + waiting.count())
"""
FACTS = """
    import json
    from django.db.models import Sum
    from core.models import Job
    from crm.models import Task as CrmTask
    from gantt.models import Task as Row
    from soc.models import Todo
    from tasks.models import BulkRequest, Task
    print(json.dumps({
        "jobs": list(Job.objects.values_list("name", "state", "last_error")),
        "repeated": Job.objects.aggregate(n=Sum("attempts"))["n"] - Job.objects.count(),
        "bulks": list(BulkRequest.objects.values_list("pk", "failed", "position")),
        "made": list(Task.objects.filter(title__startswith="bulk ").values_list("title", flat=True)),
        "noticed": list(CrmTask.objects.filter(title__startswith="notice ").values_list("title", flat=True)),
        "ended": list(Todo.objects.filter(name__startswith="todo ", status="finished").values_list("pk", flat=True)),
        "imported": list(Row.objects.filter(text__startswith="imported ").values_list("text", flat=True)),
    }))
"""


class Engine:
    """What the webhooks of the workspace reach: notes the id and the body of each message."""

    def __init__(self):
        self.messages = []
        engine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                engine.messages.append((self.headers["webhook-id"], body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_): ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def engine():
    engine = Engine()
    yield engine
    engine.server.shutdown()
    engine.server.server_close()


class Callers:
    """Clients whose calls leave work behind; they note what was acknowledged."""

    def __init__(self, url, facts):
        self.url, self.facts = url, facts
        self.bulks, self.notices, self.ended, self.refused = [], [], [], []
        self.numbers, self.stopped = iter(range(10**6)), threading.Event()

    def until(self, check, then):
        """Run three callers until `check` holds, do `then` under their load, and end them."""
        with ThreadPoolExecutor(3) as pool:
            running = [pool.submit(self.run) for _ in range(3)]
            try:
                wait_until(check)
                then()
            finally:
                self.stopped.set()
        for caller in running:
            caller.result()

    def run(self):
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self.stopped.is_set():
                # The server may be gone: then nothing is acknowledged.
                with suppress(httpx.TransportError):
                    self.round(client, next(self.numbers))

    def send(self, client, method, path, headers, body):
        answer = client.request(method, path, headers=headers, json=body)
        if not answer.is_success:
            self.refused.append((path, answer.status_code, answer.text))
        return answer.json()

    def round(self, client, number):
        mile, soc = self.facts["mileapp"], self.facts["secmaster"]
        rows = [
            {"flow": mile["flow"], "hubId": mile["hub_id"], "field1": f"bulk {number} {n}"} for n in range(BULK_ROWS)
        ]
        bearer = {"Authorization": f"Bearer {mile['token']}"}
        self.send(client, "POST", "/api/v3/tasks/bulk", bearer, {"background": True, "tasks": rows})
        self.bulks.append(number)
        self.crm_task(client, f"notice {number}", isNotify=True)
        self.notices.append(f"notice {number}")
        tasks = f"/v1/{soc['project_id']}/workspaces/{soc['workspace_id']}/soc/tasks"
        token = {"X-Auth-Token": soc["token"]}
        body = {"name": f"todo {number}", "business_type": "PLAYBOOKNODEAPPROVE"}
        todo = self.send(client, "POST", tasks, token, body)["data"]["id"]
        self.send(client, "PUT", f"{tasks}/{todo}", token, {"action": "CONTINUE"})
        self.ended.append(todo)

    def crm_task(self, client, title, **fields):
        crm = self.facts["onlyoffice"]
        soon = datetime.now(UTC) + timedelta(minutes=31)
        body = {
            "title": title, "deadline": f"{soon:%Y-%m-%dT%H:%M:%S}Z", "responsibleId": crm["responsible_id"],
            "categoryId": crm["category_id"], **fields,
        }  # fmt: skip
        self.send(client, "POST", "/api/2.0/crm/task", {"Authorization": crm["token"]}, body)


def shell(place, code, **values):
    given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    return place.manage("shell", "-v0", "-c", given + textwrap.dedent(code))


def mails(place):
    """How often each subject was sent."""
    texts = [path.read_text() for path in (place.folder / "mail").glob("*")]
    return Counter(re.findall(r"^Subject: .*? a task: (.+)$", "\n".join(texts), re.MULTILINE))


def wait_until(check, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")


def test_all_work_that_was_acknowledged_is_done_as_often_as_it_should(engine):
    with installation(os.environ.get("TEST_DATABASE_URL"), WEBHOOK_ALLOW_PRIVATE="true") as place:
        place.environment["EMAIL_URL"] = f"filemail:///{place.folder}/mail"
        facts = place.demo()
        shell(place, PREPARE, URL=engine.url, ROWS=PLAN_ROWS)
        server, url = place.serve(workers=2)
        callers = Callers(url, facts)
        with httpx.Client(base_url=url, timeout=30) as client:
            for number in range(REMINDERS):
                callers.crm_task(client, f"reminder {number}", alertValue=30)

        workers = [place.worker(), place.worker()]
        callers.until(
            lambda: len(callers.ended) >= ROUNDS and mails(place) and engine.messages,
            then=lambda: [place.kill(process, signal.SIGKILL) for process in (*workers, server)],
        )
        shell(place, LAPSE)
        server, _ = place.serve(workers=2)
        worker = place.worker()
        wait_until(lambda: shell(place, UNFINISHED).strip() == "0")
        place.kill(worker, signal.SIGTERM)

        assert callers.refused == []
        everything_was_done_once(json.loads(shell(place, FACTS)), callers, engine, mails(place))


def everything_was_done_once(facts, callers, engine, mailed):
    kinds = {"tasks.bulk", "crm.task_notice", "crm.task_reminder", "soc.todo_ended", "gantt.import"}
    assert {name for name, _, _ in facts["jobs"]} == kinds
    assert [job for job in facts["jobs"] if job[1] != "done"] == []

    # What is in the database: exactly once.
    assert all((failed, position) == (0, BULK_ROWS) for _, failed, position in facts["bulks"])
    assert len(facts["made"]) == len(set(facts["made"])) == BULK_ROWS * len(facts["bulks"])
    assert {f"bulk {number} {n}" for number in callers.bulks for n in range(BULK_ROWS)} <= set(facts["made"])
    assert sorted(facts["imported"]) == sorted(f"imported {n}" for n in range(1, PLAN_ROWS + 1))

    # What leaves it: for every change, and again only where a worker died between the deed and the note of it.
    assert set(callers.notices) <= set(facts["noticed"])
    assert set(mailed) == {*facts["noticed"], *(f"reminder {n}" for n in range(REMINDERS))}
    told = Counter(name for name, _ in engine.messages)
    assert set(callers.ended) <= set(facts["ended"])
    assert set(told) == {f"msg_{todo}_finished" for todo in facts["ended"]}
    assert len(set(engine.messages)) == len(told), "a message that is told again is the same one"
    assert told.total() - len(told) + mailed.total() - len(mailed) <= facts["repeated"] <= 2
