"""Writes of tasks."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core import journal
from core.actor import Actor
from core.api.errors import Forbidden, Invalid, NotFound
from core.jobs import job_enqueue
from core.statements import Given, Prepared, row_insert, row_update, rows_insert
from crm.counts import Key, category_counted, counts_add, key_of
from crm.models import Contact, Task, TaskCategory
from crm.models.fields import EARLIEST, LATEST
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.related import Person, Related, related_counted, related_load
from crm.selectors.rights import task_editable, task_visible
from crm.services.states import state_of
from crm.services.words import words_add, words_change
from crm.text import sort_key, text_checked

LONGEST_DESCRIPTION = 65_535
NO_CATEGORY = "Category is not found"
AT_ONCE = 500
COLUMNS = tuple(field.attname for field in Task._meta.concrete_fields)


@dataclass(frozen=True)
class TaskData:
    """All that a caller says about a task: a whole replacement, never a patch.

    alert_value: minutes before the deadline at which the responsible is reminded; 0 never, negative after it.
    contact_id, entity_id, responsible_id: taken as they are, whether such a record exists or not.
    notify: tell the responsible by mail.
    """

    title: str | None
    deadline: datetime | None
    category_id: int
    description: str | None = None
    responsible_id: UUID = NOBODY
    contact_id: int = 0
    entity_type: EntityType | None = None
    entity_id: int = 0
    alert_value: int = 0
    notify: bool = False


@contextmanager
def _written() -> Iterator[None]:
    """A transaction; a category that somebody deletes at the same time is found missing by the database."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise NotFound(NO_CATEGORY) from error


def task_create(*, actor: Actor, data: TaskData, pk: int | None = None) -> tuple[Task, Related]:
    """A new open task of the actor, with everything that it refers to.

    Invalid without title, deadline or category; NotFound for an unknown category. The responsible is notified if asked.
    pk: a free id that the task has to have; the next one by default.
    """
    actor.require("crm.add_task")
    with _written():
        return _create(actor, data, _category_checked(actor, data), pk)


def task_put(*, actor: Actor, task_id: int, data: TaskData) -> tuple[Task, Related]:
    """Replace the task, or create a new one (with a new id) where there is none with this id."""
    with _written():
        category = _category_checked(actor, data)
        task = _locked(actor, task_id)
        if task is not None:
            return _update(actor, task, data, category)
        actor.require("crm.add_task")
        return _create(actor, data, category)


def task_update(*, actor: Actor, task_id: int, data: TaskData) -> tuple[Task, Related]:
    """Replace the task; NotFound where there is none, Forbidden where the actor may not edit it."""
    with _written():
        category = _category_checked(actor, data)
        return _update(actor, _found(actor, task_id), data, category)


def task_create_many(*, actor: Actor, data: TaskData, contact_ids: Iterable[int]) -> tuple[list[Task], Related]:
    """One task for each contact, all or none; nothing is checked when there is no contact."""
    actor.require("crm.add_task")
    contact_ids = list(contact_ids)
    if not contact_ids:
        return [], Related()
    _texts_check(data)
    with _written():
        category = _category_of(actor, data)
        tasks = [_filled(Task(), replace(data, contact_id=contact_id), category) for contact_id in contact_ids]
        related = related_load(actor, tasks, category=category)
        for task in tasks:
            _owned(task, actor)
            _keyed(task, related)
        rows_insert(tasks)
        words_add(tasks)
        journal.record_many(actor=actor, verb="create", items=[(task, _created(task), None) for task in tasks])
        if data.notify:
            for task in tasks:
                _notice(task, related)
        counts_add(actor.organization, Counter(key_of(task) for task in tasks))
        return tasks, related


def task_close(*, actor: Actor, task_id: int) -> tuple[Task, Related]:
    """Close the task; closing a closed one changes nothing."""
    return _set_closed(actor, task_id, closed=True)


def task_reopen(*, actor: Actor, task_id: int) -> tuple[Task, Related]:
    """Open the task again; nothing else changes, a reminder that was fired stays so."""
    return _set_closed(actor, task_id, closed=False)


