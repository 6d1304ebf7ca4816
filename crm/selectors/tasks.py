"""Lists of tasks: filters, search and orders, each on an index."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField

from accounts.models import Organization
from core.actor import Actor
from core.api.errors import Forbidden, NotFound
from core.statements import Given, Prepared
from crm.counts import counts_of
from crm.models import Contact, Task, TaskWord
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.related import TaskRow
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
# First pages by these filters alone are asked for all the time.
KEPT_FILTERS = {"responsible_id": UUIDField(), "category_id": None}
MOST_KEPT = 256
STATES = (False, True)
# Lookups and their values.
Segment = tuple[tuple[str, Any], ...]


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

    @property
    def lookups(self) -> dict[str, Any]:
        """The filters by one column, apart from the state."""
        given = {
            "responsible_id": self.responsible_id if self.responsible_id != NOBODY else None,
            "category_id": self.category_id if self.category_id > 0 else None,
            "deadline__gte": self.from_date,
            "deadline__lte": self.to_date,
            "created_at__gt": self.created_since,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def is_plain(self) -> bool:
        """Whether the lookups and the state say it all."""
        return not self.search and not (self.entity_type and self.entity_id > 0)


class TaskOrder(NamedTuple):
    """key: one of TIES."""

    key: str
    descending: bool

    def of(self, tasks: QuerySet[Task]) -> QuerySet[Task]:
        first, *ties = TIES[self.key]
        return tasks.order_by(f"-{first}" if self.descending else first, *ties, "id")

    def segments(self, closed: bool | None) -> list[Segment]:
        """The parts of a list, one after the other, that are each one walk along an index of this order."""
        # As a comparison: "NOT is_closed", which is what `is_closed=False` becomes, finds no index on SQLite.
        states: list[Segment] = [(("is_closed__in", (state,)),) for state in STATES if closed in (None, state)]
        column = LAST_WITHOUT.get(self.key)
        if column is None:
            return states
        return [(*state, part) for state in states for part in ((f"{column}__gt", ""), (column, ""))]


def task_get(actor: Actor, task_id: int) -> Task:
    """The task; NotFound when missing, Forbidden when its records are closed to the actor."""
    task = _TASK.first(organization=actor.organization.pk, task=task_id)
    if task is None:
        raise NotFound
    if not task_visible(actor, task):
        raise Forbidden
    return task


def tasks_filtered(actor: Actor, wanted: TaskFilter) -> QuerySet[Task]:
    """The tasks that the actor sees and that match, in whatever state."""
    tasks = Task.objects.of(actor.organization).filter(tasks_of(actor), **wanted.lookups)
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
    actor: Actor, wanted: TaskFilter, *, sort_by: str, descending: bool, start: int, count: int
) -> tuple[list[TaskRow], int]:
    """One page of the matching tasks, open before closed ones, and the number of all.

    sort_by: a key of TIES; anything else is the default, by deadline.
    """
    order = TaskOrder(sort_by if sort_by in TIES else "deadline", descending)
    total = _total(actor, wanted)
    page: list[TaskRow] = []
    skip = start
    for segment in order.segments(wanted.is_closed):
        missing = min(count, total - start) - len(page)
        if missing <= 0:
            break
        rows = _rows(actor, wanted, order, segment, skip, count)[:missing]
        page.extend(rows)
        # Only who begins behind a segment has to know how long it is.
        behind = skip and not rows
        skip = max(skip - tasks_filtered(actor, wanted).filter(*segment).count(), 0) if behind else 0
    return page, total


def _total(actor: Actor, wanted: TaskFilter) -> int:
    """From the counters where they know, else counted state by state, each in a range of an index."""
    if actor.is_administrator and wanted.is_plain and wanted.lookups.keys() <= {"category_id"}:
        counts = counts_of(actor.organization, wanted.lookups.get("category_id"))
        return sum(number for closed, number in counts.items() if wanted.is_closed in (None, closed))
    tasks = tasks_filtered(actor, wanted)
    return sum(tasks.filter(*segment).count() for segment in TaskOrder("id", False).segments(wanted.is_closed))


def _rows(
    actor: Actor, wanted: TaskFilter, order: TaskOrder, segment: Segment, start: int, count: int
) -> list[TaskRow]:
    kept = None
    if start == 0 and actor.is_administrator and wanted.is_plain:
        kept = _first_page(tuple(wanted.lookups), order, segment, count)
    if kept is not None:
        return list(map(TaskRow._make, kept.all(organization=actor.organization.pk, **wanted.lookups)))
    tasks = order.of(tasks_filtered(actor, wanted).filter(*segment))
    return list(map(TaskRow._make, tasks.values_list(*TaskRow._fields)[start : start + count]))


def _first_page(names: tuple[str, ...], order: TaskOrder, segment: Segment, count: int) -> Prepared | None:
    """The kept statement of a first page; None where there would be too many of them."""
    shape = (names, order, segment, count)
    if shape not in _first_pages and len(_first_pages) < MOST_KEPT and KEPT_FILTERS.keys() >= set(names):

        def make() -> QuerySet:
            tasks = Task.objects.of(Given("organization")).filter(
                *segment, **{name: Given(name, KEPT_FILTERS[name]) for name in names}
            )
            return order.of(tasks).values_list(*TaskRow._fields)[:count]

        _first_pages[shape] = Prepared(make)
    return _first_pages.get(shape)


_first_pages: dict[tuple[Any, ...], Prepared] = {}
_TASK = Prepared(lambda: Task.objects.of(Given("organization")).filter(pk=Given("task")).order_by())
