"""Logging in, and the people of the portal."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts import errors as accounts_errors
from accounts.models import User
from accounts.services import token_issue, user_create
from core import journal
from core.api.errors import AppError, Forbidden, Invalid
from crm.api.dialect.authentication import COOKIE, portal_login
from crm.api.dialect.dates import moment_text
from crm.api.objects.people import employee_full
from crm.api.schema import TEXT, objects, operation
from crm.api.views.base import PortalViewSet

PERSON_BODY = {"email*": TEXT, "firstname*": TEXT, "lastname*": TEXT, "title": TEXT, "password": TEXT}
TOKEN_LIFE = timedelta(days=365)


class LoginError(AppError):
    """User authentication failed"""

    status = 500


class AuthenticationViews(PortalViewSet):
    """Open to all; a failure is a 500, as with the vendor."""

    open_to_all = frozenset({"create"})

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Old credentials that come along must not stand in the way of new ones.
        return []

    @operation("Log in", objects.Token, status=201, body={"userName*": TEXT, "password*": TEXT}, failures=(500,))
    def create(self, request: Request) -> HttpResponse:
        read = self.parameters
        try:
            user = portal_login(request._request, read.text("userName") or "", read.text("password") or "")
        except accounts_errors.LoginLocked as error:
            raise LoginError("Login Fail. Too many attempts", code="login") from error
        except accounts_errors.LoginFailed as error:
            raise LoginError(code="login") from error
        expires = timezone.now() + TOKEN_LIFE
        _, raw = token_issue(user=user, name="ONLYOFFICE log-in", expires_at=expires, kind="session")
        shown = {"token": raw, "expires": moment_text(expires, user.organization.zone)}
        response = self.answer(shown, 201)
        response.set_cookie(
            COOKIE, raw, expires=expires, httponly=True, samesite="Lax", secure=request._request.is_secure()
        )
        return response


class PeopleViews(PortalViewSet):
    @operation("Get the caller's profile", objects.Person)
    def me(self, request: Request) -> HttpResponse:
        return self.answer(employee_full(self.actor.user, self.caller))  # type: ignore[arg-type]

    @operation("Create a user", objects.Person, status=201, body=PERSON_BODY)
    def create(self, request: Request) -> HttpResponse:
        if not self.actor.is_administrator:
            raise Forbidden
        user = self.user_create()
        return self.answer(employee_full(user, self.caller), 201)

    @transaction.atomic
    def user_create(self) -> User:
        read = self.parameters
        email, first, last = (read.text(name) or "" for name in ("email", "firstname", "lastname"))
        if not ("@" in email and first and last):
            raise Invalid(field="email")
        try:
            with transaction.atomic():
                user = user_create(
                    organization=self.actor.organization,
                    email=email,
                    name=f"{first} {last}",
                    groups=["Planner"],
                    password=read.text("password") or None,
                    first_name=first,
                    last_name=last,
                    title=read.text("title") or "",
                )
        except IntegrityError as error:
            raise Invalid(field="email") from error
        journal.record(actor=self.actor, verb="create", obj=user, changes={"email": [None, user.email]})
        return user
