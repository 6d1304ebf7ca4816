"""What tasks do when hubs and members go; hubs know nothing of tasks and only send signals."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from accounts.models import Organization, User
from core.actor import Actor
from hubs import signals
from hubs.models import Hub
from tasks.selectors import hubs_with_done_tasks
from tasks.services.members import hub_erase, member_release


@receiver(signals.hubs_in_use)
def hubs_kept(*, organization: Organization, hub_ids: Collection[str], **_: Any) -> set[str]:
    """A hub with done tasks stays."""
    return hubs_with_done_tasks(organization=organization, hub_ids=hub_ids)


@receiver(signals.hub_deleting)
def tasks_erased(*, actor: Actor, hub: Hub, **_: Any) -> None:
    """A hub takes its tasks along."""
    hub_erase(actor=actor, hub=hub)


@receiver(signals.member_removing)
def tasks_released(*, actor: Actor, user: User, **_: Any) -> None:
    """The ongoing tasks of a member who leaves fall back to UNASSIGNED."""
    member_release(actor=actor, user=user)
