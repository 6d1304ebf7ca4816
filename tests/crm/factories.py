"""Short ways to the CRM's rows."""

from datetime import UTC, datetime
from typing import Any

from core.actor import Actor
from crm.models import Task, TaskCategory
from crm.services import TaskData, task_create

DEADLINE = datetime(2030, 5, 6, 7, 8, 9, tzinfo=UTC)


def task_data(category: TaskCategory, **fields: Any) -> TaskData:
    return TaskData(**{"title": "Task", "deadline": DEADLINE, "category_id": category.pk, **fields})


def make_task(actor: Actor, **fields: Any) -> Task:
    """A task of the first category, unless another one is named."""
    category = fields.pop("category", None) or TaskCategory.objects.of(actor.organization)[0]
    return task_create(actor=actor, data=task_data(category, **fields))[0]
