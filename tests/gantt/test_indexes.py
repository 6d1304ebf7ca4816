"""However large the tables are, no request of the protocol goes through a whole one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from config.load.gantt import project_load
from tests.conftest import World
from tests.gantt.requests import REQUESTS, filled

# Of each of two projects of somebody else, beside the small one that is asked for.
ROWS = 100_000
# A resource for each of them, and a link, an assignment and a temporary id for every row.
MORE = (
    """
    INSERT INTO gantt_resource (organization_id, project_id, name, role, avatar, color)
    SELECT organization_id, id, 'Alice', '', '', '' FROM gantt_project
    """,
    """
    INSERT INTO gantt_link (organization_id, project_id, source_id, target_id, type, created_at)
    SELECT organization_id, project_id, id, parent_id, 'e2s', created_at FROM gantt_task WHERE parent_id IS NOT NULL
    """,
    """
    INSERT INTO gantt_assignment (organization_id, project_id, task_id, resource_id, units)
    SELECT task.organization_id, task.project_id, task.id, resource.id, 100
    FROM gantt_task task JOIN gantt_resource resource ON resource.project_id = task.project_id
    """,
    """
    INSERT INTO gantt_tempid (organization_id, project_id, client, number, kind, object_id, lazy, staged, created_at)
    SELECT organization_id, project_id, 'user-1:', id, 'copy', id, FALSE, FALSE, created_at FROM gantt_task
    """,
)
# How the databases say that they read a table from end to end, under its name or the one it has in the statement.
WHOLE = re.compile(r"\b(Seq Scan on|SCAN) (gantt_(task|link|assignment|tempid)|child|task|link|[U-W]\d+)\b")


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
            sent.append((sql, params[0] if many else params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield sent


def explained(sql: str, params: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}", params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.fixture
def crowd(world: World) -> None:
    for _ in range(2):
        project_load(actor=world.actor(world.outsider), count=ROWS)
    with connection.cursor() as cursor:
        for sql in MORE:
            cursor.execute(sql)
        cursor.execute("ANALYZE")


@pytest.mark.soak
def test_no_request_reads_a_whole_table(world: World, crowd: None, sample: dict[str, int], chart_for: Any) -> None:
    owner = chart_for(world.owner, "/gantt/plan")
    found = []
    for (method, path, which), (_, body) in REQUESTS.items():
        with transaction.atomic():
            with statements() as sent:
                owner.send(method, "/" + path.format(**sample), filled(body, sample))
            transaction.set_rollback(True)
        assert owner.status == 200
        plans = [(sql, explained(sql, params)) for sql, params in sent]
        found += [f"{method} {path} {which}: {sql}\n{text}" for sql, text in plans if WHOLE.search(text)]
    assert not found, "\n\n".join(found)
