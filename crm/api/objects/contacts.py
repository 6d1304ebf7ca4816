"""Contacts: the base form inside other objects, with e-mail inside tasks, and the full one."""

from typing import Any

from crm.api.objects import Caller
from crm.api.objects.people import employee
from crm.models import Contact, ContactEmail
from crm.selectors.contacts import ContactFigures
from crm.selectors.related import TaskContact

FOTO = "/Products/CRM/HttpHandlers/filehandler.ashx?action=contactphotoulr&cid="


def contact_base(
    contact: Contact | TaskContact, caller: Caller, *, before: dict[str, Any] | None = None, access_list: bool = True
) -> dict[str, Any]:
    """What every form of a contact ends with, behind what it begins with (`before`)."""
    editable, is_private = caller.contact_editable(contact), contact.is_private
    foto = f"{FOTO}{contact.pk}&isc={contact.is_company}&ps="
    shown = {} if before is None else before
    shown["smallFotoUrl"] = f"{foto}1"
    shown["mediumFotoUrl"] = f"{foto}2"
    shown["displayName"] = contact.display_name
    shown["isCompany"] = contact.is_company
    if is_private and access_list:
        shown["accessList"] = [employee(manager, caller) for manager in contact.managed_by]
    shown["isPrivate"] = is_private
    shown["isShared"] = not is_private
    shown["shareType"] = contact.share_type
    shown["currency"] = None
    shown["canEdit"] = editable and caller.changes_contacts
    shown["canDelete"] = editable and caller.deletes_contacts
    shown["id"] = contact.pk
    return shown


def contact_in_task(contact: TaskContact, caller: Caller) -> dict[str, Any]:
    """A contact with its e-mail; without that and its managers for a caller who may not see it."""
    if not caller.contact_visible(contact):
        return contact_base(contact, caller, access_list=False)
    email: dict[str, Any] = {}
    if contact.email_id is not None:
        email["email"] = email_object(contact.email_id, contact.email_category, contact.email_address, primary=True)
    return contact_base(contact, caller, before=email)


def email_object(pk: int, category: int, address: str, *, primary: bool) -> dict[str, Any]:
    return {
        "id": pk,
        "infoType": 1,
        "category": category,
        "data": address,
        "categoryName": ContactEmail.Category(category).label,
        "isPrimary": primary,
    }


def contact_full(contact: Contact, caller: Caller, figures: ContactFigures) -> dict[str, Any]:
    """A person or company by itself and in lists of contacts; needs its e-mails, company and creator loaded."""
    own = company_members(contact, figures) if contact.is_company else person_members(contact, caller)
    own |= {"createBy": employee(contact.created_by, caller), "created": caller.moment(contact.created_at)}
    own["about"] = contact.about
    emails = [email_object(row.pk, row.category, row.address, primary=row.is_primary) for row in contact.emails.all()]
    own |= {"commonData": emails, "customFields": [], "tags": []}
    if figures.tasks.get(contact.pk):
        own["taskCount"] = figures.tasks[contact.pk]
    own["haveLateTasks"] = contact.pk in figures.late
    return contact_base(contact, caller, before=own)


def person_members(contact: Contact, caller: Caller) -> dict[str, Any]:
    members: dict[str, Any] = {"firstName": contact.first_name, "lastName": contact.last_name}
    if contact.company is not None:
        visible = caller.contact_visible(contact.company)
        members["company"] = contact_base(contact.company, caller, access_list=visible)
    return members | {"title": contact.job_title}


def company_members(contact: Contact, figures: ContactFigures) -> dict[str, Any]:
    members: dict[str, Any] = {"companyName": contact.company_name}
    if figures.persons.get(contact.pk):
        members["personsCount"] = figures.persons[contact.pk]
    return members
