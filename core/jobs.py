"""Background work.

A service calls `job_enqueue` in its own transaction: the job exists exactly if the change does. The state of the work
is our own row (core.models.Job); the queue of the django.tasks API only wakes a worker. A job that was running when its
worker died is found by its lease and run again, so jobs have to be idempotent.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.models import Organization
from core.logs import request_id
from core.models import Job, PeriodicRun

log = logging.getLogger(__name__)

# How long a worker's death goes unnoticed; while it lives, it draws the lease of its job out again and again.
LEASE = timedelta(minutes=2)
# How long finished jobs stay readable in the console.
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Handler:
    run: Callable[[dict[str, Any]], None]
    attempts: int
    backoff: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Periodic:
    run: Callable[[datetime], None]
    every: timedelta


HANDLERS: dict[str, Handler] = {}
PERIODICS: dict[str, Periodic] = {}
_under_way: dict[int, Job] = {}


class GiveUp(Exception):
    """Raised by a handler whose work can never succeed: no further attempts."""


def job(name: str, *, attempts: int = 5, backoff: tuple[int, ...] = (10, 60, 300, 1800)) -> Callable[[Any], Any]:
    """Register `run(payload)` under `name`; when it raises, it runs again after `backoff` seconds, up to `attempts`."""

    def register(run: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        HANDLERS[name] = Handler(run, attempts, backoff)
        return run

    return register


def periodic(name: str, *, every: timedelta) -> Callable[[Any], Any]:
    """Register `run(now)` to be run once per `every`, by whichever worker comes first."""

    def register(run: Callable[[datetime], None]) -> Callable[[datetime], None]:
        PERIODICS[name] = Periodic(run, every)
        return run

    return register


def job_enqueue(
    name: str,
    *,
    organization: Organization | None,
    payload: dict[str, Any],
    run_at: datetime | None = None,
    key: str | None = None,
) -> Job | None:
    """Ask for the work `name` with a JSON payload, not before `run_at` (default: at once).

    Call it in the transaction of the change. None when a job with this `key` exists already.
    """
    if name not in HANDLERS:
        raise LookupError(f"no job is called {name}")
    now = timezone.now()
    row = Job(
        organization=organization,
        name=name,
        key=key,
        payload=payload,
        run_at=run_at or now,
        request_id=request_id.get()[:64],
    )
    try:
        with transaction.atomic(savepoint=key is not None):
            row.save(force_insert=True)
    except IntegrityError:
        if key is not None and Job.objects.filter(key=key).exists():
            return None
        raise
    if row.run_at <= now:
        job_run_task.enqueue(row.pk)
    return row


@task()
def job_run_task(job_id: int) -> None:
    """What the queue calls."""
    job_run(job_id)


def job_run(job_id: int) -> bool:
    """Claim and run one job; False when it was not due, done, or somebody else's."""
    now = timezone.now()
    free = Q(state=Job.State.WAITING, run_at__lte=now) | Q(state=Job.State.RUNNING, lease_until__lte=now)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    row = Job.objects.get(pk=job_id)
    handler = HANDLERS.get(row.name)
    _under_way[row.pk] = row
    mark = request_id.set(row.request_id or f"job-{row.pk}")
    try:
        if handler is None:
            raise GiveUp(f"no job is called {row.name}")
        handler.run(row.payload)
    except Exception as error:  # noqa: BLE001  (whatever a job raises, the worker goes on)
        _failed(row, handler, error)
    else:
        _finish(row, state=Job.State.DONE, finished_at=timezone.now(), last_error="")
    finally:
        request_id.reset(mark)
        del _under_way[row.pk]
    return True


def leases_renew() -> None:
    """Draw out the leases of the jobs that this process is at, however long they take."""
    for row in list(_under_way.values()):
        _held(row).update(lease_until=timezone.now() + LEASE)


def _held(row: Job) -> QuerySet[Job]:
    # Only the holder of the lease may speak for the job: a second run may have begun after it ran out.
    return Job.objects.filter(pk=row.pk, state=Job.State.RUNNING, attempts=row.attempts)


def _finish(row: Job, **values: Any) -> None:
    _held(row).update(lease_until=None, **values)


def _failed(row: Job, handler: Handler | None, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    if handler is None or isinstance(error, GiveUp) or row.attempts >= handler.attempts:
        log.error("job %s #%s failed for good: %s", row.name, row.pk, text, exc_info=error)
        _finish(row, state=Job.State.FAILED, finished_at=timezone.now(), last_error=text)
        return
    pause = handler.backoff[min(row.attempts, len(handler.backoff)) - 1]
    log.warning("job %s #%s failed, next try in %s s: %s", row.name, row.pk, pause, text)
    _finish(row, state=Job.State.WAITING, run_at=timezone.now() + timedelta(seconds=pause), last_error=text)


def job_retry(*, row: Job) -> bool:
    """Run a failed job again, from the console."""
    changed = Job.objects.filter(pk=row.pk, state=Job.State.FAILED).update(
        state=Job.State.WAITING, run_at=timezone.now(), attempts=0, finished_at=None
    )
    if changed:
        job_run_task.enqueue(row.pk)
    return bool(changed)


def due(now: datetime | None = None, limit: int = 500) -> list[int]:
    """Jobs whose time has come, or whose worker has died, oldest first."""
    now = now or timezone.now()
    free = Q(state=Job.State.WAITING, run_at__lte=now) | Q(state=Job.State.RUNNING, lease_until__lte=now)
    return list(Job.objects.filter(free).order_by("run_at", "id").values_list("pk", flat=True)[:limit])


def run_due(now: datetime | None = None, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Run everything that is due until nothing is, or until `stopped` after a job; the number of jobs run."""
    count = 0
    while ids := due(now):
        ran = 0
        for job_id in ids:
            if stopped():
                return count + ran
            ran += job_run(job_id)
        count += ran
        if not ran:
            break
    return count


def periodic_run(now: datetime | None = None) -> list[str]:
    """Run the periodic work whose time has come; the names of what this process ran."""
    now = now or timezone.now()
    ran = []
    for name, work in PERIODICS.items():
        if not _periodic_claim(name, work.every, now):
            continue
        try:
            work.run(now)
        except Exception:
            log.exception("periodic work %s failed", name)
        ran.append(name)
    return ran


def _periodic_claim(name: str, every: timedelta, now: datetime) -> bool:
    _, created = PeriodicRun.objects.get_or_create(name=name, defaults={"last_run_at": now})
    return created or PeriodicRun.objects.filter(name=name, last_run_at__lte=now - every).update(last_run_at=now) == 1
