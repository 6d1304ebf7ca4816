"""A job that leaves one mark, however often it is run."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Organization
from core import journal
from core.actor import Actor
from core.jobs import job
from core.models import JournalEntry

VERB = "worked"
# Grows by a byte with each run: quicker to look at than the database.
STARTED = "runs"


@job("tests.mark", attempts=5, backoff=(1,))
def mark(payload: dict[str, Any]) -> None:
    time.sleep(0.05)
    with (Path(settings.VAR_DIR) / STARTED).open("ab") as file:
        file.write(b".")
    organization = Organization.objects.get(pk=payload["organization"])
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        request_id = f"mark-{payload['number']}"
        if not JournalEntry.objects.filter(verb=VERB, request_id=request_id).exists():
            journal.record(actor=Actor(None, organization, "worker", request_id), verb=VERB, obj=organization)
