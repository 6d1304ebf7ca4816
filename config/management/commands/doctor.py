"""A look at everything that an installation needs, with advice."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import FAIL, examine


class Command(BaseCommand):
    help = (
        "Checks settings, database, migrations, secrets, worker, cache, mail, storage, disk, the chart's bundle, and "
        "says what to do. Ends with 1 when something does not work."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        if options["format"] == "json":
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=1))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.level:<5} {finding.subject:<13} {finding.message}")
                if finding.advice:
                    self.stdout.write(f"{'':<19} → {finding.advice}")
        if any(finding.level == FAIL for finding in findings):
            sys.exit(1)
