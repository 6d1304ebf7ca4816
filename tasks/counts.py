"""The number of tasks by hub, flow and status, kept in the transaction of each change (see TaskCount)."""

import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import timezone

from accounts.models import Organization
from core.statements import Given, Prepared, PreparedIn, cursor
from tasks.lifecycle import Status
from tasks.models import Task, TaskCount

# hub id, flow id, status
Key = tuple[str, str, str]
_SLOTS = 16
_ADD = """
INSERT INTO tasks_taskcount (organization_id, hub_id, flow_id, status, slot, count, changed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (hub_id, flow_id, status, slot)
DO UPDATE SET count = tasks_taskcount.count + excluded.count, changed_at = excluded.changed_at
"""


def key_of(task: Task) -> Key:
    return task.hub_id, task.flow_id, str(task.status)


def counts_add(organization_id: int, changes: Counter[Key], now: datetime) -> None:
    """Add to the counters; a change of 0 only says that a task changed. Call it last in the transaction: the rows stay
    locked until its end, and the fixed order keeps two changes from waiting for each other."""
    slot, moment = os.getpid() % _SLOTS, connection.ops.adapt_datetimefield_value(now)
    with cursor() as rows:
        for key in sorted(changes):
            rows.execute(_ADD, (organization_id, *key, slot, changes[key], moment))


def counts_of(
    organization: Organization, *, hubs: Sequence[str] | None = None, flows: Sequence[str] | None = None
) -> dict[str, int]:
    """{status: number of tasks}, of these hubs and flows only where they are given."""
    return {str(status): 0 for status in Status} | dict(_TOTALS.all(hubs, flows, organization=organization.pk))


def overview(organization: Organization) -> tuple[dict[str, int], datetime | None]:
    """({status: number of all tasks}, when any of them changed last)."""
    rows = _OVERVIEW.all(organization=organization.pk)
    counts = {str(status): 0 for status in Status} | {status: total for status, total, _ in rows}
    return counts, max((changed for *_, changed in rows), default=None)


def _totals(hubs: Any, flows: Any) -> QuerySet:
    rows = TaskCount.objects.of(Given("organization"))
    if hubs is not None:
        rows = rows.filter(hub__in=hubs)
    if flows is not None:
        rows = rows.filter(flow__in=flows)
    return rows.values_list("status").annotate(total=Sum("count"))


_TOTALS = PreparedIn(_totals)
_OVERVIEW = Prepared(lambda: _totals(None, None).annotate(changed=Max("changed_at")))


@transaction.atomic
def counts_rebuild(organization: Organization) -> int:
    """Count anew after tasks were written past the services; the number of tasks. Nobody should write meanwhile."""
    TaskCount.objects.of(organization).delete()
    groups = Task.objects.of(organization).order_by().values_list("hub", "flow", "status").annotate(total=Count("pk"))
    now = timezone.now()
    rows = [
        TaskCount(
            organization=organization, hub_id=hub, flow_id=flow, status=status, slot=0, count=total, changed_at=now
        )
        for hub, flow, status, total in groups
    ]
    TaskCount.objects.bulk_create(rows, batch_size=500)
    return sum(row.count for row in rows)
