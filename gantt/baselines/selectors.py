"""Reading baselines and comparing them with the plan of today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from core.api.errors import NotFound
from gantt.dates import DAY
from gantt.fields import wall_text
from gantt.models import Baseline, BaselineTask, Project, Task

COLUMNS = ("text", "start", "end", "progress")


def baselines_of(project: Project) -> QuerySet[Baseline]:
    """Newest first, each with `task_count`, `first_start` and `last_end`."""
    return Baseline.objects.filter(project=project).annotate(
        task_count=Count("tasks"), first_start=Min("tasks__start"), last_end=Max("tasks__end")
    )


def baseline_find(project: Project, baseline_id: int) -> Baseline:
    baseline = baselines_of(project).filter(pk=baseline_id).first()
    if baseline is None:
        raise NotFound(f"baseline with id {baseline_id} not found")
    baseline.project = project
    return baseline


def baseline_compare(baseline: Baseline) -> list[dict[str, Any]]:
    """
    A row per task of the baseline or of today, by id: {id, text, state, baseline, current, start_shift, end_shift}.

    state: same, changed, added (since), removed; baseline and current: {start, end, progress} or None; the shifts are
    calendar days, positive for later, None where one side has no date. Two queries.
    """
    then = _tasks(BaselineTask.objects.filter(baseline=baseline).values_list("task_id", *COLUMNS))
    now = _tasks(Task.objects.filter(project=baseline.project_id).visible().values_list("id", *COLUMNS))
    return [_row(task_id, then.get(task_id), now.get(task_id)) for task_id in sorted(then.keys() | now.keys())]


def _tasks(rows: Any) -> dict[int, dict[str, Any]]:
    return {task_id: dict(zip(COLUMNS, values, strict=True)) for task_id, *values in rows}


def _row(task_id: int, then: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    known = now or then or {}
    return {
        "id": task_id,
        "text": known["text"],
        "state": _state(then, now),
        "baseline": then and _values(then),
        "current": now and _values(now),
        "start_shift": _shift(then, now, "start"),
        "end_shift": _shift(then, now, "end"),
    }


def _state(then: dict[str, Any] | None, now: dict[str, Any] | None) -> str:
    if then is None:
        return "added"
    if now is None:
        return "removed"
    return "same" if _values(then) == _values(now) else "changed"


def _values(task: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": task["start"] and wall_text(task["start"]),
        "end": task["end"] and wall_text(task["end"]),
        "progress": task["progress"],
    }


def _shift(then: dict[str, Any] | None, now: dict[str, Any] | None, edge: str) -> float | None:
    before: datetime | None = then[edge] if then else None
    after: datetime | None = now[edge] if now else None
    return None if before is None or after is None else round((after - before) / DAY, 2)
