"""The console's front page."""

from typing import Any

from django.http import HttpRequest

from core.models import Job, JournalEntry
from core.worker import workers_alive


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds what the front page shows: the newest changes and the state of background work."""
    organization = request.user.organization  # type: ignore[union-attr]
    context["journal"] = list(JournalEntry.objects.of(organization)[:12])
    context["failed_jobs"] = Job.objects.of(organization).filter(state=Job.State.FAILED).count()
    context["worker_alive"] = workers_alive() > 0
    return context
