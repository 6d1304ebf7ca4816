"""Users named by GUID in lists of managers and access lists."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from core.actor import Actor


def users_of(actor: Actor, guids: Iterable[UUID]) -> list[User]:
    """The organization's users among these GUIDs; the rest is passed over."""
    return list(User.objects.of(actor.organization).filter(guid__in=set(guids)))
