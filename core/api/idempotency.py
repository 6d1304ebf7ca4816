"""The optional Idempotency-Key header on POST.

The first answer is kept for a day and replayed to the same caller with the same request. Another body under the key is
refused as Invalid, and one in flight answers Conflict at once. The write and the kept answer are one transaction, so
that a process that dies in between leaves neither.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts.models import User
from core.api.errors import Conflict, Invalid
from core.models import IdempotencyKey

KEEP = timedelta(days=1)
# After this a first request that never ended is taken for dead.
LEASE = timedelta(minutes=2)
_KEPT_HEADERS = ("Location", "X-Subject-Token")


def fingerprint(method: str, path: str, content_type: str, body: bytes) -> str:
    digest = hashlib.sha256(f"{method}\n{path}\n{content_type}\n".encode())
    digest.update(body)
    return digest.hexdigest()


def form_digest(request: Request) -> bytes:
    """What a multipart form says, whatever boundary it was sent with: its fields, and the contents of its files."""
    digest = hashlib.sha256(repr(sorted(request.POST.items())).encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(name.encode())
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.digest()


def run(
    *, user: User, key: str, mark: str, handler: Callable[[], Any], render: Callable[[Any], HttpResponseBase]
) -> Any:
    """Run `handler` under the key, or answer as it answered before.

    render: turns the handler's answer into a finished response, whose bytes can be kept. Answers with a status of 500
    and more are not kept; neither are exceptions.
    """
    if not 1 <= len(key) <= 255 or not key.isprintable():
        raise Invalid("The Idempotency-Key header must have 1 to 255 printable characters.", field="Idempotency-Key")
    row, first = _claim(user, key, mark)
    if not first:
        return _replay(row, mark)
    try:
        with transaction.atomic():
            response = render(handler())
            _keep(row, response)
    except BaseException:
        IdempotencyKey.objects.filter(pk=row.pk, status=None).delete()
        raise
    return response


def _claim(user: User, key: str, mark: str) -> tuple[IdempotencyKey, bool]:
    now = timezone.now()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                organization_id=user.organization_id, user=user, key=key, fingerprint=mark, lease_until=now + LEASE
            )
        return row, True
    except IntegrityError:
        row = IdempotencyKey.objects.get(user=user, key=key)
    stale = row.created_at < now - KEEP or (row.status is None and row.lease_until < now)
    if stale and IdempotencyKey.objects.filter(pk=row.pk, lease_until=row.lease_until).update(
        fingerprint=mark, status=None, lease_until=now + LEASE, created_at=now
    ):
        row.refresh_from_db()
        return row, True
    return row, False


def _replay(row: IdempotencyKey, mark: str) -> HttpResponse:
    if row.fingerprint != mark:
        raise Invalid("The Idempotency-Key has been used for another request.", field="Idempotency-Key")
    if row.status is None:
        raise Conflict("A request with this Idempotency-Key is still being processed.")
    return HttpResponse(
        bytes(row.body),
        status=row.status,
        content_type=row.content_type,
        headers={**row.headers, "Idempotent-Replayed": "true"},
    )


def _keep(row: IdempotencyKey, response: HttpResponseBase) -> None:
    if response.status_code >= 500 or response.streaming:
        IdempotencyKey.objects.filter(pk=row.pk).delete()
        return
    IdempotencyKey.objects.filter(pk=row.pk).update(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", ""),
        headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        body=response.content,
    )
