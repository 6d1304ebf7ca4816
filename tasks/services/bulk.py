"""Bulk calls: all rows at once, or by the worker when the caller does not wait for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.api.errors import AppError, Forbidden, Invalid
from core.jobs import job_enqueue
from tasks.inputs import TaskInput, input_read
from tasks.models import BulkRequest
from tasks.services.changes import Result, tasks_change
from tasks.services.creation import tasks_create

# Rows of one transaction of the worker.
_CHUNK = 200
OPERATIONS = {
    "create": "tasks.add_task",
    "put": "tasks.change_task",
    "patch": "tasks.change_task",
    "assign": "tasks.change_task",
    "move": "tasks.change_task",
    "delete": "tasks.delete_task",
}


def rows_run(*, actor: Actor, operation: str, rows: Sequence[Any]) -> list[Result | AppError]:
    """Run one of the OPERATIONS on the vendor's rows: one result per row, in order. Raises Forbidden."""
    if operation == "create":
        return tasks_create(actor=actor, inputs=[_input(row) for row in rows])
    bodies = [row if isinstance(row, Mapping) else {} for row in rows]
    return tasks_change(actor=actor, operation=operation, rows=[(str(body.get("_id", "")), body) for body in bodies])


@transaction.atomic
def bulk_request_create(*, actor: Actor, operation: str, rows: Sequence[Any]) -> BulkRequest:
    """Store the rows for the worker. Raises Forbidden."""
    actor.require(OPERATIONS[operation])
    request = BulkRequest.objects.create(
        organization=actor.organization,
        user=actor.user,
        source=actor.source,
        request_id=actor.request_id,
        operation=operation,
        rows=list(rows),
    )
    job_enqueue("tasks.bulk", organization=actor.organization, payload={"bulk_request": request.pk})
    return request


def bulk_request_run(*, request_id: str) -> None:
    """Work off what is left of a stored bulk call.

    Each chunk and the place it reaches are one transaction: who takes over from a killed worker goes on exactly there.
    """
    while _chunk_run(request_id):
        pass


@transaction.atomic
def _chunk_run(request_id: str) -> bool:
    request = BulkRequest.objects.select_for_update().filter(pk=request_id, finished_time=None).first()
    if request is None:
        return False
    rows = request.rows[request.position : request.position + _CHUNK]
    for number, result in enumerate(_results(request, rows), start=request.position + 1):
        if isinstance(result, AppError):
            request.failed += 1
            request.errors[str(number)] = result.message
    request.position += len(rows)
    if request.position >= len(request.rows):
        request.finished_time = timezone.now()
    request.save(update_fields=["position", "failed", "errors", "finished_time"])
    return request.finished_time is None


def _results(request: BulkRequest, rows: Sequence[Any]) -> Sequence[Result | AppError]:
    actor = Actor(request.user, request.organization, request.source, request.request_id)
    try:
        return rows_run(actor=actor, operation=request.operation, rows=rows)
    except Forbidden as error:
        # The caller has lost his rights since: every row is refused.
        return [error] * len(rows)


def _input(row: Any) -> TaskInput | AppError:
    if not isinstance(row, Mapping):
        return Invalid("The task must be an object.")
    try:
        return input_read(row)
    except AppError as error:
        return error
