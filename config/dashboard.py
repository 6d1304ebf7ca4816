"""The console's front page: what waits in each context, the newest changes, and whether background work runs."""

from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.models import Job, JournalEntry
from core.worker import workers_alive

# Counting stops here: the front page costs the same at a million tasks.
MOST = 1000

# title, model, what is counted: [(label, filters, query of the list page)]
_CARDS: tuple[tuple[str, str, tuple[tuple[str, dict[str, Any], str], ...]], ...] = (
    (
        "MileApp field tasks",
        "tasks.task",
        (
            ("unassigned", {"status": "UNASSIGNED"}, "status__exact=UNASSIGNED"),
            ("ongoing", {"status": "ONGOING"}, "status__exact=ONGOING"),
        ),
    ),
    ("ONLYOFFICE CRM tasks", "crm.task", (("open", {"is_closed": False}, "is_closed__exact=0"),)),
    ("SecMaster to-dos", "soc.todo", (("waiting", {"status": "waiting"}, "status__exact=waiting"),)),
    ("Gantt projects", "gantt.project", (("projects", {}, ""),)),
)


def count_up_to(queryset: QuerySet, most: int = MOST) -> str:
    """The number of rows as text; "1000+" where there are more than `most`."""
    count = queryset.order_by()[: most + 1].count()
    return f"{most}+" if count > most else str(count)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds to the front page's context: cards, journal, failed_jobs, worker_alive."""
    organization = request.user.organization
    context["cards"] = [card for entry in _CARDS if (card := _card(request, *entry))]
    if request.user.has_perm("core.view_journalentry"):
        context["journal"] = list(JournalEntry.objects.of(organization)[:10])
    context["failed_jobs"] = Job.objects.of(organization).filter(state=Job.State.FAILED).count()
    context["worker_alive"] = workers_alive() > 0
    context["now"] = timezone.now()
    return context


def _card(
    request: HttpRequest, title: str, label: str, counts: tuple[tuple[str, dict[str, Any], str], ...]
) -> dict[str, Any] | None:
    app, name = label.split(".")
    if not request.user.has_perm(f"{app}.view_{name}"):
        return None
    try:
        link = reverse(f"admin:{app}_{name}_changelist")
    except NoReverseMatch:
        return None
    rows = apps.get_model(label).objects.of(request.user.organization_id)
    numbers = [
        {"label": word, "count": count_up_to(rows.filter(**filters)), "link": f"{link}?{query}" if query else link}
        for word, filters, query in counts
    ]
    return {"title": title, "link": link, "numbers": numbers}
