"""Setting and deleting baselines."""

from __future__ import annotations

from operator import itemgetter

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid
from gantt.models import Baseline, BaselineTask, Project, Task
from gantt.services.projects import writing

MAX_BASELINES = 50


def baseline_set(*, actor: Actor, project: Project, name: str) -> Baseline:
    """Keep dates and progress of all tasks under a name. Raises Forbidden, Invalid, and Conflict for too many."""
    name = name.strip()
    if not 1 <= len(name) <= 200:
        raise Invalid("name must have 1 to 200 characters", field="name")
    with writing(actor, project, "gantt.add_baseline"):
        if Baseline.objects.filter(project=project).count() >= MAX_BASELINES:
            raise Conflict(f"a project keeps at most {MAX_BASELINES} baselines: delete one first")
        baseline = Baseline.objects.create(organization=actor.organization, project=project, name=name)
        columns = ("text", "start", "end", "duration", "progress")
        tasks = Task.objects.filter(project=project).visible().order_by().values_list("id", *columns)
        rows = [
            BaselineTask(baseline=baseline, task_id=task_id, **dict(zip(columns, values, strict=True)))
            # Sorted here: to give them in this order SQLite would go through the tasks of all projects.
            for task_id, *values in sorted(tasks, key=itemgetter(0))
        ]
        BaselineTask.objects.bulk_create(rows, batch_size=1000)
        journal.record(actor=actor, verb="create", obj=baseline, changes={"tasks": [None, len(rows)]})
    return baseline


def baseline_delete(*, actor: Actor, baseline: Baseline) -> None:
    """Raises Forbidden, NotFound."""
    with writing(actor, baseline.project, "gantt.delete_baseline"):
        journal.record(actor=actor, verb="delete", obj=baseline, snapshot={"name": baseline.name})
        baseline.delete()
