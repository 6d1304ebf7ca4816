"""How many queries each route costs, the credential's included; two of a write are its BEGIN and COMMIT."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from soc.models import Attachment, Todo
from tests.conftest import World
from tests.soc.conftest import Caller
from tests.soc.factories import CommentFactory, TodoFactory

COUNTS = {
    "raise": 6, "continue": 7, "continue as an agent": 8, "add comment": 8, "delete comment": 9, "add attachment": 10,
    "delete attachment": 9, "list": 5, "list handled": 3, "show": 3, "upload": 6, "show attachment": 3, "download": 3,
    "file": 3, "projects": 2,
}  # fmt: skip


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
    }


def _listed(put: Any, owner: Caller, todo: Todo, attachment: Attachment) -> Any:
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    return put(todo, action="DELETE_ATTACHMENT", attachment_id=attachment.pk)


@pytest.mark.parametrize("name", COUNTS)
def test_it_costs_a_fixed_number_of_queries(calls: Any, django_assert_num_queries: Any, name: str) -> None:
    calls[name]()()  # the first call notes the use of the token
    again = calls[name]()
    with django_assert_num_queries(COUNTS[name]):
        assert again().status_code < 300
