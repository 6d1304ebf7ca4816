"""The OpenAPI pages under /docs/, one document per vendor."""

import re
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from core.api import schema as _schemes  # noqa: F401  (registers the descriptions of credentials)

VENDORS: dict[str, dict[str, Any]] = {
    "mileapp": {
        "title": "MileApp API v3",
        "apps": ("hubs.api.urls", "flows.api.urls", "tasks.api.urls"),
        "prefix": "api/v3/",
        "about": "Field tasks created from flows at hubs. Send `Authorization: Bearer <token>`.",
    },
    "onlyoffice": {
        "title": "ONLYOFFICE CRM API 2.0",
        "apps": ("crm.api.urls",),
        "prefix": "api/2.0/",
        "about": "CRM tasks in JSON and XML. Send the token in `Authorization`, raw or as Bearer.",
    },
    "secmaster": {
        "title": "Huawei Cloud SecMaster: to-do tasks",
        "apps": ("soc.api.urls",),
        "prefix": "",
        "about": "SOC to-do tasks of playbooks and workflows. Send `X-Auth-Token` or sign with SDK-HMAC-SHA256.",
    },
    "gantt": {
        "title": "SVAR Gantt REST protocol",
        "apps": ("gantt.api.urls",),
        "prefix": "",
        "about": "Task hierarchy and links behind the SVAR Gantt widget. Send `Authorization: Bearer <token>`.",
    },
}


@cache
def document(vendor: str) -> bytes:
    """The OpenAPI document of a vendor's dialect, as JSON bytes; made once in each process."""
    entry = VENDORS[vendor]
    patterns = [path(entry["prefix"], include(module)) for module in entry["apps"]]
    generator = SchemaGenerator(patterns=patterns, title=entry["title"], description=entry["about"])
    # The operations that one view serves for a list and for a row get numbered names: no news at every run.
    with GENERATOR_STATS.silence():
        schema = generator.get_schema(request=None, public=True)
    # Routes that take a slash at the end are listed without it.
    schema["paths"] = {url.rstrip("/") or "/": item for url, item in schema["paths"].items()}
    schema["info"] = {"title": entry["title"], "version": "1.0.0", "description": entry["about"]}
    return OpenApiJsonRenderer().render(schema, renderer_context={})


def schema_view(request: HttpRequest, vendor: str) -> HttpResponse:
    if vendor not in VENDORS:
        raise Http404
    return HttpResponse(document(vendor), content_type="application/json")


def page(request: HttpRequest, vendor: str) -> HttpResponse:
    if vendor not in VENDORS:
        raise Http404
    return render(request, "docs/swagger.html", {"vendor": vendor, **VENDORS[vendor]})


def index(request: HttpRequest) -> HttpResponse:
    vendors = {key: {"title": vendor["title"], "about": with_code(vendor["about"])} for key, vendor in VENDORS.items()}
    return render(request, "docs/index.html", {"vendors": vendors})


def with_code(text: str) -> SafeString:
    """The text as HTML, what stands between backticks as code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308  (escaped just before)


urlpatterns = [
    path("", index, name="docs"),
    path("<str:vendor>/", page, name="docs-page"),
    path("<str:vendor>/openapi.json", schema_view, name="docs-schema"),
]
