"""PUT …/soc/tasks/{task_id}: the vendor's page, its six bodies, and everything that is refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from core.actor import Actor
from core.models import Job, JournalEntry
from soc import demo
from soc.models import Approver, Attachment, Comment, Todo, TodoAttachment, Workspace
from tests.conftest import World
from tests.soc.conftest import Caller
from tests.soc.factories import CommentFactory, TodoFactory, WorkspaceFactory

INVALID = "SecMaster.20041002"
SEED = {
    "id": "3e4c170e-7cc9-11f0-9216-fa163e209978",
    "aopengine_task_id": "3e4c170e-7cc9-11f0-9216-fa163e209978",
    "name": "test task",
    "project_id": "15645222e8744afa985c93dab6341da6",
    "description": "",
    "create_time": "2025-08-19T14:53:42.424Z+0800",
    "creator_id": "",
    "creator_name": "XXXX",
    "modifier_id": "",
    "modifier_name": "",
    "update_time": "2025-08-19T16:50:23.743Z+0800",
    "approveuser_id": "",
    "approveuser_name": "",
    "approver": "",
    "definition_key": "Activity_1xkg6ju",
    "notes": "006",
    "due_date": "2025-09-03T14:53:42.398Z+0800",
    "action_id": "e1426fd5-bf48-3b71-8f8e-d5ca1047f68b",
    "action_version_id": "0696648d-9d20-4e21-b1fd-24f9a6f4918c",
    "action_instance_id": "xxxxx",
    "workspace_id": "75645d0a-93b8-4a7f-a77c-e97009389445",
    "view_parameters": "",
    "handle_parameters": "",
    "review_comments": "",
    "business_type": "PLAYBOOKNODEAPPROVE",
    "related_object": "test",
    "attachment_id_list": [],
    "comments": [],
    "due_handle": "",
    "status": "waiting",
}
URL = (
    "/v1/15645222e8744afa985c93dab6341da6/workspaces/75645d0a-93b8-4a7f-a77c-e97009389445"
    "/soc/tasks/3e4c170e-7cc9-11f0-9216-fa163e209978"
)
COMMENT = "909494e3-558e-46b6-a9eb-07a8e18ca62f"
ATTACHMENT = "909494e3-558e-46b6-a9eb-07a8e1XXXX"


@pytest.fixture
def page(world: World) -> Any:
    """Sends a body to the to-do of the vendor's page, in the demo workspace; the status and the answer."""
    world.organization.time_zone = "Asia/Singapore"
    world.organization.save()
    demo.demo_load(actor=world.actor())
    client = Client(headers={"x-auth-token": world.token(world.owner)})

    def send(body: dict[str, str]) -> dict[str, Any]:
        response = client.put(URL, body, content_type="application/json;charset=UTF-8")
        assert response.status_code == 200, response.content
        answer = response.json()
        assert list(answer) == ["code", "data", "message", "request_id", "success"]
        assert (answer["code"], answer["message"], answer["success"]) == ("00000000", "", True)
        assert answer["request_id"] == response.headers["X-Request-Id"]
        return answer["data"]

    return send


def assert_is_the_pages(data: dict[str, Any], **changed: Any) -> None:
    """Every member is the page's, in the page's order (with `note` after `notes`), but for what the action changes."""
    expected = {}
    for name, value in SEED.items():
        expected[name] = value
        if name == "notes":
            expected["note"] = value
    assert list(data) == list(expected)
    assert [type(value) for value in data.values()] == [type(value) for value in expected.values()]
    moved = {"update_time", "modifier_id", "modifier_name"} | changed.keys()
    assert {k: v for k, v in data.items() if k not in moved} == {k: v for k, v in expected.items() if k not in moved}
    assert {name: data[name] for name in changed} == changed
    assert data["update_time"] > SEED["update_time"]
    assert data["modifier_name"] == "Owner"


@pytest.fixture
def extras(world: World) -> dict[str, Any]:
    """What the demo's to-do has beyond the page's answer: the comment and the file that the page's requests name."""
    comment = {
        "id": COMMENT,
        "message": "comment content",
        "user_id": str(world.owner.guid),
        "user_name": "Owner",
        "time": 1755586422424,
    }
    return {"comments": [comment], "attachment_id_list": [ATTACHMENT]}


def test_the_pages_terminate_cancels(page: Any, extras: dict[str, Any]) -> None:
    assert_is_the_pages(page({"action": "TERMINATE"}), status="canceled", approver="Owner", **extras)


def test_the_pages_continue_finishes(page: Any, extras: dict[str, Any]) -> None:
    assert_is_the_pages(page({"action": "CONTINUE"}), status="finished", approver="Owner", **extras)


