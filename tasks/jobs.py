"""Background work of tasks."""

from typing import Any

from core.jobs import job
from tasks.services import bulk_request_run


@job("tasks.bulk")
def bulk(payload: dict[str, Any]) -> None:
    """Bulk calls with `background: true`."""
    bulk_request_run(request_id=payload["bulk_request"])
