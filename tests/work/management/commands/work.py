"""Asks for work, or tells what has become of it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import Organization
from core.jobs import job_enqueue
from core.models import Job, JournalEntry, WorkerHeartbeat
from tests.work.jobs import VERB


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--enqueue", type=int, default=0)
        parser.add_argument("--lapse", action="store_true", help="as if the leases of dead workers had run out")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.order_by("pk").first()
        for number in range(options["enqueue"]):
            with transaction.atomic():
                job_enqueue(
                    "tests.mark",
                    organization=organization,
                    payload={"organization": organization.pk, "number": number},
                    key=f"mark-{number}",
                )
        jobs = Job.objects.filter(name="tests.mark")
        if options["lapse"]:
            jobs.filter(state=Job.State.RUNNING).update(lease_until=timezone.now())
        facts = {
            "states": dict(jobs.order_by().values_list("state").annotate(Count("pk"))),
            "attempts": jobs.aggregate(total=Sum("attempts"))["total"],
            "marks": JournalEntry.objects.filter(verb=VERB).count(),
            "workers": list(WorkerHeartbeat.objects.values_list("worker_id", flat=True)),
            "marked": JournalEntry.objects.filter(verb=VERB).values("request_id").distinct().count(),
        }
        self.stdout.write(json.dumps(facts))
