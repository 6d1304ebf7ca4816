"""A SecMaster workspace in the fixture world, and callers who speak to it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from soc.models import Attachment, Todo, Workspace
from tests.conftest import World
from tests.soc.factories import ProjectFactory, TodoFactory, WorkspaceFactory


@pytest.fixture
def workspace(world: World) -> Workspace:
    return WorkspaceFactory(project=ProjectFactory(organization=world.organization, name="cn-north-4"))


@pytest.fixture
def todo(workspace: Workspace) -> Todo:
    return TodoFactory(workspace=workspace)


class Caller:
    """A user's HTTP client for one workspace; paths are relative to its `…/soc/`."""

    def __init__(self, workspace: Workspace, token: str) -> None:
        self.base = f"/v1/{workspace.project_id}/workspaces/{workspace.pk}/soc/"
        self.client = Client(headers={"x-auth-token": token})

    def get(self, path: str, query: Any = None) -> Any:
        return self.client.get(self.base + path, query)

    def put(self, todo: Todo | str, body: Any) -> Any:
        todo_id = todo if isinstance(todo, str) else todo.pk
        return self.client.put(self.base + f"tasks/{todo_id}", body, content_type="application/json")

    def post(self, path: str, body: Any, content_type: str = "application/json") -> Any:
        return self.client.post(self.base + path, body, content_type=content_type)

    def upload(self, file: Any, **fields: Any) -> Any:
        return self.client.post(self.base + "attachment/upload", {**fields, "uploadFile": file})


@pytest.fixture
def caller_for(world: World, workspace: Workspace) -> Callable[[User], Caller]:
    def make(user: User) -> Caller:
        return Caller(workspace, world.token(user))

    return make


@pytest.fixture
def owner(world: World, caller_for: Callable[[User], Caller]) -> Caller:
    """The administrator as a caller."""
    return caller_for(world.owner)


@pytest.fixture
def attachment(owner: Caller) -> Attachment:
    """An uploaded file in the workspace."""
    answer = owner.upload(SimpleUploadedFile("evidence.txt", b"evidence"))
    return Attachment.objects.get(pk=answer.json()["data"]["id"])
