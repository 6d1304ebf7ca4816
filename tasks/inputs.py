"""What a caller says about a task: the vendor's body, sorted into the task's own keys and the values of its flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.api.errors import Invalid
from hubs.formats import datetime_read, number_read

# Set by the server alone: clients send them back as they got them, and they are passed over.
SERVER_KEYS = frozenset(
    [
        "_id",
        "organizationId",
        "organization",
        "hub",
        "flowId",
        "isDeleted",
        "updatedTime",
        "updatedBy",
        "createdTime",
        "createdBy",
        "createdFrom",
        "assignedTo",
        "assignedBy",
        "assignedTime",
        "doneBy",
        "doneTime",
        "doneFrom",
        "duration",
        "travelDuration",
        "histories",
    ]
)
_OWN_KEYS = frozenset(
    ["flow", "hubId", "status", "startTime", "endTime", "assignee", "refId", "orderIndex", "routingResultId"]
)
_REFERENCE_LIMIT = 255
_ROUTE_LIMIT = 100
# Beyond this a double has no place for every whole number.
_ORDER_LIMIT = 2**53


@dataclass(frozen=True, slots=True)
class TaskInput:
    """The keys of one task that a caller gave; None for what was left out.

    `task_id` is for callers of the house alone: a request cannot choose the id of a new task.
    """

    task_id: str | None = None
    flow: str | None = None
    hub_id: str | None = None
    status: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    assignees: list[str] | None = None
    ref_id: str | None = None
    order_index: float | None = None
    routing_result_id: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


def input_read(body: Mapping[str, Any]) -> TaskInput:
    """A TaskInput from a vendor's body. Raises Invalid for the first key of a wrong type."""
    return TaskInput(
        flow=_text(body, "flow"),
        hub_id=_text(body, "hubId"),
        status=_text(body, "status"),
        start_time=_moment(body, "startTime"),
        end_time=_moment(body, "endTime"),
        assignees=None if body.get("assignee") is None else emails_read(body["assignee"]),
        ref_id=_reference(body, "refId", _REFERENCE_LIMIT),
        order_index=_order(body),
        routing_result_id=_reference(body, "routingResultId", _ROUTE_LIMIT),
        values={key: value for key, value in body.items() if key not in _OWN_KEYS and key not in SERVER_KEYS},
    )


def emails_read(value: Any) -> list[str]:
    """E-mails in lower case, each once: an array, an array of comma lists, or one comma list."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Invalid("The assignee must be an array of e-mails.", field="assignee")
    emails = (email.strip().lower() for part in parts for email in part.split(","))
    return list(dict.fromkeys(email for email in emails if email))


def required(value: str | None, name: str) -> str:
    if not value:
        raise Invalid(f"The {name} field is required.", field=name)
    return value


def _text(body: Mapping[str, Any], key: str) -> str | None:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"The {key} must be a string.", field=key)
    return value


def _reference(body: Mapping[str, Any], key: str, limit: int) -> str | None:
    value = body.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"The {key} must be a string.", field=key)
    if value is not None and len(value) > limit:
        raise Invalid(f"The {key} may not be greater than {limit} characters.", field=key)
    return value


def _moment(body: Mapping[str, Any], key: str) -> datetime | None:
    return None if body.get(key) in (None, "") else datetime_read(body[key], key)


def _order(body: Mapping[str, Any]) -> float | None:
    if body.get("orderIndex") in (None, ""):
        return None
    order = float(number_read(body["orderIndex"], "orderIndex"))
    if abs(order) > _ORDER_LIMIT:
        raise Invalid("The orderIndex is out of range.", field="orderIndex")
    return order
