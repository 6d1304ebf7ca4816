"""The base of every API view: a dialect, an actor, rights by action, and one path for errors."""

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from core.actor import Actor
from core.api import idempotency, throttling
from core.api.dialect import Dialect, app_error
from core.api.errors import AppError, Invalid, NotFound, Throttled, Unauthenticated, Unavailable
from core.api.parsers import body_read

log = logging.getLogger(__name__)

Answer = Response | HttpResponseBase


class DialectView(APIView):
    """An APIView that speaks a dialect.

    permissions: action (viewsets) or lower-case method → the permission that the caller needs; anything not in it needs
    a credential only. Services check the rights for writes again.
    """

    dialect: ClassVar[type[Dialect]]
    permissions: ClassVar[dict[str, str]] = {}
    # Actions and methods that need no credential.
    open_to_all: ClassVar[frozenset[str]] = frozenset()
    # Lists may be read through the dialect's own parameters; DRF's `?format=` is none of them.
    format_kwarg: Any = None

    @property
    def actor(self) -> Actor:
        if not hasattr(self, "_actor"):
            user = self.request.user
            self._actor = Actor(user, user.organization, self.dialect.name, self.request._request.request_id)
        return self._actor

    @property
    def body(self) -> dict[str, Any]:
        """The body as a JSON object; Invalid for anything else, {} for an empty one."""
        data = self.request.data
        if data is None or data == "":
            return {}
        if not isinstance(data, dict):
            raise Invalid("The request body must be a JSON object.")
        return data

    @property
    def operation(self) -> str:
        """The viewset's action, or the method; HEAD asks for what GET asks for."""
        method = str(self.request.method).lower()
        return getattr(self, "action", None) or ("get" if method == "head" else method)

    def get_authenticators(self) -> list[Any]:
        return list(self.dialect.authentication)

    def get_renderers(self) -> list[Any]:
        return list(self.dialect.renderers)

    def get_parsers(self) -> list[Any]:
        return list(self.dialect.parsers)

    def get_permissions(self) -> list[Any]:
        return []

    def get_throttles(self) -> list[Any]:
        return []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        _nul_check(request._request, kwargs)
        operation = self.operation
        if operation in self.open_to_all:
            return
        if request.user is None:
            raise Unauthenticated("Unauthorized", code="missing")
        self._rate_check(request)
        permission = self.permissions.get(operation)
        if permission:
            self.actor.require(permission)

    def _rate_check(self, request: Request) -> None:
        limit = settings.RATE_LIMITS.get(self.dialect.name, 0)
        if limit and not throttling.allowed(f"{self.dialect.name}:{request.user.organization_id}", limit):
            raise Throttled(f"More than {limit} requests a second.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        # As APIView.dispatch, with the handler run under the request's Idempotency-Key where it has one.
        self.args, self.kwargs = args, kwargs
        self.headers: dict[str, str] = {}
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(self.request, *args, **kwargs)
            handler = getattr(self, str(request.method).lower(), None) or self.http_method_not_allowed
            response = self._run(handler, *args, **kwargs)
        except Exception as error:  # noqa: BLE001  (handle_exception raises what is no answer)
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def _run(self, handler: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
        key = self.request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None or self.request.method != "POST" or self.request.user is None:
            return handler(self.request, *args, **kwargs)
        raw = self.request._request
        form = raw.content_type == "multipart/form-data"
        body = idempotency.form_digest(self.request) if form else body_read(raw, self.dialect.max_body)
        return idempotency.run(
            user=self.request.user,
            key=key,
            mark=idempotency.fingerprint("POST", raw.get_full_path(), raw.content_type or "", body),
            handler=lambda: handler(self.request, *args, **kwargs),
            render=self._rendered,
        )

    def _rendered(self, answer: Answer) -> HttpResponseBase:
        response = self.finalize_response(self.request, answer)
        if isinstance(response, Response) and not response.is_rendered:
            response.render()
        return response

    def handle_exception(self, exc: Exception) -> Answer:
        error = app_error(exc)
        if error is None:
            raise exc
        if isinstance(error, Unavailable):
            log.warning("%s %s: %s", self.request.method, self.request.path, exc)
        return self.error_response(error)

    def error_response(self, error: AppError) -> Answer:
        response = self.dialect.error_response(self.request._request, error)
        if isinstance(error, Throttled | Unavailable):
            response.headers.setdefault("Retry-After", str(error.retry_after))
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join(self.allowed_methods)
        if isinstance(response, Response):
            response.exception = True
        return response


class DialectViewSet(ViewSetMixin, DialectView):
    """A DialectView with actions: `TaskViewSet.as_view({"get": "list", "post": "create"})`."""


def _nul_check(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """No column can hold a NUL: refuse it in the path and the query before it reaches the database."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.META.get("QUERY_STRING", ""):
        name = next((key for key, values in request.GET.lists() if any("\x00" in value for value in values)), "query")
        raise Invalid(f"The {name} parameter holds a NUL character.", field=name)
    if any("\x00" in str(value) for value in kwargs.values()):
        raise NotFound