@transaction.atomic
def task_delete(*, actor: Actor, task_id: int) -> tuple[Task, Related]:
    """Delete the task and return it as it was."""
    task = _found(actor, task_id)
    actor.require("crm.delete_task")
    _edit_check(actor, task)
    Task.objects.filter(pk=task.pk).delete()
    journal.record(actor=actor, verb="delete", obj=task, snapshot=state_of(task))
    counts_add(actor.organization, {key_of(task): -1})
    return task, related_counted(actor, task)


def tasks_delete(*, actor: Actor, tasks: QuerySet[Task]) -> None:
    """Delete tasks together with the record that they belong to, last in the caller's transaction."""
    gone = list(tasks.select_for_update(of=("self",)))
    journal.record_many(actor=actor, verb="delete", items=[(task, None, state_of(task)) for task in gone])
    for start in range(0, len(gone), AT_ONCE):
        # These and no others: a task that somebody adds meanwhile would be missing from journal and counters.
        Task.objects.filter(pk__in=[task.pk for task in gone[start : start + AT_ONCE]]).delete()
    changes: Counter[Key] = Counter()
    changes.subtract(key_of(task) for task in gone)
    counts_add(actor.organization, changes)


@transaction.atomic
def task_stamp(
    *, actor: Actor, task_id: int, created_at: datetime | None = None, updated_at: datetime | None = None
) -> Task:
    """Set when the task was created or last modified; NotFound also when the actor may not see it."""
    task = _found(actor, task_id)
    if not task_visible(actor, task):
        raise NotFound
    actor.require("crm.change_task")
    before = state_of(task)
    task.created_at = created_at or task.created_at
    task.updated_at = updated_at or task.updated_at
    task.save(update_fields=["created_at", "updated_at"])
    journal.record(actor=actor, verb="update", obj=task, changes=journal.diff(before, state_of(task)))
    return task


def tasks_contact_renamed(*, contact: Contact) -> None:
    """Keep lists that are sorted by contact in order, inside the caller's transaction."""
    Task.objects.of(contact.organization_id).filter(contact_id=contact.pk).update(contact_key=contact.name_key)


def tasks_responsible_renamed(*, user: User) -> None:
    """Keep lists that are sorted by responsible in order after a user has been renamed."""
    key = person_key(user)
    tasks = Task.objects.of(user.organization_id).filter(responsible_id=user.guid)
    tasks.exclude(responsible_key=key).update(responsible_key=key)


def person_key(user: User | Person) -> str:
    """Last name, then first name; the display name where neither is known."""
    return sort_key(f"{user.last_name} {user.first_name}") or sort_key(user.name)


def _category_checked(actor: Actor, data: TaskData) -> TaskCategory:
    """The category, after the vendor's checks in its order: category given, known, then title and deadline."""
    category = _category_of(actor, data)
    _texts_check(data)
    return category


def _category_of(actor: Actor, data: TaskData) -> TaskCategory:
    if data.category_id <= 0:
        raise Invalid("Choose a category.", field="category")
    category = category_counted(actor.organization, data.category_id)
    if category is None:
        raise NotFound(NO_CATEGORY)
    return category


def _texts_check(data: TaskData) -> None:
    if not data.title:
        raise Invalid("Enter a title.", field="title")
    if data.deadline is None:
        raise Invalid("Enter a deadline.", field="deadline")
    if not EARLIEST <= data.deadline <= LATEST:
        raise Invalid("The deadline is out of reach.", field="deadline")
    text_checked(data.title, field="title", longest=255)
    text_checked(data.description or "", field="description", longest=LONGEST_DESCRIPTION)


def _create(actor: Actor, data: TaskData, category: TaskCategory, pk: int | None = None) -> tuple[Task, Related]:
    task = _owned(_filled(Task(pk=pk), data, category), actor)
    related = related_load(actor, [task], category=category)
    _keyed(task, related)
    row_insert(task)
    words_add([task])
    journal.record(actor=actor, verb="create", obj=task, changes=_created(task))
    if data.notify:
        _notice(task, related)
    counts_add(actor.organization, {key_of(task): 1})
    related.category_tasks[category.pk] = category.tasks_count + 1
    return task, related


