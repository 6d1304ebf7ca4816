"""Who calls: the vendor's four forms of credentials, tried in its order."""

import base64
import binascii
import uuid
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.errors import CredentialError
from accounts.models import User
from accounts.selectors import token_authenticate
from accounts.services import login_check
from core.api.errors import Invalid, Unauthenticated
from crm.api.dialect.parameters import form_members

COOKIE = "asc_auth_key"


class PortalAuthentication(BaseAuthentication):
    """asc_auth_key as parameter or cookie, the raw token as Authorization, Basic, then Bearer."""

    def __init__(self, max_body: int) -> None:
        self.max_body = max_body

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        for raw in self._tokens(request._request):
            user = token_authenticate(raw)
            if user is not None:
                return user, raw
        scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "basic":
            return self._basic(request._request, credentials), None
        return None

    def _tokens(self, request: HttpRequest) -> Iterator[str]:
        for name, value in (*request.GET.items(), *self._form(request)):
            if name.lower() == COOKIE:
                yield value
        if COOKIE in request.COOKIES:
            yield request.COOKIES[COOKIE]
        header = request.META.get("HTTP_AUTHORIZATION", "").strip()
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "bearer":
            yield rest.partition(",")[0].strip()
        elif header and not rest:
            yield header

    def _form(self, request: HttpRequest) -> list[tuple[str, str]]:
        try:
            return form_members(request, self.max_body)
        except Invalid:
            # Whoever is known by other credentials will be told; nobody else needs to know.
            return []

    def _basic(self, request: HttpRequest, credentials: str) -> User:
        try:
            plain = base64.b64decode(credentials.partition(",")[0], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Unauthenticated from error
        name, _, password = plain.partition(":")
        try:
            return portal_login(request, name, password)
        except CredentialError as error:
            raise Unauthenticated from error

    def authenticate_header(self, request: Request) -> str:
        return f'Basic Realm="{request.get_host()}"'


def portal_login(request: HttpRequest, name: str, password: str) -> User:
    """The user with this e-mail, GUID or user name (the part of the e-mail before the @) and password.

    Raises LoginFailed, or LoginLocked after too many wrong tries.
    """
    return login_check(request=request, email=_email(name.strip()), password=password)


def _email(name: str) -> str:
    """The e-mail of a GUID or user name; the name itself when that names nobody, or several people."""
    if "@" in name:
        return name
    try:
        found = User.objects.filter(guid=uuid.UUID(name))
    except ValueError:
        found = User.objects.filter(email__startswith=f"{name.lower()}@")
    emails = list(found.values_list("email", flat=True)[:2])
    return emails[0] if len(emails) == 1 else name
