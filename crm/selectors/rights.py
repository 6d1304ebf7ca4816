"""Who may see and who may edit what, as in the vendor's CRM.

Administrators may do everything. A contact that is not shared belongs to its managers, an
opportunity or case with an access list to the people on it; a task follows the records it is about.
On top of that the model permissions of the caller's groups decide, as everywhere in this server.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.actor import Actor
from core.api.errors import Forbidden, NotFound
from crm.models import Case, Contact, Opportunity, ShareType, Task
from crm.models.records import EntityType, Record


def guid_of(actor: Actor) -> UUID | None:
    return actor.user.guid if actor.user else None


def contacts_of(actor: Actor) -> Q:
    """The contacts that the actor may see."""
    if actor.is_administrator:
        return Q()
    managed = Contact.managers.through.objects.filter(user=actor.user).values("contact")
    return ~Q(share_type=ShareType.NONE) | Q(pk__in=managed)


def opportunities_of(actor: Actor) -> Q:
    """The opportunities that the actor may see: public ones, and those he made, answers for or is listed on."""
    if actor.is_administrator:
        return Q()
    listed = Opportunity.access_list.through.objects.filter(user=actor.user).values("opportunity")
    return Q(is_private=False) | Q(pk__in=listed) | Q(created_by=actor.user) | Q(responsible_id=guid_of(actor))


def cases_of(actor: Actor) -> Q:
    """The cases that the actor may see: public ones, and those he made or is listed on."""
    if actor.is_administrator:
        return Q()
    listed = Case.access_list.through.objects.filter(user=actor.user).values("case")
    return Q(is_private=False) | Q(pk__in=listed) | Q(created_by=actor.user)


def tasks_of(actor: Actor) -> Q:
    """The tasks in the actor's lists: his own, and those whose contact and record he may see.

    Having created a task does not count, and a record that no longer exists hides the task.
    """
    if actor.is_administrator:
        return Q()
    organization = actor.organization
    contacts = Contact.objects.of(organization).filter(contacts_of(actor)).values("pk")
    opportunities = Opportunity.objects.of(organization).filter(opportunities_of(actor)).values("pk")
    cases = Case.objects.of(organization).filter(cases_of(actor)).values("pk")
    contact_seen = Q(contact_id=0) | Q(contact_id__in=contacts)
    record_seen = (
        Q(entity_type=None)
        | Q(entity_type=EntityType.OPPORTUNITY, entity_id__in=opportunities)
        | Q(entity_type=EntityType.CASE, entity_id__in=cases)
    )
    return Q(responsible_id=guid_of(actor)) | contact_seen & record_seen


def contact_edit_check(actor: Actor, contact: Contact, permission: str) -> None:
    """Forbidden unless the actor may write this contact: shared for writing, or managed by him."""
    actor.require(permission)
    if not contact_editable(actor, contact):
        raise Forbidden


def contact_editable(actor: Actor, contact: Contact) -> bool:
    return contacts_editable(actor)(contact)


def contacts_editable(actor: Actor) -> Callable[[Any], bool]:
    """The question of many contacts; what depends on the actor alone is answered once."""
    user = actor.user
    if user is None or actor.is_administrator:
        return lambda contact: True
    return lambda contact: (
        contact.share_type == ShareType.READ_WRITE or any(manager.pk == user.pk for manager in contact.managed_by)
    )


def contact_visible(actor: Actor, contact: Contact) -> bool:
    """What `contacts_of` says, of a contact that is read already."""
    return contact.share_type != ShareType.NONE or contact_editable(actor, contact)


def task_editable(actor: Actor, task: Task) -> bool:
    return tasks_editable(actor)(task)


def tasks_editable(actor: Actor) -> Callable[[Any], bool]:
    """The question of many tasks: administrators, the responsible and the creator."""
    user = actor.user
    if not actor.can("crm.change_task"):
        return lambda task: False
    if user is None or actor.is_administrator:
        return lambda task: True
    return lambda task: task.responsible_id == user.guid or task.created_by_id == user.pk


def task_visible(actor: Actor, task: Task) -> bool:
    """Whether a single call may show the task: its contact decides, else its case or opportunity."""
    if task_editable(actor, task) or actor.is_administrator or task.responsible_id == guid_of(actor):
        return True
    if not task.contact_id and task.entity_type is None:
        return True
    contact = Contact.objects.of(actor.organization).filter(pk=task.contact_id).first()
    if contact is not None:
        return contact_visible(actor, contact)
    return record_visible(actor, task.entity_type, task.entity_id)


def record_visible(actor: Actor, entity_type: int | None, entity_id: int) -> bool:
    """Whether the case or opportunity exists and the actor may see it."""
    if entity_type is None:
        return False
    model, seen = RECORDS[EntityType(entity_type)]
    return model.objects.of(actor.organization).filter(seen(actor), pk=entity_id).exists()


RECORDS = {EntityType.OPPORTUNITY: (Opportunity, opportunities_of), EntityType.CASE: (Case, cases_of)}


def record_get(actor: Actor, entity_type: EntityType, pk: int) -> Record:
    """The opportunity or case, complete for printing; NotFound when the actor may not see it."""
    model, seen = RECORDS[entity_type]
    joined = ("created_by", "stage", "contact") if model is Opportunity else ("created_by",)
    records = model.objects.of(actor.organization).filter(seen(actor), pk=pk).select_related(*joined)
    record = records.prefetch_related("members__managers", "access_list").first()
    if record is None:
        raise NotFound
    return record


def contact_get(actor: Actor, pk: int) -> Contact:
    """The contact; NotFound when it is missing or the actor may not see it."""
    contact = Contact.objects.of(actor.organization).filter(contacts_of(actor), pk=pk)
    found = contact.select_related("created_by", "company").first()
    if found is None:
        raise NotFound
    return found
