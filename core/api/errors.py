"""The one error hierarchy. Services raise these; each dialect prints them in its vendor's body."""

from typing import Any


class AppError(Exception):
    """Something that the caller has to know about.

    message: one sentence that names the field or id; field: the caller's name of the field, if there is one;
    code: a finer code for a dialect that has such codes; details: anything else a dialect may want to print.
    """

    status = 400

    def __init__(self, message: str = "", *, field: str = "", code: str = "", details: Any = None) -> None:
        super().__init__(message or self.__class__.__doc__)
        self.message = message or str(self.__class__.__doc__)
        self.field = field
        self.code = code
        self.details = details


class Invalid(AppError):
    """The request is not valid."""


class Unauthenticated(AppError):
    """Authentication credentials were not provided or are not valid."""

    status = 401


class Forbidden(AppError):
    """You do not have permission to perform this action."""

    status = 403


class Locked(AppError):
    """Too many failed log-ins; try again later."""

    status = 403


class NotFound(AppError):
    """Not found."""

    status = 404


class MethodNotAllowed(AppError):
    """This method is not allowed here."""

    status = 405


class NotAcceptable(AppError):
    """No format that the client accepts can be sent."""

    status = 406


class Conflict(AppError):
    """The request conflicts with the present state."""

    status = 409


class TooLarge(AppError):
    """The request body is too large."""

    status = 413


class UnsupportedMedia(AppError):
    """The content type of the request is not supported."""

    status = 415


class Throttled(AppError):
    """Too many requests."""

    status = 429

    def __init__(self, message: str = "", *, retry_after: int = 1, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


class InternalError(AppError):
    """Internal server error."""

    status = 500


class Unavailable(InternalError):
    """The database is busy or out of reach; try again."""

    status = 503
    retry_after = 1
