"""What happens at a to-do's due date."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core import jobs
from core.models import JournalEntry
from soc.jobs import todos_due
from soc.models import Todo, Workspace
from soc.services import todos_settle_due
from tests.soc.factories import TodoFactory

NOW = timezone.now()
PAST, FUTURE = NOW - timedelta(days=3), NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("due_handle", "due_date", "status"),
    [
        ("CONTINUE", PAST, "finished"),
        ("INTERRUPT", PAST, "canceled"),
        ("", PAST, "waiting"),
        ("CONTINUE", NOW, "finished"),
        ("CONTINUE", FUTURE, "waiting"),
        ("INTERRUPT", FUTURE, "waiting"),
    ],
)
def test_due_handle_is_applied_late_if_it_must(
    workspace: Workspace, due_handle: str, due_date: Any, status: str
) -> None:
    todo = TodoFactory(workspace=workspace, due_handle=due_handle, due_date=due_date)
    todos_due(NOW)
    todo.refresh_from_db()
    assert todo.status == status
    assert todo.modifier_id == ("" if status == "waiting" else "system")


def test_it_is_applied_once(workspace: Workspace) -> None:
    TodoFactory(workspace=workspace, due_handle="CONTINUE", due_date=PAST)
    assert [todos_settle_due(at=NOW), todos_settle_due(at=NOW)] == [1, 0]
    assert [entry.source for entry in JournalEntry.objects.all()] == ["worker"]


def test_what_a_person_settled_stays(owner: Any, workspace: Workspace) -> None:
    todo = TodoFactory(workspace=workspace, due_handle="CONTINUE", due_date=PAST)
    owner.put(todo, {"action": "TERMINATE"})
    assert todos_settle_due(at=NOW) == 0
    todo.refresh_from_db()
    assert todo.status == "canceled"


def test_a_person_who_is_faster_in_the_same_moment_wins(
    workspace: Workspace, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (TodoFactory(workspace=workspace, due_handle="CONTINUE", due_date=PAST) for _ in range(2))
    from soc.services import todos

    settle = todos.todo_settle

    def slow(**kwargs: Any) -> None:
        Todo.objects.filter(pk=first.pk).update(status="canceled")
        settle(**kwargs)

    monkeypatch.setattr(todos, "todo_settle", slow)
    assert todos_settle_due(at=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("canceled", "finished")


def test_the_worker_does_it_every_minute(workspace: Workspace) -> None:
    todo = TodoFactory(workspace=workspace, due_handle="INTERRUPT", due_date=PAST)
    assert "soc.todos_due" in jobs.periodic_run()
    todo.refresh_from_db()
    assert todo.status == "canceled"
    assert jobs.PERIODICS["soc.todos_due"].every == timedelta(minutes=1)


def test_several_batches_are_all_settled(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soc.services.todos.DUE_BATCH", 2)
    for _ in range(5):
        TodoFactory(workspace=workspace, due_handle="CONTINUE", due_date=PAST)
    assert todos_settle_due(at=NOW) == 5
