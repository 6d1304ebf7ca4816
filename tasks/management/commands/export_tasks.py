"""`manage.py export_tasks FILE`"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.api.errors import AppError
from flows.fields.vocabulary import components_of
from flows.models import Flow
from tasks import selectors
from tasks.lifecycle import Status
from tasks.management import actor_of, add_actor_arguments
from tasks.transfer import FORMATS
from tasks.transfer.write import writer

# Columns of a table before those of the flows; `hub` is the name, so that the file can be imported elsewhere.
COLUMNS = [
    "_id", "flow", "hub", "hubId", "status", "title", "content", "label", "startTime", "endTime", "assignee", "refId",
    "orderIndex", "createdFrom", "createdBy", "createdTime", "updatedTime", "assignedBy", "assignedTime", "doneBy",
    "doneTime", "doneFrom", "duration",
]  # fmt: skip


class Command(BaseCommand):
    help = "Writes tasks to a CSV, XLSX or JSON lines file, oldest first. import_tasks reads what this writes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"ends in {', '.join(FORMATS)}")
        parser.add_argument("--flow", help="only tasks of the flow of this name")
        parser.add_argument("--hub", help="only tasks of this hub, by name or id")
        parser.add_argument("--status", choices=Status.values, help="only tasks in this status")
        add_actor_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = actor_of(options)
        flows = Flow.objects.of(actor.organization)
        tasks = selectors.tasks_visible(actor)
        if options["flow"]:
            flows = flows.filter(name=options["flow"])
            tasks = tasks.filter(flow__in=flows)
        if options["hub"]:
            tasks = tasks.filter(hub__name=options["hub"]) | tasks.filter(hub=options["hub"])
        if options["status"]:
            tasks = tasks.filter(status=options["status"])
        components = (item["id"] for flow in flows for item in components_of(flow.pages) if item["component"] != "view")
        columns = list(dict.fromkeys([*COLUMNS, *components]))
        lines = options["file"].suffix.lower() == ".jsonl"
        count = 0
        try:
            with writer(options["file"], columns) as write:
                documents = selectors.documents_all(tasks, actor.organization)
                for document in tqdm(documents, unit=" tasks", disable=options["verbosity"] == 0):
                    write(document if lines else {**document, "hub": document["hub"]["name"]})
                    count += 1
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror or error}") from error
        except AppError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{count} tasks written to {options['file']}.")