def test_the_pages_add_comment_appends(page: Any, extras: dict[str, Any]) -> None:
    data = page({"action": "ADD_COMMENT", "comment": "comment content"})
    assert_is_the_pages(data, **extras | {"comments": data["comments"]})
    first, second = data["comments"]
    assert [first] == extras["comments"]
    assert list(second) == ["id", "message", "user_id", "user_name", "time"]
    assert (second["message"], second["user_name"]) == ("comment content", "Owner")
    assert isinstance(second["time"], int)


def test_the_pages_add_attachment_adds_it_once(page: Any, extras: dict[str, Any]) -> None:
    assert_is_the_pages(page({"action": "ADD_ATTACHMENT", "attachment_id": ATTACHMENT}), **extras)
    page({"action": "DELETE_ATTACHMENT", "attachment_id": ATTACHMENT})
    assert_is_the_pages(page({"action": "ADD_ATTACHMENT", "attachment_id": ATTACHMENT}), **extras)


def test_after_the_pages_two_deletions_the_answer_is_the_pages(page: Any, extras: dict[str, Any]) -> None:
    data = page({"action": "DELETE_COMMENT", "comment_id": COMMENT})
    assert_is_the_pages(data, attachment_id_list=extras["attachment_id_list"])
    assert_is_the_pages(page({"action": "DELETE_ATTACHMENT", "attachment_id": ATTACHMENT}))


def test_loading_the_demo_again_makes_the_page_repeatable(page: Any, world: World) -> None:
    page({"action": "TERMINATE"})
    demo.demo_load(actor=world.actor())
    page({"action": "CONTINUE"})
    assert Todo.objects.count() == 1 + len(demo.MORE)


# --- effects ---


def test_a_comment_along_with_an_end_becomes_the_review_comment(owner: Any, todo: Todo) -> None:
    data = owner.put(todo, {"action": "CONTINUE", "comment": "checked with the owner"}).json()["data"]
    assert data["review_comments"] == "checked with the owner"
    assert data["comments"] == []


def test_go_and_java_send_two_actions_cut_short(owner: Any, todo: Todo, attachment: Any) -> None:
    assert len(owner.put(todo, {"action": "ADD_COMMEN", "comment": "x"}).json()["data"]["comments"]) == 1
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    data = owner.put(todo, {"action": "DELETE_ATTACHMEN", "attachment_id": attachment.pk}).json()["data"]
    assert data["attachment_id_list"] == []


def test_comments_and_attachments_are_allowed_after_the_end(owner: Any, todo: Todo, attachment: Any) -> None:
    owner.put(todo, {"action": "TERMINATE"})
    for body in (
        {"action": "ADD_COMMENT", "comment": "x"},
        {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk},
    ):
        answer = owner.put(todo, body)
        assert answer.status_code == 200
        assert answer.json()["data"]["status"] == "canceled"


def test_a_null_member_counts_as_missing_and_others_are_ignored(owner: Any, todo: Todo) -> None:
    body = {"action": "ADD_COMMENT", "comment": "x", "comment_id": None, "status": "finished", "name": 5}
    assert owner.put(todo, body).json()["data"]["status"] == "waiting"


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", "text/plain", "application/x-www-form-urlencoded"]
)
def test_any_content_type_is_read_as_json(owner: Any, todo: Todo, content_type: str) -> None:
    response = owner.client.put(f"{owner.base}tasks/{todo.pk}", b'{"action": "CONTINUE"}', content_type=content_type)
    assert response.status_code == 200


def test_every_change_is_in_the_journal(owner: Any, todo: Todo, world: World, attachment: Any) -> None:
    owner.put(todo, {"action": "ADD_COMMENT", "comment": "hm"})
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    owner.put(todo, {"action": "DELETE_ATTACHMENT", "attachment_id": attachment.pk})
    owner.put(todo, {"action": "CONTINUE", "comment": "fine"})
    entries = JournalEntry.objects.filter(object_id=todo.pk).order_by("id")
    assert [entry.verb for entry in entries] == ["comment", "attachment_add", "attachment_remove", "continue"]
    assert entries.last().changes["status"] == ["waiting", "finished"]
    assert {(entry.user_id, entry.source) for entry in entries} == {(world.owner.pk, "secmaster")}
    assert all(entry.request_id for entry in entries)


