"""Case, opportunity and stage routes."""

from typing import cast

from django.db.models import Count
from django.http import HttpResponse
from rest_framework.request import Request

from accounts.models import User
from crm import services
from crm.api.objects.records import case_object, opportunity_object, stage_object
from crm.api.schema import ACCESS_BODY, BOOL, OPPORTUNITY_BODY, TEXT, objects, operation
from crm.api.views.base import PortalViewSet
from crm.models import BidType, Case, Opportunity, Stage
from crm.models.records import EntityType
from crm.selectors.rights import record_get
from crm.services import CaseData, OpportunityData


class CaseViews(PortalViewSet):
    """Id 0 is as unknown as any other id that does not exist."""

    permissions = {"retrieve": "crm.view_case"}

    @operation("Get a case", objects.Case)
    def retrieve(self, request: Request, caseid: int) -> HttpResponse:
        return self.answer_case(record_get(self.actor, EntityType.CASE, self.parameters.integer("caseid")).pk)

    @operation("Create a case", objects.Case, status=201, body={"title*": TEXT, "isNotify": BOOL, **ACCESS_BODY})
    def create(self, request: Request) -> HttpResponse:
        read = self.parameters
        data = CaseData(
            title=read.text("title"),
            member_ids=tuple(read.integers("members")),
            is_private=read.boolean("isPrivate"),
            access_list=tuple(read.guids("accessList")),
        )
        read.boolean("isNotify")
        return self.answer_case(services.case_create(actor=self.actor, data=data).pk, 201)

    @operation("Close a case", objects.Case)
    def close(self, request: Request, caseid: int) -> HttpResponse:
        case_id = self.parameters.integer("caseid")
        return self.answer_case(services.case_close(actor=self.actor, case_id=case_id).pk)

    @operation("Reopen a case", objects.Case)
    def reopen(self, request: Request, caseid: int) -> HttpResponse:
        case_id = self.parameters.integer("caseid")
        return self.answer_case(services.case_reopen(actor=self.actor, case_id=case_id).pk)

    @operation("Delete a case and its tasks", objects.Case)
    def destroy(self, request: Request, caseid: int) -> HttpResponse:
        case = record_get(self.actor, EntityType.CASE, self.parameters.integer("caseid"))
        shown = case_object(cast(Case, case), self.caller)
        services.case_delete(actor=self.actor, case_id=case.pk)
        return self.answer(shown)

    def answer_case(self, pk: int, status: int = 200) -> HttpResponse:
        """The case read again, with its relations; its creator sees it even when he is not on its list."""
        case = cast(Case, record_get(self.actor, EntityType.CASE, pk))
        return self.answer(case_object(case, self.caller), status)


class OpportunityViews(PortalViewSet):
    permissions = {"retrieve": "crm.view_opportunity"}

    @operation("Get an opportunity", objects.Opportunity)
    def retrieve(self, request: Request, opportunityid: int) -> HttpResponse:
        return self.answer_opportunity(self.number("opportunityid"))

    @operation("Create an opportunity", objects.Opportunity, status=201, body=OPPORTUNITY_BODY)
    def create(self, request: Request) -> HttpResponse:
        return self.answer_opportunity(services.opportunity_create(actor=self.actor, data=self.data_read()).pk, 201)

    @operation("Delete an opportunity and its tasks", objects.Opportunity)
    def destroy(self, request: Request, opportunityid: int) -> HttpResponse:
        opportunity_id = self.number("opportunityid")
        shown = self.printed(opportunity_id)
        services.opportunity_delete(actor=self.actor, opportunity_id=opportunity_id)
        return self.answer(shown)

    def answer_opportunity(self, pk: int, status: int = 200) -> HttpResponse:
        return self.answer(self.printed(pk), status)

    def printed(self, pk: int) -> dict:
        opportunity = cast(Opportunity, record_get(self.actor, EntityType.OPPORTUNITY, pk))
        responsible = User.objects.of(self.actor.organization).filter(guid=opportunity.responsible_id).first()
        return opportunity_object(opportunity, responsible, self.caller)

    def data_read(self) -> OpportunityData:
        read = self.parameters
        return OpportunityData(
            title=read.text("title"),
            description=read.text("description") or "",
            responsible_id=read.guid("responsibleid"),
            stage_id=read.integer("stageid"),
            contact_id=read.integer("contactid"),
            bid_type=read.choice("bidType", BidType),
            bid_value=read.decimal("bidValue"),
            bid_currency=(read.text("bidCurrencyAbbr") or "").upper(),
            per_period_value=read.integer("perPeriodValue"),
            success_probability=read.integer("successProbability"),
            actual_close_date=read.moment("actualCloseDate"),
            expected_close_date=read.moment("expectedCloseDate"),
            member_ids=tuple(read.integers("members")),
            is_private=read.boolean("isPrivate"),
            access_list=tuple(read.guids("accessList")),
        )


class StageViews(PortalViewSet):
    permissions = {"index": "crm.view_stage"}

    @operation("Get all opportunity stages", objects.Stage, many=True)
    def index(self, request: Request) -> HttpResponse:
        organization = self.actor.organization
        counted = Opportunity.objects.of(organization).order_by().values_list("stage").annotate(Count("pk"))
        counts = dict(counted)
        stages = Stage.objects.of(organization)
        return self.answer_list([stage_object(stage, counts.get(stage.pk, 0)) for stage in stages], "opportunityStages")
