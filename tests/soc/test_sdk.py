"""The vendor's own Python SDK against a live server: nothing changed but its endpoint."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from accounts.models import User
from accounts.services import key_issue
from soc.models import Comment, Todo, Workspace
from tests.conftest import World
from tests.soc.factories import CommentFactory, TodoFactory
from tests.soc.sdk import BasicCredentials, ClientRequestException, FormFile, HttpConfig, SecMasterRegion, v1

pytestmark = pytest.mark.django_db(transaction=True)

INVALID = "SecMaster.20041002"


class Sdk:
    """A client of the SDK, with its requests preset to one workspace."""

    def __init__(self, client: Any, workspace: Workspace) -> None:
        self.client, self.workspace = client, workspace

    def list(self, **query: Any) -> Any:
        return self.client.list_tasks(v1.ListTasksRequest(workspace_id=self.workspace.pk, **query))

    def show(self, task_id: str) -> Any:
        return self.client.show_task(v1.ShowTaskRequest(workspace_id=self.workspace.pk, task_id=task_id))

    def update(self, task_id: str, **body: Any) -> Any:
        info = v1.ModifyTaskInfo(**body) if body else None
        return self.client.update_task(
            v1.UpdateTaskRequest(workspace_id=self.workspace.pk, task_id=task_id, body=info)
        ).data


@pytest.fixture
def credentials(workspace: Workspace) -> Callable[..., BasicCredentials]:
    def make(user: User, project_id: str | None = workspace.project_id) -> BasicCredentials:
        key, secret = key_issue(user=user, name="sdk")
        return BasicCredentials(key.access_key, secret, project_id)

    return make


@pytest.fixture
def build(live_server: Any) -> Callable[..., Any]:
    def make(credentials: BasicCredentials, kind: Any = v1.SecMasterClient, config: Any = None) -> Any:
        builder = kind.new_builder().with_credentials(credentials).with_endpoint(live_server.url)
        return (builder.with_http_config(config) if config else builder).build()

    return make


@pytest.fixture
def sdk(world: World, workspace: Workspace, credentials: Any, build: Any) -> Sdk:
    return Sdk(build(credentials(world.owner)), workspace)


def refusal(call: Callable[[], Any]) -> tuple[int, str]:
    """(status, code) of what the SDK makes of a refusal; it always comes with a message and a request id."""
    with pytest.raises(ClientRequestException) as caught:
        call()
    error = caught.value
    assert error.error_msg
    assert error.request_id
    return error.status_code, error.error_code


def test_it_lists_with_every_filter(sdk: Sdk, workspace: Workspace) -> None:
    TodoFactory(workspace=workspace, name="block address", notes="006", creator_name="engine")
    TodoFactory(workspace=workspace, name="lock account", business_type="WORKFLOWPUBLISH")
    answer = sdk.list()
    assert (answer.code, answer.success, answer.total, answer.page, answer.size) == ("00000000", True, 2, 1, 10)
    assert {task.name for task in answer.data} == {"block address", "lock account"}
    narrowed = sdk.list(
        offset=0, limit=100, sort_key="update_time", sort_dir="ASC", note="00", name="BLOCK", creator_name="eng",
        business_type="PLAYBOOKNODEAPPROVE", query_type="my_todo",
        from_date="2025-08-19T14:53:42.424Z+0800", to_date="2025-08-19T14:53:42.424Z+0800",
    )  # fmt: skip
    assert [task.name for task in narrowed.data] == ["block address"]
    past_the_end = sdk.list(offset=100, limit=100)
    assert past_the_end.data == []
    assert past_the_end.total == 2


def test_it_shows_a_todo(sdk: Sdk, todo: Todo) -> None:
    task = sdk.show(todo.pk).data
    assert (task.id, task.name, task.status) == (todo.pk, todo.name, "waiting")
    assert task.create_time == "2025-08-19T14:53:42.424Z+0800"
    assert (task.comments, task.attachment_id_list) == ([], [])


def test_it_does_all_six_actions(sdk: Sdk, workspace: Workspace, tmp_path: Path) -> None:
    first, second = TodoFactory(workspace=workspace), TodoFactory(workspace=workspace)
    commented = sdk.update(first.pk, action="ADD_COMMENT", comment="你好, comment content")
    assert [comment.message for comment in commented.comments] == ["你好, comment content"]
    assert commented.comments[0].time > 1_700_000_000_000
    assert sdk.update(first.pk, action="DELETE_COMMENT", comment_id=commented.comments[0].id).comments == []
    (tmp_path / "evidence.txt").write_text("evidence")
    file_id = upload(sdk, tmp_path / "evidence.txt").data.id
    assert sdk.update(first.pk, action="ADD_ATTACHMENT", attachment_id=file_id).attachment_id_list == [file_id]
    assert sdk.update(first.pk, action="DELETE_ATTACHMENT", attachment_id=file_id).attachment_id_list == []
    finished = sdk.update(first.pk, action="CONTINUE", comment="fine")
    assert (finished.status, finished.approver, finished.review_comments) == ("finished", "Owner", "fine")
    assert sdk.update(second.pk, action="TERMINATE").status == "canceled"


def upload(sdk: Sdk, path: Path) -> Any:
    with path.open("rb"):
        body = v1.UploadAttachmentRequestBody(file_type="user_task", upload_file=FormFile(str(path), "text/plain"))
        return sdk.client.upload_attachment(v1.UploadAttachmentRequest(workspace_id=sdk.workspace.pk, body=body))


def test_it_uploads_shows_and_downloads_an_attachment(sdk: Sdk, tmp_path: Path) -> None:
    (tmp_path / "evidence.txt").write_bytes(b"evidence \x00\xff")
    uploaded = upload(sdk, tmp_path / "evidence.txt").data
    assert (uploaded.file_name, uploaded.workspace_id) == ("evidence.txt", sdk.workspace.pk)
    ids = {"workspace_id": sdk.workspace.pk, "attach_id": uploaded.id}
    shown = sdk.client.show_attachment(v1.ShowAttachmentRequest(**ids)).data
    assert (shown.id, shown.is_deleted, shown.creator_name) == (uploaded.id, "false", "Owner")
    address = sdk.client.download_attachment(v1.DownloadAttachmentRequest(**ids)).data
    with urlopen(address) as answer:
        assert answer.read() == b"evidence \x00\xff"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence.txt"'


def test_it_decodes_refusals(sdk: Sdk, workspace: Workspace, todo: Todo) -> None:
    assert refusal(lambda: sdk.update(todo.pk)) == (400, INVALID)
    assert refusal(lambda: sdk.update(todo.pk, comment="x")) == (400, INVALID)
    assert refusal(lambda: sdk.update(todo.pk, action="EXPLODE")) == (400, INVALID)
    assert refusal(lambda: sdk.show("unknown")) == (400, "SecMaster.20030005")
    assert refusal(lambda: sdk.show("a b/c:d")) == (400, "SecMaster.20030005")
    assert refusal(lambda: sdk.list(sort_key="name")) == (400, "SecMaster.20030009")
    elsewhere = Sdk(sdk.client, Workspace(pk=str(uuid.uuid4())))
    assert refusal(lambda: elsewhere.show(todo.pk)) == (403, "SecMaster.20010001")


def test_it_refuses_wrong_and_unknown_keys(
    sdk: Sdk, world: World, workspace: Workspace, build: Any, todo: Todo
) -> None:
    key, secret = key_issue(user=world.owner, name="sdk")
    for access_key, secret_key in ((key.access_key, secret[::-1]), ("UNKNOWN", secret)):
        client = build(BasicCredentials(access_key, secret_key, workspace.project_id))
        assert refusal(lambda client=client: Sdk(client, workspace).show(todo.pk)) == (401, "APIGW.0301")


def test_a_foreign_organization_sees_nothing(world: World, workspace: Workspace, credentials: Any, build: Any) -> None:
    stranger = Sdk(build(credentials(world.outsider)), workspace)
    assert refusal(stranger.list) == (403, "APIGW.0302")


def test_region_style_looks_the_project_up(
    world: World, workspace: Workspace, todo: Todo, credentials: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUAWEICLOUD_SDK_REGION_SECMASTER_CN_NORTH_4", live_server.url)
    monkeypatch.setenv("HUAWEICLOUD_SDK_IAM_ENDPOINT", live_server.url)
    builder = v1.SecMasterClient.new_builder().with_credentials(credentials(world.owner, project_id=None))
    client = builder.with_region(SecMasterRegion.value_of("cn-north-4")).build()
    assert Sdk(client, workspace).show(todo.pk).data.project_id == workspace.project_id


def test_the_token_header_is_enough(sdk: Sdk, world: World, workspace: Workspace, todo: Todo, build: Any) -> None:
    client = build(BasicCredentials("UNKNOWN", "wrong", workspace.project_id))
    request = v1.ShowTaskRequest(workspace_id=workspace.pk, task_id=todo.pk)
    invoker = client.show_task_invoker(request).add_header("X-Auth-Token", world.token(world.owner))
    assert invoker.invoke().data.id == todo.pk
    client.preset_headers = {"X-Auth-Token": world.token(world.owner)}
    assert client.show_task(request).data.id == todo.pk
    client.preset_headers = {"Authorization": "Bearer x"}
    assert refusal(lambda: client.show_task(request)) == (401, "APIGW.0301")


def test_a_signature_counts_beside_a_bad_token(sdk: Sdk, todo: Todo) -> None:
    sdk.client.preset_headers = {"X-Auth-Token": "bad"}
    assert sdk.show(todo.pk).data.id == todo.pk


def test_the_async_client_works(world: World, workspace: Workspace, todo: Todo, credentials: Any, build: Any) -> None:
    client = build(credentials(world.owner), kind=v1.SecMasterAsyncClient)
    request = v1.ShowTaskRequest(workspace_id=workspace.pk, task_id=todo.pk)
    assert client.show_task_async(request).result().data.id == todo.pk


def test_a_security_token_is_signed_and_ignored(
    world: World, workspace: Workspace, todo: Todo, credentials: Any, build: Any
) -> None:
    client = build(credentials(world.owner).with_security_token("STS-TOKEN"))
    assert Sdk(client, workspace).show(todo.pk).data.id == todo.pk


def test_a_get_may_come_without_content_type(
    world: World, workspace: Workspace, todo: Todo, credentials: Any, build: Any
) -> None:
    config = HttpConfig.get_default_config()
    config.ignore_content_type_for_get_request = True
    client = build(credentials(world.owner), config=config)
    assert Sdk(client, workspace).show(todo.pk).data.id == todo.pk


def test_an_agents_key_has_the_agents_rights(
    world: World, workspace: Workspace, todo: Todo, credentials: Any, build: Any
) -> None:
    foreign: Comment = CommentFactory(todo=todo)
    agent = Sdk(build(credentials(world.agent)), workspace)
    assert refusal(lambda: agent.update(todo.pk, action="DELETE_COMMENT", comment_id=foreign.pk)) == (400, INVALID)
    viewer = Sdk(build(credentials(world.viewer)), workspace)
    assert viewer.show(todo.pk).data.id == todo.pk
    assert refusal(lambda: viewer.update(todo.pk, action="CONTINUE")) == (403, "APIGW.0302")
