"""How many queries each route costs, the credential's included; two of a write are its BEGIN and COMMIT."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from soc.api.urls import urlpatterns
from soc.models import Attachment, Todo, TodoAttachment
from tests.conftest import World
from tests.soc.conftest import Caller
from tests.soc.factories import CommentFactory, ProjectFactory, TodoFactory

COUNTS = {
    "raise": 6, "continue": 7, "continue as an agent": 8, "add comment": 8, "delete comment": 9, "add attachment": 10,
    "delete attachment": 9, "list": 5, "list handled": 3, "show": 3, "upload": 6, "show attachment": 3, "download": 3,
    "file": 3, "projects": 2, "token": 7, "token of a project": 8,
}  # fmt: skip
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def calls(world: World, owner: Caller, todo: Todo, attachment: Attachment, caller_for: Any) -> dict[str, Any]:
    """Each route as a call that can be repeated."""
    agent = caller_for(world.agent)

    def waiting() -> Todo:
        return TodoFactory(workspace=todo.workspace)

    def put(todo: Todo, caller: Caller = owner, **body: str) -> Any:
        return lambda: caller.put(todo, body)

    def comment() -> str:
        return CommentFactory(todo=todo).pk

    url = owner.get(f"attachment/{attachment.pk}/download").json()["data"].removeprefix("http://testserver")
    return {
        "raise": lambda: lambda: owner.post("tasks", {"name": "x", "business_type": "PLAYBOOKNODEAPPROVE"}),
        "continue": lambda: put(waiting(), action="CONTINUE"),
        "continue as an agent": lambda: put(waiting(), agent, action="CONTINUE"),
        "add comment": lambda: put(todo, action="ADD_COMMENT", comment="x"),
        "delete comment": lambda: put(todo, action="DELETE_COMMENT", comment_id=comment()),
        "add attachment": lambda: put(waiting(), action="ADD_ATTACHMENT", attachment_id=attachment.pk),
        "delete attachment": lambda: _listed(put, owner, waiting(), attachment),
        "list": lambda: lambda: owner.get("tasks"),
        "list handled": lambda: lambda: owner.get("tasks?query_type=all_handled"),
        "show": lambda: lambda: owner.get(f"tasks/{todo.pk}"),
        "upload": lambda: lambda: owner.upload(SimpleUploadedFile("a.txt", b"a")),
        "show attachment": lambda: lambda: owner.get(f"attachment/{attachment.pk}"),
        "download": lambda: lambda: owner.get(f"attachment/{attachment.pk}/download"),
        "file": lambda: lambda: Client().get(url),
        "projects": lambda: lambda: owner.client.get("/v3/projects"),
        "token": lambda: lambda: _log_in(world),
        "token of a project": lambda: lambda: _log_in(world, scope={"project": {"id": todo.workspace.project_id}}),
    }


def _listed(put: Any, owner: Caller, todo: Todo, attachment: Attachment) -> Any:
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    return put(todo, action="DELETE_ATTACHMENT", attachment_id=attachment.pk)


def _log_in(world: World, **more: Any) -> Any:
    user = {"name": world.owner.email, "password": "secret", "domain": {"name": "Home"}}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, **more}
    return Client().post("/v3/auth/tokens", {"auth": auth}, "application/json")


@pytest.fixture(autouse=True)
def _password(world: World) -> None:
    world.owner.set_password("secret")
    world.owner.save(update_fields=["password"])


@pytest.mark.parametrize("name", COUNTS)
def test_it_costs_a_fixed_number_of_queries(calls: Any, django_assert_num_queries: Any, name: str) -> None:
    calls[name]()()  # the first call notes the use of the token
    again = calls[name]()
    with django_assert_num_queries(COUNTS[name]):
        assert again().status_code < 300


def test_every_route_is_in_the_table(calls: Any) -> None:
    assert set(calls) == set(COUNTS)
    answers = [make()() for make in calls.values()]
    asked = {(answer.wsgi_request.method.lower(), answer.resolver_match.route) for answer in answers}
    views = {str(each.pattern): each.callback.view_class for each in urlpatterns}
    served = {(method, path) for path, view in views.items() for method in METHODS if hasattr(view, method)}
    assert asked == served


@pytest.mark.parametrize("path", ["tasks", "tasks?query_type=all_handled", "tasks?name=to-do&limit=100", "projects"])
def test_a_longer_list_takes_no_more_queries(world: World, owner: Caller, todo: Todo, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            answer = owner.client.get("/v3/projects") if path == "projects" else owner.get(path)
        assert answer.status_code == 200
        return len(found)

    _more(world, todo)
    owner.get(path)
    few = queries()
    for _ in range(5):
        _more(world, todo)
    assert queries() == few


def _more(world: World, todo: Todo) -> None:
    """Another project, and to-dos with comments, a file and somebody who is asked, waiting and handled ones."""
    ProjectFactory(organization=world.organization)
    for status in ("waiting", "finished"):
        other = TodoFactory(workspace=todo.workspace, status=status, approve_user=world.owner)
        TodoFactory(workspace=todo.workspace, status=status)
        CommentFactory.create_batch(2, todo=other)
        attachment = Attachment.objects.create(
            organization=world.organization, workspace=todo.workspace, file_name="a", file="a", size=1,
            create_time=other.create_time, update_time=other.create_time,
        )  # fmt: skip
        TodoAttachment.objects.create(organization=world.organization, todo=other, attachment=attachment)
