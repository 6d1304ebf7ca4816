"""Writes of the words that the search finds tasks by, see `TaskWord`."""

from collections.abc import Iterable

from core.statements import cursor
from crm.models import Task
from crm.text import words

_ADD = "INSERT INTO crm_taskword (organization_id, word, task_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_REMOVE = "DELETE FROM crm_taskword WHERE organization_id = %s AND word = %s AND task_id = %s"


def words_add(tasks: Iterable[Task]) -> None:
    """The words of new tasks, inside the caller's transaction."""
    _each(_ADD, [(task, word) for task in tasks for word in words(task.title, task.description)])


def words_change(task: Task, before: tuple[str | None, str | None]) -> None:
    """The words of a task whose title and description were `before`; nothing where they are the same."""
    old, new = words(*before), words(task.title, task.description)
    _each(_REMOVE, [(task, word) for word in old - new])
    _each(_ADD, [(task, word) for word in new - old])


def _each(statement: str, found: list[tuple[Task, str]]) -> None:
    if found:
        with cursor() as rows:
            rows.executemany(statement, [(task.organization_id, word, task.pk) for task, word in found])
