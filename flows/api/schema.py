"""What the OpenAPI document says about flows."""

from hubs.api.schema import LIMITS, operation

_BODY = {
    "name": "Delivery",
    "pages": [
        {
            "id": "page0",
            "enabled": True,
            "components": [
                {
                    "component": "input",
                    "id": "receiver",
                    "type": "String",
                    "default": None,
                    "title": "Receiver",
                    "required": False,
                    "visible": True,
                }
            ],
        }
    ],
    "configurations": [{"id": "startTime", "adjustment": 0}, {"id": "endTime", "adjustment": 24}],
    "isDefault": False,
    "version": 1,
    "orderIndex": 1,
}
_FLOW = {
    "_id": "659e1c258ce07d29474a7e40",
    **_BODY,
    "organizationId": "634e98098ce07d29474a7e22",
    "createdBy": "rani@example.com",
    "updatedBy": "rani@example.com",
    "createdTime": "2024-01-10T04:30:45.538000Z",
    "updatedTime": "2024-01-10T04:30:45.538000Z",
}
_ANSWER = {"status": True, "message": "Success", "flow": _FLOW}
_FIELDS = {"status": True, "message": "Success", "data": [{"_id": _FLOW["_id"], "flowName": "Delivery", "fields": []}]}

flow_list = operation("Flow", "List flows", query=(*LIMITS, "sort_by", "sort_order", "permission"))
flow_retrieve = operation("Flow", "Get a flow", answer=_ANSWER)
flow_create = operation("Flow", "Create a flow", body=_BODY, status=201, answer=_ANSWER)
flow_update = operation("Flow", "Update a flow", body=_BODY, answer=_ANSWER)
flow_destroy = operation(
    "Flow",
    "Delete a flow",
    answer={"status": True, "data": {**_FLOW, "deleted_at": "2024-03-04T07:51:33.281000Z"}},
)
flow_reorder = operation(
    "Flow",
    "Order, duplicate and delete flows",
    body={"data": [{"flowId": _FLOW["_id"]}, {"flowId": _FLOW["_id"], "flowName": "Copy", "doDuplicate": True}]},
)
flow_logs = operation("Flow", "List changes of flows", query=(*LIMITS, "sortOrder", "action", "flowId"))
flow_restore = operation("Flow", "Restore a flow from its log")
flow_check_version = operation(
    "Flow",
    "Ask for flows that are newer",
    body={"flows": [{"name": "Delivery", "version": 1}]},
    answer={"status": True, "message": "Success", "flow": [_FLOW]},
)
flow_all_fields = operation(
    "Flow", "List components of all flows", query=("fieldType", "flowId", "fields", "isMerge"), answer=_FIELDS
)
flow_fields = operation("Flow", "List components of a flow", name="flow_own_fields_retrieve")
flow_example = operation("Flow", "Get a task body that the flow accepts")
