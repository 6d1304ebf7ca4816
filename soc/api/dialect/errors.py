"""How SecMaster says no: three shapes, by who would answer at the vendor's.

The service itself: `{"code", "message"}`, nearly always HTTP 400. The API gateway in front of it, for credentials,
routes and sizes: `{"error_msg", "error_code", "request_id"}`. IAM, for its two routes: `{"error": {"code", "message",
"title"}}`.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from core.api import errors

AUTHENTICATION_FAILED = "Incorrect IAM authentication information: "
UNKNOWN_ROUTE = "The API does not exist or has not been published in the environment."
UNKNOWN_METHOD = "The API does not exist."
INVALID = "SecMaster.20041002"
UNEXPECTED = "SecMaster.20039999"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A vendor's code with its HTTP status."""

    status: int
    code: str


# By the finer code of an error first …
BY_CODE = {
    "project": Refusal(403, "APIGW.0302"),
    "workspace": Refusal(403, "SecMaster.20010001"),
    "todo": Refusal(400, "SecMaster.20030005"),
    "attachment": Refusal(400, "SecMaster.20030005"),
    "sort_key": Refusal(400, "SecMaster.20030009"),
    "sort_dir": Refusal(400, "SecMaster.20030010"),
    # What a caller asks of a to-do and may not have is a bad action to the vendor, not a matter of his role.
    "approver": Refusal(400, INVALID),
    "comment_owner": Refusal(400, INVALID),
    "comment": Refusal(400, INVALID),
    "listed": Refusal(400, INVALID),
}
# … then by its class.
BY_CLASS: tuple[tuple[type[errors.AppError], Refusal], ...] = (
    (errors.Unauthenticated, Refusal(401, "APIGW.0301")),
    (errors.Forbidden, Refusal(403, "APIGW.0302")),
    (errors.Locked, Refusal(403, "APIGW.0302")),
    (errors.NotFound, Refusal(404, "APIGW.0101")),
    (errors.MethodNotAllowed, Refusal(404, "APIGW.0101")),
    (errors.TooLarge, Refusal(413, "APIGW.0201")),
    (errors.Throttled, Refusal(429, "APIGW.0308")),
    (errors.Unavailable, Refusal(503, UNEXPECTED)),
    (errors.InternalError, Refusal(500, UNEXPECTED)),
    (errors.AppError, Refusal(400, INVALID)),
)
# These never reach the service behind the gateway, be it SecMaster or IAM.
GATEWAY_ONLY = (errors.NotFound, errors.MethodNotAllowed, errors.TooLarge, errors.Throttled)


def refusal_of(error: errors.AppError) -> Refusal:
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    return next(refusal for kind, refusal in BY_CLASS if isinstance(error, kind))


def error_body(request: HttpRequest, error: errors.AppError) -> tuple[int, dict[str, Any]]:
    """(HTTP status, body) of the answer to `error` on the route of `request`."""
    refusal = refusal_of(error)
    if request.path.startswith("/v3/") and not isinstance(error, GATEWAY_ONLY):
        return _iam_body(error)
    message = _message(error)
    if refusal.code.startswith("APIGW."):
        request_id = getattr(request, "request_id", "")
        return refusal.status, {"error_msg": message, "error_code": refusal.code, "request_id": request_id}
    if refusal.code == INVALID:
        message = f"Invalid parameter: {message}"
    return refusal.status, {"code": refusal.code, "message": message}


def _iam_body(error: errors.AppError) -> tuple[int, dict[str, Any]]:
    status = HTTPStatus(error.status)
    return status, {"error": {"code": int(status), "message": error.message, "title": status.phrase}}


def _message(error: errors.AppError) -> str:
    if isinstance(error, errors.Unauthenticated):
        return AUTHENTICATION_FAILED + error.message
    if isinstance(error, errors.MethodNotAllowed):
        return UNKNOWN_METHOD
    if isinstance(error, errors.NotFound) and error.code not in BY_CODE:
        return UNKNOWN_ROUTE
    return error.message
