"""The number of tasks by category and state, kept in the transaction of each change (see TaskCount)."""

import os
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import Organization
from core.statements import Given, Prepared, cursor
from crm.models import Task, TaskCategory, TaskCount

# category id, is it closed
Key = tuple[int, bool]
_SLOTS = 8
_ADD = """
INSERT INTO crm_taskcount (organization_id, category_id, is_closed, slot, count) VALUES {}
ON CONFLICT (category_id, is_closed, slot) DO UPDATE SET count = crm_taskcount.count + excluded.count
"""


def key_of(task: Task) -> Key:
    return task.category_id, task.is_closed


def counts_add(organization: Organization, changes: Mapping[Key, int]) -> None:
    """Add to the counters. Call it last in the transaction: the rows stay locked until its end, and the fixed order
    keeps two changes from waiting for each other."""
    slot = os.getpid() % _SLOTS
    rows = [(organization.pk, *key, slot, changes[key]) for key in sorted(changes) if changes[key]]
    if rows:
        with cursor() as statements:
            places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
            statements.execute(_ADD.format(places), [value for row in rows for value in row])


def counts_lock(organization: Organization) -> None:
    """Let nobody else change a counter until the end of the transaction; OperationalError while somebody does."""
    list(TaskCount.objects.of(organization).order_by("pk").select_for_update(nowait=True).values_list("pk"))


def counts_of(organization: Organization, category_id: int | None = None) -> dict[bool, int]:
    """{is closed: number of tasks} of the organization or of one of its categories; a state without any may miss."""
    if category_id is None:
        return dict(_OF_ALL.all(organization=organization.pk))
    return dict(_OF_CATEGORY.all(organization=organization.pk, category=category_id))


def category_counted(organization: Organization, category_id: int) -> TaskCategory | None:
    """The category with its number of tasks, open and closed, as `tasks_count`; None where there is none."""
    return _CATEGORY.first(organization=organization.pk, category=category_id)


def categories_count(organization: Organization, categories: Iterable[int]) -> dict[int, int]:
    """Number of tasks, open and closed, by category."""
    counted = TaskCount.objects.of(organization).filter(category__in=list(categories))
    return dict(counted.values_list("category").annotate(total=Sum("count")))


@transaction.atomic
def counts_rebuild(organization: Organization) -> int:
    """Count anew after tasks were written past the services; the number of tasks. Nobody should write meanwhile."""
    TaskCount.objects.of(organization).delete()
    groups = Task.objects.of(organization).order_by().values_list("category", "is_closed").annotate(total=Count("pk"))
    rows = [
        TaskCount(organization=organization, category_id=category, is_closed=closed, slot=0, count=total)
        for category, closed, total in groups
    ]
    TaskCount.objects.bulk_create(rows, batch_size=500)
    return sum(row.count for row in rows)


def _by_state(**category: Given) -> QuerySet:
    counted = TaskCount.objects.of(Given("organization")).filter(**category)
    return counted.values_list("is_closed").annotate(total=Sum("count"))


def _counted() -> QuerySet:
    counted = TaskCount.objects.filter(category=OuterRef("pk")).values("category").annotate(total=Sum("count"))
    categories = TaskCategory.objects.of(Given("organization")).filter(pk=Given("category")).order_by()
    return categories.annotate(tasks_count=Coalesce(Subquery(counted.values("total")), 0))


_OF_ALL = Prepared(_by_state)
_OF_CATEGORY = Prepared(lambda: _by_state(category=Given("category")))
_CATEGORY = Prepared(_counted)
