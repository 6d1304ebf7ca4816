"""Who tasks are assigned to, read for many tasks at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import Organization, User
from core.actor import Actor
from core.api.errors import Invalid
from core.statements import Given, Prepared
from hubs.models import Hub
from tasks.models import TaskAssignee


class Person(NamedTuple):
    """An assignee as a task shows him."""

    user_id: int
    object_id: str
    name: str
    email: str
    hub_ids: tuple[str, ...] = ()


def author_of(actor: Actor) -> str:
    """How the vendor names who did something: by display name, else e-mail."""
    return actor.name or (actor.user.email if actor.user else "")


def people_of(task_ids: Sequence[str]) -> dict[str, list[Person]]:
    """{task id: its assignees in order}; hub ids are read for the first of each only, whom `assignedTo` shows."""
    people: dict[str, list[Person]] = defaultdict(list)
    for task_id, user_id, object_id, name, email in _assignments(task_ids):
        people[task_id].append(Person(user_id, object_id, name, email))
    if people:
        hubs = hub_ids_of({persons[0].user_id for persons in people.values()})
        for persons in people.values():
            persons[0] = persons[0]._replace(hub_ids=hubs[persons[0].user_id])
    return people


def hub_ids_of(user_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """{user id: ids of his hubs, oldest first}."""
    hubs: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for user_id, hub_id in _hub_links(user_ids):
        hubs[user_id] += (hub_id,)
    return hubs


def _assignments(task_ids: Sequence[str]) -> Iterable[tuple[str, int, str, str, str]]:
    if len(task_ids) == 1:
        return _ASSIGNMENTS_OF_ONE.all(task=task_ids[0])
    return _assignment_rows().filter(task__in=task_ids)


def _assignment_rows() -> QuerySet:
    columns = ("task_id", "user_id", "user__object_id", "user__name", "user__email")
    return TaskAssignee.objects.order_by("task", "position").values_list(*columns)


def _hub_links(user_ids: Collection[int]) -> Iterable[tuple[int, str]]:
    if len(user_ids) == 1:
        return _HUBS_OF_ONE.all(user=next(iter(user_ids)))
    return _hub_link_rows().filter(user__in=user_ids)


def _hub_link_rows() -> QuerySet:
    return Hub.users.through.objects.order_by("hub").values_list("user_id", "hub_id")


_ASSIGNMENTS_OF_ONE = Prepared(lambda: _assignment_rows().filter(task=Given("task")))
_HUBS_OF_ONE = Prepared(lambda: _hub_link_rows().filter(user=Given("user")))


def hub_people(organization: Organization, hub_id: str, emails: Sequence[str]) -> list[Person]:
    """The users of the hub with these e-mails, in their order. Raises Invalid for anybody who is none."""
    users = User.objects.of(organization).filter(email__in=emails, hubs=hub_id, is_active=True)
    found = {user.email: user for user in users.only("object_id", "name", "email")}
    strangers = [email for email in emails if email not in found]
    if strangers:
        raise Invalid(f"The selected assignee is invalid: {strangers[0]}.", field="assignee")
    hubs = hub_ids_of([found[emails[0]].pk]) if emails else {}
    return [
        Person(user.pk, user.object_id, user.name, user.email, hubs.get(user.pk, ()))
        for user in (found[email] for email in emails)
    ]
