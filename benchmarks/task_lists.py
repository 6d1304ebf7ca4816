"""First pages of GET /tasks in every filter and order, on the database of DATABASE_URL.

    python manage.py seed_load --tasks 1000000
    python -m benchmarks.task_lists [--explain hubId]

Prints the slowest and the median of the eight orders of each filter, in milliseconds, page and counts together; with
--explain the database's plans for one filter.
"""

import argparse
import os
import statistics
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from accounts.models import Organization, User  # noqa: E402
from core.actor import Actor  # noqa: E402
from tasks.api.filters import TaskFilter, order_read  # noqa: E402
from tasks.models import Task, TaskAssignee  # noqa: E402
from tasks.selectors import task_page  # noqa: E402

ORDERS = [(by, order) for by in ("createdTime", "orderIndex", "startTime", "doneTime") for order in ("desc", "asc")]
PAGE = 21


def filters_of(organization: Organization) -> dict[str, dict[str, str]]:
    """Each documented filter, with values that some tasks of the organization have."""
    task = Task.objects.of(organization).select_related("flow").latest("id")
    person = TaskAssignee.objects.of(organization).select_related("user").first()
    email = person.user.email if person else "nobody@example.com"
    made, later = task.created_time, task.created_time + timedelta(days=3650)
    day = {"timeFrom": f"{made:%Y-%m-%d 00:00:00}", "timeTo": f"{made:%Y-%m-%d 23:59:59}"}
    years = {"timeFrom": "2000-01-01 00:00:00", "timeTo": f"{later:%Y-%m-%d 00:00:00}"}
    return {
        "none": {},
        **{f"status={status}": {"status": status} for status in Task.Status.values},
        "flow": {"flow": task.flow.name},
        "flowId": {"flowId": task.flow_id},
        "hubId": {"hubId": task.hub_id},
        "hubId, status": {"hubId": task.hub_id, "status": "ONGOING"},
        "assignee": {"assignee": email},
        "doneBy": {"doneBy": email},
        "active": {"active": "true"},
        "isVisit": {"isVisit": "true"},
        "routingResultId": {"routingResultId": "r1"},
        **{f"{by}, a day": {"timeBy": by, **day} for by in ("createdTime", "startTime", "doneTime")},
        **{f"{by}, years": {"timeBy": by, **years} for by in ("createdTime", "startTime", "doneTime")},
    }


def milliseconds(params: dict[str, str], actor: Actor, *, explain: bool) -> float:
    begin = time.perf_counter()
    filters = TaskFilter(params, actor=actor)
    rows = filters.ordered(order_read(params))
    task_page(rows, actor.organization, offset=0, limit=PAGE)
    filters.total()
    spent = (time.perf_counter() - begin) * 1000
    if explain:
        print(params, rows.values_list("pk")[:PAGE].explain(), sep="\n", end="\n\n")
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--explain", help="show the plans of this filter")
    parser.add_argument("--organization", default="Taskyard Demo")
    asked = parser.parse_args()
    organization = Organization.objects.get(name=asked.organization)
    user = User.objects.of(organization).filter(groups__name="Administrator").first()
    actor = Actor(user, organization, "mileapp")
    print(f"{Task.objects.of(organization).count():,} tasks\n\n| filter | median ms | slowest ms |\n|---|---|---|")
    for name, params in filters_of(organization).items():
        explain = name == asked.explain
        spent = []
        for by, order in ORDERS:
            query = {**params, "sortBy": by, "sortOrder": order}
            # The first run warms up.
            milliseconds(query, actor, explain=explain)
            spent.append(milliseconds(query, actor, explain=False))
        print(f"| {name} | {statistics.median(spent):.1f} | {max(spent):.1f} |", flush=True)


if __name__ == "__main__":
    main()
