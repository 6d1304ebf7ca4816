"""POST /batch: several requests in one transaction."""

from __future__ import annotations

from typing import Any

from core.api.errors import AppError, Invalid, TooLarge
from gantt.api.operations import OPERATIONS
from gantt.api.serializers import Call
from gantt.services import writing

LIMIT = 10_000


class BatchFailed(Exception):
    """Undoes the batch; carries its answer."""

    def __init__(self, number: int, name: str, error: AppError) -> None:
        self.number, self.name, self.error = number, name, error


def batch_run(call: Call, requests: Any) -> tuple[int, list[dict[str, Any]]]:
    """
    (status, answers in the order of the requests).

    All or nothing: when one fails, its error stands in its place, the others say so, and the
    status is that of the failed one. Raises Invalid, TooLarge.
    """
    if not isinstance(requests, list):
        raise Invalid("a batch is an array of requests")
    if len(requests) > LIMIT:
        raise TooLarge(f"a batch holds at most {LIMIT} requests")
    try:
        with writing(call.actor, call.project, "gantt.view_task"):
            return 200, [_run(call, number, request) for number, request in enumerate(requests)]
    except BatchFailed as failed:
        return failed.error.status, _failure(failed, len(requests))


def _run(call: Call, number: int, request: Any) -> dict[str, Any]:
    name = f"request {number}"
    try:
        if not isinstance(request, dict):
            raise Invalid("a request is an object with url, method and data")
        url, method, data = request.get("url"), request.get("method"), request.get("data")
        if not isinstance(url, str) or not isinstance(method, str) or not isinstance(data, dict | None):
            raise Invalid("a request is an object with url, method and data")
        name = f"{method} {url}"
        resource, _, row = url.strip("/").partition("/")
        operation = OPERATIONS.get((method.upper(), resource, bool(row)))
        if operation is None:
            raise Invalid("only writes to tasks, links and assignments can be in a batch")
        return operation(call, row, data or {})
    except AppError as error:
        raise BatchFailed(number, name, error) from error


def _failure(failed: BatchFailed, count: int) -> list[dict[str, Any]]:
    before = {"error": f"rolled back: request {failed.number} failed"}
    after = {"error": f"not attempted: request {failed.number} failed"}
    itself = {"error": f"{failed.name}: {failed.error.message}"}
    return [before] * failed.number + [itself] + [after] * (count - failed.number - 1)
