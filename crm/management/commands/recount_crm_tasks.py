"""`manage.py recount_crm_tasks`"""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Organization
from crm.counts import counts_rebuild


class Command(BaseCommand):
    help = "Counts all CRM tasks anew, after they were written past the application. Run it while nobody else writes."

    def handle(self, *args: Any, **options: Any) -> None:
        for organization in Organization.objects.all():
            self.stdout.write(f"{organization}: {counts_rebuild(organization)} tasks")
