"""Lists of contacts and the figures shown with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from accounts.models import Organization
from core.actor import Actor
from crm.models import Contact, ShareType, Task
from crm.models.tasks import NOBODY
from crm.selectors.rights import contacts_of
from crm.text import sort_key

ORDERS = {
    "displayname": "name_key",
    "created": "created_at",
    "id": "id",
    "firstname": "first_name",
    "lastname": "last_name",
}


@dataclass(frozen=True)
class ContactFilter:
    """What a list asks for; `from_date` and `to_date` are inclusive and mean the day of creation."""

    companies: bool | None = None
    shared: bool | None = None
    manager: UUID = NOBODY
    from_date: datetime | None = None
    to_date: datetime | None = None
    search: str = ""
    created_since: datetime | None = None


@dataclass(frozen=True)
class ContactFigures:
    """tasks, persons: how many, by contact; late: contacts with an open task past its deadline."""

    tasks: dict[int, int]
    late: set[int]
    persons: dict[int, int]


def contact_figures(organization: Organization, ids: Iterable[int]) -> ContactFigures:
    """Numbers of tasks and persons of these contacts, one query for each figure."""
    ids = list(ids)
    tasks = Task.objects.of(organization).filter(contact_id__in=ids).order_by()
    late = tasks.filter(is_closed=False, deadline__lt=timezone.now())
    persons = Contact.objects.of(organization).filter(company__in=ids).order_by()
    return ContactFigures(
        tasks=dict(tasks.values_list("contact_id").annotate(total=Count("*"))),
        late=set(late.values_list("contact_id", flat=True).distinct()),
        persons=dict(persons.values_list("company").annotate(total=Count("*"))),
    )


def contacts_filtered(actor: Actor, wanted: ContactFilter) -> QuerySet[Contact]:
    """The contacts that the actor sees and that match; every word of the search begins a word of the name."""
    contacts = Contact.objects.of(actor.organization).filter(contacts_of(actor))
    if wanted.companies is not None:
        contacts = contacts.filter(is_company=wanted.companies)
    if wanted.shared is not None:
        private = Q(share_type=ShareType.NONE)
        contacts = contacts.filter(~private if wanted.shared else private)
    if wanted.manager != NOBODY:
        contacts = contacts.filter(managers__guid=wanted.manager)
    if wanted.from_date:
        contacts = contacts.filter(created_at__gte=wanted.from_date)
    if wanted.to_date:
        contacts = contacts.filter(created_at__lte=wanted.to_date)
    if wanted.created_since:
        contacts = contacts.filter(created_at__gt=wanted.created_since)
    for word in wanted.search.split():
        key = sort_key(word)
        contacts = contacts.filter(Q(name_key__startswith=key) | Q(name_key__contains=f" {key}"))
    return contacts


def contacts_page(
    contacts: QuerySet[Contact], *, sort_by: str, descending: bool, start: int, count: int
) -> tuple[list[Contact], int]:
    """One page, complete for printing, and the number of all; the default order is the newest first."""
    column = ORDERS.get(sort_by)
    sign = "-" if descending or column is None else ""
    ordered = contacts.order_by(f"{sign}{column or 'created_at'}", f"{sign}id")
    page = list(ordered.select_related("created_by", "company")[start : start + count]) if count else []
    contacts_complete(page)
    return page, contacts.count()


def contacts_complete(contacts: list[Contact]) -> None:
    """Load what printing contacts in full needs."""
    prefetch_related_objects(contacts, "emails", "managers", "company__managers")


def nearest_tasks(actor: Actor, ids: Iterable[int]) -> dict[int, Task]:
    """The earliest open task of each contact that has one, with its category."""
    tasks = Task.objects.of(actor.organization)
    # A look into the index for each contact, however many tasks it has. As a comparison, see `TaskOrder.segments`.
    own = tasks.filter(contact_id=OuterRef("pk"), is_closed__in=(False,)).order_by("deadline", "id")
    contacts = Contact.objects.of(actor.organization).filter(pk__in=list(ids)).order_by()
    first = contacts.annotate(first=Subquery(own.values("pk")[:1])).values("first")
    return {task.contact_id: task for task in tasks.filter(pk__in=first).order_by().select_related("category")}
