from django.db import models
from django.db.models import Q

from core.models import OwnedModel
from crm.models.fields import EmptiedTextField
from crm.models.tasks import NOBODY, TaskCategory


class ContainerType(models.IntegerChoices):
    """The vendor's numbers for the records a set of templates is made for."""

    CONTACT = 0, "Contact"
    OPPORTUNITY = 1, "Opportunity"
    COMPANY = 4, "Company"
    PERSON = 5, "Person"
    CASE = 7, "Case"


class TaskTemplateContainer(OwnedModel):
    """A named set of task templates for one kind of record."""

    title = models.CharField(max_length=255)
    entity_type = models.SmallIntegerField("for", choices=ContainerType)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="crm_container_has_title"),)
        indexes = (models.Index(fields=("organization", "entity_type"), name="crm_container_type"),)

    def __str__(self) -> str:
        return self.title


class TaskTemplate(OwnedModel):
    """A task to be made later; its deadline is `offset_ticks` (100 ns each) from then."""

    container = models.ForeignKey(TaskTemplateContainer, on_delete=models.CASCADE, related_name="templates")
    title = models.CharField(max_length=255)
    description = EmptiedTextField(blank=True, default="")
    responsible_id = models.UUIDField("responsible", default=NOBODY)
    category = models.ForeignKey(TaskCategory, on_delete=models.PROTECT, related_name="+")
    is_notify = models.BooleanField("notify the responsible", default=False)
    offset_ticks = models.BigIntegerField("due after, ticks", default=0, help_text="Units of 100 nanoseconds.")
    deadline_is_fixed = models.BooleanField("due at a fixed time of day", default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="crm_template_has_title"),)

    def __str__(self) -> str:
        return self.title
