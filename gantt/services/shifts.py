"""Moving many tasks in time at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from core import journal
from core.actor import Actor
from gantt.dates import checked
from gantt.fields import wall_text
from gantt.models import Project, Task
from gantt.services.bulk import tasks_write
from gantt.services.projects import writing
from gantt.services.rollup import summaries_roll_up


def tasks_shift(*, actor: Actor, project: Project, task_ids: Collection[int], days: int) -> int:
    """
    Move tasks and everything below them by whole calendar days, back with a negative number; how many moved.

    Tasks without dates stay so. Raises Forbidden, and Invalid when a date would leave the chart's years.
    """
    with writing(actor, project, "gantt.change_task"):
        tasks = [task for task in _branches(project, task_ids) if task.start is not None]
        journal.record_many(actor=actor, verb="shift", items=[(task, _shift(task, days), None) for task in tasks])
        tasks_write(tasks, ["start", "end", "updated_at"])
        summaries_roll_up(project)
    return len(tasks)


def _branches(project: Project, task_ids: Collection[int]) -> list[Task]:
    tasks = list(Task.objects.filter(project=project).visible())
    children: dict[int | None, list[Task]] = {}
    for task in tasks:
        children.setdefault(task.parent_id, []).append(task)
    wanted = set(task_ids)
    stack = [task for task in tasks if task.pk in wanted]
    found: dict[int, Task] = {}
    while stack:
        task = stack.pop()
        if task.pk not in found:
            found[task.pk] = task
            stack.extend(children.get(task.pk, ()))
    return list(found.values())


def _shift(task: Task, days: int) -> dict[str, list[str]]:
    """Set the new dates; the journal's changes."""
    changes = {}
    for name in ("start", "end"):
        old = getattr(task, name)
        if old is not None:
            new = checked(old + timedelta(days=days), field="days")
            setattr(task, name, new)
            changes[name] = [wall_text(old), wall_text(new)]
    task.updated_at = timezone.now()
    return changes
