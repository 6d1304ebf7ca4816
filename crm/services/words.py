"""Writes of the words that the search finds tasks by, see `TaskWord`."""

from collections.abc import Iterable

from core.statements import cursor
from crm.models import Task
from crm.text import words

_ADD = "INSERT INTO crm_taskword (organization_id, word, task_id) VALUES {} ON CONFLICT DO NOTHING"
_REMOVE = "DELETE FROM crm_taskword WHERE organization_id = %s AND task_id = %s AND word IN ({})"
# A description may have thousands of words, a statement not.
_AT_ONCE = 500


def words_add(tasks: Iterable[Task]) -> None:
    """The words of new tasks, inside the caller's transaction."""
    _add([(task.organization_id, word, task.pk) for task in tasks for word in words(task.title, task.description)])


def words_change(task: Task, before: tuple[str | None, str | None]) -> None:
    """The words of a task whose title and description were `before`; nothing where they are the same."""
    old, new = words(*before), words(task.title, task.description)
    gone = list(old - new)
    for start in range(0, len(gone), _AT_ONCE):
        part = gone[start : start + _AT_ONCE]
        with cursor() as rows:
            rows.execute(_REMOVE.format(", ".join(["%s"] * len(part))), [task.organization_id, task.pk, *part])
    _add([(task.organization_id, word, task.pk) for word in new - old])


def _add(found: list[tuple[int, str, int]]) -> None:
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        with cursor() as rows:
            rows.execute(_ADD.format(", ".join(["(%s, %s, %s)"] * len(part))), [value for row in part for value in row])
