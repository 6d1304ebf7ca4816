"""What `manage.py doctor` looks at: each check says what it found and, where something is wrong, what to do."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.checks import WARNING, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.models import AccessKey
from core.models import Job
from core.worker import workers_alive

OK, WARN, FAIL = "ok", "warn", "FAIL"
# Waiting longer than this for a worker means that there are too few of them.
LATE = timedelta(minutes=5)
DISK_WARN, DISK_FAIL = 2 * 1024**3, 200 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """level: ok, warn (works, but look at it) or FAIL (something does not work); advice: what to do."""

    level: str
    subject: str
    message: str
    advice: str = ""


# What Django finds besides where HTTPS is off: taskyard.W001 names the one setting behind all of it.
WITHOUT_HTTPS = {"security.W004", "security.W008", "security.W012", "security.W016"}


def settings_check() -> Iterator[Finding]:
    known = set() if settings.HTTPS else WITHOUT_HTTPS
    problems = [
        problem
        for problem in run_checks(include_deployment_checks=True)
        if not problem.is_silenced() and problem.id not in known
    ]
    for problem in problems:
        level = FAIL if problem.level > WARNING else WARN
        yield Finding(level, "settings", problem.msg, problem.hint or "")
    if settings.DEBUG:
        yield Finding(WARN, "settings", "DEBUG is on: errors show the source to everybody", "Set DEBUG=false.")
    if not problems:
        yield Finding(OK, "settings", "no issue")


def database_check() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield from _sqlite(cursor)
        else:
            yield from _postgresql(cursor)


def _sqlite(cursor) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
    values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    if values["journal_mode"] != "wal":
        yield Finding(
            FAIL, "database", f"SQLite's journal is {values['journal_mode']}, not wal: readers block writers",
            "Put the file on a local disk: network file systems have no shared memory.",
        )  # fmt: skip
        return
    survives = "power cuts" if values["synchronous"] == 2 else "crashes (SQLITE_SYNCHRONOUS=FULL: power cuts too)"
    yield Finding(OK, "database", f"SQLite {version}, WAL, survives {survives}")


def _postgresql(cursor) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
    cursor.execute("SHOW server_version")
    version = cursor.fetchone()[0]
    cursor.execute("SHOW server_encoding")
    encoding = cursor.fetchone()[0]
    if encoding != "UTF8":
        yield Finding(FAIL, "database", f"its encoding is {encoding}", "Create the database with ENCODING 'UTF8'.")
    cursor.execute("SELECT pg_is_in_recovery()")
    if cursor.fetchone()[0]:
        yield Finding(FAIL, "database", "it is a read-only replica", "Point DATABASE_URL at the primary.")
    yield Finding(OK, "database", f"PostgreSQL {version}, {encoding}")


def migrations_check() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Finding(FAIL, "migrations", f"{len(missing)} not applied", "Run `python manage.py migrate`.")
    else:
        yield Finding(OK, "migrations", "all applied")


def secrets_check() -> Iterator[Finding]:
    """A key pair that can't be decrypted any more tells that SECRET_KEY was changed without its fallback."""
    key = AccessKey.objects.order_by("-id").first()
    try:
        if key is not None:
            key.secret  # noqa: B018  (reading decrypts)
    except InvalidToken:
        yield Finding(
            FAIL, "secrets", "stored secrets can't be decrypted with this SECRET_KEY",
            "Add the former key to SECRET_KEY_FALLBACKS, then run `python manage.py rotate_secrets`.",
        )  # fmt: skip
    else:
        yield Finding(OK, "secrets", "readable with this SECRET_KEY")


def worker_check() -> Iterator[Finding]:
    alive = workers_alive()
    if alive:
        yield Finding(OK, "worker", f"{alive} alive")
    else:
        yield Finding(
            FAIL, "worker", "none is alive: no mail, webhook or reminder goes out", "Run `python manage.py worker`."
        )
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    if failed:
        yield Finding(
            WARN, "jobs", f"{failed} failed for good", "Read their errors in the console, then retry them there."
        )
    waiting = Job.objects.filter(state=Job.State.WAITING, run_at__lt=timezone.now() - LATE).count()
    if waiting:
        yield Finding(
            WARN, "jobs", f"{waiting} have waited for more than {LATE.seconds // 60} minutes", "Run more workers."
        )


