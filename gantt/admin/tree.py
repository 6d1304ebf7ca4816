"""The task list in the order of the chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from gantt.models import Task

MAX_INDENT = 20
EM_SPACE = "\u2003"


class TreeChangeList(ChangeList):
    """Rows depth first, project by project; a page is cut out of the order, and only its rows are loaded."""

    def get_results(self, request: HttpRequest) -> None:
        wanted = set(self.queryset.values_list("pk", flat=True))
        rows = [row for row in tree_order(self.root_queryset.filter(project__in=self._projects())) if row[0] in wanted]
        self.paginator = self.model_admin.get_paginator(request, rows, self.list_per_page)
        self.result_count = self.paginator.count
        self.show_full_result_count = self.model_admin.show_full_result_count
        self.show_admin_actions = bool(rows)
        self.full_result_count = None
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > self.list_per_page
        if not (self.show_all and self.can_show_all) and self.multi_page:
            rows = list(self.paginator.page(min(max(self.page_num, 1), self.paginator.num_pages)).object_list)
        self.result_list = self._loaded(request, rows)

    def _projects(self) -> QuerySet:
        return self.queryset.order_by().values("project").distinct()

    def _loaded(self, request: HttpRequest, rows: list[tuple[int, int]]) -> list[Task]:
        tasks = Task.objects.filter(pk__in=[key for key, _ in rows]).select_related("project").in_bulk()
        found = []
        for key, depth in rows:
            if key in tasks:
                task = tasks[key]
                task.depth, task.list_query = depth, request.GET.urlencode()  # type: ignore[attr-defined]
                found.append(task)
        return found


def tree_order(tasks: QuerySet[Task]) -> Iterator[tuple[int, int]]:
    """(id, depth) of every task, depth first; the projects one after the other by name."""
    children: dict[int | None, list[int]] = {}
    order = ("project__name", "project_id", "position", "id")
    for key, parent in tasks.order_by(*order).values_list("id", "parent_id"):
        children.setdefault(parent, []).append(key)
    stack = [(key, 0) for key in reversed(children.get(None, []))]
    while stack:
        key, depth = stack.pop()
        yield key, depth
        stack.extend((child, depth + 1) for child in reversed(children.get(key, [])))


def indent(task: Any) -> str:
    """Blanks as wide as the task lies deep; beyond MAX_INDENT levels the depth as a number."""
    depth = getattr(task, "depth", 0)
    return EM_SPACE * depth if depth <= MAX_INDENT else f"{EM_SPACE * MAX_INDENT}({depth}) "
