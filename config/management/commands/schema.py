"""The OpenAPI documents as committed snapshots."""

from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.docs import VENDORS, document


class Command(BaseCommand):
    help = "Writes the OpenAPI document of each vendor to docs/openapi/; --check compares instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail where a snapshot differs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "openapi"
        folder.mkdir(parents=True, exist_ok=True)
        stale = []
        for vendor in VENDORS:
            path = folder / f"{vendor}.json"
            text = orjson.dumps(orjson.loads(document(vendor)), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            if not options["check"]:
                path.write_bytes(text)
            elif not path.exists() or path.read_bytes() != text:
                stale.append(path.name)
        if stale:
            raise CommandError(f"{', '.join(stale)} differ from the code: run `make schema` and read the difference")
