"""Background work of the chart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from core.actor import Actor
from core.api.errors import AppError
from core.jobs import GiveUp, job, periodic
from gantt.exchange import PlanError
from gantt.exchange.uploads import Upload, upload_load, uploads_sweep
from gantt.models import Project
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


@job("gantt.import")
def plan_import(payload: dict[str, Any]) -> None:
    """A long import that somebody has confirmed. payload: upload (fields of Upload), user (id of the one who did)."""
    upload = Upload(**payload["upload"])
    try:
        project = Project.objects.select_related("organization").get(pk=upload.project)
        user = User.objects.select_related("organization").get(pk=payload["user"], is_active=True)
        upload_load(actor=Actor(user, project.organization, "admin"), project=project, upload=upload)
    except (ObjectDoesNotExist, FileNotFoundError, PlanError, AppError) as error:
        raise GiveUp(str(error)) from error
