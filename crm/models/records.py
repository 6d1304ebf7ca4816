"""The records beside contacts that a task can belong to: opportunities and cases."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.models import OwnedModel
from crm.models.contacts import Contact
from crm.models.fields import WholeSecondsField


class EntityType(models.IntegerChoices):
    """The vendor's numbers for the records a task can belong to."""

    OPPORTUNITY = 1, "Opportunity"
    CASE = 7, "Case"


class StageType(models.IntegerChoices):
    OPEN = 0, "Open"
    WON = 1, "Closed and won"
    LOST = 2, "Closed and lost"


class BidType(models.IntegerChoices):
    FIXED_BID = 0, "Fixed bid"
    PER_HOUR = 1, "Per hour"
    PER_DAY = 2, "Per day"
    PER_WEEK = 3, "Per week"
    PER_MONTH = 4, "Per month"
    PER_YEAR = 5, "Per year"


class Stage(OwnedModel):
    """A step of a sale, with the chance that it ends well."""

    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, default="")
    color = models.CharField(max_length=255, blank=True, default="")
    probability = models.PositiveSmallIntegerField("success probability, %", default=0)
    stage_type = models.SmallIntegerField("type", choices=StageType, default=StageType.OPEN)
    sort_order = models.IntegerField(default=0)

    class Meta:
        ordering = ("sort_order", "id")
        constraints = (
            models.CheckConstraint(condition=Q(probability__lte=100), name="crm_stage_probability"),
            models.UniqueConstraint(fields=("organization", "title"), name="crm_stage_title_once"),
        )

    def __str__(self) -> str:
        return self.title


class Record(OwnedModel):
    """What opportunities and cases share; `is_private` says that only `access_list` may see it."""

    title = models.CharField(max_length=255)
    is_private = models.BooleanField("private", default=False)
    access_list = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    members = models.ManyToManyField(Contact, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = WholeSecondsField("created", default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Opportunity(Record):
    """A sale that may come."""

    description = models.TextField(blank=True, default="")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    responsible_id = models.UUIDField("responsible")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    bid_type = models.SmallIntegerField(choices=BidType, default=BidType.FIXED_BID)
    bid_value = models.DecimalField(max_digits=20, decimal_places=4, default=0)
    bid_currency = models.CharField(max_length=3)
    per_period_value = models.IntegerField(default=0)
    success_probability = models.PositiveSmallIntegerField("success probability, %", default=0)
    actual_close_date = WholeSecondsField(null=True, blank=True)
    expected_close_date = WholeSecondsField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "opportunities"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="crm_opportunity_has_title"),
            models.CheckConstraint(condition=Q(success_probability__lte=100), name="crm_opportunity_probability"),
        )
        indexes = (models.Index(fields=("organization", "is_private"), name="crm_opportunity_private"),)


class Case(Record):
    """A matter that is worked on until it is closed."""

    is_closed = models.BooleanField("closed", default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="crm_case_has_title"),)
        indexes = (models.Index(fields=("organization", "is_private"), name="crm_case_private"),)
