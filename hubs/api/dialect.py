"""The MileApp dialect: how MileApp API v3 authenticates, reports errors, pages and projects. Used by flows and tasks.

The vendor's time formats, coordinates and numbers are in hubs/formats.py.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from rest_framework.request import Request

from core.api.authentication import BearerAuthentication
from core.api.dialect import Dialect
from core.api.errors import AppError, Forbidden, Invalid, NotFound, Throttled, Unauthenticated
from core.api.parsers import OrjsonParser
from core.api.renderers import OrjsonRenderer
from core.api.views import Answer, DialectViewSet

BAD_REQUEST = "Bad request - invalid parameters provided."
UNAUTHORIZED = "Unauthorized"
FORBIDDEN = "You do not have permission to perform this action"
NOT_FOUND = "Data not found"
# The vendor's other words for an unknown id: deletes and data rows; roles and members.
NOT_FOUND_LOWER = "data not found"
NOT_FOUND_LONG = "Data not found. Please check the ID/reference number and try again."
# What the vendor says where an error has nothing to add to its name.
_UNSPECIFIC = {NotFound: NOT_FOUND, Invalid: BAD_REQUEST, Unauthenticated: UNAUTHORIZED, Forbidden: FORBIDDEN}

_WHOLE = re.compile(r"-?[0-9]{1,15}")
# One link per page is what the vendor documents; far longer results fold the middle, as Laravel does.
_LINKS_MAX = 100
_EACH_SIDE = 3


class MileApp(Dialect):
    """Bearer tokens, JSON only, `{"status": false, "message": ...}`; validation is 400, never 422."""

    name = "mileapp"
    authentication = (BearerAuthentication(),)
    renderers = (OrjsonRenderer(),)
    parsers = (OrjsonParser(),)
    max_body = 10 * 1024 * 1024

    @classmethod
    def error_response(cls, request: HttpRequest, error: AppError) -> HttpResponse:
        """`{"status": false, "message"}`; `failedCode` for a lacking permission, `details` of the error as they are."""
        body: dict[str, Any] = {"status": False, "message": error_message(error)}
        if isinstance(error, Forbidden):
            body["failedCode"] = "auth-003"
        if isinstance(error, Invalid | NotFound) and error.details:
            # Some member calls repeat the status in the body.
            body.update(error.details)
        response = HttpResponse(orjson.dumps(body), status=error.status, content_type="application/json")
        if isinstance(error, Throttled):
            # The vendor tells its clients to wait a minute, although it counts by the second.
            response["Retry-After"] = "60"
        return response


def error_message(error: AppError) -> str:
    """The vendor's sentence for an error; its own message where the vendor has none."""
    if error.code == "json":
        return BAD_REQUEST
    unspecific = error.message == type(error).__doc__
    return _UNSPECIFIC.get(type(error), error.message) if unspecific else error.message


class MileAppViewSet(DialectViewSet):
    """The base of MileApp's views.

    not_found: action → the vendor's words for an unknown id there, where they are not the usual ones.
    error_keys: action → error status → keys that its error body has besides.
    """

    dialect = MileApp
    not_found: ClassVar[dict[str, str]] = {}
    error_keys: ClassVar[dict[str, dict[int, dict[str, Any]]]] = {}

    def error_response(self, error: AppError) -> Answer:
        if isinstance(error, NotFound) and error.message == NotFound.__doc__:
            error = NotFound(self.not_found.get(self.operation, NOT_FOUND))
        error.details = self.error_keys.get(self.operation, {}).get(error.status)
        return super().error_response(error)

    @cached_property
    def params(self) -> dict[str, str]:
        """The query parameters, the last value of each."""
        return self.request.query_params.dict()

    def page(self, queryset: QuerySet, build: Callable[[Iterable[Any]], list[dict]]) -> dict[str, Any]:
        """The asked page of the rows as a Laravel page object, items made by `build` and cut to `fields`."""
        asked = page_request(self.params)
        total = queryset.count()
        rows = queryset[asked.offset : asked.offset + asked.size] if asked.offset < total else ()
        return page_object(self.request, asked, total=total, data=project(build(rows), self.params.get("fields")))

    def slice(self, queryset: QuerySet) -> QuerySet:
        """The rows of a list that has no page object: all of them, unless a `limit` asks for a page."""
        asked = page_request(self.params)
        return queryset[asked.offset : asked.offset + asked.size] if "limit" in self.params else queryset


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page (from 1) of how many rows."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def page_request(params: dict[str, str], *, default: int = 20, maximum: int = 1000) -> PageRequest:
    """`page` and `limit` of a query: limit -1 and anything above the maximum mean the maximum. Raises Invalid."""
    number = whole_read(params.get("page") or "1", "page")
    size = whole_read(params.get("limit") or str(default), "limit")
    if number < 1 or size < -1 or size == 0:
        raise Invalid(BAD_REQUEST, field="page" if number < 1 else "limit")
    return PageRequest(number=number, size=maximum if size == -1 else min(size, maximum))


