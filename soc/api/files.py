"""Addresses from which an attachment's bytes can be fetched for a few minutes, without a credential in a header."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import FileResponse, HttpRequest
from django.urls import reverse

from accounts.models import User
from core.api.errors import Forbidden, NotFound
from soc.models import Attachment

LIFETIME = timedelta(minutes=5)
_SALT = "soc.attachment"


def file_url(request: HttpRequest, attachment: Attachment, user_id: int) -> str:
    """An absolute address that lets the user fetch the file until it expires."""
    ticket = signing.dumps([attachment.pk, user_id], salt=_SALT, compress=False)
    return request.build_absolute_uri(reverse("soc-file", args=[ticket]))


def file_open(ticket: str) -> FileResponse:
    """The file behind a ticket; the rights of the one it was made for are asked again."""
    attachment_id, user_id = _read(ticket)
    user = User.objects.select_related("organization").filter(pk=user_id, is_active=True).first()
    if user is None or not user.organization.is_active or not user.has_perm("soc.view_attachment"):
        raise Forbidden("The address is not valid any more.")
    attachment = Attachment.objects.of(user.organization).filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound("The attachment does not exist.", code="attachment")
    return file_response(attachment)


def file_response(attachment: Attachment) -> FileResponse:
    """The bytes as a download, never as a page: an uploaded file must not run in this site's name."""
    try:
        if attachment.is_deleted:
            raise FileNotFoundError
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise NotFound("The attachment has been deleted.", code="attachment") from None
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


def _read(ticket: str) -> Any:
    try:
        return signing.loads(ticket, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise Forbidden("The address is wrong or has expired.") from None
