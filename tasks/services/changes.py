"""Changes of tasks that exist: replace, update, assign, move, delete. One and many take the same way.

Each operation is a step over (batch, row): it works on copies in memory and hands the finished task to the batch. The
rows of a batch are locked in the order of their ids, so two calls that meet wait for each other and never deadlock.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.actor import Actor
from core.api.errors import AppError, Invalid
from tasks.inputs import TaskInput, emails_read, input_read, required
from tasks.lifecycle import Status, status_after
from tasks.models import Task
from tasks.people import Person, author_of
from tasks.services.batch import Batch
from tasks.services.completion import finish
from tasks.services.content import times_check, times_set, values_patch, values_set, worker_values
from tasks.services.creation import still_there

Result = tuple[Task, list[Person]]
Step = Callable[[Batch, str, Mapping[str, Any]], Result]


def task_replace(*, actor: Actor, task_id: str, body: Mapping[str, Any]) -> Result:
    """PUT: values of the first page that are left out are dropped, times default anew; the assignment stays."""
    return _one(actor, "put", task_id, body)


def task_update(*, actor: Actor, task_id: str, body: Mapping[str, Any]) -> Result:
    """PATCH: only the keys given change; `status` DONE finishes the task."""
    return _one(actor, "patch", task_id, body)


def task_assign(*, actor: Actor, task_id: str, body: Mapping[str, Any]) -> Result:
    """Assign to the e-mails in `assignee` in place of whoever had it; nobody: back to UNASSIGNED."""
    return _one(actor, "assign", task_id, body)


def task_move(*, actor: Actor, task_id: str, body: Mapping[str, Any]) -> Result:
    """Move to the hub `hubId`; status and assignment stay as they are."""
    return _one(actor, "move", task_id, body)


def task_delete(*, actor: Actor, task_id: str) -> Result:
    """Delete for good; the task as it was."""
    return _one(actor, "delete", task_id, {})


def tasks_change(
    *, actor: Actor, operation: str, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Result | AppError]:
    """Run `operation` (put, patch, assign, move, delete) on each (task id, body), in order, in one transaction.

    One result per row; what is refused changes nothing and does not stop the others. Raises Forbidden.
    """
    step, permission = _STEPS[operation]
    actor.require(permission)
    with still_there():
        batch = Batch(actor, [task_id for task_id, _ in rows])
        results = [_attempt(step, batch, task_id, body) for task_id, body in rows]
        batch.write()
    return results


def _one(actor: Actor, operation: str, task_id: str, body: Mapping[str, Any]) -> Result:
    result = tasks_change(actor=actor, operation=operation, rows=[(task_id, body)])[0]
    if isinstance(result, AppError):
        raise result
    return result


def _attempt(step: Step, batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result | AppError:
    try:
        return step(batch, task_id, body)
    except AppError as error:
        return error


def _replace(batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result:
    task = batch.get(task_id)
    task.status = status_after("put", task.status)
    given = input_read(body)
    required(given.flow, "flow")
    required(given.hub_id, "hubId")
    _own_keys_set(batch, task, given)
    times_set(task, given, batch.now)
    values_set(task, given.values, kept=worker_values(task))
    return batch.changed(task, "put", _reassigned(batch, task, given.assignees))


def _update(batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result:
    task = batch.get(task_id)
    task.status = status_after("patch", task.status)
    given = input_read(body)
    _own_keys_set(batch, task, given)
    task.start_time = given.start_time or task.start_time
    task.end_time = given.end_time or task.end_time
    times_check(task)
    if given.values:
        values_patch(task, given.values)
    people = _reassigned(batch, task, given.assignees)
    _status_set(batch, task, given.status)
    return batch.changed(task, "patch", people)


def _assign(batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result:
    task = batch.get(task_id)
    if body.get("assignee") is None:
        status_after("assign", task.status)
        raise Invalid("The assignee field is required.", field="assignee")
    emails = emails_read(body["assignee"])
    return batch.changed(task, "assign" if emails else "unassign", _assigned(batch, task, emails))


def _move(batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result:
    task = batch.get(task_id)
    task.status = status_after("move", task.status)
    task.hub = batch.catalogue.hub(required(input_read({"hubId": body.get("hubId")}).hub_id, "hubId"))
    return batch.changed(task, "move")


def _delete(batch: Batch, task_id: str, body: Mapping[str, Any]) -> Result:
    task = batch.get(task_id)
    status_after("delete", task.status)
    return batch.removed(task)


# operation: what it does to one row, and the right it needs.
_STEPS: dict[str, tuple[Step, str]] = {
    "put": (_replace, "tasks.change_task"),
    "patch": (_update, "tasks.change_task"),
    "assign": (_assign, "tasks.change_task"),
    "move": (_move, "tasks.change_task"),
    "delete": (_delete, "tasks.delete_task"),
}


def _own_keys_set(batch: Batch, task: Task, given: TaskInput) -> None:
    if given.flow and given.flow != task.flow.name:
        raise Invalid("The flow of a task cannot be changed.", field="flow")
    if given.hub_id and given.hub_id != task.hub_id:
        task.hub = batch.catalogue.hub(given.hub_id)
    task.ref_id = task.ref_id if given.ref_id is None else given.ref_id
    task.order_index = task.order_index if given.order_index is None else given.order_index
    if given.routing_result_id is not None:
        task.routing_result_id = given.routing_result_id


def _assigned(batch: Batch, task: Task, emails: list[str] | None) -> list[Person] | None:
    """Give the task to these people, to nobody for []; None leaves it with whoever has it."""
    if emails is None:
        return None
    people = batch.catalogue.people(task.hub_id, emails) if emails else []
    task.status = status_after("assign" if people else "unassign", task.status)
    task.assigned_by = author_of(batch.actor) if people else ""
    task.assigned_time = batch.now if people else None
    return people


def _reassigned(batch: Batch, task: Task, emails: list[str] | None) -> list[Person] | None:
    """As `_assigned`; whoever has the task already keeps it, also when it has moved to a hub that is not his."""
    return None if emails == [person.email for person in batch.people(task.pk)] else _assigned(batch, task, emails)


def _status_set(batch: Batch, task: Task, status: str | None) -> None:
    """`status` in a PATCH: DONE finishes, the present one says nothing, any other is not the caller's to set."""
    if status is None or status == task.status:
        return
    if status != Status.DONE:
        raise Invalid("The selected status is invalid.", field="status")
    finish(task, batch.actor, batch.now)
