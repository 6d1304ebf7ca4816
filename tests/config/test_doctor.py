"""`manage.py doctor`: what it finds, what it advises, and how it ends."""

import json
from collections import namedtuple
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from accounts.services import key_issue
from config import doctor
from core.models import Job, WorkerHeartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sound(settings, tmp_path):
    """An installation in which everything is as it should be, but for the worker."""
    settings.STATIC_ROOT = tmp_path
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True


def examine():
    return {finding.subject: finding for finding in doctor.examine() if finding.level != doctor.OK}


def worker_start():
    now = timezone.now()
    WorkerHeartbeat.objects.create(worker_id="w", started_at=now, beat_at=now)


def test_it_ends_with_an_error_and_advice_when_no_worker_is_alive():
    out = StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=out)

    assert end.value.code == 1
    assert "FAIL  worker" in out.getvalue()
    assert "→ Run `python manage.py worker`." in out.getvalue()


def test_it_ends_well_when_there_are_only_warnings():
    worker_start()
    out = StringIO()

    call_command("doctor", stdout=out)

    assert "ok    worker        1 alive" in out.getvalue()
    assert "ok    migrations    all applied" in out.getvalue()


def test_it_writes_json():
    worker_start()
    out = StringIO()

    call_command("doctor", "--format", "json", stdout=out)

    findings = json.loads(out.getvalue())
    assert {"ok", "warn"} >= {finding["level"] for finding in findings}
    assert {"level", "subject", "message", "advice"} == set(findings[0])


def test_it_names_the_database_and_its_version():
    (finding,) = doctor.database_check()

    assert finding.level == doctor.OK
    assert finding.message.startswith(("SQLite 3.", "PostgreSQL 1"))


def test_it_tells_of_failed_and_late_jobs():
    worker_start()
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.create(name="x", state=Job.State.FAILED, run_at=long_ago)
    Job.objects.create(name="x", state=Job.State.WAITING, run_at=long_ago)

    messages = [finding.message for finding in doctor.worker_check() if finding.subject == "jobs"]

    assert messages == ["1 failed for good", "1 have waited for more than 5 minutes"]


def test_it_tells_when_secrets_were_encrypted_with_another_key(settings, world):
    key_issue(user=world.owner, name="signing")
    settings.SECRET_KEY = "another key, and the former one is forgotten"

    assert "rotate_secrets" in examine()["secrets"].advice


def test_it_tells_when_a_migration_is_missing(monkeypatch):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda *_: [("tasks", "0002")])

    assert examine()["migrations"].advice == "Run `python manage.py migrate`."


def test_it_tells_when_uploads_can_not_be_written(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = str(tmp_path / "file" / "media")

    finding = examine()["storage"]

    assert finding.level == doctor.FAIL
    assert "MEDIA_ROOT" in finding.advice


@pytest.mark.parametrize(("free", "level"), [(10**11, doctor.OK), (10**9, doctor.WARN), (10**6, doctor.FAIL)])
def test_it_watches_the_disk(monkeypatch, free, level):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: namedtuple("Usage", "free")(free))

    (finding,) = doctor.disk_check()

    assert finding.level == level


def test_it_tells_when_mail_reaches_nobody():
    assert examine()["mail"].level == doctor.WARN


def test_it_tells_when_the_mail_server_does_not_answer(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    finding = examine()["mail"]

    assert finding.level == doctor.FAIL
    assert finding.message.startswith("ConnectionRefusedError")


def test_it_tells_of_a_cache_that_forgets(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert examine()["cache"].level == doctor.FAIL


def test_it_tells_of_debug(settings):
    settings.DEBUG = True

    assert any("DEBUG is on" in finding.message for finding in doctor.settings_check())


def test_it_says_once_that_https_is_off(settings):
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = False

    findings = [finding for finding in doctor.settings_check() if finding.level != doctor.OK]

    assert [finding.advice for finding in findings] == ["Set HTTPS=true behind a TLS proxy."]


def test_a_database_that_does_not_answer_is_the_one_thing_that_it_tells_of_it(monkeypatch):
    def refused():
        raise OperationalError("connection refused\nIs the server running?")

    checks = [(name, refused if name == "database" else check, advice) for name, check, advice in doctor.CHECKS]
    monkeypatch.setattr(doctor, "CHECKS", checks)
    found = examine()

    assert found["database"].message == "OperationalError: connection refused"
    assert found["database"].advice == "Check DATABASE_URL and whether the server runs."
    assert not {"migrations", "secrets", "worker"} & set(found)
