"""Importing a plan into a project: preview and load, which share every decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core import journal
from core.actor import Actor
from core.api.errors import Invalid
from gantt.dates import whole_days
from gantt.fields import wall_text
from gantt.models import Assignment, Link, Project, Resource, Task
from gantt.ordering import GAP
from gantt.services.bulk import tasks_write
from gantt.services.copies import branch_insert
from gantt.services.projects import writing
from gantt.services.rollup import summaries_roll_up

from .merge import Changes, compare, is_new, merge
from .plan import TASK_FIELDS, Plan, PlanCalendar, PlanError, PlanTask
from .selectors import project_plan

BATCH = 500
RIGHTS = {
    "added": "gantt.add_task",
    "changed": "gantt.change_task",
    "reordered": "gantt.change_task",
    "removed": "gantt.delete_task",
    "links_added": "gantt.add_link",
    "links_changed": "gantt.change_link",
    "links_removed": "gantt.delete_link",
    "resources_added": "gantt.add_resource",
    "assignments_added": "gantt.add_assignment",
    "assignments_changed": "gantt.change_assignment",
    "assignments_removed": "gantt.delete_assignment",
    "settings": "gantt.change_project",
}


def plan_preview(*, project: Project, plan: Plan, replace_all: bool = False) -> Changes:
    """What `plan_load` would change; nothing is written. Raises Invalid naming the place in the file."""
    return _changes(project, plan, replace_all)[1]


def plan_load(*, actor: Actor, project: Project, plan: Plan, replace_all: bool = False) -> Changes:
    """
    Bring a project to what a file says, in one transaction with one journal entry per task.

    replace_all: tasks, links and assignments that the file does not hold are removed. Raises Forbidden, NotFound,
    and Invalid naming the place in the file.
    """
    with writing(actor, project, "gantt.view_task"):
        after, changes = _changes(project, plan, replace_all)
        for name, permission in RIGHTS.items():
            if getattr(changes, name):
                actor.require(permission)
        _Loading(actor, project, after, changes).run()
    return changes


def _changes(project: Project, plan: Plan, replace_all: bool) -> tuple[Plan, Changes]:
    before = project_plan(project)
    try:
        after = merge(before, plan, replace_all=replace_all)
    except PlanError as error:
        raise Invalid(str(error), field="file") from None
    return after, compare(before, after)


@dataclass
class _Loading:
    """One import at work; `ids` and `resource_ids` lead from the plan's keys to rows."""

    actor: Actor
    project: Project
    after: Plan
    changes: Changes
    ids: dict[str, int] = field(default_factory=dict)
    resource_ids: dict[str, int] = field(default_factory=dict)

    def run(self) -> None:
        if not self.changes:
            return
        self.ids = {task.key: int(task.key) for task in self.after.tasks if not is_new(task.key)}
        positions = self.new_positions()
        self.add_tasks(positions)
        self.change_tasks()
        self.place_tasks(positions)
        self.remove_links()
        self.remove_tasks()
        self.add_links()
        self.change_links()
        self.add_resources()
        self.add_assignments()
        self.change_assignments()
        self.write_settings()
        summaries_roll_up(self.project)
        self.record("import", [(self.project, self.counts(), None)])

    def record(self, verb: str, items: Iterable[tuple[Any, dict | None, Any]]) -> None:
        journal.record_many(actor=self.actor, verb=verb, items=items)

    def counts(self) -> dict[str, list[Any]]:
        sizes = {name: len(getattr(self.changes, name)) for name in RIGHTS if name not in ("reordered", "settings")}
        return {name: [None, size] for name, size in sizes.items() if size}

    def new_positions(self) -> dict[str, int]:
        """By key, for the rows that do not stand in the plan's order already."""
        stored = {str(key): place for key, place in self.tasks().values_list("pk", "position")}
        moved = {task.key for task, fields in self.changes.changed if "parent" in fields}
        last: dict[str | None, int] = defaultdict(lambda: -GAP)
        positions = {}
        for task in self.after.tasks:
            position = None if task.key in moved else stored.get(task.key)
            if position is None or position <= last[task.parent]:
                positions[task.key] = position = last[task.parent] + GAP
            last[task.parent] = position
        return positions

    def tasks(self) -> QuerySet[Task]:
        return Task.objects.filter(project=self.project).visible()

    def add_tasks(self, positions: dict[str, int]) -> None:
        index = {task.key: nth for nth, task in enumerate(self.changes.added)}
        rows = []
        for planned in self.changes.added:
            task = Task(organization=self.actor.organization, project=self.project, position=positions[planned.key])
            _put(task, planned)
            if planned.parent in self.ids:
                task.parent_id = self.ids[planned.parent]
            rows.append((task, index.get(planned.parent or "")))
        branch_insert(rows)
        self.ids |= {planned.key: task.pk for planned, (task, _) in zip(self.changes.added, rows, strict=True)}
        self.record("create", [(task, journal.diff({}, _json(_values(task))), None) for task, _ in rows])

    def change_tasks(self) -> None:
        planned = {int(task.key): (task, changes) for task, changes in self.changes.changed}
        tasks = [task for task in self.tasks() if task.pk in planned] if planned else []
        for task in tasks:
            _put(task, planned[task.pk][0])
            parent = planned[task.pk][0].parent
            task.parent_id = None if parent is None else self.ids[parent]
        tasks_write(tasks, [*TASK_FIELDS, "duration", "updated_at"])
        self.record("update", [(task, _json(planned[task.pk][1]), None) for task in tasks])

    def remove_tasks(self) -> None:
        gone = {int(task.key): task for task in self.changes.removed}
        tasks = [Task(pk=key, text=task.text) for key, task in gone.items()]
        self.record("delete", [(task, None, _json(_plan_values(gone[task.pk]))) for task in tasks])
        # What is left below them is going too, or is a half-finished copy, which is swept later.
        for keys in _chunks(list(gone)):
            Task.objects.filter(parent__in=keys).update(parent=None)
        for keys in _chunks(list(gone)):
            Task.objects.filter(pk__in=keys).delete()

    def place_tasks(self, positions: dict[str, int]) -> None:
        moved = [Task(pk=int(key), position=place) for key, place in positions.items() if not is_new(key)]
        tasks_write(moved, ["position"])

    def remove_links(self) -> None:
        gone = {(int(link.source), int(link.target), link.type) for link in self.changes.links_removed}
        links = [link for link in self.links() if (link.source_id, link.target_id, link.type) in gone]
        self.record("delete", [(link, None, _link_values(link)) for link in links])
        for keys in _chunks([link.pk for link in links]):
            Link.objects.filter(pk__in=keys).delete()

    def links(self) -> list[Link]:
        return list(Link.objects.filter(project=self.project, source__isnull=False))

    def add_links(self) -> None:
        links = [
            Link(
                organization=self.actor.organization,
                project=self.project,
                source_id=self.ids[link.source],
                target_id=self.ids[link.target],
                type=link.type,
                lag=link.lag,
            )
            for link in self.changes.links_added
        ]
        Link.objects.bulk_create(links, batch_size=BATCH)
        self.record("create", [(link, journal.diff({}, _link_values(link)), None) for link in links])

    def change_links(self) -> None:
        lags = {(int(link.source), int(link.target), link.type): link.lag for link, _ in self.changes.links_changed}
        changed = [link for link in self.links() if (link.source_id, link.target_id, link.type) in lags]
        items = []
        for link in changed:
            lag = lags[link.source_id, link.target_id, link.type]  # type: ignore[index]
            items.append((link, {"lag": [link.lag, lag]}, None))
            link.lag = lag
        Link.objects.bulk_update(changed, ["lag"], batch_size=BATCH)
        self.record("update", items)

    def add_resources(self) -> None:
        self.resource_ids = {each.key: int(each.key) for each in self.after.resources if not is_new(each.key)}
        new = self.changes.resources_added
        rows = [
            Resource(
                organization=self.actor.organization, project=self.project, name=each.name, role=each.role, **each.extra
            )
            for each in new
        ]
        Resource.objects.bulk_create(rows, batch_size=BATCH)
        self.resource_ids |= {each.key: row.pk for each, row in zip(new, rows, strict=True)}
        grouped = []
        for each, row in zip(new, rows, strict=True):
            if each.parent is not None:
                row.parent_id = self.resource_ids[each.parent]
                grouped.append(row)
        Resource.objects.bulk_update(grouped, ["parent"], batch_size=BATCH)
        self.record("create", [(row, {"name": [None, row.name]}, None) for row in rows])

    def add_assignments(self) -> None:
        rows = [
            Assignment(
                organization=self.actor.organization,
                project=self.project,
                task_id=self.ids[each.task],
                resource_id=self.resource_ids[each.resource],
                units=each.units,
            )
            for each in self.changes.assignments_added
        ]
        Assignment.objects.bulk_create(rows, batch_size=BATCH)
        self.record("create", [(row, {"units": [None, row.units]}, None) for row in rows])

    def change_assignments(self) -> None:
        """New units, and rows that go away; those of removed tasks went with them."""
        stored = {
            (str(row.task_id), str(row.resource_id)): row for row in Assignment.objects.filter(project=self.project)
        }
        changed = [(stored[each.task, each.resource], each.units) for each in self.changes.assignments_changed]
        self.record("update", [(row, {"units": [row.units, units]}, None) for row, units in changed])
        for row, units in changed:
            row.units = units
        Assignment.objects.bulk_update([row for row, _ in changed], ["units"], batch_size=BATCH)
        pairs = [(each.task, each.resource) for each in self.changes.assignments_removed]
        gone = [stored[pair] for pair in pairs if pair in stored]
        self.record("delete", [(row, None, {"units": row.units}) for row in gone])
        for keys in _chunks([row.pk for row in gone]):
            Assignment.objects.filter(pk__in=keys).delete()

    def write_settings(self) -> None:
        if not self.changes.settings:
            return
        values: dict[str, Any] = {"updated_at": timezone.now(), "start": self.after.start}
        if self.after.calendar:
            values |= calendar_values(self.after.calendar)
        Project.objects.filter(pk=self.project.pk).update(**values)
        self.record("update", [(self.project, settings_json(self.changes), None)])


