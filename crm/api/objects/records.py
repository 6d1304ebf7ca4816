"""Cases, opportunities and their stages."""

from typing import Any

from accounts.models import User
from crm.api.objects import Caller
from crm.api.objects.contacts import contact_base
from crm.api.objects.people import employee
from crm.currencies import CURRENCIES
from crm.models import Case, Contact, Opportunity, Stage
from crm.models.records import Record


def case_object(case: Case, caller: Caller) -> dict[str, Any]:
    return {
        "members": members(case, caller),
        "createBy": employee(case.created_by, caller),
        "created": caller.moment(case.created_at),
        "title": case.title,
        "isClosed": case.is_closed,
        "isPrivate": case.is_private,
        **access(case, caller),
        "canEdit": caller.actor.can("crm.change_case"),
        "customFields": [],
        "id": case.pk,
    }


def opportunity_object(opportunity: Opportunity, responsible: User | None, caller: Caller) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "createBy": employee(opportunity.created_by, caller),
        "created": caller.moment(opportunity.created_at),
        "members": members(opportunity, caller),
    }
    if opportunity.contact is not None:
        shown["contact"] = _contact(opportunity.contact, caller)
    shown |= {
        "title": opportunity.title,
        "description": opportunity.description,
        "responsible": employee(responsible, caller),
        **_bid(opportunity),
        "stage": stage_object(opportunity.stage),
    }
    if opportunity.success_probability:
        shown["successProbability"] = opportunity.success_probability
    if opportunity.actual_close_date:
        shown["actualCloseDate"] = caller.moment(opportunity.actual_close_date)
    if opportunity.expected_close_date:
        shown["expectedCloseDate"] = caller.moment(opportunity.expected_close_date)
    return shown | {
        "isPrivate": opportunity.is_private,
        **access(opportunity, caller),
        "canEdit": caller.actor.can("crm.change_opportunity"),
        "customFields": [],
        "id": opportunity.pk,
    }


def _bid(opportunity: Opportunity) -> dict[str, Any]:
    title, symbol = CURRENCIES[opportunity.bid_currency]
    shown: dict[str, Any] = {}
    if opportunity.bid_type:
        shown["bidType"] = opportunity.bid_type
    if opportunity.bid_value:
        shown["bidValue"] = float(opportunity.bid_value)
    shown["bidCurrency"] = {"title": title, "symbol": symbol, "abbreviation": opportunity.bid_currency}
    if opportunity.per_period_value:
        shown["perPeriodValue"] = opportunity.per_period_value
    return shown


def stage_object(stage: Stage, opportunities: int = 0) -> dict[str, Any]:
    shown: dict[str, Any] = {"relativeItemsCount": opportunities} if opportunities else {}
    shown |= {
        "successProbability": stage.probability,
        "stageType": stage.stage_type,
        "title": stage.title,
        "description": stage.description,
        "color": stage.color,
    }
    if stage.sort_order:
        shown["sortOrder"] = stage.sort_order
    return shown | {"id": stage.pk}


def members(record: Record, caller: Caller) -> list[dict[str, Any]]:
    """The contacts of the record that the caller may see."""
    return [contact_base(contact, caller) for contact in record.members.all() if caller.contact_visible(contact)]


def access(record: Record, caller: Caller) -> dict[str, Any]:
    if not record.is_private:
        return {}
    return {"accessList": [employee(user, caller) for user in record.access_list.all()]}


def _contact(contact: Contact, caller: Caller) -> dict[str, Any]:
    return contact_base(contact, caller, access_list=caller.contact_visible(contact))
