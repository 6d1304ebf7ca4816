"""Names and numbers of Microsoft's Project XML (MSPDI) that reader and writer share."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

NAMESPACE = "http://schemas.microsoft.com/project"
WHOLE_DAY_MINUTES = 1440
OFFICE_DAY_MINUTES = 480

LINK_TYPES = {"0": "e2e", "1": "e2s", "2": "s2e", "3": "s2s"}
LINK_NUMBERS = {name: number for number, name in LINK_TYPES.items()}

# LagFormat: "elapsed" lags count days of 24 hours, the others working days; percent lags depend on the predecessor.
ELAPSED_LAG = frozenset({"4", "6", "8", "10", "12", "36", "38", "40", "42", "44"})
PERCENT_LAG = frozenset({"19", "20", "51", "52"})
LAG_IN_DAYS = "7"
# Days; LinkLag is a number of 32 bits.
MAX_LAG = 100_000

AS_SOON_AS_POSSIBLE, START_NO_EARLIER = "0", "4"

# Text1: what the chart knows of a task and Project has no field for, as JSON.
OWN_FIELD = "188743731"
OWN_FIELD_NAME = "Text1"
OWN_FIELD_ALIAS = "Taskyard"


def task_guid(origin: str, key: str) -> str:
    """The identity of a task in files of this project: the same at every export, so that an import finds the task."""
    return str(uuid5(NAMESPACE_URL, f"urn:taskyard:gantt:{origin}:{key}")).upper()
