"""`manage.py import_gantt`: bring a plan from a file into a project."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor
from core.api.errors import AppError
from gantt.exchange import FORMATS, PlanError, format_of, read_plan
from gantt.exchange.report import report_lines
from gantt.exchange.services import plan_load, plan_preview

from ._project import add_organization_option, project_named


class Command(BaseCommand):
    help = "Imports a plan (MS Project XML, CSV or JSON) into a project and says what has changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a file ending in .xml, .csv or .json")
        parser.add_argument("--project", required=True, metavar="SLUG", help="the project's name in its address")
        parser.add_argument("--format", choices=FORMATS, help="if the file's name does not say it")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--replace", action="store_true", help="remove what the file does not hold")
        add_organization_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_named(options["project"], options["organization"])
        path = Path(options["file"])
        try:
            kind = FORMATS[options["format"]] if options["format"] else format_of(path.name)
            plan = read_plan(path.read_bytes(), kind)
            if options["dry_run"]:
                changes = plan_preview(project=project, plan=plan, replace_all=options["replace"])
            else:
                actor = Actor.system(project.organization, source="command")
                changes = plan_load(actor=actor, project=project, plan=plan, replace_all=options["replace"])
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except PlanError as error:
            raise CommandError(f"{path.name}: {error}") from None
        except AppError as error:
            raise CommandError(f"{path.name}: {error.message}") from None
        for line in report_lines(changes, plan.notes):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Nothing was written.")
