"""What the OpenAPI document says about tasks; examples are the vendor's."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from hubs.api.schema import ERRORS, operation

_BODY = {
    "flow": "Visit",
    "hubId": "634e98498ce07d29474a7e29",
    "field1": "Jack Ward",
    "field2": "Gambir Jakarta",
    "field3": "-6.230815251,106.75684387",
    "startTime": "2022-11-02T07:28:23+00:00",
    "endTime": "2022-11-05T07:28:23+00:00",
}
_TASK = {
    "_id": "6352736c628401059b37a2e2", **_BODY, "organizationId": "634e98098ce07d29474a7e22", "status": "UNASSIGNED",
    "hub": {
        "_id": "634e98498ce07d29474a7e29", "name": "Jakarta", "lat": -6.205154152722965, "lng": 106.84667067970608
    },
    "orderIndex": 10, "createdFrom": "API", "createdBy": "Roger", "updatedTime": "2022-11-01T07:28:23+00:00",
    "createdTime": "2022-11-01T07:28:23+00:00",
}  # fmt: skip
_ASSIGNED = {
    **_TASK, "status": "ONGOING", "assignee": ["leandro@mile.app"], "assignedBy": "Roger",
    "assignedTime": "2022-11-01T08:00:00+00:00",
    "assignedTo": {
        "_id": "65c1f4d78ce07d29474a7e31", "name": "Leandro", "email": "leandro@mile.app",
        "hubId": ["634e98498ce07d29474a7e29"], "organization": None, "role": None,
    },
}  # fmt: skip
_FILTERS = (
    "page", "limit", "fields", "flow", "hubId", "status", "assignee", "doneBy", "active", "isVisit", "sortBy",
    "sortOrder", "timeBy", "timeFrom", "timeTo",
)  # fmt: skip
_DONE = {"status": True, "message": "Success"}
_ROW = {"_id": "6352736c628401059b37a2e2"}
_BULK = {"success": 1, "failed": 0, "tasks": [{**_DONE, **_ROW}]}


def _bulk(summary: str, row: dict[str, Any]) -> Any:
    return operation("Task bulk", summary, body={"tasks": [{**_ROW, **row}]}, answer=_BULK)


task_list = operation(
    "Task", "List tasks", query=(*_FILTERS, "flowId", "routingResultId", "lazyLoad", "cursor"),
    answer={
        "status": True, "message": "Success.", "tasks": {"current_page": 1, "data": [_TASK], "total": 1},
        "metadata": {"counting": {"doneTotal": 0, "ongoingTotal": 0}, "sourceDataTask": "-"},
        "dataVersion": "1728463665",
    },
)  # fmt: skip
task_create = operation(
    "Task", "Create a task", body=_BODY, status=201,
    answer={"status": True, "message": "Task has been created", "task": _TASK},
)  # fmt: skip
task_retrieve = operation("Task", "Get a task", answer={**_DONE, "task": _TASK})
task_replace = operation(
    "Task", "Replace a task", body={**_BODY, "field1": "John Birdy"},
    answer={**_DONE, "task": {**_TASK, "field1": "John Birdy"}},
)  # fmt: skip
task_update = operation("Task", "Change a task", body={"field1": "Jack Ward"}, answer={**_DONE, "task": _TASK})
task_assign = operation(
    "Task", "Assign a task", body={"assignee": ["leandro@mile.app"]}, answer={**_DONE, "task": _ASSIGNED}
)
task_move = operation(
    "Task", "Move a task to another hub", body={"hubId": "634e98498ce07d29474a7e29"}, answer={**_DONE, "task": _TASK}
)
task_destroy = operation("Task", "Delete a task", answer={**_DONE, "task": _TASK})

bulk_create = operation(
    "Task bulk", "Create tasks", body={"background": False, "tasks": [_BODY]}, status=201,
    answer={"success": 1, "failed": 0, "tasks": [{"status": True, "message": "Task has been created", **_ROW}]},
)  # fmt: skip
bulk_replace = _bulk("Replace tasks", _BODY)
bulk_update = _bulk("Change tasks", {"field1": "Jack Ward"})
bulk_assign = _bulk("Assign tasks", {"assignee": ["leandro@mile.app"]})
bulk_move = _bulk("Move tasks", {"hubId": "634e98498ce07d29474a7e29"})
bulk_destroy = _bulk("Delete tasks", {})

task_public = operation("Task", "The customer's page of a task; needs no token")
task_gallery = operation("Task", "List tasks with photos", query=(*_FILTERS, "batchId"))
task_tracking = operation(
    "Task", "Progress of a hub",
    query=("hubId", "timeFrom", "timeTo", "timeBy", "createdFrom", "email", "isSnapToRoute"),
    answer={
        "doneTotal": 0, "ongoingTotal": 1, "taskTotal": 1, "totalDistance": 0, "totalDuration": 0,
        "counting": {"leandro@mile.app": {"doneTask": 0, "ongoingTask": 1, "distance": 0, "duration": 0}},
        "createdFrom": [],
    },
)  # fmt: skip
photo_create = extend_schema(
    tags=["Photo"],
    summary="Upload a photo",
    request={
        "multipart/form-data": {
            "type": "object",
            "properties": {"photo": {"type": "string", "format": "binary"}, "forRenameFile": {"type": "string"}},
            "required": ["photo"],
        }
    },
    responses={200: OpenApiTypes.OBJECT, **ERRORS},
)
photo_retrieve = extend_schema(
    tags=["Photo"],
    summary="Fetch a photo",
    request=None,
    responses={(200, "image/jpeg"): OpenApiTypes.BINARY, **ERRORS},
)
