"""Photos that are sent for tasks."""

import re
from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actor import Actor
from core.api.errors import Conflict, Invalid
from tasks.models import TaskPhoto

MAX_BYTES = 10 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}")
_TASK_ID = re.compile(r"([0-9a-f]{24})(_|$)")
# How many uploads of one name within a second find a place of their own.
_TRIES = 20


def photo_create(*, actor: Actor, name: str, file: UploadedFile | None) -> TaskPhoto:
    """Store a JPEG under a random name; its address ends in `<year>/<month>/<day>/<epoch>_<name>.jpg`.

    Usual names are `<task id>_<n>_<file>`. The task itself does not change. Raises Invalid, Forbidden.
    """
    actor.require("tasks.change_task")
    name = name.removesuffix(".jpg").removesuffix(".jpeg")
    if not _NAME.fullmatch(name):
        raise Invalid("The forRenameFile format is invalid.", field="forRenameFile")
    if file is None or not isinstance(file, UploadedFile):
        raise Invalid("The photo field is required.", field="photo")
    if (file.size or 0) > MAX_BYTES:
        raise Invalid(f"The photo may not be greater than {MAX_BYTES // 1024} kilobytes.", field="photo")
    if not is_jpeg(file):
        raise Invalid("The photo must be a file of type: jpg.", field="photo")
    return _store(actor, name, file, timezone.now())


def is_jpeg(file: BinaryIO | File) -> bool:
    """Whether the content, whatever its name, is a whole JPEG: marker segments lead to a frame and a scan."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    if not data.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in data[-64:]:
        return False
    position, framed = 2, False
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        if marker == 0xDA:
            return framed
        # The frame headers: C0 to CF without the tables C4, C8 and CC.
        framed = framed or (0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC})
        position += 2 + length
    return False


def _store(actor: Actor, name: str, file: UploadedFile, now: datetime) -> TaskPhoto:
    found = _TASK_ID.match(name)
    for later in range(_TRIES):
        photo = TaskPhoto(
            organization=actor.organization,
            path=f"{now:%Y/%m/%d}/{int(now.timestamp()) + later}_{name}.jpg",
            size=file.size or 0,
            task_id=found.group(1) if found else "",
            created_by=actor.name,
            created_time=now,
        )
        try:
            with transaction.atomic():
                photo.save(force_insert=True)
        except IntegrityError:
            continue
        # Row first: a crash in between leaves an address without a photo, never a photo that nobody knows of.
        photo.file.save("photo.jpg", file)
        return photo
    raise Conflict("Too many photos of this name at once; try again.")
