"""Share links: addresses that open one project without a login."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core import journal
from core.actor import Actor
from core.api.errors import Invalid
from gantt.models import Project, ShareLink

# What somebody may do who came in by a share link, beside looking.
EDIT = frozenset(
    f"gantt.{verb}_{model}" for verb in ("add", "change", "delete") for model in ("task", "link", "assignment")
)
VIEW = frozenset(f"gantt.view_{model}" for model in ("project", "task", "link", "resource", "assignment"))


@dataclass(frozen=True, slots=True)
class ShareActor(Actor):
    """Whoever holds a share link: acts for the one who made it, with less right and never with more."""

    share: ShareLink | None = None

    @property
    def name(self) -> str:
        return f"{self.user.name if self.user else ''} (share link {self.share.name if self.share else ''})"

    def can(self, permission: str) -> bool:
        allowed = VIEW | EDIT if self.share and self.share.access == ShareLink.Access.EDIT else VIEW
        return permission in allowed and Actor.can(self, permission)


def share_digest(secret: str) -> str:
    """A random secret of 256 bits needs no slow hash: there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def share_create(
    *,
    actor: Actor,
    project: Project,
    name: str,
    access: str = ShareLink.Access.READ,
    expires_at: datetime | None = None,
) -> tuple[ShareLink, str]:
    """
    A share link and its secret, which is shown this once: `/gantt/s/{secret}` is the base address.

    Raises Forbidden (also for rights that the actor does not have) and Invalid.
    """
    actor.require("gantt.add_sharelink")
    if actor.user is None:
        raise Invalid("a share link belongs to a user")
    if access not in ShareLink.Access.values:
        raise Invalid("access must be read or edit", field="access")
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid("expires_at must be in the future", field="expires_at")
    actor.require("gantt.change_task" if access == ShareLink.Access.EDIT else "gantt.view_task")
    secret = secrets.token_urlsafe(32)
    share = ShareLink(
        organization=actor.organization, project=project, name=name, access=access, created_by=actor.user,
        expires_at=expires_at, secret_hash=share_digest(secret),
    )  # fmt: skip
    share.save(force_insert=True)
    journal.record(actor=actor, verb="create", obj=share, changes={"access": [None, access]})
    return share, secret


def share_revoke(*, actor: Actor, share: ShareLink) -> bool:
    """End a share link at once; False when it was revoked before. Raises Forbidden."""
    actor.require("gantt.change_sharelink")
    rows = ShareLink.objects.of(actor.organization).filter(pk=share.pk, revoked_at=None)
    revoked = rows.update(revoked_at=timezone.now()) == 1
    if revoked:
        journal.record(actor=actor, verb="revoke", obj=share)
    return revoked
