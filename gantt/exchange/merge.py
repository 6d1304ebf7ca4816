"""What a file makes of a project: the plan after the import, and how it differs from the one before.

Both are pure functions over plans, so that the preview and the import cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from .checks import checked
from .plan import TASK_FIELDS, Plan, PlanAssignment, PlanLink, PlanResource, PlanTask

NEW = "+"


@dataclass(slots=True)
class Changes:
    """Tasks and links to add, change and remove; changed ones with {field: [old, new]}."""

    added: list[PlanTask] = field(default_factory=list)
    changed: list[tuple[PlanTask, dict[str, list[Any]]]] = field(default_factory=list)
    removed: list[PlanTask] = field(default_factory=list)
    links_added: list[PlanLink] = field(default_factory=list)
    links_changed: list[tuple[PlanLink, dict[str, list[Any]]]] = field(default_factory=list)
    links_removed: list[PlanLink] = field(default_factory=list)
    resources_added: list[PlanResource] = field(default_factory=list)
    assignments_added: list[PlanAssignment] = field(default_factory=list)
    assignments_changed: list[PlanAssignment] = field(default_factory=list)
    assignments_removed: list[PlanAssignment] = field(default_factory=list)
    settings: dict[str, list[Any]] = field(default_factory=dict)
    reordered: bool = False

    @property
    def size(self) -> int:
        """How many rows are written."""
        return sum(len(getattr(self, name)) for name in self.__slots__ if name != "reordered")

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def is_new(key: str) -> bool:
    return key.startswith(NEW)


def merge(existing: Plan, file: Plan, *, replace_all: bool) -> Plan:
    """The plan after the import; keys are ids, or begin with + for rows to be made. Raises PlanError.

    Without `replace_all` the file only adds and changes; with it, what the file does not hold goes away.
    """
    keys = _task_keys(existing, file)
    resource_keys = _resource_keys(existing, file)
    after = replace(existing, notes=file.notes)
    tasks = _tasks(existing, file, keys)
    after.tasks = _in_order(existing, tasks, replace_all)
    links = [replace(link, source=keys[link.source], target=keys[link.target]) for link in file.links]
    after.links = _joined(existing.links, links, _link_key, replace_all and "links" in file.fields)
    resources = [_resource(each, resource_keys) for each in file.resources]
    after.resources = _joined(
        existing.resources, [each for each in resources if is_new(each.key)], _resource_key, False
    )
    assignments = [
        replace(each, task=keys[each.task], resource=resource_keys[each.resource]) for each in file.assignments
    ]
    removing = replace_all and "assignments" in file.fields
    after.assignments = _joined(existing.assignments, assignments, _assignment_key, removing)
    _drop_loose_ends(after)
    if replace_all or not existing.tasks:
        after.start = file.start or existing.start
        after.calendar = file.calendar or existing.calendar
    return checked(after)


def compare(before: Plan, after: Plan) -> Changes:
    """What leads from one plan of a project to the other."""
    old = {task.key: task for task in before.tasks}
    new = {task.key: task for task in after.tasks}
    changes = Changes(
        added=[task for task in after.tasks if task.key not in old],
        removed=[task for task in before.tasks if task.key not in new],
        resources_added=[each for each in after.resources if is_new(each.key)],
        reordered=_sibling_order(before, new) != _sibling_order(after, old),
    )
    for task in after.tasks:
        if task.key in old and (differences := _differences(old[task.key], task)):
            changes.changed.append((task, differences))
    _compare_links(before, after, changes)
    _compare_assignments(before, after, changes)
    for name in ("start", "calendar"):
        if getattr(before, name) != getattr(after, name):
            changes.settings[name] = [getattr(before, name), getattr(after, name)]
    return changes


def _task_keys(existing: Plan, file: Plan) -> dict[str, str]:
    """A task of the file is one of the project when the file says so and does not come from another project."""
    ids = {task.key for task in existing.tasks} if file.origin in ("", existing.origin) else set()
    return {task.key: task.key if task.known and task.key in ids else NEW + task.key for task in file.tasks}


def _resource_keys(existing: Plan, file: Plan) -> dict[str, str]:
    """Resources are the same when they have the same name; of several with one name each is taken once."""
    free = defaultdict(list)
    for each in reversed(existing.resources):
        free[each.name].append(each.key)
    return {each.key: free[each.name].pop() if free[each.name] else NEW + each.key for each in file.resources}


def _resource(each: PlanResource, keys: dict[str, str]) -> PlanResource:
    return replace(each, key=keys[each.key], parent=None if each.parent is None else keys[each.parent])


def _tasks(existing: Plan, file: Plan, keys: dict[str, str]) -> list[PlanTask]:
    """The file's tasks under their keys in the project, with the project's values where the file says nothing."""
    old = {task.key: task for task in existing.tasks}
    silent = [name for name in TASK_FIELDS if name not in file.fields]
    tasks = []
    for task in file.tasks:
        key = keys[task.key]
        parent = None if task.parent is None else keys[task.parent]
        kept = {name: getattr(old[key], name) for name in silent} if key in old else {}
        tasks.append(replace(task, **{"key": key, "parent": parent, **kept}))
    return tasks


def _in_order(existing: Plan, tasks: list[PlanTask], replace_all: bool) -> list[PlanTask]:
    """The file's rows in the file's order; each row that is not in the file stays behind its neighbour above."""
    if replace_all:
        return tasks
    listed = {task.key: task for task in tasks}
    followers: dict[tuple[str | None, str | None], list[PlanTask]] = defaultdict(list)
    neighbour: dict[str | None, str | None] = {}
    for row in existing.tasks:
        if row.key not in listed:
            followers[row.parent, neighbour.get(row.parent)].append(row)
        elif listed[row.key].parent == row.parent:
            neighbour[row.parent] = row.key
    parents = dict.fromkeys(row.parent for row in [*tasks, *existing.tasks])
    ordered = [row for parent in parents for row in followers[parent, None]]
    for task in tasks:
        ordered += [task, *followers[task.parent, task.key]]
    return ordered


def _joined(old: list[Any], new: list[Any], key: Any, removing: bool) -> list[Any]:
    if removing:
        return new
    return list({**{key(each): each for each in old}, **{key(each): each for each in new}}.values())


def _drop_loose_ends(plan: Plan) -> None:
    """Links and assignments of tasks that go away go with them."""
    keys = {task.key for task in plan.tasks}
    plan.links = [link for link in plan.links if {link.source, link.target} <= keys]
    plan.assignments = [each for each in plan.assignments if each.task in keys]


def _link_key(link: PlanLink) -> tuple[str, str, str]:
    return link.source, link.target, link.type


def _resource_key(each: PlanResource) -> str:
    return each.key


def _assignment_key(each: PlanAssignment) -> tuple[str, str]:
    return each.task, each.resource


def _differences(old: PlanTask, new: PlanTask) -> dict[str, list[Any]]:
    pairs = {name: [getattr(old, name), getattr(new, name)] for name in TASK_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _sibling_order(plan: Plan, others: dict[str, PlanTask]) -> dict[str | None, list[str]]:
    """The children of every parent in order, without rows that only one of the plans holds there."""
    order = defaultdict(list)
    for task in plan.tasks:
        if task.key in others and others[task.key].parent == task.parent:
            order[task.parent].append(task.key)
    return order


def _compare_links(before: Plan, after: Plan, changes: Changes) -> None:
    old = {_link_key(link): link for link in before.links}
    new = {_link_key(link): link for link in after.links}
    for key, link in new.items():
        if key not in old:
            changes.links_added.append(link)
        elif old[key].lag != link.lag:
            changes.links_changed.append((link, {"lag": [old[key].lag, link.lag]}))
    changes.links_removed = [link for key, link in old.items() if key not in new]


def _compare_assignments(before: Plan, after: Plan, changes: Changes) -> None:
    old = {_assignment_key(each): each for each in before.assignments}
    new = {_assignment_key(each): each for each in after.assignments}
    changes.assignments_added = [each for key, each in new.items() if key not in old]
    changes.assignments_changed = [each for key, each in new.items() if key in old and old[key].units != each.units]
    changes.assignments_removed = [each for key, each in old.items() if key not in new]
