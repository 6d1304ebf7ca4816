"""In whose name commands act."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.models import Organization, User
from core.actor import Actor


def add_actor_arguments(parser: CommandParser) -> None:
    parser.add_argument("--user", help="e-mail of the user in whose name and with whose rights it is done")
    parser.add_argument("--organization", help="name of the organization, if there are several and no --user")


def actor_of(options: dict[str, Any]) -> Actor:
    """The user of `--user`, else the system in the organization that is meant. Raises CommandError."""
    if options["user"]:
        user = User.objects.select_related("organization").filter(email=options["user"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']}.")
        return Actor(user, user.organization, "command")
    named = {"name": options["organization"]} if options["organization"] else {}
    found = list(Organization.objects.filter(**named)[:2])
    if len(found) != 1:
        raise CommandError("Say which organization is meant: --organization NAME or --user EMAIL.")
    return Actor.system(found[0], source="command")
