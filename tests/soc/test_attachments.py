"""Uploading, showing and downloading files."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import JournalEntry
from soc.models import Attachment, Todo, TodoAttachment
from soc.services import attachment_delete
from soc.services.attachments import MAX_BYTES
from tests.conftest import World

INVALID = "SecMaster.20041002"


def refused(response: Any) -> bool:
    return (response.status_code, response.json()["code"]) == (400, INVALID)


def test_an_upload_answers_id_name_and_workspace(owner: Any, world: World) -> None:
    answer = owner.upload(SimpleUploadedFile("evidence.log", b"x"), fileType="user_task").json()
    attachment = Attachment.objects.get()
    assert answer["data"] == {
        "id": attachment.pk, "file_name": "evidence.log", "workspace_id": attachment.workspace_id,
    }  # fmt: skip
    assert (answer["code"], answer["success"]) == ("00000000", True)
    assert JournalEntry.objects.get().object_id == attachment.pk


def test_it_is_stored_under_a_random_name(owner: Any, settings: Any) -> None:
    for _ in range(2):
        owner.upload(SimpleUploadedFile("evidence.log", b"x"))
    stored = [
        str(path.relative_to(settings.MEDIA_ROOT)) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()
    ]
    assert len(set(stored)) == 2
    assert all(re.fullmatch(r"soc/\d+/[0-9a-f]{32}", name) for name in stored)


def test_show_answers_strings_only(owner: Any, attachment: Attachment, world: World) -> None:
    data = owner.get(f"attachment/{attachment.pk}").json()["data"]
    assert list(data) == [
        "id", "file_name", "file_folder", "workspace_id", "creator_id", "creator_name", "create_time", "update_time",
        "modifier_id", "modifier_name", "is_deleted", "storage_type", "storage_url",
    ]  # fmt: skip
    assert all(isinstance(value, str) for value in data.values())
    assert (data["file_name"], data["is_deleted"], data["creator_id"]) == (
        "evidence.txt", "false", str(world.owner.guid),
    )  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\+0800", data["create_time"])


@pytest.mark.parametrize(
    "name", ["page.html", "a.svg", "run.exe", "x.js", "x.sh", "noextension", ".txt.html", "x.txt.hta", "a.htm "]
)
def test_it_refuses_types_that_could_run(owner: Any, name: str) -> None:
    assert refused(owner.upload(SimpleUploadedFile(name, b"x")))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("name", ["..\\..\\etc\\passwd.txt", "C:\\evidence\\passwd.txt", "../../passwd.txt"])
def test_a_path_in_a_name_is_cut_off(owner: Any, name: str) -> None:
    owner.upload(SimpleUploadedFile(name, b"x"))
    assert Attachment.objects.get().file_name == "passwd.txt"


def test_it_refuses_an_empty_and_a_large_file(owner: Any, settings: Any) -> None:
    assert refused(owner.upload(SimpleUploadedFile("a.txt", b"")))
    assert refused(owner.upload(SimpleUploadedFile("a.txt", b"x" * (MAX_BYTES + 1))))
    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


def test_a_body_beyond_every_upload_is_the_gateways_413(owner: Any) -> None:
    response = owner.upload(SimpleUploadedFile("a.txt", b"x" * 33 * 1024 * 1024))
    assert (response.status_code, response.json()["error_code"]) == (413, "APIGW.0201")


def test_it_refuses_what_is_no_upload(owner: Any) -> None:
    assert refused(owner.upload(SimpleUploadedFile("a.txt", b"x"), fileType="other"))
    assert refused(owner.client.post(owner.base + "attachment/upload", {"fileType": "user_task"}))
    assert refused(owner.client.post(owner.base + "attachment/upload", {"uploadFile": "text, no file"}))
    assert refused(owner.post("attachment/upload", {"uploadFile": "x"}))
    assert refused(owner.post("attachment/upload", b"--x", content_type="multipart/form-data"))
    assert refused(owner.post("attachment/upload", b"--x", content_type="multipart/form-data; boundary=x"))
    assert not Attachment.objects.exists()


def test_a_failed_row_leaves_no_file(owner: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(**_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("soc.services.attachments.record", burst)
    owner.client.raise_request_exception = False
    assert owner.upload(SimpleUploadedFile("a.txt", b"x")).status_code == 500
    assert not Attachment.objects.exists()
    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))


# --- downloads ---


def address(owner: Any, attachment: Attachment) -> str:
    answer = owner.get(f"attachment/{attachment.pk}/download").json()
    assert answer["data"].startswith("http://testserver/v1/")
    return answer["data"]


def test_the_address_gives_the_bytes_as_a_download(owner: Any, attachment: Attachment) -> None:
    response = Client().get(address(owner, attachment))
    assert response.getvalue() == b"evidence"
    assert response.headers["Content-Disposition"] == 'attachment; filename="evidence.txt"'
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_a_name_in_any_script_survives(owner: Any) -> None:
    owner.upload(SimpleUploadedFile('证据 "1".txt', b"x"))
    response = Client().get(address(owner, Attachment.objects.get()))
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%AF%81%E6%8D%AE")


def test_the_address_expires(owner: Any, attachment: Attachment) -> None:
    url = address(owner, attachment)
    with time_machine.travel(timedelta(minutes=6), tick=True):
        response = Client().get(url)
    assert (response.status_code, response.json()["error_code"]) == (403, "APIGW.0302")


def test_a_changed_address_is_refused(owner: Any, attachment: Attachment) -> None:
    url = address(owner, attachment)
    for wrong in (url[:-1] + ("a" if url[-1] != "a" else "b"), url.replace("files/W", "files/X"), url + "x"):
        assert Client().get(wrong).status_code == 403


def test_the_address_ends_with_the_rights_of_its_user(world: World, caller_for: Any, attachment: Attachment) -> None:
    url = address(caller_for(world.agent), attachment)
    assert Client().get(url).status_code == 200
    world.agent.groups.clear()
    assert Client().get(url).status_code == 403
    planners = address(caller_for(world.planner), attachment)
    world.planner.is_active = False
    world.planner.save()
    assert Client().get(planners).status_code == 403


def test_a_deleted_file_is_shown_as_deleted_and_gone(
    owner: Any, todo: Todo, attachment: Attachment, world: World, settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk})
    url = address(owner, attachment)
    with django_capture_on_commit_callbacks(execute=True):
        attachment_delete(actor=world.actor(), attachment=attachment)
    assert owner.get(f"attachment/{attachment.pk}").json()["data"]["is_deleted"] == "true"
    assert owner.get(f"attachment/{attachment.pk}/download").json()["code"] == "SecMaster.20030005"
    assert Client().get(url).status_code == 400
    assert refused(owner.put(todo, {"action": "ADD_ATTACHMENT", "attachment_id": attachment.pk}))
    assert not TodoAttachment.objects.exists()
    assert not any(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*"))