def calendar_values(calendar: PlanCalendar) -> dict[str, Any]:
    """The fields of a project that hold its calendar."""
    names = ("working_days", "working_hours", "holidays")
    return {name: getattr(calendar, name) for name in names}


def settings_json(changes: Changes) -> dict[str, list[Any]]:
    """Changed settings of the project as {name: [old, new]}, the calendar by its parts."""
    values = {name: pair for name, pair in changes.settings.items() if name != "calendar"}
    if "calendar" in changes.settings:
        old, new = (calendar_values(each) if each else {} for each in changes.settings["calendar"])
        values |= journal.diff(old, new)
    return _json(values)


def _put(task: Task, planned: PlanTask) -> None:
    for name in ("text", "type", "start", "end", "progress", "details", "open", "extra"):
        setattr(task, name, getattr(planned, name))
    task.duration = whole_days(task.start, task.end)
    task.updated_at = timezone.now()


def _values(task: Task) -> dict[str, Any]:
    names = ("text", "type", "start", "end", "progress", "details", "open", "extra")
    return {**{name: getattr(task, name) for name in names}, "parent": task.parent_id}


def _plan_values(task: PlanTask) -> dict[str, Any]:
    names = ("parent", "text", "type", "start", "end", "progress", "details", "open", "extra")
    return {name: getattr(task, name) for name in names}


def _link_values(link: Link) -> dict[str, Any]:
    return {"source": link.source_id, "target": link.target_id, "type": link.type, "lag": link.lag}


def _json(values: dict[str, Any]) -> dict[str, Any]:
    """Values or [old, new] pairs with dates as text."""

    def plain(value: Any) -> Any:
        if hasattr(value, "hour"):
            return wall_text(value)
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return [plain(each) for each in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in values.items()}


def _chunks(keys: list[int]) -> Iterable[list[int]]:
    return (keys[nth : nth + BATCH] for nth in range(0, len(keys), BATCH))
