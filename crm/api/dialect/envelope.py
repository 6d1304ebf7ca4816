"""The one object around every answer, as JSON or as XML."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from core.api.errors import AppError, Forbidden, Invalid, NotFound
from crm.api.dialect.lists import List, number
from crm.api.dialect.parameters import JSON
from crm.api.dialect.xml import xml_text

# What .NET calls a failure: by the finer code of the error, else by the status.
HRESULTS = {
    "argument": -2147024809,
    "format": -2146233033,
    "json": -2146233088,
    "xml": -2146232000,
    "login": -2146233087,
    400: -2147024809,
    403: -2146233078,
    404: -2147467259,
}
ANY_EXCEPTION = -2146233088
REASONS = {400: "Invalid arguments", 403: "Access denied", 404: "The record could not be found"}
GENERIC = {Invalid: "Value does not fall within the expected range.", NotFound: "Not found"}


def success(request: HttpRequest, payload: Any, status: int) -> HttpResponse:
    """The answer with a payload: an object, a `List`, or None for a call without result."""
    items = payload if isinstance(payload, List) else List([payload] if payload is not None else [])
    envelope: dict[str, Any] = {}
    if items.items:
        envelope["count"] = len(items.items)
    envelope |= _start_index(request)
    if items.next_index is not None:
        envelope["nextIndex"] = items.next_index
    if items.total is not None:
        envelope["total"] = items.total
    body = items.items if isinstance(payload, List) else payload or {}
    return printed(request, envelope | {"status": 0, "statusCode": status, "response": body}, status)


def failure(request: HttpRequest, error: AppError) -> HttpResponse:
    hresult = HRESULTS.get(error.code) or HRESULTS.get(error.status, ANY_EXCEPTION)
    body = {"message": message(error), "hresult": hresult, "data": {}}
    envelope = _start_index(request) | {"status": 1, "statusCode": error.status, "error": body}
    response = printed(request, envelope, error.status)
    reason = REASONS.get(error.status) or ("Server error" if error.status >= 500 else "")
    if reason:
        response.reason_phrase = reason
    return response


def message(error: AppError) -> str:
    """The vendor's words: its own where it has some, else the one text of the kind of error.

    Errors that name a field are for forms; the vendor does not say which argument was wrong.
    """
    if isinstance(error, Forbidden):
        return "Access Denied"
    generic = GENERIC.get(type(error))
    if generic is not None and (error.field or error.message == type(error).__doc__):
        return generic
    return error.message


def printed(request: HttpRequest, envelope: dict[str, Any], status: int) -> HttpResponse:
    if wants_xml(request):
        body, content_type = xml_text(envelope).encode(), "text/xml; charset=UTF-8"
    else:
        body, content_type = orjson.dumps(envelope), "application/json; charset=UTF-8"
    return HttpResponse(body, status=status, content_type=content_type, headers={"Cache-Control": "private, max-age=0"})


def wants_xml(request: HttpRequest) -> bool:
    """By the end of the path, unless the request itself came as JSON; Accept is never read."""
    return request.content_type != JSON and request.path_info.lower().endswith((".xml", ".tml"))


def _start_index(request: HttpRequest) -> dict[str, int]:
    start = next((str(value) for name, value in request.GET.items() if name.lower() == "startindex"), "")
    start_index = number(start.partition(",")[0], 0)
    return {"startIndex": start_index} if start_index else {}
