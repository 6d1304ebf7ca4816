"""What the CRM does when accounts change."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Organization, User
from crm.services.seeding import organization_seed
from crm.services.tasks import tasks_responsible_renamed

NAMES = {"name", "first_name", "last_name"}


@receiver(post_save, sender=Organization)
def organization_saved(sender: Any, instance: Organization, created: bool, raw: bool = False, **_: Any) -> None:
    # Fixtures bring their own rows.
    if created and not raw:
        organization_seed(organization=instance)


@receiver(post_save, sender=User)
def user_saved(sender: Any, instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    if not created and (update_fields is None or NAMES & set(update_fields)):
        tasks_responsible_renamed(user=instance)
