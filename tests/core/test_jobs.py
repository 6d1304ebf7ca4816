"""Background work: exactly as often as it should, whatever happens to the worker."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import jobs
from core.models import IdempotencyKey, Job, PeriodicRun, WorkerHeartbeat
from core.worker import Worker, sweep, workers_alive

ran: list[dict] = []


@pytest.fixture(autouse=True)
def _handlers(monkeypatch):
    ran.clear()
    monkeypatch.setitem(jobs.HANDLERS, "test.note", jobs.Handler(ran.append, 3, (10, 60)))

    def fail(payload):
        ran.append(payload)
        raise (jobs.GiveUp if payload.get("for good") else ValueError)("no luck")

    monkeypatch.setitem(jobs.HANDLERS, "test.fail", jobs.Handler(fail, 3, (10, 60)))


def enqueue(world, name="test.note", payload=None, **kwargs):
    return jobs.job_enqueue(name, organization=world.organization, payload=payload or {"n": 1}, **kwargs)


def test_a_job_runs_once(world):
    row = enqueue(world)
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    assert not jobs.job_run(row.pk)
    assert ran == [{"n": 1}]
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 1)


def test_the_worker_empties_the_queue(world):
    enqueue(world)
    assert DBTaskResult.objects.count() == 1
    call_command("worker", "--once")
    assert ran == [{"n": 1}]
    assert not DBTaskResult.objects.ready().exists()


def test_a_key_is_enqueued_once(world):
    assert enqueue(world, key="k")
    assert enqueue(world, key="k") is None
    jobs.run_due()
    assert enqueue(world, key="k") is None
    assert len(ran) == 1


def test_it_waits_for_its_time(world):
    enqueue(world, run_at=timezone.now() + timedelta(hours=1))
    assert not DBTaskResult.objects.exists()
    assert jobs.run_due() == 0
    Job.objects.update(run_at=timezone.now())
    assert jobs.run_due() == 1


@pytest.mark.django_db(transaction=True)
def test_it_vanishes_with_its_transaction():
    from tests.conftest import World

    world = World()
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue(world)
        raise RuntimeError
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_it_is_tried_again_with_growing_pauses_and_then_given_up(world):
    row = enqueue(world, "test.fail")
    for attempt, pause in ((1, 10), (2, 60)):
        before = timezone.now()
        assert jobs.job_run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("waiting", attempt)
        assert timedelta(0) <= row.run_at - before - timedelta(seconds=pause) < timedelta(seconds=5)
        Job.objects.update(run_at=timezone.now())
    jobs.job_run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("failed", "ValueError: no luck")
    assert len(ran) == 3


def test_a_hopeless_job_is_given_up_at_once(world):
    row = enqueue(world, "test.fail", {"for good": True})
    jobs.run_due()
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_failed_job_can_be_run_again(world):
    row = enqueue(world, "test.fail", {"for good": True})
    jobs.run_due()
    assert jobs.job_retry(row=row)
    assert not jobs.job_retry(row=row)
    jobs.run_due()
    assert len(ran) == 2


def test_what_a_killed_worker_left_is_run_again_after_its_lease(world):
    row = enqueue(world)
    Job.objects.update(state="running", attempts=1, lease_until=timezone.now() + timedelta(minutes=1))
    assert jobs.run_due() == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run_due() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("done", 2)


def test_a_worker_holds_on_to_a_job_that_takes_long(world, monkeypatch):
    row = enqueue(world)
    leases = []

    def long(payload):
        Job.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
        Worker().beat()
        leases.append(Job.objects.get(pk=row.pk).lease_until - timezone.now())

    monkeypatch.setitem(jobs.HANDLERS, row.name, jobs.Handler(long, 1, (1,)))
    assert jobs.run_due() == 1
    assert leases[0] > jobs.LEASE - timedelta(seconds=10)
    # A job that is over has no lease left to draw out.
    Worker().beat()
    assert Job.objects.get(pk=row.pk).lease_until is None


def test_a_worker_that_is_asked_to_end_begins_no_further_job(world, monkeypatch):
    first, second = enqueue(world), enqueue(world)
    worker = Worker()
    monkeypatch.setitem(jobs.HANDLERS, first.name, jobs.Handler(lambda payload: worker.stopped.set(), 1, (1,)))
    assert worker.step() == 1
    assert Job.objects.get(pk=second.pk).state == "waiting"


def test_a_late_first_run_does_not_speak_for_the_second(world):
    row = enqueue(world)
    Job.objects.update(state="running", attempts=2)
    row.attempts = 1
    jobs._finish(row, state="failed")
    row.refresh_from_db()
    assert row.state == "running"


def test_an_unknown_name_is_refused(world):
    with pytest.raises(LookupError):
        enqueue(world, "test.unknown")


class TestPeriodic:
    def test_it_runs_once_per_interval(self, db, monkeypatch):
        times = []
        monkeypatch.setattr(jobs, "PERIODICS", {"test.tick": jobs.Periodic(times.append, timedelta(minutes=1))})
        now = timezone.now()
        assert jobs.periodic_run(now) == ["test.tick"]
        assert jobs.periodic_run(now + timedelta(seconds=59)) == []
        assert jobs.periodic_run(now + timedelta(seconds=60)) == ["test.tick"]
        assert len(times) == 2
        assert PeriodicRun.objects.count() == 1

    def test_a_failure_does_not_stop_the_others(self, db, monkeypatch):
        times = []

        def fail(now):
            raise ValueError

        works = {"a": jobs.Periodic(fail, timedelta(minutes=1)), "b": jobs.Periodic(times.append, timedelta(minutes=1))}
        monkeypatch.setattr(jobs, "PERIODICS", works)
        jobs.periodic_run()
        assert len(times) == 1


def test_the_sweeper_removes_what_has_served(world):
    enqueue(world)
    jobs.run_due()
    now = timezone.now()
    Job.objects.update(finished_at=now - timedelta(days=8))
    IdempotencyKey.objects.create(
        organization=world.organization, user=world.agent, key="k", fingerprint="f", lease_until=now
    )
    IdempotencyKey.objects.update(created_at=now - timedelta(days=2))
    sweep(now)
    assert not Job.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_worker_shows_that_it_is_alive(db):
    assert workers_alive() == 0
    Worker().beat()
    assert workers_alive() == 1
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=31))
    assert workers_alive() == 0


def test_the_worker_ends_on_a_signal(tmp_path):
    script = (
        "import os, signal, threading, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup();"
        "from core.worker import Worker; w = Worker(interval=0.05); w.step = lambda: 0; w.beat = lambda: None;"
        "threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start();"
        "from core.models import WorkerHeartbeat;"
        "WorkerHeartbeat.objects.filter = lambda **k: type('q', (), {'delete': lambda s: 0})();"
        "w.run(); print('ended')"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert answer.stdout.strip() == "ended", answer.stderr
