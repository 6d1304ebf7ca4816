"""MileApp's JSON of flows: bodies in, objects out."""

from datetime import datetime
from typing import Any

from accounts.models import Organization
from core.api.errors import Invalid
from flows.fields import RESERVED_KEYS, components_of
from flows.fields.vocabulary import FIELD_GROUPS
from flows.models import Flow, FlowLog
from flows.selectors import flow_state
from hubs.api.dialect import comma, flag
from hubs.formats import micros


def flow_read(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of POST and PUT /flow, for the services to check."""
    is_default = body.get("isDefault")
    if not isinstance(is_default, bool | None):
        raise Invalid("The isDefault field must be true or false.", field="isDefault")
    return {
        "name": body.get("name"),
        "pages": body.get("pages"),
        "configurations": body.get("configurations"),
        "is_default": bool(is_default),
        "order_index": body.get("orderIndex"),
    }


def flow_wire(flow: Flow, organization: Organization) -> dict[str, Any]:
    return state_wire(flow_state(flow), organization)


def state_wire(state: dict[str, Any], organization: Organization) -> dict[str, Any]:
    """FLOW of a live flow or of one in a log; `deleted_at` only once it is deleted."""
    body = {
        "_id": state["id"],
        "name": state["name"],
        "organizationId": organization.object_id,
        "pages": [page | {"components": list(map(component_wire, page["components"]))} for page in state["pages"]],
        "configurations": state["configurations"],
        "isDefault": state["is_default"],
        "version": state["version"],
        "orderIndex": state["order_index"],
        "createdBy": state["created_by"],
        "updatedBy": state["updated_by"],
        "createdTime": _micros(state["created_at"]),
        "updatedTime": _micros(state["updated_at"]),
    }
    return body | {"deleted_at": _micros(state["deleted_at"])} if state["deleted_at"] else body


def component_wire(component: dict[str, Any]) -> dict[str, Any]:
    """The component with the mirrors that the vendor's rendered reference prints for `type` and `required`."""
    mirrors: dict[str, Any] = {}
    if "type" in component:
        number = str(component["type"]).lower() in {"numeric", "number"}
        mirrors["inputType"] = "number" if number else "string"
    if "required" in component:
        mirrors["isRequired"] = component["required"]
    return component | mirrors


def log_wire(log: FlowLog, organization: Organization) -> dict[str, Any]:
    return {
        "_id": log.pk,
        "flowId": log.flow_id,
        "action": log.action,
        "changedBy": log.changed_by,
        "version": log.version,
        "rawData": state_wire(log.before, organization),
        "changeData": state_wire(log.after, organization),
        "organizationId": organization.object_id,
        "updatedTime": micros(log.created_at),
        "createdTime": micros(log.created_at),
    }


def fields_wire(flows: list[Flow], params: dict[str, str]) -> list[Any]:
    """`[{_id, flowName, fields}]` of /flow-fields and /flow-components, or one flat list with `isMerge`."""
    rows = [
        {"_id": flow.pk, "flowName": flow.name, "fields": _fields(flow, params)}
        for flow in flows
        if not params.get("flowId") or flow.pk in comma(params["flowId"])
    ]
    return [field for row in rows for field in row["fields"]] if flag(params.get("isMerge")) else rows


def _fields(flow: Flow, params: dict[str, str]) -> list[Any]:
    kind, wanted = params.get("fieldType", "all"), comma(params.get("fields"))
    if kind == "reservedKey":
        return list(RESERVED_KEYS)
    return [
        component_wire(component)
        for component in components_of(flow.pages)
        if _of_kind(component, kind) and (not wanted or component["id"] in wanted)
    ]


def _of_kind(component: dict[str, Any], kind: str) -> bool:
    """Whether a `fieldType` lets the component through; unknown names mean all."""
    if kind == "routeAs":
        return bool(component.get("routeAs"))
    return kind not in FIELD_GROUPS or component["component"] in FIELD_GROUPS[kind]


def _micros(text: str) -> str:
    return micros(datetime.fromisoformat(text))
