"""
Questions about the tree that the database answers by itself, however deep it is.

The statements are the SQL that SQLite and PostgreSQL share. UNION, not UNION ALL: it drops rows
that were met before, so that no query can run for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from core.statements import Given
from gantt.ordering import GAP

# Pairs of a statement: two parameters each, far below any database's limit.
PAIRS = 2000

BRANCH = """
WITH RECURSIVE branch(id) AS (
    SELECT id FROM gantt_task WHERE id = %s
    UNION
    SELECT child.id FROM gantt_task child JOIN branch ON child.parent_id = branch.id
)
SELECT id FROM branch
"""

ANCESTORS = """
WITH RECURSIVE chain(id, parent_id) AS (
    SELECT id, parent_id FROM gantt_task WHERE id IN ({marks})
    UNION
    SELECT task.id, task.parent_id FROM gantt_task task JOIN chain ON task.id = chain.parent_id
)
SELECT id, parent_id FROM chain
"""

# Down to closed rows: what a chart that loads branches on opening gets to see.
SHOWN = """
WITH RECURSIVE shown(id, open) AS (
    SELECT id, open FROM gantt_task WHERE project_id = %s AND {top} AND NOT hidden
    UNION
    SELECT child.id, child.open FROM gantt_task child JOIN shown ON child.parent_id = shown.id WHERE shown.open
)
SELECT id FROM shown
"""

REACHED = """
WITH RECURSIVE reached(id) AS (
    SELECT target_id FROM gantt_link WHERE source_id = %s AND id <> %s
    UNION
    SELECT link.target_id FROM gantt_link link JOIN reached ON link.source_id = reached.id WHERE link.id <> %s
)
SELECT 1 FROM reached WHERE id = %s
"""

RENUMBER = """
UPDATE gantt_task SET position = ranked.place
FROM (
    SELECT id AS row_id, ROW_NUMBER() OVER (ORDER BY position, id) * {gap} AS place
    FROM gantt_task WHERE project_id = %s AND {siblings}
) AS ranked
WHERE gantt_task.id = ranked.row_id
"""

# Each copy comes under its original at first: that tells whose copy it is. In order, because siblings at one position
# are told apart by id.
COPY = """
INSERT INTO gantt_task (organization_id, project_id, parent_id, position, hidden, created_at, updated_at, {columns})
SELECT organization_id, project_id, id, position, %s, %s, %s, {columns}
FROM gantt_task WHERE id <> %s AND id IN ({branch}) ORDER BY position, id
RETURNING id, parent_id
"""

PARENTS = """
UPDATE gantt_task SET parent_id = pairs.column1
FROM (VALUES {pairs}) AS pairs
WHERE gantt_task.id = pairs.column2
"""


def branch_of(task_id: int | Given) -> RawSQL:
    """For `id__in`: the task and everything below it."""
    return RawSQL(BRANCH, [task_id])  # noqa: S611


def shown_of(project_id: int | Given, top: int | Given | None) -> RawSQL:
    """For `id__in`: the rows below `top` (None: the whole project) that are not inside a closed branch."""
    sql = SHOWN.format(top="parent_id IS NULL" if top is None else "parent_id = %s")
    return RawSQL(sql, [project_id] if top is None else [project_id, top])  # noqa: S611


def ancestors(task_ids: Iterable[int]) -> dict[int, int | None]:
    """{id: parent} of the tasks themselves and of every row above them."""
    wanted = list(task_ids)
    return dict(_rows(ANCESTORS.format(marks=", ".join(["%s"] * len(wanted))), wanted)) if wanted else {}


def link_reaches(*, start: int, goal: int, skip: int = 0) -> bool:
    """Whether links lead from one task to another, the link `skip` left out."""
    return bool(_rows(REACHED, [start, skip, skip, goal]))


def renumber(project_id: int, parent_id: int | None) -> None:
    """Give the children of one parent even gaps again, in one statement."""
    siblings = "parent_id IS NULL AND NOT hidden" if parent_id is None else "parent_id = %s"
    params = [project_id] if parent_id is None else [project_id, parent_id]
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER.format(gap=GAP, siblings=siblings), params)


def branch_delete(task_id: int) -> None:
    """Delete a task and everything below it, with links and assignments: four statements for any size."""
    with connection.cursor() as cursor:
        for end in ("source_id", "target_id"):
            cursor.execute(f"DELETE FROM gantt_link WHERE {end} IN ({BRANCH})", [task_id])  # noqa: S608
        cursor.execute(f"DELETE FROM gantt_assignment WHERE task_id IN ({BRANCH})", [task_id])  # noqa: S608
        cursor.execute(f"DELETE FROM gantt_task WHERE id IN ({BRANCH})", [task_id])  # noqa: S608


def parents_set(pairs: Sequence[tuple[int, int]]) -> None:
    """Hang rows under their parents: (parent, row) pairs."""
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), PAIRS):
            some = pairs[start : start + PAIRS]
            marks = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(PARENTS.format(pairs=marks), [number for pair in some for number in pair])


def below_copy(task_id: int, *, columns: Sequence[str], hidden: bool) -> dict[int | None, int]:
    """
    Copy all rows below a task, in one statement: {original: copy}. Each copy still hangs under its original.

    columns: what is copied beside the project and the position among siblings.
    """
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    sql = COPY.format(columns=quoted, branch=BRANCH)
    return {original: copy for copy, original in _rows(sql, [hidden, now, now, task_id, task_id])}


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
