"""Writes of opportunities."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction

from core import journal
from core.actor import Actor
from core.api.errors import Forbidden, Invalid
from crm.currencies import CURRENCIES
from crm.models import BidType, Contact, Opportunity, Stage
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.rights import contact_visible
from crm.services.records import record_delete, record_locked, relations_save, title_checked
from crm.services.states import state_of
from crm.text import text_checked

LARGEST_BID = Decimal(10) ** 15


@dataclass(frozen=True)
class OpportunityData:
    """contact_id: 0 for none; success_probability: percent, cut to 0–100; access_list: GUIDs of users."""

    title: str | None
    responsible_id: UUID
    stage_id: int
    bid_currency: str
    description: str = ""
    contact_id: int = 0
    bid_type: int = BidType.FIXED_BID
    bid_value: Decimal = Decimal(0)
    per_period_value: int = 0
    success_probability: int = 0
    actual_close_date: datetime | None = None
    expected_close_date: datetime | None = None
    member_ids: tuple[int, ...] = ()
    is_private: bool = False
    access_list: tuple[UUID, ...] = ()


@transaction.atomic
def opportunity_create(*, actor: Actor, data: OpportunityData, pk: int | None = None) -> Opportunity:
    """A new opportunity. pk: a free id that it has to have.

    Invalid without title, responsible, known stage and currency, or with an unknown contact; Forbidden for a hidden
    one.
    """
    actor.require("crm.add_opportunity")
    opportunity = _filled(Opportunity(pk=pk, organization=actor.organization, created_by=actor.user), actor, data)
    opportunity.save(force_insert=True)
    _relations_save(opportunity, actor, data)
    journal.record(actor=actor, verb="create", obj=opportunity, changes=journal.diff({}, state_of(opportunity)))
    return opportunity


@transaction.atomic
def opportunity_update(*, actor: Actor, opportunity_id: int, data: OpportunityData) -> Opportunity:
    """Replace the opportunity."""
    locked = record_locked(actor, EntityType.OPPORTUNITY, opportunity_id, "crm.change_opportunity")
    opportunity = cast(Opportunity, locked)
    before = state_of(opportunity)
    _filled(opportunity, actor, data).save(force_update=True)
    _relations_save(opportunity, actor, data)
    journal.record(actor=actor, verb="update", obj=opportunity, changes=journal.diff(before, state_of(opportunity)))
    return opportunity


@transaction.atomic
def opportunity_delete(*, actor: Actor, opportunity_id: int) -> Opportunity:
    """Delete the opportunity and its tasks."""
    return cast(Opportunity, record_delete(actor, EntityType.OPPORTUNITY, opportunity_id, "crm.delete_opportunity"))


def _filled(opportunity: Opportunity, actor: Actor, data: OpportunityData) -> Opportunity:
    opportunity.title = title_checked(data.title)
    if data.responsible_id == NOBODY:
        raise Invalid("Choose a responsible.", field="responsible_id")
    opportunity.responsible_id = data.responsible_id
    opportunity.stage = _stage(actor, data.stage_id)
    if data.bid_currency not in CURRENCIES:
        raise Invalid("Choose a currency.", field="bid_currency")
    opportunity.bid_currency = data.bid_currency
    opportunity.contact = _contact(actor, data.contact_id)
    if abs(data.bid_value) >= LARGEST_BID:
        raise Invalid("The bid is too large.", field="bid_value")
    opportunity.description = text_checked(data.description, field="description")
    opportunity.bid_type, opportunity.bid_value = data.bid_type, round(data.bid_value, 4)
    opportunity.per_period_value = data.per_period_value
    opportunity.success_probability = min(max(data.success_probability, 0), 100)
    opportunity.actual_close_date, opportunity.expected_close_date = data.actual_close_date, data.expected_close_date
    return opportunity


def _stage(actor: Actor, stage_id: int) -> Stage:
    stage = Stage.objects.of(actor.organization).filter(pk=stage_id).first()
    if stage is None:
        raise Invalid("Choose a stage.", field="stage")
    return stage


def _contact(actor: Actor, contact_id: int) -> Contact | None:
    if not contact_id:
        return None
    contact = Contact.objects.of(actor.organization).filter(pk=contact_id).first()
    if contact is None:
        raise Invalid("There is no such contact.", field="contact")
    if not contact_visible(actor, contact):
        raise Forbidden
    return contact


def _relations_save(opportunity: Opportunity, actor: Actor, data: OpportunityData) -> None:
    relations_save(
        opportunity, actor, member_ids=data.member_ids, is_private=data.is_private, access_list=data.access_list
    )
