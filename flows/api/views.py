"""Flows under /api/v3."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.errors import AppError, Invalid, NotFound
from flows import selectors, services
from flows.api import schema
from flows.api import serializers as wire
from flows.api.filters import FlowLogFilter
from flows.fields import RESERVED_KEYS, components_of, task_example
from flows.models import Flow
from hubs.api.dialect import MileAppViewSet, error_message, ordering
from hubs.selectors import hub_of

# This list alone sorts by parameters in snake_case.
_COLUMNS = {
    "orderIndex": "order_index",
    "name": "name",
    "version": "version",
    "createdTime": "created_at",
    "updatedTime": "updated_at",
    "_id": "id",
}


class FlowViewSet(MileAppViewSet):
    permissions = {
        "list": "flows.view_flow",
        "retrieve": "flows.view_flow",
        "create": "flows.add_flow",
        "update": "flows.change_flow",
        "destroy": "flows.delete_flow",
        "reorder": "flows.change_flow",
        "logs": "flows.view_flowlog",
        "restore": "flows.change_flow",
        "check_version": "flows.view_flow",
        "all_fields": "flows.view_flow",
        "fields": "flows.view_flow",
        "example": "flows.view_flow",
    }

    def flow(self, **lookup: str) -> Flow:
        return selectors.flow_get(organization=self.actor.organization, **lookup)

    def flow_wire(self, flow: Flow) -> dict[str, Any]:
        return wire.flow_wire(flow, self.actor.organization)

    def answer(self, flow: Flow, status: int = 200) -> Response:
        return Response({"status": True, "message": "Success", "flow": self.flow_wire(flow)}, status=status)

    @schema.flow_list
    def list(self, request: Request) -> Response:
        order = ordering(self.params, _COLUMNS, by="orderIndex", order="desc", key="sort_")
        rows = selectors.flows(organization=self.actor.organization).order_by(*order)
        flows = self.page(rows, lambda page: list(map(self.flow_wire, page)))
        return Response({"status": True, "message": "Success", "flows": flows})

    @schema.flow_retrieve
    def retrieve(self, request: Request, flow_id: str) -> Response:
        return self.answer(self.flow(id=flow_id))

    @schema.flow_create
    def create(self, request: Request) -> Response:
        fields = wire.flow_read(self.body)
        version = self.body.get("version")
        flow = services.flow_create(actor=self.actor, version=1 if version is None else version, **fields)
        return self.answer(flow, status=201)

    @schema.flow_update
    def update(self, request: Request, flow_id: str) -> Response:
        flow = services.flow_update(actor=self.actor, flow=self.flow(id=flow_id), **wire.flow_read(self.body))
        return self.answer(flow)

    @schema.flow_destroy
    def destroy(self, request: Request, flow_id: str) -> Response:
        flow = services.flow_delete(actor=self.actor, flow=self.flow(id=flow_id))
        return Response({"status": True, "data": self.flow_wire(flow)})

    @schema.flow_reorder
    def reorder(self, request: Request) -> Response:
        results = services.flows_reorder(actor=self.actor, rows=self._rows("data"))
        data = [self._reordered(outcome, result) for outcome, result in results]
        return Response({"status": True, "code": 200, "message": "success re-order index", "data": data})

    def _reordered(self, outcome: str, result: Flow | AppError) -> dict[str, Any]:
        if isinstance(result, AppError):
            return {"status": False, "code": result.status, "message": error_message(result)}
        if outcome == "deleted":
            return {"status": True, "code": 200, "data": self.flow_wire(result)}
        if outcome == "duplicated":
            message, flow = "Flow has been created successfully.", self.flow_wire(result)
        else:
            message, flow = "Success", {"orderIndex": result.order_index, "version": result.version}
        return {"status": True, "code": 200, "message": message, "flow": flow}

    @schema.flow_logs
    def logs(self, request: Request) -> Response:
        organization = self.actor.organization
        rows = FlowLogFilter(self.params, selectors.flow_logs(organization=organization), actor=self.actor).rows
        rows = rows.order_by(ordering(self.params, {"_id": "id"}, by="_id", order="desc")[-1])
        data = self.page(rows, lambda page: [wire.log_wire(log, organization) for log in page])
        return Response({"status": True, "code": 200, "message": "Success.", "data": data})

    @schema.flow_restore
    def restore(self, request: Request, flow_id: str, log_id: str) -> Response:
        flow = self.flow(id=flow_id)
        log = selectors.flow_log_get(flow=flow, log_id=log_id)
        flow = services.flow_restore(actor=self.actor, flow=flow, log=log)
        message = "Flow has been updated successfully."
        return Response({"status": True, "code": 200, "message": message, "data": self.flow_wire(flow)})

    @schema.flow_check_version
    def check_version(self, request: Request) -> Response:
        everything = self.body.get("allFlow") is True
        known = self._rows("flows", missing=[] if everything else None)
        if not all(isinstance(row, dict) and isinstance(row.get("version"), int) for row in known):
            raise Invalid("The version field is required.", field="version")
        flows = selectors.flows_outdated(organization=self.actor.organization, known=known, everything=everything)
        return Response({"status": True, "message": "Success", "flow": list(map(self.flow_wire, flows))})

    @schema.flow_all_fields
    def all_fields(self, request: Request) -> Response:
        flows = list(selectors.flows(organization=self.actor.organization))
        return Response({"status": True, "message": "Success", "data": wire.fields_wire(flows, self.params)})

    @schema.flow_fields
    def fields(self, request: Request, name: str) -> Response:
        try:
            components = components_of(self.flow(name=name).pages)
        except NotFound:
            # The vendor lists no 404 here.
            raise Invalid from None
        body = {"flowFields": list(map(wire.component_wire, components)), "reservedKey": RESERVED_KEYS}
        return Response({"status": True, "message": "Success", **body, "is_cache": False})

    @schema.flow_example
    def example(self, request: Request, name: str) -> Response:
        flow, hub = self.flow(name=name), hub_of(self.actor)
        data = task_example(
            name=flow.name,
            pages=flow.pages,
            configurations=flow.configurations,
            hub_id=hub.pk if hub else "",
            now=timezone.now(),
        )
        return Response({"status": True, "message": "Success.", "data": data})

    def _rows(self, key: str, missing: Any = None) -> Any:
        rows = self.body.get(key, missing)
        if rows is None:
            raise Invalid(f"The {key} field is required.", field=key)
        if not isinstance(rows, list):
            raise Invalid(f"The {key} must be an array.", field=key)
        return rows
