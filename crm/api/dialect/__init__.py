"""How ONLYOFFICE CRM speaks: credentials, parameters, envelope, errors, dates and lists.

One module for each of these; `crm.api.views.base` puts them together.
Differences from the vendor stand in docs/dialects/crm.md.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from core.api.dialect import Dialect
from core.api.errors import AppError, MethodNotAllowed, NotFound, Unauthenticated
from crm.api.dialect import envelope
from crm.api.dialect.authentication import PortalAuthentication

MAX_BODY = 2 * 1024 * 1024
HOST_PAGE = "<!DOCTYPE html><html><head><title>404 - Not Found</title></head><body><h1>Not Found</h1></body></html>"


class OnlyOffice(Dialect):
    """The CRM API 2.0 of ONLYOFFICE."""

    name = "onlyoffice"
    max_body = MAX_BODY
    authentication = (PortalAuthentication(MAX_BODY),)

    @classmethod
    def error_response(cls, request: HttpRequest, error: AppError) -> HttpResponse:
        if isinstance(error, Unauthenticated):
            return unauthorized(request)
        if isinstance(error, MethodNotAllowed) or (isinstance(error, NotFound) and error.code == "route"):
            # A verb that a route does not know is no route: the vendor's web server answers.
            return HttpResponseNotFound(HOST_PAGE)
        return envelope.failure(request, error)


def unauthorized(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("Unauthorized", status=401, content_type="text/plain; charset=UTF-8")
    if request.META.get("HTTP_AUTHORIZATION"):
        response["WWW-Authenticate"] = f'Basic Realm="{request.get_host()}"'
    return response


def options_answer() -> HttpResponse:
    """What the vendor advertises to browsers, without allowing any origin."""
    return HttpResponse(
        headers={
            "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
            "Access-Control-Allow-Headers": "origin, authorization, accept, content-type",
            "Access-Control-Max-Age": "1728000",
        }
    )
