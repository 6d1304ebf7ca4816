import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import OwnedModel
from crm.models.fields import EmptiedTextField, WholeSecondsField
from crm.models.records import EntityType

NOBODY = uuid.UUID(int=0)


class TaskCategory(OwnedModel):
    """What kind of work a task is: a phone call, a lunch, a delivery."""

    title = models.CharField(max_length=255)
    description = EmptiedTextField(blank=True, default="")
    color = EmptiedTextField(blank=True, default="")
    image = models.CharField("icon", max_length=255, blank=True, default="", help_text="File name of the icon.")
    sort_order = models.IntegerField(default=0)

    # Only where the category was read with its number of tasks.
    tasks_count: int

    class Meta:
        verbose_name_plural = "task categories"
        ordering = ("sort_order", "id")
        constraints = (
            models.UniqueConstraint(fields=("organization", "title"), name="crm_category_title_once"),
            models.CheckConstraint(condition=~Q(title=""), name="crm_category_has_title"),
        )
        indexes = (models.Index(fields=("organization", "sort_order"), name="crm_category_order"),)

    def __str__(self) -> str:
        return self.title


class Task(OwnedModel):
    """A task of ONLYOFFICE CRM.

    `contact_id`, `entity_id` and `responsible_id` are plain values: the vendor stores ids of
    records that do not exist (any more) and leaves them out of its answers. The `*_key` columns
    hold what lists are sorted by, folded to one case; the services keep them.
    """

    title = models.CharField(max_length=255)
    description = EmptiedTextField(blank=True, default="")
    deadline = WholeSecondsField()
    responsible_id = models.UUIDField("responsible", default=NOBODY)
    contact_id = models.BigIntegerField("contact", default=0)
    entity_type = models.SmallIntegerField("entity type", choices=EntityType, null=True, blank=True)
    entity_id = models.BigIntegerField("entity", default=0)
    category = models.ForeignKey(TaskCategory, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    is_closed = models.BooleanField("closed", default=False)
    alert_value = models.IntegerField("remind before, minutes", default=0)
    remind_at = models.DateTimeField(null=True, blank=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = WholeSecondsField("created", default=timezone.now)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    updated_at = WholeSecondsField("last modified", default=timezone.now, editable=False)

    title_key = models.CharField(max_length=64, editable=False)
    contact_key = models.CharField(max_length=64, default="", editable=False)
    responsible_key = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        ordering = ("is_closed", "deadline", "title_key", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="crm_task_has_title"),
            models.CheckConstraint(
                condition=Q(entity_type__isnull=True, entity_id=0) | Q(entity_type__isnull=False, entity_id__gt=0),
                name="crm_task_entity_whole",
            ),
        )
        indexes = (
            models.Index(fields=("organization", "is_closed", "deadline", "title_key", "id"), name="crm_task_deadline"),
            models.Index(fields=("organization", "is_closed", "title_key", "deadline", "id"), name="crm_task_title"),
            models.Index(
                fields=("organization", "is_closed", "category", "deadline", "title_key", "id"),
                name="crm_task_category",
            ),
            models.Index(
                fields=("organization", "is_closed", "contact_key", "deadline", "title_key", "id"),
                name="crm_task_contact",
            ),
            models.Index(
                fields=("organization", "is_closed", "responsible_key", "deadline", "title_key", "id"),
                name="crm_task_manager",
            ),
            models.Index(fields=("organization", "is_closed", "created_at", "id"), name="crm_task_created"),
            models.Index(fields=("organization", "is_closed", "id"), name="crm_task_id"),
            models.Index(
                fields=("organization", "responsible_id", "is_closed", "deadline"), name="crm_task_responsible"
            ),
            models.Index(fields=("organization", "contact_id", "is_closed", "deadline"), name="crm_task_of_contact"),
            models.Index(fields=("organization", "entity_type", "entity_id"), name="crm_task_of_entity"),
            models.Index(fields=("category", "organization"), name="crm_task_in_category"),
            models.Index(fields=("remind_at",), name="crm_task_remind"),
        )

    def __str__(self) -> str:
        return self.title


class TaskCount(OwnedModel):
    """How many open or closed tasks a category has: the sum over the slots, kept by the services.

    Several processes write into several slots, so that no two wait for the same row.
    """

    category = models.ForeignKey(TaskCategory, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_closed = models.BooleanField()
    slot = models.PositiveSmallIntegerField()
    count = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("category", "is_closed", "slot"), name="crm_task_count_once"),)

    def __str__(self) -> str:
        return f"{self.category_id} {'closed' if self.is_closed else 'open'}: {self.count}"


class TaskWord(models.Model):
    """A word of a task's title or description, for the search by the beginning of words.

    `word` is the lower-case word as the hexadecimal digits of its UTF-8 bytes. Digits and the
    letters a to f stand in one order under every collation, so "starts with" is a plain index
    range on every database, without operator classes or case-sensitive LIKE.
    """

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=512)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("organization", "word", "task"), name="crm_word_once"),)

    def __str__(self) -> str:
        return bytes.fromhex(self.word).decode()
