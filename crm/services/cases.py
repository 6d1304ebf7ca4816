"""Writes of cases."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db import transaction

from core import journal
from core.actor import Actor
from crm.models import Case
from crm.models.records import EntityType
from crm.services.records import record_delete, record_locked, relations_save, title_checked
from crm.services.states import state_of


@dataclass(frozen=True)
class CaseData:
    """member_ids: contacts; access_list: GUIDs of the only users who may see a private case."""

    title: str | None
    member_ids: tuple[int, ...] = ()
    is_private: bool = False
    access_list: tuple[UUID, ...] = ()


@transaction.atomic
def case_create(*, actor: Actor, data: CaseData, pk: int | None = None) -> Case:
    """A new open case; Invalid without a title. pk: a free id to have."""
    actor.require("crm.add_case")
    case = Case(pk=pk, organization=actor.organization, created_by=actor.user, title=title_checked(data.title))
    case.save(force_insert=True)
    _relations_save(case, actor, data)
    journal.record(actor=actor, verb="create", obj=case, changes=journal.diff({}, state_of(case)))
    return case


@transaction.atomic
def case_update(*, actor: Actor, case_id: int, data: CaseData) -> Case:
    """Replace title, members and access list."""
    case = _locked(actor, case_id)
    before = state_of(case)
    case.title = title_checked(data.title)
    case.save(update_fields=["title"])
    _relations_save(case, actor, data)
    journal.record(actor=actor, verb="update", obj=case, changes=journal.diff(before, state_of(case)))
    return case


def case_close(*, actor: Actor, case_id: int) -> Case:
    """Close the case; closing a closed one changes nothing."""
    return _set_closed(actor, case_id, closed=True)


def case_reopen(*, actor: Actor, case_id: int) -> Case:
    """Open the case again; reopening an open one changes nothing."""
    return _set_closed(actor, case_id, closed=False)


@transaction.atomic
def case_delete(*, actor: Actor, case_id: int) -> Case:
    """Delete the case and its tasks."""
    return cast(Case, record_delete(actor, EntityType.CASE, case_id, "crm.delete_case"))


@transaction.atomic
def _set_closed(actor: Actor, case_id: int, *, closed: bool) -> Case:
    case = _locked(actor, case_id)
    if Case.objects.filter(pk=case.pk, is_closed=not closed).update(is_closed=closed):
        case.is_closed = closed
        verb = "close" if closed else "reopen"
        journal.record(actor=actor, verb=verb, obj=case, changes={"is_closed": [not closed, closed]})
    return case


def _locked(actor: Actor, case_id: int) -> Case:
    return cast(Case, record_locked(actor, EntityType.CASE, case_id, "crm.change_case"))


def _relations_save(case: Case, actor: Actor, data: CaseData) -> None:
    relations_save(case, actor, member_ids=data.member_ids, is_private=data.is_private, access_list=data.access_list)
