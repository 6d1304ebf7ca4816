"""Mail to the responsible: notices from the queue, and reminders that are fired once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core.actor import Actor
from core.jobs import run_due
from core.models import Job
from crm.jobs import mail_text, reminders_fire
from crm.models import Task, TaskCategory
from crm.models.records import EntityType
from crm.services import (
    CaseData,
    ContactData,
    TaskData,
    case_create,
    contact_create,
    task_close,
    task_reopen,
    task_update,
)
from tests.conftest import World
from tests.crm.conftest import Portal
from tests.crm.factories import make_task

NOW = datetime(2030, 5, 6, 7, 0, tzinfo=UTC)
BODY = {"title": "Call\nJane", "description": "<b>now</b>", "deadline": "2030-05-06T09:30:00"}


@pytest.fixture
def actor(world: World) -> Actor:
    return world.actor(world.owner)


def run_jobs() -> None:
    run_due(timezone.now() + timedelta(seconds=1))


def fired(now: datetime) -> int:
    """Mails sent by the reminders of this moment."""
    before = len(mail.outbox)
    reminders_fire(now)
    run_jobs()
    return len(mail.outbox) - before


@pytest.mark.parametrize("method", ["POST", "PUT", "group"])
def test_a_notice_is_queued_by_the_request_and_sent_by_the_worker(
    world: World, actor: Actor, portal: Portal, category: TaskCategory, method: str
) -> None:
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane"))
    case = case_create(actor=actor, data=CaseData(title="Late delivery"))
    task = make_task(actor)
    body = BODY | {
        "categoryId": category.pk, "responsibleId": str(world.planner.guid), "isNotify": True,
        "entityType": "case", "entityId": case.pk,
        "contactId": [contact.pk] if method == "group" else contact.pk,
    }  # fmt: skip
    path = {"POST": "crm/task", "PUT": f"crm/task/{task.pk}", "group": "crm/contact/task/group"}[method]
    assert portal.json("PUT" if method == "PUT" else "POST", path, body).status_code in (200, 201)
    assert mail.outbox == []
    run_jobs()
    (message,) = mail.outbox
    assert message.to == ["planner@example.com"]
    assert message.subject.endswith("Call Jane")
    for part in ("Appointment", "&lt;b&gt;now&lt;/b&gt;", "Contact: Jane", "Case: Late delivery", "6 May 2030, 09:30"):
        assert part in message.body
    run_jobs()
    assert len(mail.outbox) == 1


def test_links_lead_to_the_console_where_the_server_knows_its_address(
    actor: Actor, category: TaskCategory, settings: Any
) -> None:
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane"))
    case = case_create(actor=actor, data=CaseData(title="Late delivery"))
    task = make_task(actor, contact_id=contact.pk, entity_type=EntityType.CASE, entity_id=case.pk)
    assert "(" not in mail_text(task)
    settings.PUBLIC_URL = "https://tasks.example.com"
    text = mail_text(task)
    assert f"Contact: Jane (https://tasks.example.com/admin/crm/contact/{contact.pk}/change/)" in text
    assert f"Case: Late delivery (https://tasks.example.com/admin/crm/case/{case.pk}/change/)" in text


def test_a_mail_that_is_sent_again_has_the_same_id(
    world: World, portal: Portal, category: TaskCategory, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"title": "t", "deadline": "2030-05-06", "categoryId": category.pk, "responsibleId": str(world.owner.guid)}
    portal.post("crm/task", **body, isNotify=True)
    portal.post("crm/task", **body, isNotify=True)
    run_jobs()
    # As if the worker had died between sending and noting it.
    Job.objects.update(state=Job.State.WAITING)
    run_jobs()
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == 4
    assert len(set(ids)) == 2


def test_the_caller_is_notified_of_his_own_task_and_a_day_has_no_time(
    world: World, portal: Portal, category: TaskCategory
) -> None:
    body = {"title": "t", "deadline": "2030-05-06", "categoryId": category.pk, "responsibleId": str(world.owner.guid)}
    portal.post("crm/task", **body, isNotify=True)
    run_jobs()
    assert mail.outbox[0].to == ["owner@example.com"]
    assert mail.outbox[0].body.endswith("Due: 6 May 2030")


def test_nobody_is_notified_without_being_asked_for_or_known(
    world: World, portal: Portal, category: TaskCategory
) -> None:
    body = {"title": "t", "deadline": "2030-05-06", "categoryId": category.pk}
    portal.post("crm/task", **body, isNotify=True)
    portal.post("crm/task", **body, isNotify=True, responsibleId="9924256A-739C-462b-AF15-E652A3B1B6EB")
    portal.post("crm/task", **body, isNotify=True, responsibleId=str(world.outsider.guid))
    portal.post("crm/task", **body, responsibleId=str(world.planner.guid))
    assert not Job.objects.filter(name__startswith="crm.").exists()


def test_a_refused_request_notifies_nobody(
    world: World, portal: Portal, monkeypatch: pytest.MonkeyPatch, category: TaskCategory
) -> None:
    def explode(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("crm.services.tasks.job_enqueue", lambda *_, **__: explode())
    portal.client.raise_request_exception = False
    body = {"title": "t", "deadline": "2030-05-06", "categoryId": category.pk, "responsibleId": str(world.planner.guid)}
    assert portal.post("crm/task", **body, isNotify=True).status_code == 500
    assert not Task.objects.exists()


def test_a_notice_about_a_deleted_task_or_to_somebody_who_left_is_dropped(
    world: World, actor: Actor, portal: Portal, category: TaskCategory
) -> None:
    body = {"title": "t", "deadline": "2030-05-06", "categoryId": category.pk, "isNotify": True}
    task = json.loads(portal.post("crm/task", **body, responsibleId=str(world.planner.guid)).content)["response"]["id"]
    portal.post("crm/task", **body, responsibleId=str(world.agent.guid))
    portal.delete(f"crm/task/{task}")
    world.agent.is_active = False
    world.agent.save()
    run_jobs()
    assert mail.outbox == []
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


@pytest.mark.parametrize(
    ("alert", "minutes_from_now", "fires"),
    [
        (60, 0, True),
        (60, 1, True),
        (60, 2, False),
        (60, -30, True),
        (60, -60, True),
        (60, -61, False),
        (0, 0, False),
        (-60, 0, True),
        (-60, -60, True),
        # A deadline more than a day ago.
        (-1500, 0, False),
        (2**31 - 1, 0, True),
    ],
)
def test_when_a_reminder_fires(world: World, actor: Actor, alert: int, minutes_from_now: int, fires: bool) -> None:
    """alert minutes before the deadline; that moment is so many minutes from now."""
    try:
        deadline = NOW + timedelta(minutes=minutes_from_now) + timedelta(minutes=alert)
    except OverflowError:
        deadline = NOW
    make_task(actor, deadline=deadline, alert_value=alert, responsible_id=world.planner.guid)
    assert fired(NOW) == int(fires)
    assert fired(NOW) == 0


def test_a_worker_that_was_down_fires_late_and_only_once(world: World, actor: Actor) -> None:
    make_task(actor, deadline=NOW, alert_value=30, responsible_id=world.planner.guid)
    # The moment was 06:30; nobody worked until 07:15.
    assert fired(NOW + timedelta(minutes=15)) == 1
    assert fired(NOW + timedelta(minutes=16)) == 0


def test_a_closed_task_reminds_nobody_and_reopening_does_not_repeat(world: World, actor: Actor) -> None:
    task = make_task(actor, deadline=NOW, alert_value=5, responsible_id=world.planner.guid)
    task_close(actor=actor, task_id=task.pk)
    assert fired(NOW) == 0
    task_reopen(actor=actor, task_id=task.pk)
    assert fired(NOW) == 1
    task_close(actor=actor, task_id=task.pk)
    task_reopen(actor=actor, task_id=task.pk)
    assert fired(NOW) == 0


def test_an_update_arms_the_reminder_again(world: World, actor: Actor, category: TaskCategory) -> None:
    task = make_task(actor, deadline=NOW, alert_value=5, responsible_id=world.planner.guid)
    assert fired(NOW) == 1
    data = TaskData(title="t", deadline=NOW, category_id=category.pk, alert_value=5, responsible_id=world.planner.guid)
    task_update(actor=actor, task_id=task.pk, data=data)
    assert fired(NOW) == 1


def test_a_reminder_is_used_up_even_if_nobody_gets_it(world: World, actor: Actor) -> None:
    nobody = make_task(actor, deadline=NOW, alert_value=5)
    world.organization.is_active = False
    world.organization.save()
    asleep = make_task(actor, deadline=NOW, alert_value=5, responsible_id=world.planner.guid)
    assert fired(NOW) == 0
    assert set(Task.objects.filter(pk__in=[nobody.pk, asleep.pk]).values_list("remind_at", flat=True)) == {None}


def test_the_reminder_names_the_task(world: World, actor: Actor) -> None:
    make_task(
        actor,
        title="Visit",
        deadline=NOW,
        alert_value=5,
        responsible_id=world.planner.guid,
        entity_type=EntityType.CASE,
        entity_id=9,
    )
    fired(NOW)
    assert mail.outbox[0].subject == "Reminder of a task: Visit"
    assert mail.outbox[0].to == ["planner@example.com"]
