"""Background work of the chart."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.jobs import periodic
from gantt.exchange.uploads import uploads_sweep
from gantt.services.staging import leftovers_sweep, projects_with_leftovers


@periodic("gantt.leftovers", every=timedelta(minutes=10))
def leftovers_remove(now: datetime) -> None:
    """Copies that a chart began and did not finish within the hour, and what its temporary ids became."""
    for project in projects_with_leftovers():
        leftovers_sweep(project)


@periodic("gantt.uploads", every=timedelta(hours=1))
def uploads_remove(now: datetime) -> None:
    """Files whose import was looked at and never confirmed."""
    uploads_sweep(now)
