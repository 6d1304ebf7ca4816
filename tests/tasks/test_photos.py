"""Photos: what is taken for one, where it is stored, and who gets it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tasks.models import Task, TaskPhoto
from tasks.services import photos
from tests.tasks.conftest import Yard
from tests.tasks.photos import JPEG


def upload(yard: Yard, name: str, content: bytes = JPEG, user: User | None = None, **more: Any) -> Any:
    client = yard.client_for(user or yard.world.owner)
    photo = SimpleUploadedFile(more.pop("filename", "photo.jpg"), content, content_type=more.pop("type", "image/jpeg"))
    return client.post(f"/api/v3/task/photo/{name}", {"photo": photo, "forRenameFile": name, **more})


def test_the_address_has_the_vendors_form_and_the_file_a_random_name(yard: Yard) -> None:
    task = yard.task()
    with time_machine.travel(1655862450, tick=False):
        body = upload(yard, f"{task.pk}_0_photo1").json()
    organization = yard.world.organization.object_id
    assert body == {
        "status": True,
        "url": f"http://testserver/{organization}/2022/06/22/1655862450_{task.pk}_0_photo1.jpg",
    }
    photo = TaskPhoto.objects.get()
    assert (photo.task_id, photo.size, photo.created_by) == (task.pk, len(JPEG), "Owner")
    stored = [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert task.pk not in stored[0]


def test_an_upload_changes_no_task(yard: Yard) -> None:
    task = yard.task()
    before = Task.objects.values().get()
    url = upload(yard, f"{task.pk}_0_photo1").json()["url"]
    assert Task.objects.values().get() == before
    patched = yard.api("PATCH", f"/task/{task.pk}", {"foto_0_url": url}).json()["task"]
    assert patched["foto_0_url"] == url


def test_it_is_served_to_the_organization_alone(yard: Yard, console_for: Callable[[User], Client]) -> None:
    path = upload(yard, "x").json()["url"].removeprefix("http://testserver")
    response = yard.client_for(yard.world.viewer).get(path)
    assert (response.status_code, b"".join(response.streaming_content)) == (200, JPEG)
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert console_for(yard.world.viewer).get(path).status_code == 200
    foreign = yard.world.other_organization.object_id
    outsider = yard.client_for(yard.world.outsider)
    for address in (path, path.replace(yard.world.organization.object_id, foreign)):
        assert outsider.get(address).status_code == 404
    assert Client().get(path).status_code == 401
    assert yard.client_for(yard.world.owner).get(path.replace("_x", "_y")).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"", b"no photo", b"GIF89a" + JPEG, b"<svg onload=alert(1)>", JPEG[:-2], JPEG[:40] + b"\xff\xd9",
     b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff" + b"<script>" * 20 + b"\xff\xd9"],
)  # fmt: skip
def test_the_content_says_what_a_photo_is(yard: Yard, content: bytes) -> None:
    response = upload(yard, "x", content)
    assert response.status_code == 400
    assert response.json() == {"status": False, "message": "The photo must be a file of type: jpg."}
    assert not TaskPhoto.objects.exists()


def test_neither_name_nor_declared_type_matter(yard: Yard) -> None:
    assert upload(yard, "x", filename="a.html", type="text/html").status_code == 200
    path = upload(yard, "y", filename="a.svg", type="image/svg+xml").json()["url"].removeprefix("http://testserver")
    assert yard.client_for(yard.world.owner).get(path)["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("name", ["..", ".hidden", "a b", "a%00b", "é", "x" * 151, "a%2Fb"])
def test_names_that_are_no_names_are_refused(yard: Yard, name: str) -> None:
    response = upload(yard, name)
    assert response.status_code in {400, 404}
    assert response.json()["status"] is False
    assert not TaskPhoto.objects.exists()


def test_a_large_photo_and_a_missing_one_are_refused(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_BYTES", 100)
    assert upload(yard, "x", JPEG + bytes(100)).json()["message"] == "The photo may not be greater than 0 kilobytes."
    client = yard.client_for(yard.world.owner)
    for body in ({}, {"photo": "text"}):
        response = client.post("/api/v3/task/photo/x", body)
        assert response.status_code == 400
        assert response.json() == {"status": False, "message": "The photo field is required."}
    json = client.post("/api/v3/task/photo/x", {"photo": "x"}, content_type="application/json")
    assert json.status_code == 415


def test_uploads_of_one_name_in_one_second_keep_apart(yard: Yard) -> None:
    with time_machine.travel(1655862450, tick=False):
        urls = {upload(yard, "x").json()["url"] for _ in range(3)}
    assert len(urls) == TaskPhoto.objects.count() == 3


def test_whoever_may_only_look_uploads_nothing(yard: Yard) -> None:
    assert upload(yard, "x", user=yard.world.viewer).status_code == 403
    assert upload(yard, "x", user=yard.world.agent).status_code == 200
