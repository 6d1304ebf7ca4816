"""Flows: what a kind of task asks for, and the log of how each flow came to be what it is."""

from django.db import models
from django.db.models import Q

from core.ids import object_id
from core.models import OwnedModel


class Flow(OwnedModel):
    """The definition of a kind of task: pages of components, and its configurations.

    A deleted flow keeps its row, because its tasks stay and still need it to be read.
    """

    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    name = models.CharField(max_length=255)
    pages = models.JSONField(default=list)
    configurations = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    order_index = models.IntegerField(default=1)
    is_default = models.BooleanField("default", default=False)
    created_by = models.EmailField(max_length=254, blank=True)
    updated_by = models.EmailField(max_length=254, blank=True)
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("updated", auto_now=True)
    deleted_at = models.DateTimeField("deleted", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-order_index", "-id"]
        indexes = [
            models.Index(fields=["organization", "-order_index", "-id"], name="flow_organization_order"),
            models.Index(fields=["organization", "name"], name="flow_organization_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(deleted_at=None), name="flow_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FlowLog(OwnedModel):
    """One change of a flow with the whole flow before and after, so that any version can be restored."""

    class Action(models.TextChoices):
        CREATE = "create"
        PUT = "put"
        REORDER = "reorder"

    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="logs")
    action = models.CharField(max_length=10, choices=Action.choices)
    changed_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(help_text="The version before the change.")
    before = models.JSONField()
    after = models.JSONField()
    created_at = models.DateTimeField("when", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="flowlog_organization"),
            models.Index(fields=["organization", "action", "-id"], name="flowlog_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.flow_id} version {self.version}"
