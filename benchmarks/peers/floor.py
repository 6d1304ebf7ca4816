"""The least that Django can do: a plain view, one query for the token, one for the row."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authtoken.models import Token

from benchmarks.peers.models import Visit

COLUMNS = (
    "id", "organization_id", "hub_id", "flow_id", "status", "title", "values", "ref_id", "order_index", "start_time",
    "end_time", "created_by", "created_time", "updated_time",
)  # fmt: skip


def known(request: HttpRequest) -> bool:
    raw = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Token ")
    return bool(Token.objects.filter(pk=raw, user__is_active=True).values_list("user_id", "user__organization_id"))


@csrf_exempt
def rows(request: HttpRequest) -> HttpResponse:
    if not known(request):
        return HttpResponse(status=401)
    if request.method == "POST":
        visit = Visit(**_values(request))
        visit.save(force_insert=True)
        return JsonResponse(_shown(visit), status=201)
    found = Visit.objects.order_by("-id")
    wanted = {name: request.GET[name] for name in ("status", "hub") if name in request.GET}
    return JsonResponse({"results": list(found.filter(**wanted).values(*COLUMNS)[:50])})


@csrf_exempt
def row(request: HttpRequest, pk: int) -> HttpResponse:
    if not known(request):
        return HttpResponse(status=401)
    visit = Visit.objects.get(pk=pk)
    if request.method == "PUT":
        values = _values(request)
        for name, value in values.items():
            setattr(visit, name, value)
        visit.save(update_fields=[*values, "updated_time"])
    return JsonResponse(_shown(visit))


def _values(request: HttpRequest) -> dict[str, Any]:
    data = json.loads(request.body)
    return {
        "organization_id": data["organization"],
        "hub_id": data["hub"],
        "flow_id": data["flow"],
        "title": data["title"],
        "values": data["values"],
        "start_time": parse_datetime(data["start_time"]),
        "end_time": parse_datetime(data["end_time"]),
    }


def _shown(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in COLUMNS}
