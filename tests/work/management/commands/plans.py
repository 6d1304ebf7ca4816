"""How the database would run the queries of some requests."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("requests", help='JSON: [[path, {"header": value}], …]')

    def handle(self, *args: Any, **options: Any) -> None:
        answers = [planned(path, headers) for path, headers in json.loads(options["requests"])]
        self.stdout.write(json.dumps(answers))


def planned(path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """[{"sql", "plan"}] of each SELECT that a GET of `path` sends."""
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("SELECT"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = Client(headers=headers).get(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
    plans = []
    with connection.cursor() as cursor:
        for sql, params in seen:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            found = cursor.fetchone()[0]
            plans.append({"sql": sql, "plan": (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]})
    return plans
