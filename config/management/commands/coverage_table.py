"""docs/coverage.md: every operation of the vendors, with our route and the tests that use it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.docs import VENDORS, document

BASE = Path(settings.BASE_DIR)
FOLDERS = {
    "mileapp": ("hubs", "flows", "tasks"), "onlyoffice": ("crm",), "secmaster": ("soc",), "gantt": ("gantt",),
}  # fmt: skip
UNSERVED = "| – | |"
HEAD = """\
# Coverage

Every operation that the vendors document for the families that Taskyard speaks, the route that answers it, and the test
modules that call it. `python manage.py coverage_table` writes this file from `config/coverage.txt`, the OpenAPI
documents and the tests; `make check` compares. Besides, `tests/system/test_documents.py` sends generated requests to
every route. Operations without a route are not served.
"""


class Operation(NamedTuple):
    method: str
    path: str


class Command(BaseCommand):
    help = "Writes docs/coverage.md; --check compares instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail where the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = BASE / "docs" / "coverage.md", table()
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/coverage.md differs from the code: run `python manage.py coverage_table`")


def table() -> str:
    parts = [HEAD]
    for vendor, base, operations in vendor_operations():
        routes, modules = served(vendor), test_modules(vendor)
        rows = [row(operation, base, routes, modules) for operation in operations]
        count = sum(UNSERVED not in line for line in rows)
        parts.append(f"\n## {VENDORS[vendor]['title']}: {count} of {len(rows)}\n")
        parts += ["| vendor | route | tests |", "|---|---|---|", *rows]
    return "\n".join(parts) + "\n"


def vendor_operations() -> Iterator[tuple[str, str, list[Operation]]]:
    """(vendor, what its paths begin with, its operations) in the order of the file."""
    text = (BASE / "config" / "coverage.txt").read_text()
    for section in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        head, *lines = section.splitlines()
        vendor, _, base = head.partition("] ")
        yield vendor, base.rstrip("/"), [Operation(*line.split(" ")) for line in lines if line]


def served(vendor: str) -> dict[tuple[str, str], str]:
    """{(method, path without names of parameters): our path}."""
    paths = orjson.loads(document(vendor))["paths"]
    return {(method.upper(), shape(path)): path for path, methods in paths.items() for method in methods}


def shape(path: str) -> str:
    """The path with nameless parameters, so that `/task/{taskId}` is `/task/{id}`."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def test_modules(vendor: str) -> dict[str, str]:
    files = [path for folder in FOLDERS[vendor] for path in sorted((BASE / "tests" / folder).glob("test_*.py"))]
    return {str(path.relative_to(BASE / "tests")): path.read_text() for path in files}


def row(operation: Operation, base: str, routes: dict[tuple[str, str], str], modules: dict[str, str]) -> str:
    path = routes.get((operation.method, shape(base + operation.path)))
    if path is None:
        return f"| {operation.method} `{operation.path}` {UNSERVED}"
    anywhere = address(operation.path)
    # Most tests write method and path into one line; where none does, whoever names the path is taken.
    together = re.compile(rf"(?i)\b{operation.method}\b.{{0,80}}?{anywhere.pattern}", re.MULTILINE)
    used = [name for name, text in modules.items() if together.search(text)]
    used = used or [name for name, text in modules.items() if anywhere.search(text)]
    return f"| {operation.method} `{operation.path}` | `{path}` | {', '.join(used) or '–'} |"


def address(path: str) -> re.Pattern[str]:
    """Finds the address in the text of a test, whatever stands for its parameters."""
    parts = [r"[^/\"'\s?]+" if part.startswith("{") else re.escape(part) for part in path.strip("/").split("/")]
    return re.compile(r"(?<![\w-])" + "/".join(parts) + r"/?(?=[\"'?\s.]|$)", re.MULTILINE)
