"""Files of a workspace, and which to-dos list them."""

from pathlib import PurePosixPath

from django.core.files import File
from django.db import transaction

from core.actor import Actor
from core.api.errors import Invalid, NotFound
from core.journal import record
from core.statements import row_insert
from soc.models import Attachment, Todo, TodoAttachment, Workspace
from soc.services.base import actor_id, now, signed_by, todo_touch

MAX_BYTES = 20 * 1024 * 1024
# Evidence and documents. Nothing that a browser or a desktop would run.
SUFFIXES = frozenset({
    ".txt", ".log", ".md", ".csv", ".tsv", ".json", ".yaml", ".yml", ".xml", ".pdf", ".rtf",
    ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp",
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff",
    ".zip", ".gz", ".tgz", ".tar", ".7z", ".bz2", ".xz", ".zst",
    ".eml", ".msg", ".pcap", ".pcapng", ".evtx", ".har", ".stix", ".ioc", ".yar",
})  # fmt: skip


def attachment_upload(*, actor: Actor, workspace: Workspace, file: File) -> Attachment:
    """Store a file of 1 byte to 20 MiB, of an allowed type, under a random name. Raises Invalid."""
    actor.require("soc.add_attachment")
    name = _file_name(file)
    _file_check(file, name)
    moment, who = now(), actor_id(actor)
    attachment = Attachment(
        organization=actor.organization,
        workspace=workspace,
        file_name=name,
        size=file.size,
        creator_id=who,
        creator_name=actor.name,
        modifier_id=who,
        modifier_name=actor.name,
        create_time=moment,
        update_time=moment,
    )
    attachment.file.save(name, file, save=False)
    try:
        with transaction.atomic():
            row_insert(attachment)
            record(actor=actor, verb="create", obj=attachment, changes={"file_name": [None, name]})
    except BaseException:
        # A file without a row would never be found again.
        attachment.file.delete(save=False)
        raise
    return attachment


def attachment_delete(*, actor: Actor, attachment: Attachment) -> None:
    """Drop the bytes for good and take the file off every to-do; the row stays, marked as deleted."""
    actor.require("soc.delete_attachment")
    stored = str(attachment.file.name)
    with transaction.atomic():
        if not Attachment.objects.filter(pk=attachment.pk, is_deleted=False).update(
            is_deleted=True, **signed_by(actor)
        ):
            return
        TodoAttachment.objects.filter(attachment=attachment).delete()
        record(actor=actor, verb="delete", obj=attachment, changes={"is_deleted": [False, True]})
        transaction.on_commit(lambda: attachment.file.storage.delete(stored))


def attachment_add(*, actor: Actor, todo: Todo, attachment_id: str) -> None:
    """Put a file of the to-do's workspace on its list, once; NotFound (code `listed`) when there is none."""
    actor.require("soc.change_todo")
    with transaction.atomic():
        todo_touch(todo, actor)
        # Locked, or the file could be deleted before its link is there to be deleted with it.
        files = Attachment.objects.filter(workspace=todo.workspace_id, is_deleted=False).select_for_update()
        attachment = files.filter(pk=attachment_id).first()
        if attachment is None:
            raise NotFound("The workspace has no such attachment.", code="listed")
        # Nobody else adds to the to-do meanwhile: its row is locked since it was touched.
        if not TodoAttachment.objects.filter(todo=todo, attachment=attachment).exists():
            row_insert(TodoAttachment(organization=actor.organization, todo=todo, attachment=attachment))
            changes = {"attachments": [None, attachment.file_name]}
            record(actor=actor, verb="attachment_add", obj=todo, changes=changes)


def attachment_remove(*, actor: Actor, todo: Todo, attachment_id: str) -> None:
    """Take a file off the to-do's list; NotFound (code `listed`) when it is not on it."""
    actor.require("soc.change_todo")
    with transaction.atomic():
        # Touched first, which locks its row: of two who take a file off at once, one learns that it is gone.
        todo_touch(todo, actor)
        link = TodoAttachment.objects.filter(todo=todo, attachment=attachment_id).select_related("attachment").first()
        if link is None:
            raise NotFound("The to-do does not list this attachment.", code="listed")
        link.delete()
        record(
            actor=actor,
            verb="attachment_remove",
            obj=todo,
            changes={"attachments": [link.attachment.file_name, None]},
        )


def _file_name(file: File) -> str:
    # Browsers of old send whole paths, either way round.
    name = PurePosixPath((file.name or "").replace("\\", "/")).name.strip()
    if not name or not name.isprintable() or len(name) > 255:
        raise Invalid("uploadFile: needs a name of 1 to 255 printable characters", field="uploadFile")
    return name


def _file_check(file: File, name: str) -> None:
    if not 0 < file.size <= MAX_BYTES:
        raise Invalid(f"uploadFile: must have 1 to {MAX_BYTES} bytes", field="uploadFile")
    if PurePosixPath(name).suffix.lower() not in SUFFIXES:
        raise Invalid(f"uploadFile: files of this type are not taken ({name})", field="uploadFile")
