"""How a vendor speaks: one subclass of Dialect per vendor, in its context's api/dialect.py."""

from typing import Any, ClassVar

from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponseBase, UnreadablePostError
from rest_framework import exceptions as drf
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from accounts.errors import LoginFailed, LoginLocked
from core.api import errors
from core.api.parsers import OrjsonParser
from core.api.renderers import OrjsonRenderer


class Dialect:
    """The vendor's way of authentication, formats, limits and errors. Never instantiated."""

    name: ClassVar[str]
    authentication: ClassVar[tuple[BaseAuthentication, ...]] = ()
    renderers: ClassVar[tuple[BaseRenderer, ...]] = (OrjsonRenderer(),)
    parsers: ClassVar[tuple[BaseParser, ...]] = (OrjsonParser(),)
    # Bytes of a body that is not a file upload.
    max_body: ClassVar[int] = 5 * 1024 * 1024

    @classmethod
    def error_response(cls, request: HttpRequest, error: errors.AppError) -> HttpResponseBase:
        """The vendor's answer to `error`: a rendered Django response or a DRF Response (inside a view only).

        Also called outside views, for unknown routes (NotFound with code "route") and for bugs (InternalError).
        """
        raise NotImplementedError


def app_error(error: Exception) -> errors.AppError | None:
    """The AppError that says the same as an exception of Django or DRF; None for anything else, which is a bug."""
    if isinstance(error, errors.AppError):
        return error
    if isinstance(error, Http404 | drf.NotFound):
        return errors.NotFound()
    if isinstance(error, PermissionDenied | drf.PermissionDenied):
        return errors.Forbidden()
    if isinstance(error, drf.AuthenticationFailed | drf.NotAuthenticated | LoginFailed):
        return errors.Unauthenticated()
    if isinstance(error, LoginLocked):
        return errors.Locked()
    if isinstance(error, drf.MethodNotAllowed):
        return errors.MethodNotAllowed()
    if isinstance(error, drf.NotAcceptable):
        return errors.NotAcceptable()
    if isinstance(error, drf.UnsupportedMediaType):
        return errors.UnsupportedMedia()
    if isinstance(error, drf.ValidationError):
        field, message = _first(error.detail)
        return errors.Invalid(message, field=field)
    if isinstance(error, ModelValidationError):
        field, message = _first(error.message_dict if hasattr(error, "error_dict") else error.messages)
        return errors.Invalid(message, field=field)
    if isinstance(error, RequestDataTooBig):
        return errors.TooLarge()
    if isinstance(error, DisallowedHost):
        return errors.Invalid("This server is not known by that host name.")
    if isinstance(error, OperationalError) and passing(error):
        return errors.Unavailable()
    if isinstance(error, drf.ParseError | TooManyFieldsSent | SuspiciousOperation | UnreadablePostError):
        return errors.Invalid(str(error) or "The request body cannot be read.")
    return None


def passing(error: OperationalError) -> bool:
    """Whether the database may serve the same statement later: a lock that was not had, a server that restarts.

    SQLite calls a missing table by the same name, and that will not pass.
    """
    return connection.vendor != "sqlite" or "locked" in str(error)


def _first(detail: Any, path: str = "") -> tuple[str, str]:
    """The first field and message of a validation error's nested detail."""
    if isinstance(detail, dict):
        key, value = next(iter(detail.items()))
        name = "" if key in {"non_field_errors", "__all__"} else str(key)
        return _first(value, f"{path}.{name}" if path and name else path or name)
    if isinstance(detail, list):
        return _first(next(item for item in detail if item), path)
    return path, str(detail)
