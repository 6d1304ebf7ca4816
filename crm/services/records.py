"""What opportunities and cases have in common."""

from collections.abc import Iterable
from uuid import UUID

from core import journal
from core.actor import Actor
from core.api.errors import Invalid, NotFound
from crm.models import Contact, Task
from crm.models.records import EntityType, Record
from crm.selectors.rights import RECORDS, contacts_of, record_get
from crm.services.people import users_of
from crm.services.states import state_of
from crm.services.tasks import tasks_delete
from crm.text import text_checked


def record_locked(actor: Actor, entity_type: EntityType, pk: int, permission: str) -> Record:
    """The record under lock; whoever may see it may write it, as far as his groups allow that. NotFound else."""
    model, _ = RECORDS[entity_type]
    if not model.objects.of(actor.organization).select_for_update().filter(pk=pk).exists():
        raise NotFound
    record = record_get(actor, entity_type, pk)
    actor.require(permission)
    return record


def title_checked(title: str | None) -> str:
    if not title:
        raise Invalid("Enter a title.", field="title")
    return text_checked(title, field="title", longest=255)


def relations_save(
    record: Record, actor: Actor, *, member_ids: Iterable[int], is_private: bool, access_list: Iterable[UUID]
) -> None:
    """Members that the actor may see, and the access list; a record without anybody on its list is public."""
    listed = users_of(actor, access_list) if is_private else []
    record.access_list.set(listed)
    record.members.set(Contact.objects.of(actor.organization).filter(contacts_of(actor), pk__in=set(member_ids)))
    if record.is_private != bool(listed):
        record.is_private = bool(listed)
        record.save(update_fields=["is_private"])


def record_delete(actor: Actor, entity_type: EntityType, pk: int, permission: str) -> Record:
    """Delete the record and its tasks, inside the caller's transaction; returned as it was."""
    record = record_locked(actor, entity_type, pk, permission)
    state = state_of(record)
    record.delete()
    record.pk = pk
    tasks = Task.objects.of(actor.organization).filter(entity_type=entity_type, entity_id=pk)
    tasks_delete(actor=actor, tasks=tasks)
    journal.record(actor=actor, verb="delete", obj=record, snapshot=state)
    return record
