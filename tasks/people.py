"""Who tasks are assigned to, read for many tasks at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from accounts.models import Organization, User
from core.actor import Actor
from core.api.errors import Invalid
from core.statements import PreparedIn
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


_ASSIGNMENTS = PreparedIn(
    lambda task_ids: (
        TaskAssignee.objects.filter(task__in=task_ids)
        .order_by("task", "position")
        .values_list("task_id", "user_id", "user__object_id", "user__name", "user__email")
    )
)
_HUB_LINKS = PreparedIn(
    lambda user_ids: (
        Hub.users.through.objects.filter(user__in=user_ids).order_by("hub_id").values_list("user_id", "hub_id")
    )
)


def people_of(task_ids: Sequence[str]) -> dict[str, list[Person]]:
    """{task id: its assignees in order}; hub ids are read for the first of each only, whom `assignedTo` shows."""
    people: dict[str, list[Person]] = defaultdict(list)
    for task_id, user_id, object_id, name, email in _ASSIGNMENTS.all(task_ids):
        people[task_id].append(Person(user_id, object_id, name, email))
    if people:
        hubs = hub_ids_of({persons[0].user_id for persons in people.values()})
        for persons in people.values():
            persons[0] = persons[0]._replace(hub_ids=hubs[persons[0].user_id])
    return people


def hub_ids_of(user_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """{user id: ids of his hubs, oldest first}."""
    hubs: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for user_id, hub_id in _HUB_LINKS.all(tuple(user_ids)):
        hubs[user_id] += (hub_id,)
    return hubs


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
