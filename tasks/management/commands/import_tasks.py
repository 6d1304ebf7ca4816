"""`manage.py import_tasks FILE --flow NAME`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.models import Organization
from core.api.errors import AppError
from flows.models import Flow
from flows.selectors import flow_get
from hubs.models import Hub
from tasks.management import actor_of, add_actor_arguments
from tasks.services import file_import
from tasks.transfer import FORMATS


class Command(BaseCommand):
    help = (
        "Creates a task from each row of a CSV, XLSX or JSON lines file. Columns: ids or titles of the flow's "
        "components, hub (a name) or hubId, startTime, endTime, assignee, refId, orderIndex. An interrupted import "
        "goes on where it stopped when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"ends in {', '.join(FORMATS)}")
        parser.add_argument("--flow", required=True, help="name of the flow")
        parser.add_argument("--hub", help="name or id of the hub of rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="check every row, store nothing")
        parser.add_argument("--again", action="store_true", help="import a file once more that has been imported")
        add_actor_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_of(options)
        path: Path = options["file"]
        bar = tqdm(unit="B", unit_scale=True, desc=path.name, disable=options["verbosity"] == 0)

        def progress(done: int, size: int) -> None:
            bar.total = size
            bar.update(done - bar.n)

        try:
            run = file_import(
                actor=actor,
                path=path,
                flow=self._flow(actor.organization, options["flow"]),
                hub=self._hub(actor.organization, options["hub"]),
                dry_run=options["dry_run"],
                again=options["again"],
                progress=progress,
            )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        except AppError as error:
            raise CommandError(error.message) from error
        finally:
            bar.close()
        would = " would be" if options["dry_run"] else ""
        self.stdout.write(f"{run.created} tasks{would} created, {run.refused} rows refused.")
        if run.refused:
            suffix = ".refused.jsonl" if path.suffix.lower() == ".jsonl" else ".refused.csv"
            self.stdout.write(f"Refused rows and reasons: {path.with_suffix(suffix)}")

    def _flow(self, organization: Organization, name: str) -> Flow:
        try:
            return flow_get(organization=organization, name=name)
        except AppError:
            raise CommandError(f"There is no flow {name}.") from None

    def _hub(self, organization: Organization, name: str | None) -> Hub | None:
        if name is None:
            return None
        hubs = Hub.objects.of(organization)
        hub = hubs.filter(pk=name).first() or hubs.filter(name=name).first()
        if hub is None:
            raise CommandError(f"There is no hub {name}.")
        return hub
