"""New tasks: one and many take the same way."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import journal
from core.actor import Actor
from core.api.errors import AppError, Conflict, Invalid
from core.ids import object_id
from core.statements import Given, Prepared, rows_insert, together
from flows.models import Flow
from hubs.models import Hub
from tasks.counts import counts_add, key_of
from tasks.documents import order_by_time
from tasks.inputs import TaskInput, required
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee
from tasks.people import Person, author_of, hub_people
from tasks.services.content import times_set, values_set

# The vendor's word for tasks that are made in the console; all others are API.
_CREATED_FROM = {"admin": "WEB"}

_FLOW = Prepared(lambda: Flow.objects.of(Given("organization")).filter(name=Given("name"), deleted_at=None)[:1])
_HUB = Prepared(lambda: Hub.objects.of(Given("organization")).filter(pk=Given("hub")).order_by())


class Catalogue:
    """Flows, hubs and people that new tasks name, each read once."""

    def __init__(self, actor: Actor) -> None:
        self.organization = actor.organization
        self._known: dict[tuple, Any] = {}

    def flow(self, name: str) -> Flow:
        """The flow of that name. Raises Invalid."""
        found = self._once(("flow", name), lambda: _FLOW.first(organization=self.organization.pk, name=name))
        if found is None:
            raise Invalid("The selected flow is invalid.", field="flow")
        return found

    def hub(self, hub_id: str) -> Hub:
        """The hub with that id. Raises Invalid."""
        found = self._once(("hub", hub_id), lambda: _HUB.first(organization=self.organization.pk, hub=hub_id))
        if found is None:
            raise Invalid("The selected hubId is invalid.", field="hubId")
        return found

    def people(self, hub_id: str, emails: Sequence[str]) -> list[Person]:
        """The hub's users with these e-mails. Raises Invalid."""
        return self._once(("people", hub_id, *emails), partial(hub_people, self.organization, hub_id, emails))

    def _once(self, key: tuple, read: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = read()
        return self._known[key]


def task_create(*, actor: Actor, given: TaskInput) -> tuple[Task, list[Person]]:
    """The new task and its assignees: UNASSIGNED, or ONGOING when it is assigned at once.

    Raises Forbidden, or Invalid for the first rule that fails: `The flow field is required.`
    """
    result = tasks_create(actor=actor, inputs=[given])[0]
    if isinstance(result, AppError):
        raise result
    return result


def tasks_create(
    *, actor: Actor, inputs: Sequence[TaskInput | AppError], catalogue: Catalogue | None = None
) -> list[tuple[Task, list[Person]] | AppError]:
    """One result for each input, in order; what is refused does not stop the others.

    An AppError among the inputs passes through, so that a row that could not be read keeps its place. Raises Forbidden.
    """
    actor.require("tasks.add_task")
    catalogue = catalogue or Catalogue(actor)
    now = timezone.now()
    results = [_attempt(actor, catalogue, given, now) for given in inputs]
    made = [result for result in results if not isinstance(result, AppError)]
    if made:
        with still_there():
            _write(actor, made, now)
    return results


def _attempt(
    actor: Actor, catalogue: Catalogue, given: TaskInput | AppError, now: datetime
) -> tuple[Task, list[Person]] | AppError:
    try:
        return given if isinstance(given, AppError) else _build(actor, catalogue, given, now)
    except AppError as error:
        return error


def _build(actor: Actor, catalogue: Catalogue, given: TaskInput, now: datetime) -> tuple[Task, list[Person]]:
    flow, hub_id = required(given.flow, "flow"), required(given.hub_id, "hubId")
    email = actor.user.email if actor.user else ""
    task = Task(
        id=given.task_id or object_id(),
        organization=actor.organization,
        flow=catalogue.flow(flow),
        hub=catalogue.hub(hub_id),
        ref_id=given.ref_id or "",
        order_index=order_by_time(now) if given.order_index is None else given.order_index,
        routing_result_id=given.routing_result_id or "",
        created_from=_CREATED_FROM.get(actor.source, "API"),
        created_by=author_of(actor),
        created_by_email=email,
        created_time=now,
        updated_by=email,
        updated_time=now,
    )
    times_set(task, given, now)
    values_set(task, given.values)
    people = catalogue.people(hub_id, given.assignees) if given.assignees else []
    if people:
        task.status, task.assigned_by, task.assigned_time = Status.ONGOING, author_of(actor), now
    return task, people


def _write(actor: Actor, made: Sequence[tuple[Task, list[Person]]], now: datetime) -> None:
    with together():
        rows_insert([task for task, _ in made])
        assignees_insert([(task, people) for task, people in made if people])
        journal.record_many(
            actor=actor,
            verb="create",
            items=[(task, _first_values(task, people), None) for task, people in made],
        )
        counts_add(actor.organization.pk, Counter(key_of(task) for task, _ in made), now)


def _first_values(task: Task, people: Sequence[Person]) -> dict[str, list[Any]]:
    said = {"flow": task.flow.name, "hubId": task.hub_id, "status": str(task.status), **task.values}
    return journal.diff({}, said | ({"assignee": [person.email for person in people]} if people else {}))


@contextmanager
def still_there() -> Iterator[None]:
    """Foreign keys are checked again at the end: a hub or user that went meanwhile is a conflict, not a bug."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict("The hub, the flow or an assignee is gone meanwhile; try again.") from error


def assignees_insert(assigned: Sequence[tuple[Task, list[Person]]]) -> None:
    rows_insert(
        [
            TaskAssignee(organization=task.organization, task=task, user_id=person.user_id, position=position)
            for task, people in assigned
            for position, person in enumerate(people)
        ],
        keyed=False,
    )
