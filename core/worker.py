"""The background engine: runs jobs and periodic work, sweeps up, and shows that it is alive."""

import contextlib
import logging
import os
import signal
import socket
import threading
from datetime import timedelta
from types import FrameType

from django.db import close_old_connections
from django.db.utils import OperationalError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import AccessToken
from core import jobs
from core.models import IdempotencyKey, Job, WorkerHeartbeat

log = logging.getLogger(__name__)

# A worker that has not beaten for this long is taken for dead.
ALIVE = timedelta(seconds=30)


@jobs.periodic("core.sweep", every=timedelta(minutes=10))
def sweep(now) -> None:  # type: ignore[no-untyped-def]
    """Remove what has served its time."""
    Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - jobs.KEEP_DONE).delete()
    Job.objects.filter(state=Job.State.FAILED, finished_at__lt=now - jobs.KEEP_FAILED).delete()
    # The queue's rows are only wake-up calls: the state of the work is in Job.
    DBTaskResult.objects.exclude(status=TaskResultStatus.READY).filter(enqueued_at__lt=now - jobs.LEASE).delete()
    IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=1)).delete()
    AccessToken.objects.filter(kind=AccessToken.Kind.SESSION, expires_at__lt=now - timedelta(days=1)).delete()
    WorkerHeartbeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()


class Worker:
    """Loops over queue, jobs and periodic work until a signal ends it."""

    def __init__(self, *, interval: float = 1.0) -> None:
        self.interval = interval
        self.id = f"{socket.gethostname()}-{os.getpid()}"[:64]
        # Asked to end; and ended, until when the present job is held on to.
        self.stopped, self.ended = threading.Event(), threading.Event()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        log.info("worker %s ends after the present job", self.id)
        self.stopped.set()

    def beat(self) -> None:
        """Show a sign of life, and hold on to the present job."""
        jobs.leases_renew()
        now = timezone.now()
        WorkerHeartbeat.objects.update_or_create(
            worker_id=self.id, defaults={"beat_at": now}, create_defaults={"beat_at": now, "started_at": now}
        )

    def _beat_on(self) -> None:
        # In a thread of its own: a long job is no sign of death.
        while not self.ended.is_set():
            with contextlib.suppress(OperationalError):
                self.beat()
            close_old_connections()
            self.ended.wait(ALIVE.total_seconds() / 3)

    def step(self) -> int:
        """One round; the number of pieces of work done in it."""
        woken = self._queue()
        # Retries, jobs for later and those of dead workers have no wake-up call in the queue.
        due = jobs.run_due(stopped=self.stopped.is_set)
        return woken + due + (0 if self.stopped.is_set() else len(jobs.periodic_run()))

    def _queue(self) -> int:
        """Take the wake-up calls off the queue and run their jobs."""
        done = 0
        ready = DBTaskResult.objects.ready().filter(task_path=jobs.job_run_task.module_path)
        for call in ready[:500]:
            if self.stopped.is_set():
                break
            # Whoever moves the call from READY has it; the job itself is claimed once more by its own row.
            if not DBTaskResult.objects.filter(pk=call.pk, status=TaskResultStatus.READY).update(
                status=TaskResultStatus.RUNNING, started_at=timezone.now()
            ):
                continue
            done += jobs.job_run(call.args_kwargs["args"][0])
            DBTaskResult.objects.filter(pk=call.pk).update(
                status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now()
            )
        return done

    def run(self) -> None:
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGTERM, self.stop)
        log.info("worker %s starts", self.id)
        beating = threading.Thread(target=self._beat_on, daemon=True)
        beating.start()
        while not self.stopped.is_set():
            close_old_connections()
            try:
                worked = self.step()
            except OperationalError:
                log.exception("the database does not answer; next try in 5 s")
                self.stopped.wait(5)
                continue
            if not worked:
                self.stopped.wait(self.interval)
        self.ended.set()
        beating.join(timeout=5)
        WorkerHeartbeat.objects.filter(worker_id=self.id).delete()


def workers_alive(*, machine: str = "") -> int:
    """How many workers (of one machine, where its host name is given) have shown a sign of life lately."""
    beats = WorkerHeartbeat.objects.filter(beat_at__gte=timezone.now() - ALIVE)
    return beats.filter(worker_id__startswith=f"{machine}-").count() if machine else beats.count()
