"""Credentials in: tokens in headers, and the console's session."""

from typing import Any

from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import User
from accounts.selectors import token_authenticate
from core.api.errors import Forbidden, Unauthenticated


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`, the scheme in any case."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        scheme, _, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return authenticated(raw.strip())

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HeaderTokenAuthentication(BaseAuthentication):
    """The bare token in a header of its own, such as X-Auth-Token."""

    def __init__(self, header: str = "X-Auth-Token") -> None:
        self.meta = "HTTP_" + header.upper().replace("-", "_")

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        raw = request.META.get(self.meta, "").strip()
        return authenticated(raw) if raw else None


class SessionAuthentication(BaseAuthentication):
    """The console's session cookie, with Django's CSRF check on unsafe methods."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_active:
            return None
        self.csrf_check(request)
        return user, None

    def csrf_check(self, request: Request) -> None:
        check = CsrfViewMiddleware(lambda _: None)
        check.process_request(request._request)
        # process_view passes views that are csrf_exempt, as all of ours are: hand it one that is not.
        refusal = check.process_view(request._request, _unexempted, (), {})
        if refusal is not None:
            raise Forbidden("CSRF token missing or incorrect.", code="csrf")


def _unexempted(request: Any) -> None:
    """A view under CSRF protection."""


def authenticated(raw: str) -> tuple[User, Any]:
    """The token's user; Unauthenticated when the token is unknown, expired or revoked."""
    user = token_authenticate(raw)
    if user is None:
        raise Unauthenticated("Unauthorized", code="token")
    return user, raw