# --- refusals ---


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b'"CONTINUE"', b"5", b"null", b"{", b"\xff\xfe", b'{"action": "CONTINUE",}',
        b'{"comment": "x"}', b'{"action": null}', b'{"action": 5}', b'{"action": ["CONTINUE"]}', b'{"action": ""}',
        b'{"action": "continue"}', b'{"action": "INTERRUPT"}', b'{"action": "ADD_COMMENT"}',
        b'{"action": "ADD_COMMENT", "comment": ""}', b'{"action": "ADD_COMMENT", "comment": "  "}',
        b'{"action": "ADD_COMMENT", "comment": 5}', b'{"action": "ADD_COMMENT", "comment": {"a": 1}}',
        b'{"action": "ADD_COMMENT", "comment": "a\\u0000b"}', b'{"action": "ADD_COMMENT", "comment": "\\ud800"}',
        b'{"action": "CONTINUE", "comment": 5}', b'{"action": "DELETE_COMMENT"}',
        b'{"action": "DELETE_COMMENT", "comment_id": "unknown"}', b'{"action": "DELETE_COMMENT", "comment_id": 7}',
        b'{"action": "ADD_ATTACHMENT"}', b'{"action": "ADD_ATTACHMENT", "attachment_id": "unknown"}',
        b'{"action": "DELETE_ATTACHMENT", "attachment_id": "unknown"}', b'{"action": "DELETE_ATTACHMENT"}',
        b'{"action": "ADD_COMMENT", "comment": "' + b"x" * 5001 + b'"}',
        b'{"action": "CONTINUE", "comment": "' + b"x" * 5001 + b'"}',
        b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    ],
)  # fmt: skip
def test_a_bad_body_is_refused_and_changes_nothing(owner: Any, todo: Todo, body: bytes) -> None:
    response = owner.put(todo, body)
    assert response.status_code == 400
    assert list(response.json()) == ["code", "message"]
    assert response.json()["code"] == INVALID
    todo.refresh_from_db()
    assert (todo.status, todo.modifier_id) == ("waiting", "")
    assert not JournalEntry.objects.exists()
    assert not Comment.objects.exists()


def test_a_body_of_20_megabytes_is_the_gateways_413(owner: Any, todo: Todo) -> None:
    response = owner.put(todo, b'{"action": "ADD_COMMENT", "comment": "' + b"x" * 20_000_000 + b'"}')
    assert response.status_code == 413
    assert response.json()["error_code"] == "APIGW.0201"


@pytest.mark.parametrize("first", ["CONTINUE", "TERMINATE"])
@pytest.mark.parametrize("second", ["CONTINUE", "TERMINATE"])
def test_a_todo_ends_once(owner: Any, todo: Todo, first: str, second: str) -> None:
    assert owner.put(todo, {"action": first}).status_code == 200
    ended = owner.get(f"tasks/{todo.pk}").json()["data"]
    response = owner.put(todo, {"action": second, "comment": "late"})
    assert (response.status_code, response.json()["code"]) == (400, INVALID)
    assert owner.get(f"tasks/{todo.pk}").json()["data"] == ended


@pytest.mark.django_db(transaction=True)
def test_of_twenty_parallel_ends_exactly_one_wins(
    world: World, workspace: Workspace, caller_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.webhook_url = "https://engine.example/hook"
    workspace.save()
    todo = TodoFactory(workspace=workspace)
    callers = [caller_for(world.owner) for _ in range(20)]

    def end(number: int) -> tuple[int, str]:
        try:
            response = callers[number].put(todo, {"action": ("CONTINUE", "TERMINATE")[number % 2]})
            return response.status_code, response.json()["code"]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(end, range(20)))
    assert sorted(answers) == [(200, "00000000")] + [(400, INVALID)] * 19
    todo.refresh_from_db()
    winner = answers.index((200, "00000000"))
    assert todo.status == ("finished", "canceled")[winner % 2]
    assert JournalEntry.objects.filter(object_id=todo.pk).count() == 1
    assert Job.objects.filter(name="soc.todo_ended").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["DELETE_COMMENT", "DELETE_ATTACHMENT"])
def test_of_parallel_deletions_of_one_thing_exactly_one_wins(
    world: World, todo: Todo, caller_for: Any, attachment: Attachment, action: str
) -> None:
    TodoAttachment.objects.create(organization=world.organization, todo=todo, attachment=attachment)
    body = {"action": action, "comment_id": CommentFactory(todo=todo).pk, "attachment_id": attachment.pk}
    callers = [caller_for(world.owner) for _ in range(8)]

    def delete(caller: Any) -> int:
        try:
            return caller.put(todo, body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(delete, callers)) == [200] + [400] * 7
    assert JournalEntry.objects.filter(object_id=todo.pk).count() == 1


# --- whose to-do it is ---


def settle(caller: Any, todo: Todo) -> int:
    return caller.put(todo, {"action": "CONTINUE"}).status_code


