"""Writing a schedule: new dates for the tasks that it moves."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from core import journal
from core.actor import Actor
from gantt.dates import whole_days
from gantt.fields import wall_text
from gantt.models import Project, Task
from gantt.services.bulk import tasks_write
from gantt.services.projects import writing

from .plan import Placed, Schedule
from .selectors import project_schedule


def schedule_apply(*, actor: Actor, project: Project, start: datetime | None = None) -> Schedule:
    """Give every task its scheduled dates, summaries the span of their leaves; progress stays.

    One transaction, one journal entry per moved task. Raises Forbidden, NotFound, and Conflict as project_schedule.
    """
    with writing(actor, project, "gantt.change_task"):
        result = project_schedule(project, start=start)
        moved = {placed.id: placed for placed in result.tasks if placed.moved}
        tasks = [task for task in Task.objects.filter(project=project).visible() if task.pk in moved]
        journal.record_many(
            actor=actor, verb="schedule", items=[(task, _put(task, moved[task.pk]), None) for task in tasks]
        )
        tasks_write(tasks, ["start", "end", "duration", "updated_at"])
    return result


def _put(task: Task, placed: Placed) -> dict[str, list[str | None]]:
    """Set the dates; the journal's changes."""
    before = {"start": task.start, "end": task.end}
    task.start, task.end = placed.start, None if task.type == "milestone" else placed.end
    task.duration, task.updated_at = whole_days(task.start, task.end), timezone.now()
    after = {"start": task.start, "end": task.end}
    return journal.diff(
        *({name: value and wall_text(value) for name, value in dates.items()} for dates in (before, after))
    )
