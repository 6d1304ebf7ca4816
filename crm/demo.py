"""Demo data with the ids of the vendor's own page, whose request updates task 1234."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from accounts.models import Organization, User
from core.actor import Actor
from crm.models import Contact, Opportunity, ShareType, Stage, Task, TaskCategory, TaskTemplateContainer
from crm.models.records import EntityType
from crm.models.templates import ContainerType
from crm.services import (
    CaseData,
    ContactData,
    OpportunityData,
    TaskData,
    TemplateData,
    case_create,
    contact_create,
    container_create,
    opportunity_create,
    task_create,
    template_create,
)

EXAMPLE_ID = 1234
TASKS = (
    ("Call Jane about the contract", "Phone call", -2, 0),
    ("Present the new product line", "Demo", 3, 60),
    ("Lunch with the buyers", "Lunch", 5, 1440),
    ("Send thanks for the order", "Expression of gratitude", 8, 0),
)
TICKS_PER_DAY = 24 * 60 * 60 * 10_000_000


def demo_load(*, actor: Actor) -> dict[str, Any]:
    """Make what is missing; the part of `seed_demo --format json` that is about ONLYOFFICE."""
    organization = actor.organization
    mike = User.objects.of(organization).filter(first_name="Mike").select_related("organization").first()
    if mike is not None:
        actor = Actor(mike, organization, actor.source)
    appointment = _category(organization, "Appointment")
    if not Task.objects.of(organization).exists():
        _load(actor, appointment)
    rows = {"task_id": Task, "category_id": TaskCategory}
    return {"onlyoffice": {name: model.objects.of(organization).order_by("pk")[0].pk for name, model in rows.items()}}


def _category(organization: Organization, title: str) -> TaskCategory:
    """The category of that title, or the first one where somebody has renamed or deleted it."""
    categories = TaskCategory.objects.of(organization)
    return categories.filter(title=title).first() or categories.order_by("pk")[0]


def _load(actor: Actor, appointment: TaskCategory) -> None:
    responsible = actor.user.guid if actor.user else None
    assert responsible is not None  # noqa: S101  (the demo's users are made before its data)
    visit = TaskCategory(organization=actor.organization, title="Site visit", image="task_category_meeting.png")
    visit.pk, visit.sort_order = _free(TaskCategory), 13
    visit.save(force_insert=True)
    jane = _jane(actor)
    deal = _deal(actor, jane, responsible)
    case = case_create(actor=actor, data=CaseData(title="Late delivery", member_ids=(jane.pk,)))
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    offer = TaskData(
        title="Send a commercial offer",
        deadline=now + timedelta(days=1),
        category_id=appointment.pk,
        responsible_id=responsible,
    )
    task_create(actor=actor, pk=_free(Task, 1), data=offer)
    example = TaskData(
        title="Visit the warehouse",
        deadline=now + timedelta(days=2),
        category_id=visit.pk,
        responsible_id=responsible,
        contact_id=jane.pk,
        entity_type=EntityType.OPPORTUNITY,
        entity_id=deal.pk,
        alert_value=60,
    )
    task_create(actor=actor, pk=_free(Task), data=example)
    sequences_reset(TaskCategory, Contact, Opportunity, Task)
    for title, category, days, alert in TASKS:
        _task(actor, title, category, now + timedelta(days=days), alert, case.pk)
    _templates(actor, appointment)


def _jane(actor: Actor) -> Contact:
    """The contact of the vendor's example, in a company."""
    company = contact_create(
        actor=actor, data=ContactData(is_company=True, company_name="Big Buyer Ltd", share_type=ShareType.READ)
    )
    return contact_create(
        actor=actor,
        pk=_free(Contact),
        data=ContactData(
            first_name="Jane",
            last_name="Doe",
            job_title="Purchasing",
            company_id=company.pk,
            share_type=ShareType.READ_WRITE,
            email="jane@example.com",
        ),
    )


def _deal(actor: Actor, jane: Contact, responsible: UUID) -> Opportunity:
    return opportunity_create(
        actor=actor,
        pk=_free(Opportunity),
        data=OpportunityData(
            title="Big deal",
            responsible_id=responsible,
            stage_id=Stage.objects.of(actor.organization).order_by("sort_order")[5].pk,
            bid_currency="USD",
            contact_id=jane.pk,
            success_probability=75,
        ),
    )


def _task(actor: Actor, title: str, category: str, deadline: Any, alert: int, case_id: int) -> None:
    data = TaskData(
        title=title,
        deadline=deadline,
        category_id=_category(actor.organization, category).pk,
        responsible_id=actor.user.guid,  # type: ignore[union-attr]
        entity_type=EntityType.CASE,
        entity_id=case_id,
        alert_value=alert,
    )
    task_create(actor=actor, data=data)


def _templates(actor: Actor, category: TaskCategory) -> None:
    container: TaskTemplateContainer = container_create(
        actor=actor, title="After the first meeting", entity_type=ContainerType.OPPORTUNITY
    )
    for title, days in (("Write the minutes", 1), ("Send the offer", 3), ("Ask for an answer", 10)):
        data = TemplateData(title=title, category_id=category.pk, offset_ticks=days * TICKS_PER_DAY)
        template_create(actor=actor, container_id=container.pk, data=data)


def _free(model: type[models.Model], wanted: int = EXAMPLE_ID) -> int | None:
    """The id of the vendor's example, unless somebody has it already."""
    return None if model._default_manager.filter(pk=wanted).exists() else wanted


def sequences_reset(*tables: type[models.Model]) -> None:
    """Let automatic ids go on after the given ones, where the database counts by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
