"""How SecMaster speaks: credentials, envelope, errors, dates. Its page is the API description of UpdateTask."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser, MultiPartParser

from core.api.dialect import Dialect
from core.api.errors import AppError
from core.api.parsers import OrjsonParser
from soc.api.dialect.authentication import GatewayAuthentication
from soc.api.dialect.errors import error_body

SUCCESS = "00000000"


class AnyTypeJsonParser(OrjsonParser):
    """JSON under any Content-Type or none: the vendor's clients send several."""

    media_type = "*/*"


class SecMaster(Dialect):
    """Every answer is JSON, whatever a client accepts."""

    name = "secmaster"
    authentication: tuple[BaseAuthentication, ...] = (GatewayAuthentication(),)
    parsers: tuple[BaseParser, ...] = (AnyTypeJsonParser(),)
    max_body = 1024 * 1024

    @classmethod
    def error_response(cls, request: HttpRequest, error: AppError) -> HttpResponse:
        status, body = error_body(request, error)
        return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


class SecMasterUpload(SecMaster):
    """The one route that takes a file."""

    parsers = (MultiPartParser(),)
    max_body = 32 * 1024 * 1024


def envelope(request_id: str, data: Any) -> dict[str, Any]:
    """A successful answer; members in the order of the vendor's sample."""
    return {"code": SUCCESS, "data": data, "message": "", "request_id": request_id, "success": True}
