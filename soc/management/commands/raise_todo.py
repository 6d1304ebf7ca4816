"""`manage.py raise_todo`: raise a to-do by hand or from a script."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import Actor
from core.api.errors import AppError
from soc.api.serializers import RAISE_TEXTS, raise_fields
from soc.models import BusinessType, DueHandle, Workspace
from soc.services import todo_raise

OPTIONS = (*RAISE_TEXTS, "notes", "due_date", "approveuser_id", "approve_group")


class Command(BaseCommand):
    help = "Raises a to-do in a workspace and prints its id; asked again with the same engine task id, the same id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", help="id of the workspace")
        choices = {"business_type": BusinessType.values, "due_handle": DueHandle.values}
        for name in OPTIONS:
            parser.add_argument(
                f"--{name.replace('_', '-')}", required=name in ("name", "business_type"), choices=choices.get(name)
            )

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.select_related("organization").filter(pk=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']}.")
        actor = Actor.system(workspace.organization, source="command")
        try:
            fields = raise_fields({name: options[name] for name in OPTIONS}, workspace.organization)
            todo, _ = todo_raise(actor=actor, workspace=workspace, fields=fields)
        except AppError as error:
            raise CommandError(error.message) from None
        self.stdout.write(todo.pk)
