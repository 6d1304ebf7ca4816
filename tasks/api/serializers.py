"""The parts of answers that are not the task itself: bulk items, list envelopes, the public page, the gallery."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.request import Request

from core.api.errors import AppError, Invalid
from flows.fields.vocabulary import components_of
from hubs.api.dialect import PageRequest, error_message, page_object, project, query_text
from tasks.models import Task
from tasks.services.changes import Result

BULK_LIMIT = 2000
_PHOTO_KEY = re.compile(r".+_\d+_url")
_GALLERY_KEYS = ("_id", "flow", "hubId", "status", "startTime", "endTime", "title", "content", "flowId")


def bulk_rows_read(body: Mapping[str, Any]) -> list[Any]:
    """The rows of a bulk call: 1 to 2000. Raises Invalid."""
    rows = body.get("tasks")
    if not rows:
        raise Invalid("The tasks field is required.", field="tasks")
    if not isinstance(rows, list):
        raise Invalid("The tasks must be an array.", field="tasks")
    if len(rows) > BULK_LIMIT:
        raise Invalid(f"The tasks may not have more than {BULK_LIMIT} items.", field="tasks")
    return rows


def bulk_answer(rows: Sequence[Any], results: Sequence[Result | AppError], message: str) -> dict[str, Any]:
    """`{success, failed, tasks}` with one item per row, in the order of the request."""
    items = [_bulk_item(row, result, message) for row, result in zip(rows, results, strict=True)]
    success = sum(item["status"] for item in items)
    return {"success": success, "failed": len(items) - success, "tasks": items}


def _bulk_item(row: Any, result: Result | AppError, message: str) -> dict[str, Any]:
    given = row if isinstance(row, Mapping) else {}
    if isinstance(result, AppError):
        named = {key: given[key] for key in ("_id", "refId") if key in given}
        return {"status": False, "message": error_message(result), **named}
    task, _ = result
    return {"status": True, "message": message, "_id": task.pk, **({"refId": task.ref_id} if "refId" in given else {})}


def cursor_page(request: Request, asked: PageRequest, *, total: int, data: list[dict], more: bool) -> dict[str, Any]:
    """A page object of `lazyLoad` mode: it only leads forward, by the id of its last task."""
    page = page_object(request, asked, total=total, data=data)
    kept = [(key, text) for key, text in request.query_params.items() if key not in {"page", "cursor"}]
    first = f"{page['path']}?{query_text(kept)}"
    following = f"{first}&cursor={data[-1]['_id']}" if more else None
    links = [page["links"][0], {**page["links"][-1], "url": following}]
    return {**page, "links": links, "next_page_url": following, "first_page_url": first, "last_page_url": first}


def list_items(documents: list[dict], fields: str | None) -> list[dict]:
    """The tasks of a list cut to `fields`; the vendor then sends `assignedVehicle` in any case."""
    if not fields:
        return documents
    return [
        {**item, "assignedVehicle": item.get("assignedVehicle")}
        for item in project(documents, f"{fields},assignedVehicle")
    ]


def gallery_item(document: dict[str, Any]) -> dict[str, Any]:
    """A finished task with the addresses of its photos."""
    photos = {key: value for key, value in document.items() if _PHOTO_KEY.fullmatch(key) and value}
    named = {key: document[key] for key in _GALLERY_KEYS if key in document}
    return {**named, **photos, "assignedVehicle": document.get("assignedVehicle")}


def public_data(task: Task, histories: list[dict[str, Any]]) -> dict[str, Any]:
    """What a customer sees of his task: nothing of the worker's values but lists and bills."""
    listed = [item for item in components_of(task.flow.pages) if item["component"] in {"list", "bill"}]
    shown = {key: task.shown.get(key) for key in ("title", "content", "label", "expectedCoordinate")}
    return {
        "task": {
            "flow": task.flow.name,
            **shown,
            "status": task.status,
            **{item["id"]: [_listed(row) for row in task.values.get(item["id"]) or []] for item in listed},
            "histories": [{key: entry[key] for key in entry if key != "changeData"} for entry in histories],
        },
        "taskComponentDetail": [
            {"id": item["id"], "type": item.get("type"), "component": item["component"]} for item in listed
        ],
        "location": [],
    }


def _listed(row: Any) -> Any:
    """An item of a list or bill with all the vendor's keys."""
    if not isinstance(row, Mapping):
        return row
    empty = dict.fromkeys(("_id", "dataId", "dataTypeId", "hubId", "createdBy", "organizationId", "updatedTime",
                           "createdTime", "value"))  # fmt: skip
    blank = {"title": None, "content": None, "data": empty, "qty": None, "unitPrice": None, "qtyProcessed": None}
    data = row.get("data")
    return {**blank, **row, "data": {**empty, **data} if isinstance(data, Mapping) else empty}
