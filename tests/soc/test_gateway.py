"""Who gets in, in which order the refusals come, and what nobody sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import AccessKey, AccessToken
from accounts.services import key_issue
from soc.models import Todo, Workspace
from tests.conftest import World
from tests.factories import token_for
from tests.soc.conftest import Caller
from tests.soc.factories import ProjectFactory, TodoFactory, WorkspaceFactory
from tests.soc.sdk import BasicCredentials, SdkRequest, Signer

PREFIX = "Incorrect IAM authentication information: "


def gateway(response: Any) -> tuple[int, str]:
    """(status, code) of a refusal in the gateway's shape."""
    body = response.json()
    assert list(body) == ["error_msg", "error_code", "request_id"]
    assert body["request_id"] == response.headers["X-Request-Id"]
    return response.status_code, body["error_code"]


def service(response: Any) -> tuple[int, str]:
    assert list(response.json()) == ["code", "message"]
    return response.status_code, response.json()["code"]


# --- tokens ---


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-auth-token": ""}, {"x-auth-token": "wrong"}, {"x-auth-token": "é" * 9}, {"authorization": "Bearer x"}],
)
def test_without_a_good_credential_it_is_401(workspace: Workspace, headers: dict[str, str]) -> None:
    response = Client(headers=headers).get(f"/v1/{workspace.project_id}/workspaces/{workspace.pk}/soc/tasks")
    assert gateway(response) == (401, "APIGW.0301")
    assert response.json()["error_msg"] == PREFIX + "decrypt token fail"


def test_a_bearer_token_is_no_credential_here(world: World, owner: Caller) -> None:
    bearer = Client(headers={"authorization": f"Bearer {world.token(world.owner)}"})
    assert gateway(bearer.get(owner.base + "tasks")) == (401, "APIGW.0301")


def test_an_expired_token_must_be_updated(world: World, workspace: Workspace) -> None:
    token = token_for(world.owner, expires_at=timezone.now() - timedelta(seconds=1))
    response = Caller(workspace, token).get("tasks")
    assert gateway(response) == (401, "APIGW.0301")
    assert response.json()["error_msg"] == PREFIX + "The token must be updated"


def test_revoked_tokens_and_locked_out_users_are_refused(world: World, owner: Caller) -> None:
    AccessToken.objects.update(revoked_at=timezone.now())
    assert gateway(owner.get("tasks")) == (401, "APIGW.0301")
    AccessToken.objects.update(revoked_at=None)
    assert owner.get("tasks").status_code == 200
    world.organization.is_active = False
    world.organization.save()
    assert gateway(owner.get("tasks")) == (401, "APIGW.0301")


# --- signatures over Django's own request ---


@pytest.fixture
def key(world: World) -> tuple[AccessKey, str]:
    return key_issue(user=world.owner, name="test")


def signed_headers(key: tuple[AccessKey, str], path: str, body: str = "", **more: str) -> dict[str, str]:
    """What the vendor's signer would send."""
    headers = {"Host": "testserver", "Content-Type": "application/json", **more}
    request = SdkRequest("PUT" if body else "GET", host="testserver", resource_path=path, query_params=[],
                         header_params=headers, body=body)  # fmt: skip
    Signer(BasicCredentials(key[0].access_key, key[1], "")).sign(request)
    return request.header_params


def test_a_signed_request_is_let_in_and_its_body_is_covered(key: Any, owner: Caller, todo: Todo) -> None:
    path = f"{owner.base}tasks/{todo.pk}"
    body = '{"action": "CONTINUE"}'
    headers = signed_headers(key, path, body, **{"X-Note": "zażółć"})
    tampered = Client().put(
        path, body.replace("CONTINUE", "TERMINAT"), content_type="application/json", headers=headers
    )
    assert gateway(tampered) == (401, "APIGW.0301")
    assert Client().put(path, body, content_type="application/json", headers=headers).status_code == 200
    assert AccessKey.objects.get().last_used_at is not None


def test_it_says_which_key_it_does_not_know(key: Any, owner: Caller) -> None:
    key[0].access_key = "NOBODY"
    response = Client().get(owner.base + "tasks", headers=signed_headers(key, owner.base + "tasks"))
    assert gateway(response) == (401, "APIGW.0301")
    assert response.json()["error_msg"] == PREFIX + "Get secretKey failed,ak:NOBODY,err:ak not exist"


def test_it_says_that_a_signature_is_wrong(key: Any, owner: Caller) -> None:
    headers = signed_headers((key[0], key[1][::-1]), owner.base + "tasks")
    response = Client().get(owner.base + "tasks", headers=headers)
    assert gateway(response) == (401, "APIGW.0301")
    assert response.json()["error_msg"].startswith(PREFIX + "verify aksk signature fail, ")


