"""Tasks: the list as a tree with buttons that move rows, bulk shift of dates, links and assignments on the page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from core.api.errors import AppError
from gantt import services, tree
from gantt.fields import WallTimeField, wall_text
from gantt.models import Task
from gantt.services.shifts import tasks_shift

from .fields import WallTimeWidget
from .inlines import AssignmentInline, PredecessorInline, SuccessorInline, rows_delete
from .tree import TreeChangeList, indent

VALUES = ("text", "details", "type", "open", "progress", "start", "end", "extra")
# What a button is called, how it looks.
PLACES = {
    "up": ("Move up", "arrow_upward"),
    "down": ("Move down", "arrow_downward"),
    "outdent": ("Outdent", "format_indent_decrease"),
    "indent": ("Indent", "format_indent_increase"),
}
LINK = "font-semibold text-primary-600 dark:text-primary-500"
BUTTON = (
    '<button type="submit" formmethod="post" formaction="{}" formnovalidate title="{}" aria-label="{}: {}" '
    'class="cursor-pointer hover:text-primary-600 text-base-400">'
    '<span class="material-symbols-outlined">{}</span></button>'
)


class TaskForm(ServiceForm):
    class Meta:
        widgets = {
            "text": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            "details": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
            "extra": UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        }
        help_texts = {
            "parent": "Empty: at the top. A task that gets another parent goes to the end of its children.",
            "end": "Empty for a milestone.",
            "extra": "Keys of the chart that are kept and sent back, as JSON. They can be added and changed here.",
        }


class ShiftForm(forms.Form):
    days = forms.IntegerField(
        min_value=-36_500,
        max_value=36_500,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text="Calendar days; a negative number moves back. Everything below the chosen tasks moves along.",
    )


@admin.register(Task)
class TaskAdmin(OwnedAdmin):
    form = TaskForm
    list_display = ["show_text", "project", "type", "show_start", "show_end", "duration", "show_progress", "show_place"]
    list_display_links = None
    list_filter = [("project", admin.RelatedOnlyFieldListFilter), "type", "progress"]
    list_per_page = 100
    sortable_by: list[str] = []
    search_fields = ["text", "details"]
    autocomplete_fields = ["project", "parent"]
    actions = ["shift_dates"]
    actions_detail = ["chart"]
    inlines = [PredecessorInline, SuccessorInline, AssignmentInline]
    formfield_overrides = {WallTimeField: {"widget": WallTimeWidget}}
    fieldsets = [
        (None, {"fields": ["project", "parent", "text", "type"]}),
        ("Dates", {"fields": ["start", "end", "progress"]}),
        ("More", {"fields": ["details", "open", "extra"]}),
    ]

    # --- rows ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        return super().get_queryset(request).filter(hidden=False).select_related("project")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[TreeChangeList]:
        return TreeChangeList

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["project"] if obj else []

    @display(description="task")
    def show_text(self, obj: Task) -> str:
        url = reverse("admin:gantt_task_change", args=[obj.pk])
        return format_html('{}<a href="{}" class="{}">{}</a>', indent(obj), url, LINK, obj)

    @display(description="start")
    def show_start(self, obj: Task) -> str:
        return wall_text(obj.start).removesuffix(" 00:00:00") if obj.start else "–"

    @display(description="end")
    def show_end(self, obj: Task) -> str:
        return wall_text(obj.end).removesuffix(" 00:00:00") if obj.end else "–"

    @display(description="progress")
    def show_progress(self, obj: Task) -> str:
        return f"{obj.progress:g} %"

    @display(description="place")
    def show_place(self, obj: Task) -> str:
        query = getattr(obj, "list_query", "")
        return format_html_join(
            " ",
            BUTTON,
            (
                (f"{reverse('admin:gantt_task_place', args=[obj.pk, where])}?{query}", title, title, obj, icon)
                for where, (title, icon) in PLACES.items()
            ),
        )

    def get_list_display(self, request: HttpRequest) -> list[str]:
        columns = list(super().get_list_display(request))
        return columns if self.has_change_permission(request) else columns[:-1]

    # --- writing ---

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Task:
        return services.task_create(
            actor=actor,
            project=data["project"],
            values={name: data[name] for name in VALUES},
            parent=data["parent"] and data["parent"].pk,
        )

    def service_update(self, actor: Actor, obj: Task, data: dict[str, Any]) -> Task:
        values = {name: data[name] for name in VALUES}
        task = services.task_update(actor=actor, project=obj.project, task_id=obj.pk, values=values)
        parent = data["parent"] and data["parent"].pk
        if parent != obj.parent_id:
            task = services.task_move(actor=actor, project=obj.project, task_id=obj.pk, mode="child", target=parent)
        return task

    def service_delete(self, actor: Actor, obj: Task) -> None:
        services.task_delete(actor=actor, project=obj.project, task_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Of a branch its top alone is deleted: the rest goes with it."""
        chosen = {task.pk: task for task in queryset}
        parents = tree.ancestors(chosen)
        tops = [task for key, task in chosen.items() if not _above(key, parents) & chosen.keys()]
        super().delete_queryset(request, tops)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows_delete(formset)

    # --- places ---

    def get_urls(self) -> list[Any]:
        place = path(
            "<int:pk>/place/<str:where>/", self.admin_site.admin_view(self.place_view), name="gantt_task_place"
        )
        return [place, *super().get_urls()]

    def place_view(self, request: HttpRequest, pk: int, where: str) -> HttpResponse:
        """Move a row up, down, in or out, and go back to the list as it was."""
        task = self.get_queryset(request).filter(pk=pk).first()
        if task is None or where not in PLACES or request.method != "POST":
            raise Http404
        try:
            _move(self.actor(request), task, where)
        except AppError as error:
            self.message_user(request, error.message, messages.ERROR)
        return HttpResponseRedirect(f"{reverse('admin:gantt_task_changelist')}?{request.GET.urlencode()}")

    @action(description="Chart", icon="view_timeline")
    def chart(self, request: HttpRequest, object_id: str) -> HttpResponse:
        task = self.get_object(request, object_id)
        if task is None or not self.has_view_permission(request, task):
            raise Http404
        return HttpResponseRedirect(reverse("gantt-chart", args=[task.project.slug]))

    @admin.action(description="Shift dates …", permissions=["change"])
    def shift_dates(self, request: HttpRequest, queryset: QuerySet[Task]) -> HttpResponse | None:
        form = ShiftForm(request.POST if "days" in request.POST else None)
        if form.is_valid():
            self._shift(request, queryset, form.cleaned_data["days"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Shift dates",
            "opts": self.opts,
            "form": form,
            "rows": queryset.order_by("project", "position"),
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/gantt/shift_dates.html", context)

    def _shift(self, request: HttpRequest, queryset: QuerySet[Task], days: int) -> None:
        moved = 0
        try:
            with transaction.atomic():
                for project, tasks in groupby(queryset.order_by("project"), key=lambda task: task.project):
                    ids = [task.pk for task in tasks]
                    moved += tasks_shift(actor=self.actor(request), project=project, task_ids=ids, days=days)
        except AppError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            self.message_user(request, f"{moved} task{'s' * (moved != 1)} moved by {days:+d} days.")


def _above(key: int, parents: dict[int, int | None]) -> set[int]:
    above: set[int] = set()
    parent = parents[key]
    while parent is not None:
        above.add(parent)
        parent = parents[parent]
    return above


def _move(actor: Actor, task: Task, where: str) -> None:
    mode, target = where, None
    if where == "indent":
        siblings = Task.objects.filter(project=task.project, parent=task.parent_id, hidden=False)
        above = list(siblings.values_list("pk", flat=True))
        place = above.index(task.pk)
        if place == 0:
            return
        mode, target = "child", above[place - 1]
    elif where == "outdent":
        if task.parent_id is None:
            return
        mode, target = "after", task.parent_id
    services.task_move(actor=actor, project=task.project, task_id=task.pk, mode=mode, target=target)
