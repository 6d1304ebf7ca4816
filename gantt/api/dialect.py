"""
How the SVAR Gantt widget's provider speaks: JSON without an envelope, dates as wall time, errors as `{"error": text}`.

The widget parses every answer and looks at no status, so that each answer has a JSON body.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import User
from core.api.authentication import BearerAuthentication, SessionAuthentication
from core.api.dialect import Dialect
from core.api.errors import AppError, NotFound
from core.api.parsers import OrjsonParser
from core.api.renderers import OrjsonRenderer
from gantt.models import ShareLink
from gantt.selectors import origin_allowed, share_find

METHODS = "GET, POST, PUT, DELETE, OPTIONS"
HEADERS = "content-type, authorization, x-client-id, x-csrftoken"


class ShareLinkAuthentication(BaseAuthentication):
    """The secret in `/gantt/s/{secret}/…`: all that a provider can say who sends no headers."""

    def authenticate(self, request: Request) -> tuple[User, ShareLink]:
        share = share_find(request.parser_context["kwargs"]["secret"])
        if share is None:
            raise NotFound("unknown, expired or revoked share link")
        return share.created_by, share


class ChartSessionAuthentication(SessionAuthentication):
    """
    The console's session. The widget's own provider knows no CSRF token, but what it sends no
    foreign page can send unasked: a JSON content type together with our own Origin.
    """

    def csrf_check(self, request: Request) -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and not _from_own_page(request._request):
            super().csrf_check(request)


def _from_own_page(request: HttpRequest) -> bool:
    origin = request.META.get("HTTP_ORIGIN", "")
    own = origin == own_origin(request) or origin in settings.CSRF_TRUSTED_ORIGINS
    return own and request.content_type == "application/json"


def own_origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


class SvarGantt(Dialect):
    """Bearer token, the console's session, or a share link in the address."""

    name = "gantt"
    authentication = (BearerAuthentication(), ChartSessionAuthentication())
    renderers = (OrjsonRenderer(),)
    parsers = (OrjsonParser(),)
    # A batch, or the drag of a big summary, makes megabytes.
    max_body = 10 * 1024 * 1024

    @classmethod
    def error_response(cls, request: HttpRequest, error: AppError) -> HttpResponse:
        """`{"error": "one sentence naming the field or id"}` with a plain HTTP status."""
        response = json_response({"error": error.message}, status=error.status)
        if error.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response


def json_response(data: Any, *, status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json")


def cors_headers(request: HttpRequest, *, slug: str | None, secret: str | None) -> dict[str, str]:
    """What lets the page of an allowed site read the answer; nothing for any other site."""
    origin = request.META.get("HTTP_ORIGIN", "")
    foreign = origin and origin != own_origin(request)
    return (
        {"Access-Control-Allow-Origin": origin} if foreign and origin_allowed(origin, slug=slug, secret=secret) else {}
    )
