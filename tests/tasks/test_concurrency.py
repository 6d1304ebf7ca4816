"""Several callers at once: one consistent result, every answer true."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client

from core.models import JournalEntry
from tasks.counts import counts_of, counts_rebuild
from tasks.models import Task, TaskAssignee
from tests.conftest import World
from tests.tasks.conftest import Yard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def busy(transactional_db: None, client_for: Callable[..., Client], world: World) -> Yard:
    return Yard(world, client_for)


def at_once(yard: Yard, calls: list[tuple[str, str, Any]]) -> list[Any]:
    """The answers to calls that start together, each over a connection of its own."""
    token = yard.world.token(yard.world.owner)
    start = Barrier(len(calls))

    def call(request: tuple[str, str, Any]) -> Any:
        method, path, body = request
        client = Client(headers={"authorization": f"Bearer {token}"})
        start.wait()
        try:
            return client.generic(method, f"/api/v3{path}", orjson.dumps(body), content_type="application/json")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def test_two_planners_assign_the_same_task(busy: Yard) -> None:
    task = busy.task()
    emails = ["agent@example.com", "planner@example.com"]
    answers = at_once(busy, [("PUT", f"/task/{task.pk}/assign", {"assignee": [email]}) for email in emails])
    for answer, email in zip(answers, emails, strict=True):
        assert answer.status_code == 200
        assert answer.json()["task"]["assignee"] == [email]
    task.refresh_from_db()
    last = JournalEntry.objects.filter(object_id=task.pk, verb="assign").latest("id")
    assert [link.user.email for link in TaskAssignee.objects.filter(task=task)] == last.changes["assignee"][1]
    # Whoever came second saw the first one's assignment and replaced it.
    assert last.snapshot["status"] == task.status == "ONGOING"


def test_one_deletes_while_another_patches(busy: Yard) -> None:
    for _ in range(4):
        task = busy.task()
        deleted, patched = at_once(
            busy, [("DELETE", f"/task/{task.pk}", None), ("PATCH", f"/task/{task.pk}", {"field1": "late"})]
        )
        assert deleted.status_code == 200
        assert patched.status_code in {200, 404}
        # The patch came first exactly if the deleted task shows it.
        assert (deleted.json()["task"].get("field1") == "late") == (patched.status_code == 200)
        assert not Task.objects.filter(pk=task.pk).exists()


def test_patches_of_different_keys_are_all_kept(busy: Yard) -> None:
    task = busy.task()
    answers = at_once(busy, [("PATCH", f"/task/{task.pk}", {f"key{number}": number}) for number in range(6)])
    assert {answer.status_code for answer in answers} == {200}
    task.refresh_from_db()
    assert task.values == {f"key{number}": number for number in range(6)}


def test_a_task_is_finished_once(busy: Yard) -> None:
    task = busy.assigned()
    answers = at_once(busy, [("PATCH", f"/task/{task.pk}", {"status": "DONE"})] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    assert JournalEntry.objects.filter(object_id=task.pk, verb="patch").count() == 1


def test_counters_are_right_after_many_writers(busy: Yard) -> None:
    tasks = [busy.task() for _ in range(4)]
    rows = [{"_id": task.pk, "assignee": ["agent@example.com"]} for task in tasks]
    at_once(
        busy,
        [
            ("PUT", "/tasks/bulk/assign", {"tasks": rows}),
            ("PUT", "/tasks/bulk/assign", {"tasks": rows[::-1]}),
            ("POST", "/tasks/bulk", {"tasks": [busy.body()] * 20}),
            ("POST", "/task", busy.body(assignee=["agent@example.com"])),
            ("DELETE", "/tasks/bulk", {"tasks": rows[:2]}),
            ("PUT", f"/task/{tasks[3].pk}/move", {"hubId": busy.other_hub.pk}),
        ],
    )
    kept = counts_of(busy.world.organization)
    counts_rebuild(busy.world.organization)
    assert counts_of(busy.world.organization) == kept
    assert sum(kept.values()) == Task.objects.count() == 23