def test_a_signature_can_not_be_replayed_later(key: Any, owner: Caller) -> None:
    old = (timezone.now() - timedelta(minutes=16)).strftime("%Y%m%dT%H%M%SZ")
    headers = signed_headers(key, owner.base + "tasks", **{"X-Sdk-Date": old})
    response = Client().get(owner.base + "tasks", headers=headers)
    assert gateway(response) == (401, "APIGW.0301")
    assert f"signature expired, signature time:{old},server time:" in response.json()["error_msg"]


def test_other_algorithms_are_refused(owner: Caller) -> None:
    header = f"SDK-HMAC-SM3 Access=A, SignedHeaders=x-sdk-date, Signature={'0' * 64}"
    response = Client(headers={"authorization": header}).get(owner.base + "tasks")
    assert gateway(response) == (401, "APIGW.0301")


def test_a_revoked_key_is_unknown(key: Any, owner: Caller) -> None:
    AccessKey.objects.update(revoked_at=timezone.now())
    response = Client().get(owner.base + "tasks", headers=signed_headers(key, owner.base + "tasks"))
    assert "ak not exist" in response.json()["error_msg"]


def test_secrets_lie_encrypted(key: Any) -> None:
    stored = bytes(AccessKey.objects.get().secret_encrypted)
    assert key[1].encode() not in stored


# --- the order of the checks ---


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/v1/nothing"), ("get", "/v3/nothing"), ("get", "/v1"), ("get", "{base}nothing"),
        ("get", "{base}tasks/"), ("put", "{base}tasks/{todo}/"), ("get", "{base}attachment"),
        ("get", "/v1/{project}/workspaces//soc/tasks"),
    ],
)  # fmt: skip
def test_unknown_routes_come_first_and_are_never_redirects(owner: Caller, todo: Todo, method: str, path: str) -> None:
    url = path.format(base=owner.base, todo=todo.pk, project=todo.workspace.project_id)
    for client in (Client(), owner.client):
        response = getattr(client, method)(url)
        assert gateway(response) == (404, "APIGW.0101")
        assert response.json()["error_msg"] == ("The API does not exist or has not been published in the environment.")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", "tasks/x"), ("post", "tasks/x"), ("patch", "tasks/x"), ("put", "tasks"), ("options", "tasks"),
        ("delete", "attachment/x"), ("head", "attachment/x"), ("put", "attachment/upload"),
    ],
)  # fmt: skip
def test_unknown_methods_come_first(owner: Caller, method: str, path: str) -> None:
    response = getattr(Client(), method)(owner.base + path)
    assert response.status_code == 404
    if method != "head":
        assert gateway(response) == (404, "APIGW.0101")
        assert response.json()["error_msg"] == "The API does not exist."


def test_each_check_comes_before_the_next(world: World, workspace: Workspace, todo: Todo) -> None:
    """Credential, project, workspace, to-do, sorting, anything else: what is wrong first is told."""
    client = Client(headers={"x-auth-token": world.token(world.owner)})
    project, here = workspace.project_id, workspace.pk

    def put(client: Client, project: str, workspace: str, task: str) -> Any:
        url = f"/v1/{project}/workspaces/{workspace}/soc/tasks/{task}"
        return client.put(url, "{", content_type="application/json")

    assert gateway(put(Client(), "x", "x", "x")) == (401, "APIGW.0301")
    assert gateway(put(client, "x", here, todo.pk)) == (403, "APIGW.0302")
    assert service(put(client, project, "x", todo.pk)) == (403, "SecMaster.20010001")
    assert service(put(client, project, here, "x")) == (400, "SecMaster.20030005")
    assert service(put(client, project, here, todo.pk)) == (400, "SecMaster.20041002")


def test_a_workspace_of_another_project_is_unknown(world: World, workspace: Workspace, owner: Caller) -> None:
    other = WorkspaceFactory(project=ProjectFactory(organization=world.organization))
    url = f"/v1/{workspace.project_id}/workspaces/{other.pk}/soc/tasks"
    assert service(owner.client.get(url)) == (403, "SecMaster.20010001")


