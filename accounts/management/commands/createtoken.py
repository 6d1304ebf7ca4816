"""Issue an access token from the command line."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from accounts.services import token_issue


class Command(BaseCommand):
    help = "Prints a new access token of a user, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the user's e-mail")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--days", type=int, help="days until it expires (default: never)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"no user has the e-mail {options['email']}")
        days = options["days"]
        if days is not None and not 1 <= days <= 36_500:
            raise CommandError("--days must be between 1 and 36500")
        expires_at = timezone.now() + timedelta(days=days) if days else None
        _, raw = token_issue(user=user, name=options["name"], expires_at=expires_at)
        self.stdout.write(raw)
