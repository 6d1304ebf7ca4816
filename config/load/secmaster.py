"""To-dos of the SOC context, in the organization's first workspace."""

import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

from django.utils import timezone

from config.load.rows import moment, rows_insert
from core.actor import Actor
from soc.models import BusinessType, Project, Status, Todo, Workspace

YEAR, DAY = 365 * 86400, 86400
STATES = (Status.FINISHED,) * 6 + (Status.CANCELED,) * 2 + (Status.WAITING,) * 2
COLUMNS = (
    "id", "aopengine_task_id", "name", "status", "business_type", "create_time", "update_time", "due_date",
    "handled_by_id", "handled_at", "approver",
)  # fmt: skip


def load(*, actor: Actor, count: int) -> int:
    """`count` to-dos; the number of them."""
    workspace = _workspace(actor)
    template = Todo(organization=actor.organization, workspace=workspace, creator_name="Load", related_object="Triage")
    return rows_insert(template, COLUMNS, _rows(actor, count))


def _rows(actor: Actor, count: int) -> Iterator[tuple[Any, ...]]:
    random = Random(count)  # noqa: S311  (the same data at each run)
    begin = int(timezone.now().timestamp()) - YEAR
    user_id = actor.user.pk if actor.user else None
    for number in range(count):
        created = begin + YEAR * number // count
        status = random.choice(STATES)
        settled = status != Status.WAITING
        yield (
            _id(random, created), _id(random, created), f"Alert {number}", str(status),
            random.choice(BusinessType.values),
            moment(created), moment(created + settled * 3600), moment(created + random.randrange(1, 400) * DAY),
            user_id if settled else None, moment(created + 3600) if settled else None, actor.name if settled else "",
        )  # fmt: skip


def _id(random: Random, created: int) -> str:
    """Rising with time: an index that grows at its end is filled much quicker than one hit all over."""
    return str(uuid.UUID(int=created << 96 | random.getrandbits(96)))


def _workspace(actor: Actor) -> Workspace:
    found = Workspace.objects.of(actor.organization).order_by("created_at", "id").first()
    if found is not None:
        return found
    project = Project.objects.of(actor.organization).first() or Project.objects.create(
        organization=actor.organization, name="cn-north-4"
    )
    return Workspace.objects.create(organization=actor.organization, project=project, name="Load")
