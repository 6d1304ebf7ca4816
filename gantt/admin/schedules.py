"""The schedule page of a project: what auto-scheduling would do, and the button that does it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from core.admin import OwnedAdmin
from core.api.errors import AppError
from gantt.models import Link, Project, Task
from gantt.scheduling import Schedule
from gantt.scheduling.selectors import project_schedule
from gantt.scheduling.services import schedule_apply

from .fields import WallTimeWidget

MAX_ROWS = 500


class StartForm(forms.Form):
    start = forms.DateTimeField(
        required=False, widget=WallTimeWidget, help_text="No task may begin before it; empty: as the tasks stand."
    )

    def clean_start(self) -> Any:
        start = self.cleaned_data["start"]
        return start and start.replace(tzinfo=None)


def schedule_page(page: OwnedAdmin, request: HttpRequest, project: Project) -> HttpResponse:
    form = StartForm(request.POST if request.method == "POST" else request.GET)
    start = form.cleaned_data["start"] if form.is_valid() else None
    context: dict[str, Any] = {}
    try:
        if request.method == "POST" and form.is_valid():
            result = schedule_apply(actor=page.actor(request), project=project, start=start)
            moved = sum(row.moved for row in result.tasks)
            page.message_user(request, f"Scheduled: {moved} task{'s' * (moved != 1)} moved.")
            return HttpResponseRedirect(request.get_full_path())
        context = _context(project, project_schedule(project, start=start))
    except AppError as error:
        page.message_user(request, error.message, messages.ERROR)
    context |= {
        **page.admin_site.each_context(request),
        "title": f"Schedule of {project}",
        "opts": page.opts,
        "form": form,
        "may_write": request.user.has_perm("gantt.change_task"),
        "back": reverse("admin:gantt_project_change", args=[project.pk]),
    }
    return TemplateResponse(request, "admin/gantt/schedule.html", context)


def _context(project: Project, result: Schedule) -> dict[str, Any]:
    """Moved tasks with old and new dates, critical ones and conflicts, by name."""
    tasks = Task.objects.filter(project=project).visible().only("text", "start", "end").in_bulk()
    moved = [row for row in result.tasks if row.moved]
    critical = [row for row in result.tasks if row.critical and not row.summary]
    links = Link.objects.in_bulk([conflict.link for conflict in result.conflicts[:MAX_ROWS]])
    return {
        "result": result,
        "moved": [(tasks[row.id], row) for row in moved[:MAX_ROWS]],
        "moved_count": len(moved),
        "critical": [(tasks[row.id], row) for row in critical[:MAX_ROWS]],
        "critical_count": len(critical),
        "conflicts": [
            (tasks[each.source], tasks[each.target], links[each.link].get_type_display(), each.days)
            for each in result.conflicts[:MAX_ROWS]
        ],
    }
