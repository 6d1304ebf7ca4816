"""Every route of Taskyard, and which dialect answers where no route does."""

import logging
import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.views import defaults
from django.views.generic import RedirectView

from config import docs, health, metrics
from config.dialects import DIALECTS
from core.api import errors
from core.api.dialect import Dialect, app_error
from crm.api.routes import PortalRoute

log = logging.getLogger("taskyard")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", RedirectView.as_view(url=static("favicon.svg"))),
    path("admin/", admin.site.urls),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("docs/", include(docs.urlpatterns)),
    path("api/v3/", include("hubs.api.urls")),
    path("api/v3/", include("flows.api.urls")),
    path("api/v3/", include("tasks.api.urls")),
    path("", include("tasks.api.photo_urls")),
    # ONLYOFFICE's paths are read without case, from their first letter on.
    URLResolver(PortalRoute("api/2.0/", is_endpoint=False), "crm.api.urls"),
    path("", include("soc.api.urls")),
    path("", include("gantt.urls")),
]


def dialect_of(request: HttpRequest) -> type[Dialect] | None:
    """The dialect that speaks under the request's path."""
    return next((dialect for pattern, dialect in DIALECTS if re.match(pattern, request.path_info)), None)


def _answer(request: HttpRequest, error: errors.AppError) -> HttpResponseBase | None:
    dialect = dialect_of(request)
    if dialect is None:
        return None
    response: Any = dialect.error_response(request, error)
    if hasattr(response, "accepted_renderer") or hasattr(response, "data"):
        return JsonResponse(response.data, status=response.status_code, safe=False, headers=dict(response.headers))
    return response


def handler404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, errors.NotFound(code="route")) or defaults.page_not_found(request, exception)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    error = app_error(exception) or errors.Invalid()
    return _answer(request, error) or defaults.bad_request(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return _answer(request, errors.Forbidden()) or defaults.permission_denied(request, exception)


def handler500(request: HttpRequest) -> HttpResponseBase:
    request_id = getattr(request, "request_id", "")
    error = errors.InternalError(f"Internal server error, request id {request_id}", details={"request_id": request_id})
    return _answer(request, error) or HttpResponse(
        f"<h1>Something went wrong</h1><p>It has been logged under the request id {request_id}.</p>", status=500
    )
