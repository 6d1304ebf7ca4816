"""Consequences for tasks: a member leaves, a hub is deleted. The rights are those of the change that led here."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core.actor import Actor
from hubs.models import Hub
from tasks.lifecycle import Status, status_after
from tasks.models import Task, TaskAssignee
from tasks.services.batch import Batch

_CHUNK = 500


@transaction.atomic
def member_release(*, actor: Actor, user: User) -> int:
    """Take the user off his ongoing tasks; those that nobody else has go back to UNASSIGNED. The number of tasks.

    Tasks that are done keep him.
    """
    tasks = Task.objects.of(actor.organization)
    ongoing = TaskAssignee.objects.filter(user=user, task__status=Status.ONGOING).values_list("task_id", flat=True)
    count = 0
    for ids in _chunks(ongoing):
        batch = Batch(actor, ids, among=tasks.filter(status=Status.ONGOING))
        for task in batch.tasks():
            left = [person for person in batch.people(task.pk) if person.user_id != user.pk]
            if not left:
                task.status = status_after("unassign", task.status)
                task.assigned_by, task.assigned_time = "", None
            batch.changed(task, "unassign", left)
            count += 1
        batch.write()
    return count


@transaction.atomic
def hub_erase(*, actor: Actor, hub: Hub) -> int:
    """Delete the tasks of a hub that is about to go; the number of tasks."""
    tasks = Task.objects.of(actor.organization).filter(hub=hub)
    count = 0
    for ids in _chunks(tasks.order_by("pk").values_list("pk", flat=True)):
        batch = Batch(actor, ids, among=tasks)
        for task in batch.tasks():
            batch.removed(task)
            count += 1
        batch.write()
    return count


def _chunks(ids: QuerySet) -> Iterator[list[str]]:
    """The ids that are left, some at a time, until there are none: each round takes its own away."""
    while chunk := list(ids[:_CHUNK]):
        yield chunk
