"""Demo data for all four vendors, with the ids of the vendors' own examples."""

import json
import secrets
import uuid
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, Organization, User
from accounts.services import key_issue, login_unlock, token_issue, user_create
from core.actor import Actor

ORGANIZATION = {
    "name": "Taskyard Demo",
    "object_id": "634e98098ce07d29474a7e22",
    # The zone of the SecMaster example's dates (+08:00).
    "time_zone": "Asia/Singapore",
}
CONTEXTS = ("hubs", "flows", "tasks", "crm", "soc", "gantt")
CREDENTIAL = "seed_demo"

WORKSPACE = "/v1/{project_id}/workspaces/{workspace_id}"
CURLS = """\
  MileApp     curl -s {url}{mileapp[base]}/tasks -H "Authorization: Bearer {mileapp[token]}"
  ONLYOFFICE  curl -s {url}{onlyoffice[base]}/crm/task/filter -H "Authorization: {onlyoffice[token]}"
  SecMaster   curl -s {url}{workspace}/soc/tasks -H "X-Auth-Token: {secmaster[token]}"
  SVAR Gantt  curl -s {url}/tasks -H "Authorization: Bearer {gantt[token]}"
"""


class Command(BaseCommand):
    help = "Loads demo data for all four vendors (again: only what is missing), and issues fresh credentials."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument("--if-empty", action="store_true", help="leave a database that has users alone")
        parser.add_argument("--port", type=int, default=8000, help="the port to print in examples")

    def handle(self, *args: Any, **options: Any) -> None:
        if (
            options["if_empty"]
            and User.objects.exclude(organization__name=ORGANIZATION["name"])
            .exclude(organization__name="Outsider Org")
            .exists()
        ):
            self.stdout.write(f"Console   http://127.0.0.1:{options['port']}/admin/")
            return
        with transaction.atomic():
            facts = demo_load()
        if options["format"] == "json":
            self.stdout.write(json.dumps(facts, indent=1))
            return
        url = f"http://127.0.0.1:{options['port']}"
        console, workspace = facts["console"], WORKSPACE.format(**facts["secmaster"])
        self.stdout.write(
            f"\nConsole   {url}/admin/\nLogin     {console['email']}\nPassword  {console['password']}\n\n"
            f"Try each API:\n{CURLS.format(url=url, workspace=workspace, **facts)}"
        )


def demo_load() -> dict[str, Any]:
    """Load what is missing and issue fresh credentials; the facts of `--format json`."""
    organization, _ = Organization.objects.get_or_create(name=ORGANIZATION["name"], defaults=ORGANIZATION)
    admin = _user(organization, "admin@demo.example", "Roger", "Administrator", is_staff=True)
    mike = _user(
        organization, "mike@demo.example", "Mike Zanyatski", "Planner",
        first_name="Mike", last_name="Zanyatski", title="Manager", is_staff=True,
        guid=uuid.UUID("9924256a-739c-462b-af15-e652a3b1b6eb"),
    )  # fmt: skip
    _user(organization, "leandro@mile.app", "Leandro", "Agent")
    elsewhere, _ = Organization.objects.get_or_create(name="Outsider Org")
    outsider = _user(elsewhere, "outsider@elsewhere.example", "Olga Outsider", "Administrator", is_staff=True)

    password = _password(admin)
    facts: dict[str, Any] = {"console": {"email": admin.email, "password": password}}
    for context in CONTEXTS:
        if find_spec(f"{context}.demo"):
            part = import_module(f"{context}.demo").demo_load(actor=Actor(admin, organization, "command"))
            for vendor, values in part.items():
                facts.setdefault(vendor, {}).update(values)

    key, secret = _key(admin)
    facts["mileapp"] = {"base": "/api/v3", "token": _token(admin, "MileApp"), **facts.get("mileapp", {})}
    facts["onlyoffice"] = {
        "base": "/api/2.0", "user": admin.email, "password": password, "token": _token(admin, "ONLYOFFICE"),
        "responsible_id": str(mike.guid), **facts.get("onlyoffice", {}),
    }  # fmt: skip
    facts["secmaster"] = {
        **facts.get("secmaster", {}),
        "token": _token(admin, "SecMaster"), "access_key": key.access_key, "secret_key": secret,
    }  # fmt: skip
    facts["gantt"] = {"base": "", "token": _token(admin, "SVAR Gantt"), **facts.get("gantt", {})}
    facts["outsider"] = {"email": outsider.email, "token": _token(outsider, "Outsider")}
    return facts


def _user(organization: Organization, email: str, name: str, group: str, **fields: Any) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = user_create(organization=organization, email=email, name=name, groups=[group], **fields)
    return User.objects.select_related("organization").get(pk=user.pk)


def _password(user: User) -> str:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    login_unlock(email=user.email)
    return password


def _token(user: User, vendor: str) -> str:
    """A token for the examples of a vendor; the one of the call before ends."""
    name = f"{CREDENTIAL} {vendor}"
    AccessToken.objects.filter(user=user, name=name).delete()
    return token_issue(user=user, name=name, expires_at=timezone.now() + timedelta(days=365))[1]


def _key(user: User) -> tuple[AccessKey, str]:
    AccessKey.objects.filter(user=user, name=CREDENTIAL).delete()
    return key_issue(user=user, name=CREDENTIAL)
