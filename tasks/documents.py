"""A task as the vendor's object: what the API answers, what histories keep, and what exports write."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from hubs.formats import seconds
from tasks.lifecycle import Status
from tasks.models import Task
from tasks.people import Person

# What `task_document` reads of a row, in its order; lists fetch just these.
COLUMNS = (
    "id", "flow_id", "flow__name", "hub_id", "hub__name", "hub__lat", "hub__lng", "status", "values", "shown", "ref_id",
    "order_index", "start_time", "end_time", "routing_result_id", "created_from", "created_by", "created_time",
    "updated_time", "assigned_by", "assigned_time", "done_by", "done_time", "done_from", "done_order",
    "is_last_done_order", "duration", "travel_duration", "travel_distance",
)  # fmt: skip
_columns = attrgetter(*(column.replace("__", ".") for column in COLUMNS))


def task_document(row: tuple[Any, ...], people: Sequence[Person], organization_id: str) -> dict[str, Any]:
    """The vendor's task, keys in the order of the vendor's page; the API description's Task object has the rest.

    row: the COLUMNS of a task. Assignment keys stand on assigned tasks only, done keys on finished ones only.
    """
    # One unpacking: a page has a thousand of these values.
    (
        task_id, flow_id, flow, hub_id, hub, lat, lng, status, values, shown, ref_id,
        order_index, start_time, end_time, routing_result_id, created_from, created_by, created_time,
        updated_time, assigned_by, assigned_time, *completion,
    ) = row  # fmt: skip
    document = {
        "_id": task_id,
        "flow": flow,
        "hubId": hub_id,
        "startTime": seconds(start_time),
        "organizationId": organization_id,
        "status": status,
        "hub": {"_id": hub_id, "name": hub, "lat": lat, "lng": lng},
        "orderIndex": _number(order_index),
        **values,
        "createdFrom": created_from,
        "endTime": seconds(end_time),
        "createdBy": created_by,
        "updatedTime": seconds(updated_time),
        "createdTime": seconds(created_time),
        "flowId": flow_id,
        **shown,
    }
    if ref_id:
        document["refId"] = ref_id
    if routing_result_id:
        document["routingResultId"] = routing_result_id
    if status != Status.UNASSIGNED:
        document |= _assignment(assigned_by, assigned_time, people)
    if status == Status.DONE:
        document |= _completion(*completion)
    return document


def document_of(task: Task, people: Sequence[Person]) -> dict[str, Any]:
    """The `task_document` of an instance that has its flow, hub and organization at hand."""
    return task_document(_columns(task), people, task.organization.object_id)


def _assignment(assigned_by: str, assigned_time: datetime, people: Sequence[Person]) -> dict[str, Any]:
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
        "assignedBy": assigned_by,
        "assignedTime": seconds(assigned_time),
    }


def _completion(
    done_by: str,
    done_time: datetime,
    done_from: str,
    done_order: int | None,
    is_last: bool,
    duration: float | None,
    travel_duration: float | None,
    travel_distance: float | None,
) -> dict[str, Any]:
    done: dict[str, Any] = {
        "doneBy": done_by,
        "doneTime": seconds(done_time),
        "doneFrom": done_from,
        "doneOrder": done_order,
        "isLastDoneOrder": is_last,
    }
    measured = {"duration": duration, "travelDuration": travel_duration, "travelDistance": travel_distance}
    return done | {key: _number(value) for key, value in measured.items() if value is not None}


def _number(value: float) -> int | float:
    """Whole numbers without a fraction, as the vendor's `"orderIndex": 10`."""
    return int(value) if float(value).is_integer() else value


def order_by_time(moment: datetime) -> int:
    """The vendor's default `orderIndex`: epoch seconds with five decimals, without the dot."""
    return int(moment.timestamp() * 100_000)
