"""A row of the same kind as the dialects' tasks: three foreign keys, JSON, times, and indexes for its lists."""

from django.db import models


class Visit(models.Model):
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    hub = models.ForeignKey("hubs.Hub", on_delete=models.CASCADE, related_name="+")
    flow = models.ForeignKey("flows.Flow", on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, default="UNASSIGNED")
    title = models.CharField(max_length=200)
    values = models.JSONField(default=dict)
    ref_id = models.CharField(max_length=255, blank=True)
    order_index = models.FloatField(default=0)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField()
    created_by = models.CharField(max_length=254, blank=True)
    created_time = models.DateTimeField(auto_now_add=True)
    updated_time = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "created_time"], name="visit_created"),
            models.Index(fields=["organization", "status", "created_time"], name="visit_status"),
            models.Index(fields=["organization", "start_time"], name="visit_start"),
            models.Index(fields=["organization", "order_index"], name="visit_order"),
        ]

    def __str__(self) -> str:
        return self.title
