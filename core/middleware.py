"""What every request passes: its id, and the content security policy of the pages."""

import re
import uuid
from collections.abc import Callable

from csp.constants import UNSAFE_EVAL
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from core.logs import request_id

# What a caller sends goes into logs and headers: nothing but harmless characters.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class RequestIdMiddleware:
    """Takes X-Request-Id from the caller or makes one; it is in the answer, the journal, the logs and error bodies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request.request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex  # type: ignore[attr-defined]
        mark = request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(mark)
        response.headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class ConsoleTimeZoneMiddleware:
    """The console shows and reads times in the zone of the user's organization; APIs have rules of their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/admin/") or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.organization.zone):
            return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The policy of settings; the console alone may evaluate strings, which its theme's expressions need."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response  # no browser runs anything in it
        if request.path_info.startswith("/admin/"):
            response._csp_update = {"script-src": ["'self'", UNSAFE_EVAL]}  # type: ignore[attr-defined]
        return super().process_response(request, response)
