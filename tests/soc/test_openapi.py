"""The OpenAPI document says what is really answered."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from jsonschema import Draft7Validator

from config.docs import document
from soc.models import Attachment, Todo
from tests.soc.factories import CommentFactory

SOC = "/v1/{project_id}/workspaces/{workspace_id}/soc"


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    return json.loads(document("secmaster"))["paths"]


def check(paths: dict[str, Any], method: str, path: str, response: Any) -> None:
    """The answer's status is in the document, and its body is what the document says, member by member."""
    described = paths[path][method]["responses"][str(response.status_code)]["content"]["application/json"]["schema"]
    Draft7Validator(closed(described)).validate(response.json())


def closed(schema: Any) -> Any:
    """The same schema, with no member allowed that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed_schema = {name: closed(value) for name, value in schema.items()}
    return closed_schema | ({"additionalProperties": False} if "properties" in schema else {})


def test_every_operation_answers_as_described(paths: Any, owner: Any, todo: Todo, attachment: Attachment) -> None:
    CommentFactory(todo=todo)
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    task, file = f"{SOC}/tasks/{{task_id}}", f"{SOC}/attachment/{{attach_id}}"
    check(paths, "get", f"{SOC}/tasks", owner.get("tasks"))
    check(paths, "post", f"{SOC}/tasks", owner.post("tasks", {"name": "x", "business_type": "PLAYBOOKPUBLISH"}))
    check(paths, "get", task, owner.get(f"tasks/{todo.pk}"))
    check(paths, "put", task, owner.put(todo, {"action": "CONTINUE"}))
    check(paths, "post", f"{SOC}/attachment/upload", owner.upload(SimpleUploadedFile("a.txt", b"x")))
    check(paths, "get", file, owner.get(f"attachment/{attachment.pk}"))
    check(paths, "get", f"{file}/download", owner.get(f"attachment/{attachment.pk}/download"))
    check(paths, "get", "/v3/projects", owner.client.get("/v3/projects"))


def test_every_refusal_is_described(paths: Any, owner: Any, todo: Todo) -> None:
    task = f"{SOC}/tasks/{{task_id}}"
    check(paths, "get", task, owner.get("tasks/unknown"))
    check(paths, "put", task, owner.put(todo, "{"))
    check(paths, "put", task, owner.put(todo, b"x" * 2_000_000))
    check(paths, "get", task, Client().get(owner.base + "tasks/x"))
    check(paths, "get", task, owner.client.get("/v1/x/workspaces/x/soc/tasks/x"))
    check(paths, "get", task, owner.client.get(owner.base.replace("/soc/", "x/soc/") + "tasks/x"))
    check(paths, "get", task, owner.client.delete(owner.base + "tasks/x"))
    check(paths, "get", "/v3/projects", Client().get("/v3/projects"))
    check(paths, "post", "/v3/auth/tokens", Client().post("/v3/auth/tokens", {}, "application/json"))


def test_the_six_vendor_operations_have_the_vendors_names(paths: Any) -> None:
    names = {operation["operationId"] for path in paths.values() for operation in path.values()}
    assert names >= {
        "ListTasks", "ShowTask", "UpdateTask", "UploadAttachment", "ShowAttachment", "DownloadAttachment",
    }  # fmt: skip
