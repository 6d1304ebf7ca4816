"""Demo tasks: the one of MileApp's own examples, and a small day's work around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.actor import Actor
from hubs.demo import ASSIGNEE, JAKARTA
from tasks.inputs import input_read
from tasks.models import Task
from tasks.services import task_create, task_update

TASK = "6352736c628401059b37a2e2"
_EXAMPLE = {
    "flow": "Visit",
    "hubId": JAKARTA,
    "field1": "Jack Ward",
    "field2": "Gambir Jakarta",
    "field3": "-6.230815251,106.75684387",
    "startTime": "2022-11-02T07:28:23+00:00",
    "endTime": "2022-11-05T07:28:23+00:00",
    "orderIndex": 10,
}
_EXAMPLE_TIME = datetime(2022, 11, 1, 7, 28, 23, tzinfo=UTC)

# (customer, address, coordinate, hours from now until it begins, what becomes of it)
_DAY = (
    ("Toko Maju Jaya", "Jl. Sabang 21, Menteng", "-6.186486,106.824371", -5, "done"),
    ("Warung Bu Sri", "Jl. Kebon Sirih 44", "-6.183121,106.828905", -4, "done"),
    ("Apotek Sehat", "Jl. Cikini Raya 9", "-6.191920,106.838350", -3, "done"),
    ("Bengkel Sinar", "Jl. Gunung Sahari 12", "-6.161530,106.838120", -2, "ongoing"),
    ("Kantor Pos Gambir", "Jl. Medan Merdeka Selatan", "-6.181500,106.829300", -1, "ongoing"),
    ("Hotel Kenanga", "Jl. Wahid Hasyim 80", "-6.187110,106.824200", 0, "ongoing"),
    ("Rumah Makan Padang", "Jl. Salemba Raya 5", "-6.193900,106.848700", 1, "ongoing"),
    ("Galeri Melati", "Jl. Surabaya 17", "-6.201400,106.838900", 2, "open"),
    ("Toko Buku Cendekia", "Jl. Kwitang 3", "-6.182900,106.839100", 3, "open"),
    ("Klinik Harapan", "Jl. Matraman 60", "-6.204600,106.855800", 20, "open"),
    ("Koperasi Tani", "Jl. Pasar Minggu 101", "-6.284500,106.844700", 24, "open"),
    ("Pasar Tanah Abang, Blok B", "Jl. Fachrudin 78", "-6.188300,106.810200", 26, "open"),
)


def demo_load(*, actor: Actor) -> dict[str, Any]:
    """The vendor's task and a dozen others in every status, where they are missing."""
    tasks = Task.objects.of(actor.organization)
    if not tasks.filter(pk=TASK).exists():
        task_create(actor=actor, given=replace(input_read(_EXAMPLE), task_id=TASK))
        tasks.filter(pk=TASK).update(created_time=_EXAMPLE_TIME, updated_time=_EXAMPLE_TIME)
    agent = Actor(User.objects.get(email=ASSIGNEE), actor.organization, "mileapp")
    known = set(tasks.filter(ref_id__startswith="DEMO-").values_list("ref_id", flat=True))
    for number, (name, address, point, hours, fate) in enumerate(_DAY, start=1):
        if f"DEMO-{number:02}" not in known:
            start = timezone.now() + timedelta(hours=hours)
            body = {
                "flow": "Visit",
                "hubId": JAKARTA,
                "field1": name,
                "field2": address,
                "field3": point,
                "startTime": start.isoformat(timespec="seconds"),
                "refId": f"DEMO-{number:02}",
            }
            _day_task(actor, agent, body, fate)
    return {"mileapp": {"task_id": TASK}}


def _day_task(actor: Actor, agent: Actor, body: dict[str, Any], fate: str) -> None:
    assignee = {} if fate == "open" else {"assignee": [ASSIGNEE]}
    task, _ = task_create(actor=actor, given=input_read({**body, **assignee}))
    if fate == "done":
        task_update(actor=agent, task_id=task.pk, body={"status": "DONE", "doneCoordinate": body["field3"]})
