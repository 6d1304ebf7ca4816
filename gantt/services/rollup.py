"""Summary tasks in projects that roll them up: dates and progress follow from the rows below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from gantt import tree
from gantt.dates import DAY, whole_days
from gantt.models import Project, Task
from gantt.services.bulk import tasks_write

Child = tuple[datetime | None, datetime | None, float]


def summaries_roll_up(project: Project, below: Iterable[int | None] | None = None) -> None:
    """
    Bring the summaries up to date after rows changed under the parents `below` (None: everywhere).

    Does nothing in a project that takes summaries as they are sent. Whatever the depth: one query
    for the rows above, one for their children, one write.
    """
    if project.summaries != Project.Summaries.AUTO:
        return
    tasks = Task.objects.filter(project=project)
    if below is not None:
        chain = tree.ancestors(task_id for task_id in set(below) if task_id is not None)
        tasks = tasks.filter(parent__in=chain) | tasks.filter(pk__in=chain)
    rows = {task.pk: task for task in tasks.only("parent", "type", "start", "end", "duration", "progress")}
    tasks_write(_changed(rows), ["start", "end", "duration", "progress"])


def _changed(rows: dict[int, Task]) -> list[Task]:
    """The summaries whose values differ from what their children say, lowest first."""
    children: dict[int | None, list[Task]] = {}
    for task in rows.values():
        children.setdefault(task.parent_id, []).append(task)
    changed = []
    for task in _upwards(rows, children):
        if task.type != "summary":
            continue
        values = rolled_up([(child.start, child.end, child.progress) for child in children[task.pk]])
        if values is not None and values != (task.start, task.end, task.progress):
            task.start, task.end, task.progress = values
            task.duration = whole_days(task.start, task.end)
            changed.append(task)
    return changed


def _upwards(rows: dict[int, Task], children: dict[int | None, list[Task]]) -> list[Task]:
    """The rows that have children, every row after those below it."""
    stack = [task for task in rows.values() if task.parent_id not in rows]
    downwards = []
    while stack:
        task = stack.pop()
        if task.pk in children:
            downwards.append(task)
            stack.extend(children[task.pk])
    return downwards[::-1]


def rolled_up(children: Sequence[Child]) -> tuple[datetime, datetime, float] | None:
    """
    (start, end, progress) of a summary over its children, or None when none of them has a date.

    From the earliest start to the latest end; progress is weighted by length, milestones weigh nothing.
    """
    dated = [(start, end or start, progress) for start, end, progress in children if start is not None]
    if not dated:
        return None
    weights = [(end - start) / DAY for start, end, _ in dated]
    total = sum(weights)
    shares = [progress for _, _, progress in dated]
    done = sum(w * p for w, p in zip(weights, shares, strict=True)) / total if total else sum(shares) / len(shares)
    return min(row[0] for row in dated), max(row[1] for row in dated), round(done, 1)
