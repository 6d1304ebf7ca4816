"""Tasks of the MileApp context: twenty hubs, four flows, a year of work."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from config.load.people import agents_of
from config.load.rows import json_text, moment, rows_insert
from core.actor import Actor
from core.ids import object_id
from flows.models import Flow
from flows.services import flow_create
from hubs.models import Hub
from hubs.services import hub_create
from tasks.counts import counts_rebuild
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee

HUBS, FLOWS = 20, 4
YEAR = 365 * 86400
HOUR = 3600
STREETS = ("Jl. Melati", "Jl. Sudirman", "Jl. Thamrin", "Jl. Gatot Subroto", "Jl. Diponegoro")
# Of ten tasks six are done, two are under way, two wait.
STATES = (Status.DONE,) * 6 + (Status.ONGOING,) * 2 + (Status.UNASSIGNED,) * 2
TEXT = {"component": "input", "type": "String", "default": None, "required": False, "visible": True}
COLUMNS = (
    "id", "hub_id", "flow_id", "status", "values", "shown", "title", "ref_id", "order_index", "routing_result_id",
    "start_time", "end_time", "created_time", "updated_time", "assigned_by", "assigned_time",
    "done_by", "done_by_user_id", "done_time", "done_from",
)  # fmt: skip


def load(*, actor: Actor, count: int) -> int:
    """`count` tasks in the actor's organization, with their assignees and counters; the number of tasks."""
    agents = agents_of(actor.organization)
    hubs, flows = _hubs(actor, agents), _flows(actor)
    assigned: list[tuple[str, int]] = []
    template = Task(organization=actor.organization, created_from="API", created_by="Load", created_by_email="")
    made = rows_insert(template, COLUMNS, _rows(count, hubs, flows, assigned))
    rows_insert(TaskAssignee(organization=actor.organization, position=0), ("task_id", "user_id"), iter(assigned))
    counts_rebuild(actor.organization)
    return made


def _rows(
    count: int, hubs: Sequence[tuple[Hub, Sequence[User]]], flows: Sequence[Flow], assigned: list[tuple[str, int]]
) -> Iterator[tuple[Any, ...]]:
    random = Random(count)  # noqa: S311  (the same data at each run)
    now = int(timezone.now().timestamp())
    first = now - YEAR
    for number in range(count):
        created = first + YEAR * number // count
        start = created + random.randrange(24) * HOUR
        status = random.choice(STATES) if created < now - 3 * 86400 else Status.UNASSIGNED
        hub, crew = random.choice(hubs)
        agent = random.choice(crew)
        task_id = f"{created:08x}{object_id()[8:]}"
        shown = {"title": f"Customer {number % 50_000}", "content": f"{random.choice(STREETS)} {number % 200}"}
        taken, done = status != Status.UNASSIGNED, status == Status.DONE
        if taken:
            assigned.append((task_id, agent.pk))
        yield (
            task_id, hub.pk, random.choice(flows).pk, str(status),
            json_text({"field1": shown["title"], "field2": shown["content"]}), json_text(shown), shown["title"],
            f"REF-{number}" if number % 4 == 0 else "", created * 100_000.0,
            f"route-{number // 40}" if number % 8 == 0 else "",
            moment(start), moment(start + 24 * HOUR), moment(created), moment(created),
            "Load" if taken else "", moment(created) if taken else None,
            agent.name if done else "", agent.pk if done else None,
            moment(start + (1 + number % 20) * HOUR) if done else None, "MOBILE" if done else "",
        )  # fmt: skip


def _hubs(actor: Actor, agents: Sequence[User]) -> list[tuple[Hub, Sequence[User]]]:
    """Each hub with its own agents, who do its tasks."""
    found = {hub.name: hub for hub in Hub.objects.of(actor.organization)}
    hubs = []
    for number in range(1, HUBS + 1):
        name = f"Load hub {number:02}"
        hub = found.get(name) or hub_create(actor=actor, name=name, address="Jakarta", lat=-6.2, lng=106.8)
        crew = agents[number - 1 :: HUBS]
        hub.users.add(*crew)
        hubs.append((hub, crew))
    return hubs


def _flows(actor: Actor) -> list[Flow]:
    found = {flow.name: flow for flow in Flow.objects.of(actor.organization).filter(deleted_at=None)}
    fields = [TEXT | {"id": "field1", "title": "Name", "showAs": "title"}]
    fields.append(TEXT | {"id": "field2", "title": "Address", "showAs": "content"})
    pages = [{"id": "page0", "enabled": True, "components": fields}]
    names = [f"Load flow {number}" for number in range(1, FLOWS + 1)]
    return [found.get(name) or flow_create(actor=actor, name=name, pages=pages) for name in names]
