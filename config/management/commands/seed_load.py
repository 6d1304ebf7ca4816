"""A lot of data, quickly: for demonstrations at size, benchmarks and query plans."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization, User
from config.load import gantt, mileapp, onlyoffice, secmaster
from config.load.rows import statistics_refresh
from config.management.commands.seed_demo import ORGANIZATION
from core.actor import Actor

LOADERS = {"mileapp": mileapp.load, "onlyoffice": onlyoffice.load, "secmaster": secmaster.load, "gantt": gantt.load}


class Command(BaseCommand):
    help = (
        "Adds N tasks to each vendor's context of one organization, past the services: a million take minutes. "
        "Nobody should write meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tasks", type=int, required=True, help="how many, for each vendor")
        parser.add_argument("--vendors", nargs="+", choices=LOADERS, default=list(LOADERS), metavar="VENDOR")
        parser.add_argument("--organization", default=ORGANIZATION["name"], help="its name (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tasks"] < 1:
            raise CommandError("--tasks needs a number above 0")
        actor = administrator(options["organization"])
        for vendor in options["vendors"]:
            begin = time.monotonic()
            made = LOADERS[vendor](actor=actor, count=options["tasks"])
            self.stdout.write(f"{vendor:<11} {made:>9,} tasks in {time.monotonic() - begin:.1f} s")
        statistics_refresh()


def administrator(name: str) -> Actor:
    """An administrator of the organization with this name, as the actor of commands."""
    organization = Organization.objects.filter(name=name).first()
    if organization is None:
        raise CommandError(f"there is no organization {name!r}: run seed_demo first, or name another one")
    user = User.objects.of(organization).filter(groups__name="Administrator", is_active=True).order_by("pk").first()
    if user is None:
        raise CommandError(f"{name} has no administrator")
    return Actor(user, organization, "command")
