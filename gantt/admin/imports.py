"""The import page of a project: upload, preview, confirm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from core.actor import Actor
from core.admin import OwnedAdmin
from core.api.errors import AppError
from core.jobs import job_enqueue
from gantt import exchange
from gantt.exchange import PlanError, format_of, read_plan
from gantt.exchange.report import report_lines, summary
from gantt.exchange.services import plan_preview
from gantt.exchange.uploads import MAX_AGE, Upload, upload_keep, upload_load
from gantt.models import Project

SALT = "gantt.import"
# Rows that are written while the browser waits; longer imports are the worker's.
AT_ONCE = 2000


class UploadForm(forms.Form):
    file = forms.FileField(widget=UnfoldAdminFileFieldWidget, help_text="MS Project XML (.xml), .csv or .json")
    replace = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="Remove tasks and links that the file does not hold; otherwise the file only adds and changes.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > exchange.MAX_FILE_BYTES:
            raise forms.ValidationError(f"The file is larger than {exchange.MAX_FILE_BYTES // 1024 // 1024} MB.")
        return file


def import_page(page: OwnedAdmin, request: HttpRequest, project: Project) -> HttpResponse:
    """GET: the form; POST with a file: what it would change; POST with the preview's ticket: the import."""
    if not request.user.has_perm("gantt.change_task"):
        raise PermissionDenied
    if request.method == "POST" and "ticket" in request.POST:
        return _load(page, request, project)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file, replace = form.cleaned_data["file"], form.cleaned_data["replace"]
        try:
            return _preview(page, request, project, file.name, file.read(), replace)
        except (PlanError, AppError) as error:
            form.add_error("file", str(error))
    return _answer(page, request, project, form=form)


def _preview(
    page: OwnedAdmin, request: HttpRequest, project: Project, name: str, data: bytes, replace: bool, path: str = ""
) -> HttpResponse:
    """The ticket that the page sends back says what was looked at."""
    plan = read_plan(data, format_of(name))
    changes = plan_preview(project=project, plan=plan, replace_all=replace)
    upload = Upload(path or upload_keep(data), name, replace, project.pk, project.version, changes.size)
    return _answer(
        page,
        request,
        project,
        ticket=signing.dumps(upload.as_dict(), salt=SALT),
        file_name=name,
        replace=replace,
        summary=summary(changes),
        lines=report_lines(changes, plan.notes)[1:],
        changes=bool(changes),
    )


def _load(page: OwnedAdmin, request: HttpRequest, project: Project) -> HttpResponse:
    here = HttpResponseRedirect(request.path)
    try:
        upload = Upload(**signing.loads(request.POST["ticket"], salt=SALT, max_age=MAX_AGE))
        if not upload.fits(project):
            page.message_user(
                request, "The project has changed meanwhile: look at the changes again.", messages.WARNING
            )
            return _preview(page, request, project, upload.name, upload.read(), upload.replace, upload.path)
        told = _import(page.actor(request), project, upload)
    except (signing.BadSignature, FileNotFoundError):
        page.message_user(request, "The preview is too old: upload the file again.", messages.ERROR)
        return here
    except (PlanError, AppError) as error:
        page.message_user(request, str(error), messages.ERROR)
        return here
    page.message_user(request, told)
    return HttpResponseRedirect(reverse("admin:gantt_project_change", args=[project.pk]))


def _import(actor: Actor, project: Project, upload: Upload) -> str:
    """At once, or by the worker when it would keep the browser waiting; what to tell."""
    if upload.size <= AT_ONCE:
        changes = upload_load(actor=actor, project=project, upload=upload)
        return f"{upload.name} imported. {summary(changes)}"
    payload = {"upload": upload.as_dict(), "user": actor.user and actor.user.pk}
    job_enqueue("gantt.import", organization=project.organization, payload=payload, key=upload.path)
    return f"{upload.name} is being imported in the background: {upload.size:,} rows. Its end stands in the history."


def _answer(page: OwnedAdmin, request: HttpRequest, project: Project, **context: Any) -> HttpResponse:
    context |= {
        **page.admin_site.each_context(request),
        "title": f"Import into {project}",
        "opts": page.opts,
        "back": reverse("admin:gantt_project_change", args=[project.pk]),
    }
    return TemplateResponse(request, "admin/gantt/import.html", context)
