"""Mail to the people who are responsible for tasks: notices at once, reminders before the deadline."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.utils import DNS_NAME
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from core.jobs import job, job_enqueue, periodic
from crm.models import Contact, Task
from crm.models.records import EntityType
from crm.selectors.rights import RECORDS

AHEAD = timedelta(minutes=2)
LATE = timedelta(hours=1)
DEADLINE_PASSED = timedelta(days=1)
KINDS = {"notice": "You are responsible for a task", "reminder": "Reminder of a task"}


@job("crm.task_notice")
def task_notice(payload: dict[str, Any]) -> None:
    """Mail a responsible that the task is his. payload: task (id), responsible (GUID), mail (id)."""
    task_mail(payload, "notice")


@job("crm.task_reminder")
def task_reminder(payload: dict[str, Any]) -> None:
    """Mail a responsible that a task is due soon. payload: task (id), responsible (GUID), mail (id)."""
    task_mail(payload, "reminder")


@periodic("crm.reminders", every=timedelta(minutes=1))
def reminders_fire(now: datetime) -> None:
    """Fire the reminders of open tasks that are due within two minutes or became due within the last hour.

    A reminder is marked as fired even if nobody gets it: the organization or the user may be inactive or gone.
    """
    due = Task.objects.filter(
        is_closed=False, remind_at__gte=now - LATE, remind_at__lt=now + AHEAD, deadline__gte=now - DEADLINE_PASSED
    )
    for task in due.select_related("organization").order_by("remind_at"):
        with transaction.atomic():
            fired = Task.objects.filter(pk=task.pk, is_closed=False, remind_at=task.remind_at).update(remind_at=None)
            if fired and task.organization.is_active:
                payload = {"task": task.pk, "responsible": str(task.responsible_id), "mail": uuid4().hex}
                job_enqueue("crm.task_reminder", organization=task.organization, payload=payload)


def task_mail(payload: dict[str, Any], kind: str) -> None:
    """Nothing is sent about a deleted task, or to somebody who has left."""
    task = Task.objects.filter(pk=payload["task"]).select_related("organization", "category").first()
    if task is None:
        return
    users = User.objects.of(task.organization).filter(guid=UUID(payload["responsible"]), is_active=True)
    responsible = users.first()
    if responsible is not None:
        subject = f"{KINDS[kind]}: {_one_line(task.title)}"
        # The same id at every attempt: who gets a mail twice, as its worker died in between, can tell.
        headers = {"Message-ID": f"<{payload['mail']}@{DNS_NAME}>"}
        EmailMessage(subject, mail_text(task), to=[responsible.email], headers=headers).send()


def mail_text(task: Task) -> str:
    """What the vendor's notice holds: title, description, category, what the task is about, and when it is due."""
    lines = [f"Task: {task.title}", f"Category: {task.category.title}"]
    if task.description:
        lines.append(f"Description: {escape(task.description)}")
    lines.extend(_subjects(task))
    lines.append(f"Due: {_due(task)}")
    return "\n".join(lines)


def _subjects(task: Task) -> list[str]:
    found = []
    contact = Contact.objects.of(task.organization).filter(pk=task.contact_id).first()
    if contact is not None:
        found.append(f"Contact: {contact.display_name}{_link(contact)}")
    if task.entity_type is not None:
        entity_type = EntityType(task.entity_type)
        record = RECORDS[entity_type][0].objects.of(task.organization).filter(pk=task.entity_id).first()
        if record is not None:
            found.append(f"{entity_type.label}: {record.title}{_link(record)}")
    return found


def _link(row: Model) -> str:
    """Its page in the console, where the server knows its own address."""
    if not settings.PUBLIC_URL:
        return ""
    return f" ({settings.PUBLIC_URL}{reverse(f'admin:crm_{row._meta.model_name}_change', args=[row.pk])})"


def _due(task: Task) -> str:
    local = task.deadline.astimezone(task.organization.zone)
    day = f"{local.day} {local:%B %Y}"
    return day if (local.hour, local.minute) == (0, 0) else f"{day}, {local:%H:%M}"


def _one_line(text: str) -> str:
    """A header has one line."""
    return " ".join(text.split())
