"""POST /v3/auth/tokens and GET /v3/projects."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from soc.models import Todo, Workspace
from tests.conftest import World
from tests.soc.conftest import Caller
from tests.soc.factories import ProjectFactory


@pytest.fixture
def login(world: World, workspace: Workspace) -> Any:
    """login(scope, name=…, password=…): the answer to a token request."""
    world.owner.set_password("secret")
    world.owner.save()

    def send(scope: Any = None, name: Any = world.owner.email, password: Any = "secret") -> Any:
        user = {"name": name, "password": password, "domain": {"name": "Home"}}
        auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": user}}}
        if scope is not None:
            auth["scope"] = scope
        return Client().post("/v3/auth/tokens?nocatalog=true", {"auth": auth}, "application/json;charset=utf8")

    return send


def iam(response: Any) -> int:
    body = response.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "message", "title"]
    assert body["error"]["code"] == response.status_code
    return response.status_code


@pytest.mark.parametrize("by", ["id", "name"])
def test_the_token_is_a_header_and_opens_the_api(
    login: Any, workspace: Workspace, todo: Todo, world: World, by: str
) -> None:
    project = workspace.project
    response = login({"project": {by: {"id": project.pk, "name": "cn-north-4"}[by]}})
    assert response.status_code == 201
    token = response.json()["token"]
    assert token["project"] == {
        "domain": {"id": world.organization.object_id, "name": "Home"}, "id": project.pk, "name": "cn-north-4",
    }  # fmt: skip
    assert token["methods"] == ["password"]
    assert token["catalog"] == []
    assert [role["name"] for role in token["roles"]] == ["Administrator"]
    assert token["user"]["id"] == str(world.owner.guid)
    issued, expires = (datetime.strptime(token[name], "%Y-%m-%dT%H:%M:%S.%fZ") for name in ("issued_at", "expires_at"))
    assert expires - issued == timedelta(hours=24)
    assert Caller(workspace, response.headers["X-Subject-Token"]).get(f"tasks/{todo.pk}").status_code == 200


def test_it_expires_after_a_day(login: Any, workspace: Workspace) -> None:
    caller = Caller(workspace, login().headers["X-Subject-Token"])
    with time_machine.travel(timedelta(hours=23, minutes=59), tick=True):
        assert caller.get("tasks").status_code == 200
    with time_machine.travel(timedelta(hours=24, seconds=1), tick=True):
        response = caller.get("tasks")
    assert response.status_code == 401
    assert response.json()["error_msg"].endswith("The token must be updated")


def test_without_a_project_scope_the_token_names_none(login: Any) -> None:
    for scope in (None, {}, {"domain": {"name": "Home"}}):
        response = login(scope)
        assert response.status_code == 201
        assert "project" not in response.json()["token"]


def test_bad_users_passwords_and_projects_are_401(login: Any, world: World) -> None:
    foreign = ProjectFactory(organization=world.other_organization, name="eu-west-0")
    assert iam(login(password="wrong")) == 401
    assert iam(login(name="nobody@example.com")) == 401
    assert iam(login({"project": {"name": "unknown"}})) == 401
    assert iam(login({"project": {"id": foreign.pk}})) == 401


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"{", b'{"auth": 5}', b'{"auth": {}}', b'{"auth": {"identity": {"methods": ["token"]}}}',
        b'{"auth": {"identity": {"methods": ["password"]}}}',
        b'{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": 5, "password": "x"}}}}}',
        b'{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "x"}}}}}',
        b'{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "\\u0000", "password": ""}}}}}',
    ],
)  # fmt: skip
def test_a_bad_body_is_400(world: World, body: bytes) -> None:
    assert iam(Client().post("/v3/auth/tokens", body, "application/json")) == 400


@pytest.mark.parametrize(
    "scope", [{"project": 5}, {"project": {}}, {"project": {"id": 5}}, {"project": {"name": None}}]
)
def test_a_bad_project_scope_is_400(login: Any, scope: Any) -> None:
    assert iam(login(scope)) == 400


def test_too_many_wrong_passwords_lock_the_account(login: Any, settings: Any) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert iam(login(password="wrong")) in (401, 403)
    assert iam(login()) == 403


def test_a_project_is_found_by_its_region(world: World, workspace: Workspace, owner: Any) -> None:
    ProjectFactory(organization=world.organization, name="eu-west-0")
    ProjectFactory(organization=world.other_organization, name="cn-north-4")
    answer = owner.client.get("/v3/projects?name=cn-north-4").json()
    assert answer == {"projects": [{"id": workspace.project_id, "name": "cn-north-4"}]}
    assert len(owner.client.get("/v3/projects").json()["projects"]) == 2
    assert owner.client.get("/v3/projects?name=unknown").json() == {"projects": []}
    assert iam(Client().get("/v3/projects")) == 401


def test_wrong_methods_are_the_gateways_404(owner: Any) -> None:
    for method, path in (("get", "/v3/auth/tokens"), ("post", "/v3/projects"), ("get", "/v3/auth/tokens/")):
        response = getattr(owner.client, method)(path)
        assert (response.status_code, response.json()["error_code"]) == (404, "APIGW.0101")
