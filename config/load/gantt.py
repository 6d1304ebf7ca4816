"""Projects of the Gantt context, of a hundred thousand tasks at most each."""

from collections.abc import Iterator
from typing import Any

from config.load.rows import counters_catch_up, numbers_free, rows_insert
from core.actor import Actor
from gantt.models import Project, Task
from gantt.ordering import GAP
from gantt.services import project_create

LARGEST = 100_000
SIBLINGS = 10_000
BRANCH = 1_000
COLUMNS = ("id", "parent_id", "position", "text", "type", "start", "end", "duration", "progress")


def load(*, actor: Actor, count: int) -> int:
    """Projects named "Load 1", "Load 2", … with `count` tasks in all; the number of tasks."""
    made = 0
    while made < count:
        made += project_load(actor=actor, count=min(LARGEST, count - made))[1]
    return made


def project_load(*, actor: Actor, count: int) -> tuple[Project, int]:
    """One project of `count` tasks and their number.

    Its first row has the rows below it as siblings: a tenth of all, 10,000 at most. Then come branches of 1,000 rows,
    each with ten phases.
    """
    number = Project.objects.of(actor.organization).count() + 1
    project = project_create(actor=actor, name=f"Load {number}", slug=f"load-{number}")
    template = Task(organization=actor.organization, project=project)
    made = rows_insert(template, COLUMNS, _rows(numbers_free(Task), count))
    counters_catch_up(Task)
    return project, made


def _rows(first: int, count: int) -> Iterator[tuple[Any, ...]]:
    end = first + count
    siblings = min(SIBLINGS, count // 10)
    yield _row(first, None, 0, "summary")
    for place in range(1, min(siblings + 1, count)):
        yield _row(first + place, first, place, "task")
    branch = first + siblings + 1
    for top in range(branch, end, BRANCH + 1):
        yield _row(top, None, top, "summary")
        for number in range(top + 1, min(top + BRANCH + 1, end)):
            # A phase every hundred rows, the other rows below it.
            place = (number - top - 1) % 100
            phase = place == 0
            yield _row(number, top if phase else number - place, number, "summary" if phase else "task")


def _row(number: int, parent: int | None, place: int, kind: str) -> tuple[Any, ...]:
    day, days = 1 + number % 28, 1 + number % 5
    start = f"2026-{1 + number % 11:02}-{day:02} 00:00:00"
    last = f"2026-{1 + number % 11 + (day + days > 28):02}-{(day + days - 1) % 28 + 1:02} 00:00:00"
    return number, parent, place * GAP, f"Task {number}", kind, start, last, days, float(number % 101)
