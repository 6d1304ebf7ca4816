"""The changes of one transaction: rows locked and read together, their histories and counters written together."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db import models
from django.utils import timezone

from core import journal
from core.actor import Actor
from core.api.errors import Conflict, NotFound
from core.statements import row_update, together
from tasks.counts import counts_add, key_of
from tasks.documents import document_of
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee
from tasks.people import Person, people_of
from tasks.selectors import task_find, tasks_visible
from tasks.services.creation import Catalogue, assignees_insert

_COLUMNS = [
    field.attname for field in Task._meta.concrete_fields if field.attname not in {"id", "organization_id", "flow_id"}
]
# Too long a list of ids would exceed the parameters of a statement.
_LOCKED_AT_ONCE = 500


class Batch:
    """Locks the tasks it is made for (in the order of their ids) and collects what happens to them.

    `among` says which tasks it may touch: by default those that the actor sees.
    """

    def __init__(self, actor: Actor, task_ids: Sequence[str], among: models.QuerySet[Task] | None = None) -> None:
        self.actor = actor
        self.now = timezone.now()
        self.catalogue = Catalogue(actor)
        self._tasks = self._locked(sorted(set(task_ids)), among)
        assigned = [task.pk for task in self._tasks.values() if task.status != Status.UNASSIGNED]
        self._people = people_of(assigned) if assigned else {}
        self._entries: dict[str, list[tuple[Task, dict[str, Any], dict[str, Any]]]] = defaultdict(list)
        self._counts: Counter = Counter()
        self._reassigned: dict[str, Task] = {}
        self._removed: list[str] = []

    def get(self, task_id: str) -> Task:
        """A copy to work on; until it is handed to `changed`, the batch knows nothing of it. Raises NotFound."""
        if task_id not in self._tasks:
            raise NotFound
        return copy(self._tasks[task_id])

    def tasks(self) -> list[Task]:
        """Copies of all tasks of the batch."""
        return [copy(task) for task in self._tasks.values()]

    def people(self, task_id: str) -> list[Person]:
        return self._people.get(task_id, [])

    def changed(self, task: Task, verb: str, people: list[Person] | None = None) -> tuple[Task, list[Person]]:
        """Write the task; `people` are its new assignees, None when they stay."""
        stored = self._tasks[task.pk]
        task.updated_time = self.now
        task.updated_by = self.actor.user.email if self.actor.user else ""
        names = [name for name in _COLUMNS if getattr(task, name) != getattr(stored, name)]
        # The rows are locked where the database can; the condition holds in any case.
        if not row_update(task, names, status=stored.status):
            raise Conflict("The task was changed by somebody else; try again.")
        before = document_of(stored, self.people(task.pk))
        if people is not None:
            self._people[task.pk] = people
            self._reassigned[task.pk] = task
        self._tasks[task.pk] = task
        changes = journal.diff(before, document_of(task, self.people(task.pk)))
        changes.pop("updatedTime", None)
        self._entries[verb].append((task, changes, before))
        self._counts[key_of(stored)] -= 1
        self._counts[key_of(task)] += 1
        return task, self.people(task.pk)

    def removed(self, task: Task) -> tuple[Task, list[Person]]:
        """Delete the task; the task and its assignees as they were."""
        stored, people = self._tasks.pop(task.pk), self.people(task.pk)
        self._entries["delete"].append((stored, {}, document_of(stored, people)))
        self._counts[key_of(stored)] -= 1
        self._removed.append(task.pk)
        return stored, people

    def write(self) -> None:
        """Write what is left when every row is done with."""
        if self._reassigned:
            _chunked(TaskAssignee.objects.all(), "task__in", list(self._reassigned))
            assignees_insert([(task, self.people(pk)) for pk, task in self._reassigned.items() if pk in self._tasks])
        if self._removed:
            _chunked(TaskAssignee.objects.all(), "task__in", self._removed)
            _chunked(Task.objects.all(), "pk__in", self._removed)
        with together():
            for verb, items in self._entries.items():
                journal.record_many(actor=self.actor, verb=verb, items=items)
            counts_add(self.actor.organization.pk, self._counts, self.now)

    def _locked(self, task_ids: list[str], among: models.QuerySet[Task] | None) -> dict[str, Task]:
        if among is None and len(task_ids) == 1:
            task = task_find(actor=self.actor, task_id=task_ids[0], lock=True)
            return {task.pk: task} if task else {}
        tasks = (tasks_visible(self.actor) if among is None else among).select_related("flow", "hub").order_by("pk")
        locking = tasks.select_for_update(of=("self",))
        found = {
            task.pk: task
            for start in range(0, len(task_ids), _LOCKED_AT_ONCE)
            for task in locking.filter(pk__in=task_ids[start : start + _LOCKED_AT_ONCE])
        }
        for task in found.values():
            task.organization = self.actor.organization
        return found


def _chunked(queryset: models.QuerySet, lookup: str, ids: list[str]) -> None:
    # Nothing else hangs on these rows, and `delete()` would fetch them all to find that out.
    for start in range(0, len(ids), _LOCKED_AT_ONCE):
        chunk = queryset.filter(**{lookup: ids[start : start + _LOCKED_AT_ONCE]})
        chunk._raw_delete(chunk.db)