def test_a_todo_that_names_nobody_is_for_everyone(world: World, workspace: Workspace, caller_for: Any) -> None:
    for user in (world.owner, world.planner, world.agent):
        assert settle(caller_for(user), TodoFactory(workspace=workspace)) == 200


def test_a_named_user_or_an_administrator_settles(world: World, workspace: Workspace, caller_for: Any) -> None:
    todos = [TodoFactory(workspace=workspace, approve_user=world.agent) for _ in range(3)]
    response = caller_for(world.planner).put(todos[0], {"action": "CONTINUE"})
    assert (response.status_code, response.json()["code"]) == (400, INVALID)
    assert settle(caller_for(world.agent), todos[1]) == 200
    assert settle(caller_for(world.owner), todos[2]) == 200
    answer = caller_for(world.viewer).get(f"tasks/{todos[0].pk}").json()["data"]
    assert (answer["approveuser_id"], answer["approveuser_name"]) == (str(world.agent.guid), "Agent")
    assert answer["status"] == "waiting"


def test_the_members_of_a_named_group_settle(world: World, workspace: Workspace, caller_for: Any) -> None:
    todos = [TodoFactory(workspace=workspace, approve_group=Group.objects.get(name="Agent")) for _ in range(2)]
    assert settle(caller_for(world.planner), todos[0]) == 400
    assert settle(caller_for(world.agent), todos[1]) == 200
    assert caller_for(world.agent).get(f"tasks/{todos[0].pk}").json()["data"]["approveuser_name"] == "Agent"


def test_the_workspaces_approvers_settle_what_names_nobody(world: World, workspace: Workspace, caller_for: Any) -> None:
    Approver.objects.create(organization=world.organization, workspace=workspace, user=world.planner)
    todos = [TodoFactory(workspace=workspace) for _ in range(3)]
    assert settle(caller_for(world.agent), todos[0]) == 400
    assert settle(caller_for(world.planner), todos[1]) == 200
    Approver.objects.create(organization=world.organization, workspace=workspace, group=Group.objects.get(name="Agent"))
    assert settle(caller_for(world.agent), todos[2]) == 200


def test_somebody_elses_comment_is_for_an_administrator(world: World, todo: Todo, caller_for: Any) -> None:
    comment = CommentFactory(todo=todo)
    body = {"action": "DELETE_COMMENT", "comment_id": comment.pk}
    assert caller_for(world.planner).put(todo, body).status_code == 400
    assert caller_for(world.owner).put(todo, body).status_code == 200
    own = caller_for(world.agent).put(todo, {"action": "ADD_COMMENT", "comment": "mine"}).json()["data"]["comments"][0]
    assert caller_for(world.agent).put(todo, {"action": "DELETE_COMMENT", "comment_id": own["id"]}).status_code == 200


def test_another_todos_comment_and_another_workspaces_file_are_unknown(owner: Any, todo: Todo, world: World) -> None:
    other = TodoFactory(workspace=WorkspaceFactory(project=todo.workspace.project))
    comment = CommentFactory(todo=other)
    assert owner.put(todo, {"action": "DELETE_COMMENT", "comment_id": comment.pk}).status_code == 400
    there = Caller(other.workspace, world.token(world.owner))
    file_id = there.upload(SimpleUploadedFile("evidence.txt", b"evidence")).json()["data"]["id"]
    response = owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": file_id})
    assert (response.status_code, response.json()["code"]) == (400, INVALID)
    assert not TodoAttachment.objects.exists()


def test_an_uncaught_exception_leaves_nothing_behind(owner: Any, todo: Todo, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(**_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("soc.services.comments.record", burst)
    owner.client.raise_request_exception = False
    response = owner.put(todo, {"action": "ADD_COMMENT", "comment": "x"})
    assert response.status_code == 500
    assert response.json()["code"] == "SecMaster.20039999"
    assert not Comment.objects.exists()
    todo.refresh_from_db()
    assert todo.modifier_id == ""


def test_the_system_acts_under_the_vendors_name_for_it(todo: Todo) -> None:
    from soc.services import Action, todo_settle

    todo_settle(actor=Actor.system(todo.organization), todo=todo, action=Action.CONTINUE)
    todo.refresh_from_db()
    assert (todo.modifier_id, todo.handled_by, todo.approver) == ("system", None, "System")


def test_it_costs_a_fixed_number_of_queries(owner: Any, todo: Todo, django_assert_num_queries: Any) -> None:
    owner.put(todo, {"action": "ADD_COMMENT", "comment": "x"})
    with django_assert_num_queries(8):
        owner.put(todo, {"action": "ADD_COMMENT", "comment": "x"})
