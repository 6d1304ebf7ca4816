"""What only the Gantt protocol has: whole projects, moves among many siblings, copies of branches, and 304."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from benchmarks.client import Link, Request, Side, requester

# What an answer needs of a row, as the driver gives it.
FETCH = (
    "SELECT id, parent_id, position, text, start, {end}, duration, progress, type, open, details, extra "
    "FROM gantt_task WHERE project_id = {project} AND NOT hidden"
)


def whole(link: Link, headers: dict[str, str], slug: str) -> Side:
    return requester(link, lambda _: Request("GET", f"/gantt/{slug}/tasks", headers))


def driver_fetch(database_url: str, project: int) -> Side:
    """The driver's own fetchall of the same columns of the same rows."""
    query = FETCH.format(end='"end"', project=project)
    cursor = _cursor(database_url)

    def side(number: int) -> None:
        cursor.execute(query)
        cursor.fetchall()

    return side


def _cursor(database_url: str) -> Any:
    if database_url.startswith("sqlite"):
        return sqlite3.connect(urlsplit(database_url).path).cursor()
    import psycopg

    return psycopg.connect(database_url.replace("postgres://", "postgresql://", 1), autocommit=True).cursor()


def unchanged(link: Link, headers: dict[str, str], slug: str) -> Side:
    etag = link.ask(Request("GET", f"/gantt/{slug}/tasks", headers)).headers["etag"]
    return requester(link, lambda _: Request("GET", f"/gantt/{slug}/tasks", {**headers, "If-None-Match": etag}))


def mover(link: Link, headers: dict[str, str], slug: str, siblings: list[int]) -> Side:
    """Moves the last of the siblings behind another one, again and again."""
    moving, others = siblings[-1], siblings[:-1]

    def make(number: int) -> Request:
        target = others[number * 7919 % len(others)]
        body = {"operation": "move", "target": target, "mode": "after"}
        return Request("PUT", f"/gantt/{slug}/tasks/{moving}", headers, body)

    return requester(link, make)


def copier(link: Link, headers: dict[str, str], slug: str, branch: int) -> Side:
    """Copies a branch with all that is below it."""
    body = {"operation": "copy", "target": branch, "mode": "after", "lazy": True}
    return requester(link, lambda _: Request("PUT", f"/gantt/{slug}/tasks/{branch}", headers, body))


def branches(link: Link, headers: dict[str, str], slug: str) -> tuple[list[int], int | None]:
    """(the ids of the project's largest group of siblings, a branch of about a thousand rows)."""
    rows = link.ask(Request("GET", f"/gantt/{slug}/tasks", headers)).json()
    below: dict[int, list[int]] = {}
    for row in rows:
        below.setdefault(row["parent"], []).append(row["id"])
    tops = below[0]
    size: Callable[[int], int] = lambda top: sum(1 + len(below.get(child, ())) for child in below.get(top, ()))  # noqa: E731
    thousand = next((top for top in tops[1:] if size(top) == 1000), None)
    return max((below[top] for top in tops if top in below), key=len), thousand