def _update(actor: Actor, task: Task, data: TaskData, category: TaskCategory) -> tuple[Task, Related]:
    _edit_check(actor, task)
    before, columns, texts = state_of(task), dict(vars(task)), (task.title, task.description)
    counted = key_of(task)
    _filled(task, data, category)
    task.updated_by, task.updated_at = actor.user, timezone.now()
    related = related_load(actor, [task], category=category)
    _keyed(task, related)
    # By a clock that has not moved since the last write nothing at all may be new.
    if changed := [name for name in COLUMNS if getattr(task, name) != columns[name]]:
        row_update(task, changed)
    words_change(task, texts)
    journal.record(actor=actor, verb="update", obj=task, changes=journal.diff(before, state_of(task)))
    if data.notify:
        _notice(task, related)
    moved = Counter([key_of(task)])
    moved.subtract([counted])
    counts_add(actor.organization, moved)
    related.category_tasks[category.pk] = category.tasks_count + moved[key_of(task)]
    return task, related


@transaction.atomic
def _set_closed(actor: Actor, task_id: int, *, closed: bool) -> tuple[Task, Related]:
    task = _found(actor, task_id)
    _edit_check(actor, task)
    task.is_closed = closed
    if row_update(task, ["is_closed"], is_closed=not closed):
        verb = "close" if closed else "reopen"
        journal.record(actor=actor, verb=verb, obj=task, changes={"is_closed": [not closed, closed]})
        counts_add(actor.organization, {(task.category_id, not closed): -1, (task.category_id, closed): 1})
    return task, related_counted(actor, task)


def _locked(actor: Actor, task_id: int) -> Task | None:
    return _LOCKED.first(organization=actor.organization.pk, task=task_id)


def _found(actor: Actor, task_id: int) -> Task:
    task = _locked(actor, task_id)
    if task is None:
        raise NotFound
    return task


def _edit_check(actor: Actor, task: Task) -> None:
    if not task_editable(actor, task):
        raise Forbidden


def _filled(task: Task, data: TaskData, category: TaskCategory) -> Task:
    task.title, task.description, task.deadline = data.title or "", data.description, data.deadline  # type: ignore[assignment]
    task.category, task.responsible_id = category, data.responsible_id
    task.contact_id = max(data.contact_id, 0)
    # Half of a reference is none.
    whole = data.entity_type is not None and data.entity_id > 0
    task.entity_type, task.entity_id = (data.entity_type, data.entity_id) if whole else (None, 0)
    task.alert_value = data.alert_value
    task.remind_at = _remind_at(task.deadline, data.alert_value)
    return task


def _remind_at(deadline: datetime, alert_value: int) -> datetime | None:
    if not alert_value:
        return None
    try:
        return (deadline - timedelta(minutes=alert_value)).replace(microsecond=0)
    except OverflowError:
        return None


def _owned(task: Task, actor: Actor) -> Task:
    task.organization = actor.organization
    task.created_by = task.updated_by = actor.user
    return task


def _keyed(task: Task, related: Related) -> None:
    """Fill the columns that lists are sorted by."""
    contact, responsible = related.contacts.get(task.contact_id), related.users.get(task.responsible_id)
    task.title_key = sort_key(task.title)
    task.contact_key = contact.name_key if contact else ""
    task.responsible_key = person_key(responsible) if responsible else ""


def _created(task: Task) -> dict[str, list[Any]]:
    return journal.diff({}, state_of(task))


def _notice(task: Task, related: Related) -> None:
    """Queue the mail to the responsible; an unknown one gets nothing."""
    if task.responsible_id in related.users:
        payload = {"task": task.pk, "responsible": str(task.responsible_id), "mail": uuid4().hex}
        job_enqueue("crm.task_notice", organization=task.organization, payload=payload)


_LOCKED = Prepared(
    lambda: Task.objects.of(Given("organization")).filter(pk=Given("task")).order_by().select_for_update(of=("self",))
)
