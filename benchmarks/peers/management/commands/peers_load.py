"""Rows for the yardsticks."""

import json
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rest_framework.authtoken.models import Token

from benchmarks.peers.models import Visit
from config.load.mileapp import HUBS
from config.load.rows import counters_catch_up, json_text, moment, numbers_free, rows_insert, statistics_refresh
from config.management.commands.seed_demo import ORGANIZATION
from config.management.commands.seed_load import administrator
from flows.models import Flow
from hubs.models import Hub

COLUMNS = ("id", "hub_id", "status", "title", "values", "start_time", "end_time", "created_time")
STATES = ("DONE",) * 6 + ("ONGOING",) * 2 + ("UNASSIGNED",) * 2


class Command(BaseCommand):
    help = "Adds N rows for the yardsticks and prints what a client needs to know about them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tasks", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        actor = administrator(ORGANIZATION["name"])
        hubs = list(Hub.objects.of(actor.organization).values_list("pk", flat=True))[:HUBS]
        flow = Flow.objects.of(actor.organization).first()
        first, now = numbers_free(Visit), int(timezone.now().timestamp())
        rows = (
            (
                number, hubs[number // 10 % len(hubs)], STATES[number % 10], f"Customer {number}",
                json_text({"field1": f"Customer {number}"}), moment(now), moment(now + 86400), moment(now),
            )
            for number in range(first, first + options["tasks"])
        )  # fmt: skip
        rows_insert(Visit(organization=actor.organization, flow=flow), COLUMNS, rows)
        counters_catch_up(Visit)
        statistics_refresh()
        # Stock's own permission check needs the rights that the foundation grants to its own apps only.
        Group.objects.get(name="Administrator").permissions.add(
            *Permission.objects.filter(content_type__app_label="peers")
        )
        token, _ = Token.objects.get_or_create(user=actor.user)
        facts = {
            "token": token.pk, "organization": actor.organization.pk, "hub": hubs[0], "flow": flow.pk,
            "ids": list(range(first, first + min(options["tasks"], 500))),
        }  # fmt: skip
        self.stdout.write(json.dumps(facts))
