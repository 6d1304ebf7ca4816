"""Tables under all contexts: the journal, background jobs, periodic work, and idempotency keys."""

from django.conf import settings
from django.db import models

from accounts.models import Organization, OrganizationQuerySet

# The queryset method that scopes rows is the accounts' own; contexts know it by this name.
OwnedQuerySet = OrganizationQuerySet


class OwnedModel(models.Model):
    """A row of one organization. Read such rows through `.of(organization)` only."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", editable=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class JournalEntry(OwnedModel):
    """One change: who, through which door, what, and the old and new values."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    actor_name = models.CharField("who", max_length=200)
    source = models.CharField(max_length=20)
    request_id = models.CharField("request id", max_length=64, blank=True)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    object_repr = models.CharField("object", max_length=200)
    changes = models.JSONField(default=dict, help_text="field: [old, new]")
    snapshot = models.JSONField(null=True, help_text="The object before the change, where the vendor shows it.")
    created_at = models.DateTimeField("when", db_index=False)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "journal"
        indexes = [
            models.Index(fields=["organization", "object_type", "object_id", "id"], name="journal_object"),
            models.Index(fields=["organization", "-id"], name="journal_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_repr}"


class Job(models.Model):
    """A piece of background work and its state; the queue of django-tasks only says when to look at it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", null=True)
    name = models.CharField(max_length=100)
    # Unique where given: the same piece of work is enqueued once, whoever asks again.
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  (NULL = no key, several may have none)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    run_at = models.DateTimeField(help_text="Not before.")
    lease_until = models.DateTimeField(null=True, help_text="A running job is given up by then.")
    last_error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_due"),
            models.Index(fields=["organization", "-id"], name="job_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class PeriodicRun(models.Model):
    """When a piece of periodic work ran last; claimed by a conditional update, so that one worker runs it."""

    name = models.CharField(max_length=100, primary_key=True)
    last_run_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerHeartbeat(models.Model):
    """Signs of life of the workers; health checks and `doctor` read them."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker_id


class IdempotencyKey(OwnedModel):
    """The first answer to a POST with an Idempotency-Key header, replayed to the same caller for a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="Hash of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Empty while the first request is in flight.")
    content_type = models.CharField(max_length=100, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