def page_object(request: Request, page: PageRequest, *, total: int, data: list) -> dict[str, Any]:
    """Laravel's LengthAwarePaginator; page URLs keep the query, with `page` last."""
    last = max(1, -(-total // page.size))
    path = request.build_absolute_uri(request.path).rstrip("/")
    kept = [(key, value) for key, values in request.query_params.lists() for value in values if key != "page"]
    start = f"{path}?{query_text([*kept, ('page', '')])}"

    def url(number: int) -> str:
        return f"{start}{number}"

    previous = url(page.number - 1) if page.number > 1 else None
    following = url(page.number + 1) if page.number < last else None
    return {
        "current_page": page.number,
        "data": data,
        "first_page_url": url(1),
        "from": page.offset + 1 if data else None,
        "last_page": last,
        "last_page_url": url(last),
        "links": [
            {"url": previous, "label": "&laquo; Previous", "active": False},
            *(_link(number, url, active=number == page.number) for number in _numbers(page, last)),
            {"url": following, "label": "Next &raquo;", "active": False},
        ],
        "next_page_url": following,
        "path": path,
        "per_page": page.size,
        "prev_page_url": previous,
        "to": page.offset + len(data) if data else None,
        "total": total,
    }


def query_text(pairs: list[tuple[str, str]]) -> str:
    """A query string percent-encoded as Laravel does it: a space is %20, and no plus."""
    return urlencode(pairs, quote_via=quote)


def _link(number: int | None, url: Callable[[int], str], *, active: bool) -> dict[str, Any]:
    return {"url": number and url(number), "label": str(number or "..."), "active": active}


def _numbers(page: PageRequest, last: int) -> list[int | None]:
    """The page numbers that get a link; None stands for the dots between them."""
    if last <= _LINKS_MAX:
        return list(range(1, last + 1))
    around = range(page.number - _EACH_SIDE, page.number + _EACH_SIDE + 1)
    shown = sorted({1, 2, last - 1, last, *(number for number in around if 1 <= number <= last)})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number != (numbers[-1] or 0) + 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def project(rows: list[dict], fields: str | None) -> list[dict]:
    """Each row cut to the comma list `fields`; `_id` is always there, keys that a row lacks are left out."""
    wanted = set(comma(fields))
    return [{key: row[key] for key in row if key in wanted or key == "_id"} for row in rows] if wanted else rows


def comma(value: str | None) -> list[str]:
    """The parts of a comma list, without empty ones."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def flag(value: str | None) -> bool:
    """`true` and `1` are true, in any case."""
    return (value or "").lower() in {"true", "1"}


def whole_read(value: str, field: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise Invalid(BAD_REQUEST, field=field)
    return int(value)


def ordering(params: dict[str, str], columns: dict[str, str], *, by: str, order: str, key: str = "sort") -> list[str]:
    """The order_by of a list: `sortBy` and `sortOrder` (for key "sort_", `sort_by` and `sort_order`), then the id.

    columns: vendor's name → column; by and order are the defaults. Invalid for other names.
    """
    suffixes = ("by", "order") if key.endswith("_") else ("By", "Order")
    name, direction = (params.get(key + suffix) or preset for suffix, preset in zip(suffixes, (by, order), strict=True))
    if name not in columns or direction.lower() not in {"asc", "desc"}:
        raise Invalid(BAD_REQUEST, field=key + suffixes[0])
    sign = "-" if direction.lower() == "desc" else ""
    return [sign + columns[name], sign + "id"]


def route(pattern: str, viewset: type[MileAppViewSet], **methods: Any) -> URLPattern:
    """`route("hub/(?P<hub_id>[^/]+)", HubViewSet, get="retrieve")` matches with and without a slash at the end."""
    return re_path(rf"^{pattern}/?$", viewset.as_view(methods))
