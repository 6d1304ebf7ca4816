"""Lists of tasks: filters, search and orders, each on an index."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Organization
from core.actor import Actor
from core.api.errors import Forbidden, NotFound
from crm.models import Contact, Task, TaskWord
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.rights import task_visible, tasks_of
from crm.text import words

# What follows the sort key is always ascending, whatever the order.
TIES = {
    "title": ("title_key", "deadline"),
    "deadline": ("deadline", "title_key"),
    "category": ("category_id", "deadline", "title_key"),
    "contact": ("contact_key", "deadline", "title_key"),
    "contactmanager": ("responsible_key", "deadline", "title_key"),
    "id": ("id",),
    "created": ("created_at",),
    "alertvalue": ("alert_value",),
    "description": ("description",),
    "isclosed": ("is_closed",),
}
# Tasks without a contact or responsible come last in both orders.
LAST_WITHOUT = {"contact": "contact_key", "contactmanager": "responsible_key"}


@dataclass(frozen=True)
class TaskFilter:
    """What a list asks for; zero, empty and None mean no filter. `from_date` and `to_date` are inclusive."""

    responsible_id: UUID = NOBODY
    category_id: int = 0
    is_closed: bool | None = None
    from_date: datetime | None = None
    to_date: datetime | None = None
    entity_type: str = ""
    entity_id: int = 0
    search: str = ""
    created_since: datetime | None = None


def task_get(actor: Actor, task_id: int) -> Task:
    """The task; NotFound when missing, Forbidden when its records are closed to the actor."""
    task = Task.objects.of(actor.organization).filter(pk=task_id).first()
    if task is None:
        raise NotFound
    if not task_visible(actor, task):
        raise Forbidden
    return task


def tasks_filtered(actor: Actor, wanted: TaskFilter) -> QuerySet[Task]:
    """The tasks that the actor sees and that match."""
    tasks = Task.objects.of(actor.organization).filter(tasks_of(actor))
    if wanted.responsible_id != NOBODY:
        tasks = tasks.filter(responsible_id=wanted.responsible_id)
    if wanted.category_id > 0:
        tasks = tasks.filter(category=wanted.category_id)
    if wanted.is_closed is not None:
        tasks = tasks.filter(is_closed=wanted.is_closed)
    if wanted.from_date:
        tasks = tasks.filter(deadline__gte=wanted.from_date)
    if wanted.to_date:
        tasks = tasks.filter(deadline__lte=wanted.to_date)
    if wanted.created_since:
        tasks = tasks.filter(created_at__gt=wanted.created_since)
    return tasks.filter(_of_entity(actor, wanted), *words_found(actor.organization, wanted.search))


def _of_entity(actor: Actor, wanted: TaskFilter) -> Q:
    if wanted.entity_id <= 0 or not wanted.entity_type:
        return Q()
    if wanted.entity_type == "contact":
        # Read first: PostgreSQL takes "this one or one of a subquery" for half of the table, and reads all of it.
        persons = Contact.objects.of(actor.organization).filter(company=wanted.entity_id).values_list("pk", flat=True)
        return Q(contact_id__in=[wanted.entity_id, *persons])
    return Q(entity_type=EntityType[wanted.entity_type.upper()], entity_id=wanted.entity_id)


def words_found(organization: Organization, search: str) -> list[Q]:
    """Every word of the search begins a word of the title or description: an index range per word."""
    found = TaskWord.objects.filter(organization=organization).values("task")
    # "g" follows the last hexadecimal digit, so the range holds exactly what begins with the code.
    return [Q(pk__in=found.filter(word__gte=code, word__lt=f"{code}g")) for code in sorted(words(search))]


def tasks_page(
    tasks: QuerySet[Task], *, sort_by: str, descending: bool, start: int, count: int
) -> tuple[list[Task], int]:
    """One page, open tasks before closed ones, and the number of all matching tasks.

    sort_by: a key of TIES; anything else is the default, by deadline.
    The list is read segment by segment (open, closed), so that each is one walk along an index.
    """
    page: list[Task] = []
    total = 0
    for segment in _segments(ordered(tasks, sort_by, descending), sort_by):
        size = segment.count()
        skip, missing = max(start - total, 0), count - len(page)
        if missing and skip < size:
            page.extend(segment[skip : skip + missing])
        total += size
    return page, total


def ordered(tasks: QuerySet[Task], sort_by: str, descending: bool) -> QuerySet[Task]:
    first, *ties = TIES.get(sort_by, TIES["deadline"])
    return tasks.order_by(f"-{first}" if descending else first, *ties, "id")


def _segments(tasks: QuerySet[Task], key: str) -> list[QuerySet[Task]]:
    # As a comparison: "NOT is_closed", which is what `is_closed=False` becomes, finds no index on SQLite.
    states = [tasks.filter(is_closed__in=[closed]) for closed in (False, True)]
    if key not in LAST_WITHOUT:
        return states
    column = LAST_WITHOUT[key]
    return [part for state in states for part in (state.filter(**{f"{column}__gt": ""}), state.filter(**{column: ""}))]
