"""Reads of tasks: what an actor sees, lists with their totals, histories, statistics."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from accounts.models import Organization, User
from core import journal
from core.actor import Actor
from core.api.errors import Forbidden, NotFound
from core.models import JournalEntry
from core.statements import Given, Prepared, PreparedIn
from hubs.formats import micros
from tasks.documents import COLUMNS, task_document
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee, TaskCount
from tasks.people import people_of

# Totals of filters that no counter covers are exact up to here; see docs/decisions/task-lists.md.
COUNT_LIMIT = 10_000
HISTORIES = 200
_AT_ONCE = 2000
_STATUS = COLUMNS.index("status")

_NOTES = {
    "create": "Created",
    "put": "Updated",
    "patch": "Updated",
    "assign": "Assigned",
    "unassign": "Unassigned",
    "move": "Moved",
    "delete": "Deleted",
}


def tasks_visible(actor: Actor) -> QuerySet[Task]:
    """All tasks of the organization, or just his own for an actor who may only see those. Raises Forbidden."""
    tasks = Task.objects.of(actor.organization)
    return _own(tasks, actor.user) if _sees_own_only(actor) else tasks


def task_find(*, actor: Actor, task_id: str, lock: bool = False) -> Task | None:
    """One visible task with its flow and hub, locked where the database can; None for any other. Raises Forbidden."""
    user = actor.user.pk if actor.user else None
    one = _ONE[_sees_own_only(actor), lock]
    task: Task | None = one.first(organization=actor.organization.pk, task=task_id, user=user)
    if task is not None:
        task.organization = actor.organization
    return task


def task_get(*, actor: Actor, task_id: str) -> Task:
    """One visible task with its flow and hub. Raises NotFound."""
    task = task_find(actor=actor, task_id=task_id)
    if task is None:
        raise NotFound
    return task


def _sees_own_only(actor: Actor) -> bool:
    if actor.can("tasks.view_task"):
        return False
    if actor.can("tasks.view_own_task") and actor.user is not None:
        return True
    raise Forbidden


def _own(tasks: QuerySet[Task], user: Any) -> QuerySet[Task]:
    return tasks.filter(pk__in=TaskAssignee.objects.filter(user=user).values("task"))


def _one(own: bool, lock: bool) -> Prepared:
    def make() -> QuerySet[Task]:
        tasks: QuerySet[Task] = Task.objects.of(Given("organization"))
        tasks = (_own(tasks, Given("user")) if own else tasks).select_related("flow", "hub")
        tasks = tasks.filter(pk=Given("task")).order_by()
        return tasks.select_for_update(of=("self",)) if lock else tasks

    return Prepared(make)


# Moments as text: on a page, making them and printing them again would take half of the time.
_SHOWN = [Cast(name, TextField()) if name.endswith("_time") else name for name in COLUMNS]
_ROWS = PreparedIn(
    lambda ids: Task.objects.of(Given("organization")).filter(pk__in=ids).order_by().values_list(*_SHOWN)
)
_ONE = {(own, lock): _one(own, lock) for own in (False, True) for lock in (False, True)}


def task_documents(task_ids: Sequence[str], organization: Organization) -> list[dict[str, Any]]:
    """The vendor's objects of these tasks, in this order, in one query and two more where any is assigned."""
    rows = {row[0]: row for row in _ROWS.all(task_ids, organization=organization.pk)}
    people = people_of([task_id for task_id, row in rows.items() if row[_STATUS] != Status.UNASSIGNED])
    return [
        task_document(rows[task_id], people.get(task_id, ()), organization.object_id)
        for task_id in task_ids
        if task_id in rows
    ]


def task_page(tasks: QuerySet[Task], organization: Organization, *, offset: int, limit: int) -> list[dict[str, Any]]:
    """The vendor's objects of `limit` of these tasks after the first `offset`, in their order."""
    return task_documents(page_ids(tasks, offset=offset, limit=limit), organization)


def page_ids(tasks: QuerySet[Task], *, offset: int, limit: int) -> list[str]:
    """The ids of a page: what lies before it is passed over in the index alone."""
    return list(tasks.values_list("pk", flat=True)[offset : offset + limit])


