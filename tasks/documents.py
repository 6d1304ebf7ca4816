"""A task as the vendor's object: what the API answers, what histories keep, and what exports write."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from hubs.formats import seconds
from tasks.lifecycle import Status
from tasks.models import Task
from tasks.people import Person

# What `task_document` reads of a row; lists fetch just these.
COLUMNS = (
    "id", "flow_id", "flow__name", "hub_id", "hub__name", "hub__lat", "hub__lng", "status", "values", "shown", "ref_id",
    "order_index", "start_time", "end_time", "routing_result_id", "created_from", "created_by", "created_time",
    "updated_time", "assigned_by", "assigned_time", "done_by", "done_time", "done_from", "done_order",
    "is_last_done_order", "duration", "travel_duration", "travel_distance",
)  # fmt: skip
_columns = attrgetter(*(column.replace("__", ".") for column in COLUMNS))


def task_document(row: dict[str, Any], people: Sequence[Person], organization_id: str) -> dict[str, Any]:
    """The vendor's task, keys in the order of the vendor's page; the API description's Task object has the rest.

    row: the COLUMNS of a task. Assignment keys stand on assigned tasks only, done keys on finished ones only.
    """
    return {
        "_id": row["id"],
        "flow": row["flow__name"],
        "hubId": row["hub_id"],
        "startTime": seconds(row["start_time"]),
        "organizationId": organization_id,
        "status": row["status"],
        "hub": {"_id": row["hub_id"], "name": row["hub__name"], "lat": row["hub__lat"], "lng": row["hub__lng"]},
        "orderIndex": _number(row["order_index"]),
        **row["values"],
        "createdFrom": row["created_from"],
        "endTime": seconds(row["end_time"]),
        "createdBy": row["created_by"],
        "updatedTime": seconds(row["updated_time"]),
        "createdTime": seconds(row["created_time"]),
        "flowId": row["flow_id"],
        **row["shown"],
        **({"refId": row["ref_id"]} if row["ref_id"] else {}),
        **({"routingResultId": row["routing_result_id"]} if row["routing_result_id"] else {}),
        **(_assignment(row, people) if row["status"] != Status.UNASSIGNED else {}),
        **(_completion(row) if row["status"] == Status.DONE else {}),
    }


def document_of(task: Task, people: Sequence[Person]) -> dict[str, Any]:
    """The `task_document` of an instance that has its flow, hub and organization at hand."""
    row = dict(zip(COLUMNS, _columns(task), strict=True))
    return task_document(row, people, task.organization.object_id)


def _assignment(row: dict[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    first = people[0] if people else None
    return {
        "assignee": [person.email for person in people],
        "assignedTo": first
        and {
            "_id": first.object_id,
            "name": first.name,
            "email": first.email,
            "hubId": list(first.hub_ids),
            "organization": None,
            "role": None,
        },
        "assignedBy": row["assigned_by"],
        "assignedTime": seconds(row["assigned_time"]),
    }


def _completion(row: dict[str, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {
        "doneBy": row["done_by"],
        "doneTime": seconds(row["done_time"]),
        "doneFrom": row["done_from"],
        "doneOrder": row["done_order"],
        "isLastDoneOrder": row["is_last_done_order"],
    }
    measured = {
        "duration": row["duration"],
        "travelDuration": row["travel_duration"],
        "travelDistance": row["travel_distance"],
    }
    return done | {key: _number(value) for key, value in measured.items() if value is not None}


def _number(value: float) -> int | float:
    """Whole numbers without a fraction, as the vendor's `"orderIndex": 10`."""
    return int(value) if float(value).is_integer() else value


def order_by_time(moment: datetime) -> int:
    """The vendor's default `orderIndex`: epoch seconds with five decimals, without the dot."""
    return int(moment.timestamp() * 100_000)
