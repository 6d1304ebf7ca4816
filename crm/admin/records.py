"""Opportunities and cases in the console."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelect2Widget

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from crm import services
from crm.admin.applying import TemplatesAction
from crm.admin.references import ReferenceAdmin, ReferenceForm, person
from crm.currencies import CURRENCIES
from crm.models import Case, Opportunity
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.services import CaseData, OpportunityData


class OpportunityForm(ReferenceForm):
    responsible = person()
    bid_currency = forms.ChoiceField(
        choices=[(code, f"{code} {title}") for code, (title, _) in CURRENCIES.items()], widget=UnfoldAdminSelect2Widget
    )

    class Meta:
        model = Opportunity
        fields = (
            "title", "description", "contact", "members", "stage", "success_probability", "bid_type", "bid_value",
            "per_period_value", "expected_close_date", "actual_close_date", "is_private", "access_list",
        )  # fmt: skip
        widgets = {"access_list": UnfoldAdminSelect2MultipleWidget}


@admin.register(Opportunity)
class OpportunityAdmin(TemplatesAction, ReferenceAdmin):
    form = OpportunityForm
    entity_type = EntityType.OPPORTUNITY
    list_display = ("title", "stage", "contact", "bid_value", "bid_currency", "expected_close_date", "is_private")
    list_filter = ("stage", "is_private")
    list_select_related = ("stage", "contact")
    search_fields = ("title",)
    autocomplete_fields = ("contact", "members", "stage")
    fields = (
        "title", "description", ("responsible", "contact"), "members", ("stage", "success_probability"),
        ("bid_type", "per_period_value"), ("bid_value", "bid_currency"), "expected_close_date", "actual_close_date",
        "is_private", "access_list",
    )  # fmt: skip

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Opportunity:
        return services.opportunity_create(actor=actor, data=opportunity_data(data))

    def service_update(self, actor: Actor, obj: Opportunity, data: dict[str, Any]) -> Opportunity:
        return services.opportunity_update(actor=actor, opportunity_id=obj.pk, data=opportunity_data(data))

    def service_delete(self, actor: Actor, obj: Opportunity) -> None:
        services.opportunity_delete(actor=actor, opportunity_id=obj.pk)


class CaseForm(ServiceForm):
    class Meta:
        model = Case
        fields = ("title", "members", "is_private", "access_list")
        widgets = {"access_list": UnfoldAdminSelect2MultipleWidget}


@admin.register(Case)
class CaseAdmin(TemplatesAction, OwnedAdmin):
    form = CaseForm
    entity_type = EntityType.CASE
    list_display = ("title", "is_closed", "is_private", "created_at")
    list_filter = ("is_closed", "is_private")
    search_fields = ("title",)
    autocomplete_fields = ("members",)
    fields = ("title", "members", "is_private", "access_list")

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Case:
        return services.case_create(actor=actor, data=CaseData(title=data["title"], **access_of(data)))

    def service_update(self, actor: Actor, obj: Case, data: dict[str, Any]) -> Case:
        return services.case_update(actor=actor, case_id=obj.pk, data=CaseData(title=data["title"], **access_of(data)))

    def service_delete(self, actor: Actor, obj: Case) -> None:
        services.case_delete(actor=actor, case_id=obj.pk)


def access_of(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "member_ids": tuple(contact.pk for contact in values["members"]),
        "is_private": values["is_private"],
        "access_list": tuple(user.guid for user in values["access_list"]),
    }


def opportunity_data(values: dict[str, Any]) -> OpportunityData:
    """The service's view of the form's values."""
    plain = {key: value for key, value in values.items() if key not in {"members", "is_private", "access_list"}}
    responsible, contact, stage = (plain.pop(name) for name in ("responsible", "contact", "stage"))
    return OpportunityData(
        **plain,
        **access_of(values),
        responsible_id=responsible.guid if responsible else NOBODY,
        contact_id=contact.pk if contact else 0,
        stage_id=stage.pk,
    )
