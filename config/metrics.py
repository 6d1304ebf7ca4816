"""/metrics for Prometheus, behind the METRICS setting: counts from the database, the same from every process."""

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from core.models import Job
from core.worker import workers_alive


def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS:
        raise Http404
    registry = CollectorRegistry()
    Gauge("taskyard_workers_alive", "Workers with a recent heartbeat", registry=registry).set(workers_alive())
    jobs = Gauge("taskyard_jobs", "Background jobs by state", ["state"], registry=registry)
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in Job.State.values:
        jobs.labels(state).set(counts.get(state, 0))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