@lru_cache(maxsize=64)
def first_ids(order: tuple[str, ...], limit: int) -> Prepared:
    """The ids of an organization's first tasks in an order: what most callers ask for."""
    tasks = Task.objects.of(Given("organization")).order_by(*order)
    return Prepared(lambda: tasks.values_list("pk", flat=True)[:limit])


def documents_all(tasks: QuerySet[Task], organization: Organization) -> Iterator[dict[str, Any]]:
    """The vendor's objects of all these tasks by id, read some thousands at a time whatever their number."""
    last, ids = "", tasks.order_by("pk").values_list("pk", flat=True)
    while found := list(ids.filter(pk__gt=last)[:_AT_ONCE]):
        yield from task_documents(found, organization)
        last = found[-1]


def counts_bounded(tasks: QuerySet[Task]) -> dict[str, int]:
    """{status: number of these tasks}: exact for fewer than COUNT_LIMIT, else COUNT_LIMIT at most of each status."""
    tasks = tasks.order_by()
    found = Counter(tasks.values_list("status", flat=True)[:COUNT_LIMIT])
    if found.total() < COUNT_LIMIT:
        return {str(status): found[status] for status in Status}
    return {str(status): tasks.filter(status=status).values("pk")[:COUNT_LIMIT].count() for status in Status}


def users_named(organization: Organization, names: Iterable[str]) -> QuerySet[User]:
    """Users by display name or e-mail."""
    lower = [name.lower() for name in names]
    return User.objects.of(organization).filter(Q(name__in=names) | Q(email__in=lower))


def task_histories(task: Task) -> list[dict[str, Any]]:
    """`[{_id, action, notes, changeData, createdAt}]`, oldest first; changeData is the task before.

    The newest HISTORIES of them: each holds a whole task, and a task can be changed without end.
    """
    entries = journal.of_object(organization=task.organization, obj=task, limit=HISTORIES)
    return [_history(entry) for entry in reversed(entries)]


def hubs_with_done_tasks(*, organization: Organization, hub_ids: Collection[str]) -> set[str]:
    """Those of the hubs that have a done task."""
    counts = TaskCount.objects.of(organization).filter(hub__in=hub_ids, status=Status.DONE)
    return set(counts.values("hub").annotate(done=Sum("count")).filter(done__gt=0).values_list("hub", flat=True))


def tracking(tasks: QuerySet[Task]) -> dict[str, Any]:
    """How far these tasks are, in all and by assignee; distance in metres, duration in minutes."""
    figures = {
        "done": Count("pk", filter=Q(status=Status.DONE)),
        "ongoing": Count("pk", filter=Q(status=Status.ONGOING)),
        "distance": Sum("travel_distance"),
        "duration": Sum("duration"),
    }
    total = tasks.aggregate(**figures)
    people = (
        tasks.exclude(status=Status.UNASSIGNED)
        .order_by("assignments__user__email")
        .values("assignments__user__email")
        .annotate(**figures)
    )
    return {
        "doneTotal": total["done"],
        "ongoingTotal": total["ongoing"],
        "taskTotal": total["done"] + total["ongoing"],
        "totalDistance": total["distance"] or 0,
        "totalDuration": total["duration"] or 0,
        "counting": {
            row["assignments__user__email"]: {
                "doneTask": row["done"],
                "ongoingTask": row["ongoing"],
                "distance": row["distance"] or 0,
                "duration": row["duration"] or 0,
            }
            for row in people
            if row["assignments__user__email"]
        },
    }


def task_public(task_id: str) -> Task:
    """Any organization's task, for whoever has its link. Raises NotFound."""
    task = Task.objects.select_related("flow", "organization").filter(pk=task_id).first()
    if task is None:
        raise NotFound
    return task


def _history(entry: JournalEntry) -> dict[str, Any]:
    moment = int(entry.created_at.timestamp())
    return {
        # The vendor's ids have 24 hex digits of which the first eight are the time.
        "_id": f"{moment:08x}{entry.pk:016x}",
        "action": entry.verb,
        "notes": f"{_NOTES.get(entry.verb, entry.verb.capitalize())} by {entry.actor_name}",
        "changeData": entry.snapshot,
        "createdAt": micros(entry.created_at),
    }
