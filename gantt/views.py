"""The chart page: the SVAR widget in a page of the console."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from gantt.models import Project

BUNDLE = "gantt/chart/chart.js"
RIGHTS = ("add_task", "change_task", "delete_task", "add_link", "change_link", "delete_link")

NOT_BUILT = (
    "The chart is not built on this server: install Node.js, run “make install” and start the server again; "
    "the console and the API work without it."
)
UNKNOWN = "There is no such project."
FORBIDDEN = "You do not have permission to see this project."


@never_cache
@login_required
@require_safe
@ensure_csrf_cookie
def chart(request: HttpRequest, project: str) -> HttpResponse:
    """The page /gantt/{project}/; the widget on it talks to the routes below the same address."""
    found = Project.objects.of(request.user.organization).filter(slug=project).first()  # type: ignore[union-attr]
    if not request.user.has_perm("gantt.view_task"):
        return _page(request, status=403, note=FORBIDDEN)
    if found is None:
        return _page(request, status=404, note=UNKNOWN)
    bundled = finders.find(BUNDLE) is not None
    return _page(
        request,
        project=found,
        bundled=bundled,
        note="" if bundled else NOT_BUILT,
        base=f"/gantt/{found.slug}",
        rights=" ".join(right for right in RIGHTS if request.user.has_perm(f"gantt.{right}")),
    )


def _page(request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
    # The console's site brings its name and its colours along.
    return render(request, "gantt/chart.html", admin.site.each_context(request) | context, status=status)