def cache_check() -> Iterator[Finding]:
    name = f"doctor-{uuid.uuid4().hex}"
    cache.set(name, "1", 10)
    if cache.get(name) == "1":
        cache.delete(name)
        yield Finding(OK, "cache", settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[-1])
    else:
        yield Finding(FAIL, "cache", "it forgets what is put into it", "Check CACHE_URL and the server behind it.")


def mail_check() -> Iterator[Finding]:
    backend = settings.EMAIL_BACKEND
    if not backend.endswith(("smtp.EmailBackend", "ses.EmailBackend")):
        yield Finding(
            WARN,
            "mail",
            f"goes to {backend.split('.')[-2]}, to nobody's mailbox",
            "Set EMAIL_URL=smtp+tls://user:password@host:587.",
        )
        return
    link = mail.get_connection(timeout=10)
    link.open()
    link.close()
    yield Finding(OK, "mail", f"{settings.EMAIL_HOST} answers")
    if not settings.PUBLIC_URL:
        yield Finding(WARN, "mail", "has no links", "Set PUBLIC_URL to the address that people know this server by.")


def storage_check() -> Iterator[Finding]:
    name = default_storage.save(f"doctor-{uuid.uuid4().hex}", ContentFile(b"taskyard"))
    try:
        with default_storage.open(name) as file:
            same = file.read() == b"taskyard"
    finally:
        default_storage.delete(name)
    if same:
        yield Finding(OK, "storage", f"{settings.MEDIA_ROOT} can be written and read")
    else:
        yield Finding(FAIL, "storage", f"{settings.MEDIA_ROOT} gives back something else", "Check the disk.")


def disk_check() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.VAR_DIR).free
    text = f"{free / 1024**3:.1f} GB free for {settings.VAR_DIR}"
    if free < DISK_FAIL:
        yield Finding(FAIL, "disk", text, "Free some space now: writes are about to fail.")
    elif free < DISK_WARN:
        yield Finding(WARN, "disk", text, "Free some space soon.")
    else:
        yield Finding(OK, "disk", text)


def files_check() -> Iterator[Finding]:
    if not Path(settings.STATIC_ROOT).is_dir():
        yield Finding(
            WARN,
            "static files",
            "not collected: they are looked up in the apps",
            "Run `python manage.py collectstatic`.",
        )
    chart = Path(settings.BASE_DIR) / "gantt" / "static" / "gantt" / "chart"
    if any(chart.glob("*.js")):
        yield Finding(OK, "chart", "the page's bundle is there")
    else:
        yield Finding(WARN, "chart", "the chart page has no bundle", "Install Node.js and run `make chart`.")


CHECKS: tuple[tuple[str, Callable[[], Iterator[Finding]], str], ...] = (
    ("settings", settings_check, ""),
    ("database", database_check, "Check DATABASE_URL and whether the server runs."),
    ("migrations", migrations_check, "Run `python manage.py migrate`."),
    ("secrets", secrets_check, "Run `python manage.py migrate`."),
    ("worker", worker_check, "Run `python manage.py migrate`."),
    ("cache", cache_check, "Check CACHE_URL and the server behind it."),
    ("mail", mail_check, "Check EMAIL_URL, the name, the password and the network."),
    ("storage", storage_check, "Give the server's user the right to write to MEDIA_ROOT."),
    ("disk", disk_check, "Check VAR_DIR."),
    ("files", files_check, ""),
)
# Nothing can be said about these while the database does not answer.
IN_DATABASE = {"migrations", "secrets", "worker"}


def examine() -> Iterator[Finding]:
    """Every finding of every check; a check that breaks off is a finding itself."""
    broken = set()
    for subject, check, advice in CHECKS:
        if "database" in broken and subject in IN_DATABASE:
            continue
        try:
            yield from check()
        except Exception as error:  # noqa: BLE001  (whatever fails here is what the operator asked about)
            broken.add(subject)
            text = str(error).splitlines()[0] if str(error) else ""
            yield Finding(FAIL, subject, f"{type(error).__name__}: {text}", advice)