@pytest.mark.parametrize("task_id", ["a%20b%2Fc%3Ad", "a%0Ab", "%E4%BD%A0", "..", "'", "%25", "x" * 3000, "T/comments"])
def test_any_text_is_an_unknown_id(owner: Caller, task_id: str) -> None:
    assert service(owner.client.get(f"{owner.base}tasks/{task_id}")) == (400, "SecMaster.20030005")
    assert service(owner.client.get(f"{owner.base}attachment/{task_id}")) == (400, "SecMaster.20030005")
    assert service(owner.client.get(f"{owner.base}attachment/{task_id}/download")) == (400, "SecMaster.20030005")


def test_a_nul_in_the_path_is_no_route(owner: Caller) -> None:
    assert gateway(owner.client.get(f"{owner.base}tasks/a%00b")) == (404, "APIGW.0101")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense", "*/*;q=0"])
def test_answers_are_json_whatever_a_client_accepts(owner: Caller, todo: Todo, accept: str) -> None:
    response = owner.client.get(f"{owner.base}tasks/{todo.pk}", headers={"accept": accept})
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")


def test_over_a_rate_limit_it_is_429(owner: Caller, settings: Any) -> None:
    settings.RATE_LIMITS = {"secmaster": 1}
    answers = [owner.get("tasks") for _ in range(3)]
    refused = [response for response in answers if response.status_code == 429]
    assert refused
    assert gateway(refused[0]) == (429, "APIGW.0308")
    assert refused[0].headers["Retry-After"]


def test_a_request_id_comes_back(owner: Caller, todo: Todo) -> None:
    response = owner.client.get(f"{owner.base}tasks/{todo.pk}", headers={"x-request-id": "my-own-id"})
    assert response.headers["X-Request-Id"] == response.json()["request_id"] == "my-own-id"


# --- rights ---

READS = ["tasks", "tasks/{todo}", "attachment/{file}", "attachment/{file}/download"]


def test_a_foreign_organization_sees_what_does_not_exist(
    world: World, workspace: Workspace, todo: Todo, attachment: Any, caller_for: Any
) -> None:
    stranger = caller_for(world.outsider)
    for path in READS:
        there = stranger.get(path.format(todo=todo.pk, file=attachment.pk))
        nowhere = stranger.client.get(f"/v1/unknown/workspaces/{workspace.pk}/soc/{path.format(todo=1, file=1)}")
        assert gateway(there) == gateway(nowhere) == (403, "APIGW.0302")
        assert there.json()["error_msg"] == nowhere.json()["error_msg"]
    assert gateway(stranger.put(todo, {"action": "CONTINUE"})) == (403, "APIGW.0302")
    own = Caller(
        WorkspaceFactory(project=ProjectFactory(organization=world.other_organization)), world.token(world.outsider)
    )
    assert service(own.get(f"tasks/{todo.pk}")) == (400, "SecMaster.20030005")
    assert service(own.get(f"attachment/{attachment.pk}")) == (400, "SecMaster.20030005")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("owner", {"read", "settle", "comment", "attach", "upload", "raise"}),
        ("planner", {"read", "settle", "comment", "attach", "upload", "raise"}),
        ("agent", {"read", "settle", "comment", "attach", "upload"}),
        ("viewer", {"read"}),
    ],
)
def test_rights_come_from_the_group(
    world: World, workspace: Workspace, attachment: Any, caller_for: Any, role: str, may: set[str]
) -> None:
    caller = caller_for(getattr(world, role))
    todo = TodoFactory(workspace=workspace)
    answers = {
        "comment": caller.put(todo, {"action": "ADD_COMMENT", "comment": "x"}),
        "attach": caller.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk}),
        "settle": caller.put(todo, {"action": "CONTINUE"}),
        "upload": caller.upload(SimpleUploadedFile("a.txt", b"x")),
        "raise": caller.post("tasks", {"name": "x", "business_type": "PLAYBOOKPUBLISH"}),
    }
    reads = [caller.get(path.format(todo=todo.pk, file=attachment.pk)).status_code for path in READS]
    assert reads == [200] * len(READS)
    for what, response in answers.items():
        if what in may:
            assert response.status_code in (200, 201), what
        else:
            assert gateway(response) == (403, "APIGW.0302"), what


def test_a_user_without_group_has_no_role(world: World, workspace: Workspace, todo: Todo) -> None:
    world.agent.groups.clear()
    caller = Caller(workspace, token_for(world.agent))
    for path in ("tasks", f"tasks/{todo.pk}"):
        assert gateway(caller.get(path)) == (403, "APIGW.0302")


def test_showing_costs_a_fixed_number_of_queries(owner: Caller, todo: Todo, django_assert_num_queries: Any) -> None:
    owner.get(f"tasks/{todo.pk}")
    with django_assert_num_queries(3):
        owner.get(f"tasks/{todo.pk}")
