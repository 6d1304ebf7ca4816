"""The life of a task: which action leads from which status to which. Everything that changes a task asks here."""

from django.db.models import TextChoices

from core.api.errors import Invalid


class Status(TextChoices):
    UNASSIGNED = "UNASSIGNED"
    ONGOING = "ONGOING"
    DONE = "DONE"


OPEN = (Status.UNASSIGNED, Status.ONGOING)
_UNCHANGED = {status: status for status in OPEN}

# action: {status before: status after}. DONE is missing on the left: a finished task is frozen.
TRANSITIONS: dict[str, dict[Status, Status]] = {
    "put": _UNCHANGED,
    "patch": _UNCHANGED,
    "move": _UNCHANGED,
    "delete": _UNCHANGED,
    "assign": dict.fromkeys(OPEN, Status.ONGOING),
    "unassign": dict.fromkeys(OPEN, Status.UNASSIGNED),
    "finish": {Status.ONGOING: Status.DONE},
}


def status_after(action: str, status: str) -> Status:
    """The status that `action` leads to. Raises Invalid when a task in `status` does not allow it."""
    known = Status(status)
    if known in TRANSITIONS[action]:
        return TRANSITIONS[action][known]
    if known is Status.DONE:
        raise Invalid("The task is done and cannot be changed.", field="status")
    raise Invalid("The task cannot be done before it is assigned.", field="status")
