"""Processes that write at once, and processes that are killed while they do: what was acknowledged stays."""

import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from tests.work.jobs import STARTED

pytestmark = pytest.mark.xdist_group("system")

JOBS = 60


class Writers:
    """Clients that create rows in all four dialects until they are stopped, and note what was acknowledged."""

    def __init__(self, url, facts):
        self.url, self.facts = url, facts
        self.acknowledged, self.refused = [], []
        self.stopped = threading.Event()
        self.numbers = iter(range(10**6))

    def requests(self, number):
        """(method, path, headers, body, where the id stands in the answer, path of the new row)"""
        mile, crm, soc, chart = (self.facts[name] for name in ("mileapp", "onlyoffice", "secmaster", "gantt"))
        tasks = f"/v1/{soc['project_id']}/workspaces/{soc['workspace_id']}/soc/tasks"
        bearer = {"Authorization": f"Bearer {mile['token']}"}
        return [
            (
                "/api/v3/task", bearer, {"flow": mile["flow"], "hubId": mile["hub_id"], "field1": f"n{number}"},
                lambda answer: f"/api/v3/task/{answer['task']['_id']}",
            ),
            (
                "/api/2.0/crm/task", {"Authorization": crm["token"]},
                {
                    "title": f"n{number}", "deadline": "2027-01-01T10:00:00.0000000Z",
                    "responsibleId": crm["responsible_id"], "categoryId": crm["category_id"],
                },
                lambda answer: f"/api/2.0/crm/task/{answer['response']['id']}",
            ),
            (
                tasks, {"X-Auth-Token": soc["token"]}, {"name": f"n{number}", "business_type": "PLAYBOOKNODEAPPROVE"},
                lambda answer: f"{tasks}/{answer['data']['id']}",
            ),
            (
                "/tasks", {"Authorization": f"Bearer {chart['token']}"}, {"text": f"n{number}", "parent": 0},
                lambda answer: f"/tasks/{answer['id']}",
            ),
        ]  # fmt: skip

    def write(self, rounds):
        with httpx.Client(base_url=self.url, timeout=30) as client:
            for _ in range(rounds):
                for path, headers, body, where in self.requests(next(self.numbers)):
                    if self.stopped.is_set():
                        return
                    # The server may be gone: then nothing is acknowledged.
                    with suppress(httpx.TransportError):
                        answer = client.post(path, headers=headers, json=body)
                        if answer.is_success:
                            self.acknowledged.append((where(answer.json()), headers))
                        else:
                            self.refused.append((path, answer.status_code, answer.text))

    def missing(self):
        with httpx.Client(base_url=self.url, timeout=30) as client:
            return [path for path, headers in self.acknowledged if not client.get(path, headers=headers).is_success]


def test_four_processes_that_write_at_once_lose_nothing(place, facts):
    server, url = place.serve(workers=4)
    writers = Writers(url, facts)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writers.write, [6] * 8))

    assert writers.refused == []
    assert len(writers.acknowledged) == 8 * 6 * 4
    assert len({path for path, _ in writers.acknowledged}) == len(writers.acknowledged)
    assert writers.missing() == []
    assert "locked" not in place.log()
    place.kill(server)


def test_a_server_killed_under_load_loses_nothing_that_it_acknowledged(place, facts):
    server, url = place.serve(workers=2)
    writers = Writers(url, facts)

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(writers.write, 1000) for _ in range(4)]
        wait_until(lambda: len(writers.acknowledged) > 80)
        place.kill(server, signal.SIGKILL)
        writers.stopped.set()
        for future in running:
            future.result()
    server, writers.url = place.serve(workers=2)

    assert writers.refused == []
    assert writers.missing() == []
    journaled = place.manage(
        "shell", "-v0", "-c",
        "from core.models import JournalEntry as J; from tasks.models import Task;"
        "made = set(J.objects.filter(verb='create', object_type='tasks.task').values_list('object_id', flat=True));"
        "print(made == set(Task.objects.values_list('pk', flat=True)))",
    )  # fmt: skip
    assert journaled.strip() == "True", "a task and its journal entry are written together or not at all"
    place.kill(server)


def test_jobs_of_killed_workers_are_done_and_none_is_done_twice(place, facts):
    work(place, "--enqueue", str(JOBS))
    workers = [place.worker(), place.worker()]
    wait_until(lambda: (place.folder / STARTED).stat().st_size >= 5)

    for worker in workers:
        place.kill(worker, signal.SIGKILL)

    before = work(place, "--lapse")
    interrupted = before["states"].get("running", 0)
    assert before["marks"] < JOBS
    assert interrupted <= len(workers)
    worker = place.worker()
    wait_until(lambda: work(place)["states"].get("done") == JOBS)
    place.kill(worker, signal.SIGTERM)

    after = work(place)
    assert after["states"] == {"done": JOBS}
    assert after["marks"] == after["marked"] == JOBS
    assert after["attempts"] == JOBS + interrupted


def test_a_worker_ends_by_itself_when_it_is_asked_to(place, facts):
    worker = place.worker()
    wait_until(lambda: [name for name in work(place)["workers"] if name.endswith(f"-{worker.pid}")])

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    assert not [name for name in work(place)["workers"] if name.endswith(f"-{worker.pid}")]


def work(place, *arguments):
    return json.loads(place.manage("work", *arguments))


def wait_until(check, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(FileNotFoundError):
            if check():
                return
        time.sleep(0.05)
    raise AssertionError("it did not come true in time")
