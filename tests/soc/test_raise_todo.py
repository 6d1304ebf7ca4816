"""Where to-dos come from: POST …/soc/tasks (our addition) and `manage.py raise_todo`."""

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.models import JournalEntry
from soc.models import Todo, Workspace
from tests.conftest import World

BODY = {"name": "Isolate host", "business_type": "PLAYBOOKNODEAPPROVE"}


def test_a_raised_todo_has_the_engines_values(owner: Any, world: World) -> None:
    body = BODY | {
        "aopengine_task_id": "e-1", "description": "why", "note": "006", "related_object": "Contain",
        "definition_key": "Activity_1", "action_id": "a", "action_version_id": "v", "action_instance_id": "i",
        "view_parameters": '{"x": 1}', "handle_parameters": "{}", "due_handle": "INTERRUPT",
        "due_date": "2030-01-01T08:00:00.000Z+0800", "approveuser_id": str(world.agent.guid),
        "creator_id": "system", "creator_name": "engine",
    }  # fmt: skip
    response = owner.post("tasks", body)
    assert response.status_code == 201
    data = response.json()["data"]
    body["notes"] = body["note"]
    assert {name: data[name] for name in body} == body
    assert (data["status"], data["approveuser_name"]) == ("waiting", "Agent")
    assert owner.get(f"tasks/{data['id']}").json()["data"] == data


def test_it_is_due_fifteen_days_after_its_creation(owner: Any, world: World) -> None:
    data = owner.post("tasks", BODY).json()["data"]
    todo = Todo.objects.get()
    assert (todo.due_date - todo.create_time).days == 15
    assert data["due_date"][10:] == data["create_time"][10:]
    assert data["aopengine_task_id"] == data["id"]
    assert data["creator_id"] == str(world.owner.guid)


def test_asked_again_it_answers_the_same_todo(owner: Any) -> None:
    first = owner.post("tasks", BODY | {"aopengine_task_id": "e-1"})
    again = owner.post("tasks", BODY | {"aopengine_task_id": "e-1", "name": "another name"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["data"] == first.json()["data"]
    assert JournalEntry.objects.count() == 1


def test_a_group_can_be_asked(owner: Any) -> None:
    assert owner.post("tasks", BODY | {"approve_group": "Agent"}).json()["data"]["approveuser_name"] == "Agent"


@pytest.mark.parametrize(
    "change",
    [
        {"name": None}, {"name": ""}, {"name": "  "}, {"name": 5}, {"name": "x" * 256}, {"name": "a\x00b"},
        {"business_type": None}, {"business_type": "OTHER"}, {"business_type": 5}, {"due_handle": "WAIT"},
        {"due_date": "tomorrow"}, {"due_date": 5}, {"approveuser_id": "x"}, {"approve_group": "Nobody"},
        {"approveuser_id": "9924256a-739c-462b-af15-e652a3b1b6eb"}, {"aopengine_task_id": "x" * 65},
        {"description": "x" * 5001}, {"view_parameters": {"a": 1}}, {"notes": ["x"]},
    ],
)  # fmt: skip
def test_bad_members_are_refused(owner: Any, change: dict[str, Any]) -> None:
    response = owner.post("tasks", BODY | change)
    assert (response.status_code, response.json()["code"]) == (400, "SecMaster.20041002")
    assert next(iter(change)) in response.json()["message"]
    assert not Todo.objects.exists()


def test_another_organizations_user_is_no_approver(owner: Any, world: World) -> None:
    response = owner.post("tasks", BODY | {"approveuser_id": str(world.outsider.guid)})
    assert response.status_code == 400


def test_the_command_prints_the_id(workspace: Workspace) -> None:
    def run(*more: str) -> str:
        out = StringIO()
        call_command(
            "raise_todo", workspace.pk, "--name=x", "--business-type=PLAYBOOKPUBLISH", "--aopengine-task-id=e-1",
            *more, stdout=out,
        )  # fmt: skip
        return out.getvalue().strip()

    first = run("--due-date=2030-01-01T08:00:00Z+0800")
    assert Todo.objects.get().pk == first == run()
    assert JournalEntry.objects.get().source == "command"


def test_the_command_says_what_is_wrong(workspace: Workspace) -> None:
    with pytest.raises(CommandError, match="no workspace"):
        call_command("raise_todo", "unknown", name="x", business_type="PLAYBOOKPUBLISH")
    with pytest.raises(CommandError, match="due_date"):
        call_command("raise_todo", workspace.pk, name="x", business_type="PLAYBOOKPUBLISH", due_date="soon")


@pytest.mark.django_db(transaction=True)
def test_engines_that_ask_at_the_same_time_get_one_todo(world: World, workspace: Workspace, caller_for: Any) -> None:
    callers = [caller_for(world.owner) for _ in range(10)]

    def ask(caller: Any) -> tuple[int, str]:
        try:
            response = caller.post("tasks", BODY | {"aopengine_task_id": "e-1"})
            return response.status_code, response.json()["data"]["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, callers))
    assert sorted(status for status, _ in answers) == [200] * 9 + [201]
    assert {todo_id for _, todo_id in answers} == {Todo.objects.get().pk}
    assert JournalEntry.objects.count() == 1
