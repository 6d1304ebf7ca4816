"""Contact routes."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from accounts.models import User
from core.api.errors import Invalid
from crm import services
from crm.api.dialect.lists import List
from crm.api.objects.contacts import contact_full
from crm.api.objects.tasks import task_in_contact
from crm.api.schema import CONTACT_BODY, CONTACT_QUERY, ID, TEXT, array, objects, operation
from crm.api.views.base import PortalViewSet
from crm.models import Contact, ShareType
from crm.selectors.contacts import (
    ContactFilter,
    contact_figures,
    contacts_complete,
    contacts_filtered,
    contacts_page,
    nearest_tasks,
)
from crm.selectors.rights import contact_get
from crm.services import ContactData

PERSON_BODY = {"firstName*": TEXT, "lastName": TEXT, "jobTitle": TEXT, "companyId": ID, **CONTACT_BODY}
COMPANY_BODY = {"companyName*": TEXT, "personList": array(ID), **CONTACT_BODY}
VIEWS = {"": None, "company": True, "person": False}


class ContactViews(PortalViewSet):
    permissions = {"retrieve": "crm.view_contact", "index": "crm.view_contact", "simple": "crm.view_contact"}

    @operation("Get a contact", objects.Contact)
    def retrieve(self, request: Request, contactid: int) -> HttpResponse:
        return self.answer_contact(contact_get(self.actor, self.number("contactid")))

    @operation("Get contacts by filters", objects.Contact, many=True, query=CONTACT_QUERY)
    def index(self, request: Request) -> HttpResponse:
        contacts, total = self.page_read()
        return self.answer(List.page(self.printed(contacts), total, self.options_of_list))

    @operation("Get contacts with their next tasks", objects.ContactWithTask, many=True, query=CONTACT_QUERY)
    def simple(self, request: Request) -> HttpResponse:
        contacts, total = self.page_read()
        nearest = nearest_tasks(self.actor, [contact.pk for contact in contacts])
        guids = {task.responsible_id for task in nearest.values()}
        users = User.objects.of(self.actor.organization).in_bulk(guids, field_name="guid")
        items = []
        for contact, shown in zip(contacts, self.printed(contacts), strict=True):
            task = nearest.get(contact.pk)
            items.append(({"task": task_in_contact(task, users, self.caller)} if task else {}) | {"contact": shown})
        return self.answer(List.page(items, total, self.options_of_list))

    @operation("Create a person", objects.Contact, status=201, body=PERSON_BODY)
    def person(self, request: Request) -> HttpResponse:
        read = self.parameters
        data = ContactData(
            first_name=read.text("firstName") or "",
            last_name=read.text("lastName") or "",
            job_title=read.text("jobTitle") or "",
            company_id=read.integer("companyId"),
            **self.shared_read(),
        )
        return self.answer_contact(services.contact_create(actor=self.actor, data=data), 201)

    @operation("Create a company", objects.Contact, status=201, body=COMPANY_BODY)
    def company(self, request: Request) -> HttpResponse:
        data = ContactData(
            is_company=True,
            company_name=self.parameters.text("companyName") or "",
            person_ids=tuple(self.parameters.integers("personList")),
            **self.shared_read(),
        )
        return self.answer_contact(services.contact_create(actor=self.actor, data=data), 201)

    @operation("Delete a contact and its tasks", objects.Contact)
    def destroy(self, request: Request, contactid: int) -> HttpResponse:
        contact = contact_get(self.actor, self.number("contactid"))
        # Printed before: afterwards its e-mails, managers and tasks are gone.
        shown = self.printed([contact])[0]
        services.contact_delete(actor=self.actor, contact_id=contact.pk)
        return self.answer(shown)

    @operation("Merge two contacts", objects.Contact, body={"fromcontactid*": ID, "tocontactid*": ID})
    def merge(self, request: Request) -> HttpResponse:
        from_id, to_id = self.number("fromcontactid"), self.number("tocontactid")
        return self.answer_contact(services.contact_merge(actor=self.actor, from_id=from_id, to_id=to_id))

    def answer_contact(self, contact: Contact, status: int = 200) -> HttpResponse:
        return self.answer(self.printed([contact])[0], status)

    def printed(self, contacts: list[Contact]) -> list[dict[str, Any]]:
        contacts_complete(contacts)
        figures = contact_figures(self.actor.organization, [contact.pk for contact in contacts])
        return [contact_full(contact, self.caller, figures) for contact in contacts]

    def shared_read(self) -> dict[str, Any]:
        read = self.parameters
        return {
            "about": read.text("about") or "",
            "share_type": read.choice("shareType", ShareType),
            "managers": tuple(read.guids("managerList")),
        }

    def page_read(self) -> tuple[list[Contact], int]:
        read, options = self.parameters, self.options_of_list
        view = (read.text("contactListView") or "").lower()
        if view not in VIEWS:
            raise Invalid(field="contactListView")
        wanted = ContactFilter(
            companies=VIEWS[view],
            shared=read.boolean_or_none("isShared"),
            manager=read.guid("responsibleid"),
            from_date=read.moment("fromDate"),
            to_date=read.moment("toDate"),
            search=options.search,
            created_since=options.updated_since,
        )
        return contacts_page(
            contacts_filtered(self.actor, wanted),
            sort_by=options.sort_by,
            descending=options.descending,
            start=options.start,
            count=options.count,
        )
