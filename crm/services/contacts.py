"""Writes of contacts: persons and companies."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from core import journal
from core.actor import Actor
from core.api.errors import Invalid, NotFound
from crm.models import Case, Contact, ContactEmail, Opportunity, ShareType, Task
from crm.selectors.rights import contact_edit_check, contact_get
from crm.services.people import users_of
from crm.services.states import state_of
from crm.services.tasks import tasks_contact_renamed, tasks_delete
from crm.text import sort_key, text_checked

NAMES = ("first_name", "last_name", "company_name", "job_title")


@dataclass(frozen=True)
class ContactData:
    """A person (first_name needed) or a company (company_name needed).

    company_id: the person's company, 0 for none; person_ids: persons who join the company; managers: GUIDs of users;
    email: the primary address, None to leave it alone.
    """

    is_company: bool = False
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    job_title: str = ""
    company_id: int = 0
    about: str = ""
    share_type: int = ShareType.NONE
    managers: tuple[UUID, ...] = ()
    person_ids: tuple[int, ...] = ()
    email: str | None = None


@transaction.atomic
def contact_create(*, actor: Actor, data: ContactData, pk: int | None = None) -> Contact:
    """A new contact; Invalid without its name, NotFound for an unknown company or person. pk: a free id to have."""
    actor.require("crm.add_contact")
    contact = _filled(Contact(pk=pk, organization=actor.organization, created_by=actor.user), actor, data)
    contact.save(force_insert=True)
    _relations_save(contact, actor, data)
    journal.record(actor=actor, verb="create", obj=contact, changes=journal.diff({}, state_of(contact)))
    return contact


@transaction.atomic
def contact_update(*, actor: Actor, contact_id: int, data: ContactData) -> Contact:
    """Replace the contact; Invalid for turning a person into a company or back."""
    contact = _locked(actor, contact_id, "crm.change_contact")
    if contact.is_company != data.is_company:
        raise Invalid("A person cannot become a company, nor a company a person.", field="is_company")
    before, name_before = state_of(contact), contact.name_key
    _filled(contact, actor, data).save(force_update=True)
    _relations_save(contact, actor, data)
    if contact.name_key != name_before:
        tasks_contact_renamed(contact=contact)
    journal.record(actor=actor, verb="update", obj=contact, changes=journal.diff(before, state_of(contact)))
    return contact


@transaction.atomic
def contact_delete(*, actor: Actor, contact_id: int) -> Contact:
    """Delete a contact and its tasks; returned as it was."""
    contact = _locked(actor, contact_id, "crm.delete_contact")
    contact_id, state = contact.pk, state_of(contact)
    contact.delete()
    contact.pk = contact_id
    tasks_delete(actor=actor, tasks=Task.objects.of(actor.organization).filter(contact_id=contact_id))
    journal.record(actor=actor, verb="delete", obj=contact, snapshot=state)
    return contact


@transaction.atomic
def contact_merge(*, actor: Actor, from_id: int, to_id: int) -> Contact:
    """Move what belongs to one contact (tasks, deals, memberships, persons) to another of its kind, and delete it."""
    if from_id == to_id:
        raise Invalid("A contact cannot be merged into itself.", field="to_id")
    # In the order of ids: two merges at once cannot wait for each other.
    locked = {pk: _locked(actor, pk, "crm.change_contact") for pk in sorted((from_id, to_id))}
    source, target = locked[from_id], locked[to_id]
    if source.is_company != target.is_company:
        raise Invalid("Only contacts of one kind can be merged.", field="to_id")
    Task.objects.of(actor.organization).filter(contact_id=from_id).update(contact_id=to_id, contact_key=target.name_key)
    Opportunity.objects.filter(contact=source).update(contact=target)
    source.persons.update(company=target)
    for model in (Case, Opportunity):
        for record in model.objects.of(actor.organization).filter(members=source):
            record.members.add(target)
    journal.record(actor=actor, verb="merge", obj=target, changes={"merged": [state_of(source), None]})
    source.delete()
    return target


def _locked(actor: Actor, contact_id: int, permission: str) -> Contact:
    if not Contact.objects.of(actor.organization).select_for_update().filter(pk=contact_id).exists():
        raise NotFound
    contact = contact_get(actor, contact_id)
    contact_edit_check(actor, contact, permission)
    return contact


def _filled(contact: Contact, actor: Actor, data: ContactData) -> Contact:
    for name in NAMES:
        setattr(contact, name, text_checked(getattr(data, name).strip(), field=name, longest=255))
    needed = "company_name" if data.is_company else "first_name"
    if not getattr(contact, needed):
        raise Invalid("Enter a name.", field=needed)
    contact.is_company = data.is_company
    contact.about = text_checked(data.about, field="about")
    contact.share_type = data.share_type
    contact.company = None if data.is_company else _company(actor, data.company_id)
    contact.display_name = (
        contact.company_name if data.is_company else f"{contact.first_name} {contact.last_name}".strip()
    )
    contact.name_key = sort_key(contact.display_name)
    return contact


def _company(actor: Actor, company_id: int) -> Contact | None:
    if company_id <= 0:
        return None
    company = Contact.objects.of(actor.organization).filter(pk=company_id, is_company=True).first()
    if company is None:
        raise NotFound
    return company


def _relations_save(contact: Contact, actor: Actor, data: ContactData) -> None:
    contact.managers.set(users_of(actor, data.managers))
    persons = Contact.objects.of(actor.organization).filter(pk__in=set(data.person_ids), is_company=False)
    if data.is_company and data.person_ids and persons.update(company=contact) != len(set(data.person_ids)):
        raise NotFound
    if data.email is not None:
        _email_save(contact, data.email)


def _email_save(contact: Contact, address: str) -> None:
    """One primary address; the row and its id stay when the address changes."""
    if not address:
        contact.emails.filter(is_primary=True).delete()
        return
    ContactEmail.objects.update_or_create(
        contact=contact, is_primary=True, defaults={"address": address, "organization": contact.organization}
    )
