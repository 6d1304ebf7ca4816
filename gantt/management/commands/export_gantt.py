"""`manage.py export_gantt`: a project as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gantt.exchange import FORMATS
from gantt.exchange.selectors import project_file

from ._project import add_organization_option, project_named


class Command(BaseCommand):
    help = "Writes a project as MS Project XML, CSV or JSON, to the output or to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT", help="the project's name in its address")
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--output", metavar="FILE", help="where to write; default: standard output")
        add_organization_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_named(options["project"], options["organization"])
        _, data = project_file(project, FORMATS[options["format"]])
        if not options["output"]:
            self.stdout.write(data.decode(), ending="")
            return
        try:
            Path(options["output"]).write_bytes(data)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from None
