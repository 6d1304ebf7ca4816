"""Tasks of the MileApp context, who does them, their photos, and what keeps lists of a million tasks quick."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.ids import object_id
from core.models import OwnedModel
from tasks.lifecycle import Status


class Task(OwnedModel):
    """One visit, delivery or job at a hub, filled in after its flow.

    `values` holds what was posted and is not a column: values of the flow's components, keys of the mobile app, and
    keys that nobody knows. `shown` holds the vendor's copies by `showAs`: title, content, label, expectedCoordinate.
    """

    Status = Status

    # Redeclared without the index of its own: every index below that lists need begins with the organization.
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+", db_index=False, editable=False
    )
    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    # The indexes below begin with the hub or the flow where a list filters by it.
    hub = models.ForeignKey("hubs.Hub", on_delete=models.CASCADE, related_name="tasks", db_index=False)
    flow = models.ForeignKey("flows.Flow", on_delete=models.PROTECT, related_name="tasks", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNASSIGNED, editable=False)
    values = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(default=dict, editable=False)
    title = models.CharField(max_length=200, blank=True, editable=False, help_text="The shown title, to search by.")
    ref_id = models.CharField("reference", max_length=255, blank=True, help_text="The caller's own number.")
    order_index = models.FloatField("order", help_text="Place in lists; empty: by the time of creation.")
    start_time = models.DateTimeField("start")
    end_time = models.DateTimeField("end")
    has_photos = models.BooleanField(default=False, editable=False)
    routing_result_id = models.CharField("route result", max_length=100, blank=True, editable=False)

    created_from = models.CharField(max_length=20, editable=False)
    created_by = models.CharField(max_length=254, editable=False, help_text="Display name, else e-mail.")
    created_by_email = models.CharField(max_length=254, blank=True, editable=False)
    created_time = models.DateTimeField("created", editable=False)
    updated_by = models.CharField(max_length=254, blank=True, editable=False, help_text="E-mail.")
    updated_time = models.DateTimeField("updated", editable=False)

    assignees = models.ManyToManyField(settings.AUTH_USER_MODEL, through="TaskAssignee", related_name="+")
    assigned_by = models.CharField(max_length=254, blank=True, editable=False, help_text="Display name, else e-mail.")
    assigned_time = models.DateTimeField("assigned", null=True, editable=False)

    done_by = models.CharField(max_length=254, blank=True, editable=False, help_text="Display name, else e-mail.")
    done_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        editable=False,
    )
    done_time = models.DateTimeField("done", null=True, editable=False)
    done_from = models.CharField(max_length=10, blank=True, editable=False)
    done_order = models.PositiveIntegerField(
        null=True, editable=False, help_text="Place among the finisher's tasks of that day."
    )
    is_last_done_order = models.BooleanField(default=False, editable=False)
    duration = models.FloatField(null=True, editable=False, help_text="Minutes from opening page 1 to the end.")
    travel_duration = models.FloatField(null=True, editable=False, help_text="Minutes since the task done before.")
    travel_distance = models.FloatField(null=True, editable=False, help_text="Metres from the task done before.")

    class Meta:
        ordering = ["-id"]
        permissions = [("view_own_task", "Can view the tasks assigned to oneself")]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="task_status_known"),
            models.CheckConstraint(condition=Q(end_time__gte=F("start_time")), name="task_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status=Status.UNASSIGNED, assigned_time=None)
                | (~Q(status=Status.UNASSIGNED) & Q(assigned_time__isnull=False)),
                name="task_assigned_unless_unassigned",
            ),
            # Also holds "not after endTime, not before startTime" against bulk writes.
            models.CheckConstraint(
                condition=(~Q(status=Status.DONE) & Q(done_time=None))
                | Q(status=Status.DONE, done_time__gte=F("start_time"), done_time__lte=F("end_time")),
                name="task_done_within_its_time",
            ),
        ]
        # One index for each sort, alone and within a status, and one for each filter: docs/decisions/task-lists.md.
        indexes = [
            models.Index(fields=["organization", "id"], name="task_cursor"),
            models.Index(fields=["organization", "created_time", "id"], name="task_created"),
            models.Index(fields=["organization", "order_index", "id"], name="task_order"),
            models.Index(fields=["organization", "start_time", "id"], name="task_start"),
            models.Index(fields=["organization", "end_time", "id"], name="task_end"),
            # DONE sorts before the other two, so that this order needs no rule about empty times (see selectors).
            models.Index(fields=["organization", "status", "-done_time", "-id"], name="task_status_done"),
            models.Index(fields=["organization", "status", "created_time", "id"], name="task_status_created"),
            models.Index(fields=["organization", "status", "order_index", "id"], name="task_status_order"),
            models.Index(fields=["organization", "status", "start_time", "id"], name="task_status_start"),
            models.Index(fields=["hub", "created_time", "id"], name="task_hub"),
            # What a dispatcher looks at all day: the open tasks of a hub, few among all that were ever done there.
            models.Index(fields=["hub", "status", "created_time", "id"], name="task_hub_status"),
            models.Index(fields=["flow", "created_time", "id"], name="task_flow"),
            models.Index(fields=["done_by_user", "done_time"], name="task_done_by", condition=Q(status=Status.DONE)),
            models.Index(
                fields=["organization", "routing_result_id", "id"],
                name="task_route",
                condition=~Q(routing_result_id=""),
            ),
            models.Index(
                fields=["organization", "created_time", "id"], name="task_photos", condition=Q(has_photos=True)
            ),
            models.Index(fields=["organization", "ref_id"], name="task_reference", condition=~Q(ref_id="")),
        ]

    def __str__(self) -> str:
        return self.title or self.ref_id or self.pk


class TaskAssignee(OwnedModel):
    """One of the users that a task is assigned to; any of them completes it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["task", "position"]
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="assignee_position_once"),
            models.UniqueConstraint(fields=["user", "task"], name="assignee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.user_id}"


class TaskCount(OwnedModel):
    """How many tasks a hub has of a flow in a status: the sum over the slots, kept by the services.

    Several processes write into several slots, so that no two wait for the same row. `changed_at` is the last change of
    any of these tasks.
    """

    hub = models.ForeignKey("hubs.Hub", on_delete=models.CASCADE, related_name="+", db_index=False)
    flow = models.ForeignKey("flows.Flow", on_delete=models.CASCADE, related_name="+", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices)
    slot = models.PositiveSmallIntegerField()
    count = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub", "flow", "status", "slot"], name="task_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.flow_id} {self.status}: {self.count}"


def photo_storage_name(photo: "TaskPhoto", filename: str) -> str:
    """Random on the disk: the name that the caller chose stands in the database only."""
    return f"tasks/{uuid.uuid4().hex}.jpg"


class TaskPhoto(OwnedModel):
    """A photo that was sent for a task. Its address is `/<organization>/<path>`."""

    path = models.CharField(max_length=255, help_text="`<year>/<month>/<day>/<epoch>_<forRenameFile>.jpg`")
    file = models.FileField(upload_to=photo_storage_name)
    size = models.PositiveIntegerField(help_text="Bytes.")
    # No foreign key: the app sends photos under names it chooses, also before the task exists.
    task_id = models.CharField("task", max_length=24, blank=True)
    created_by = models.CharField(max_length=254)
    created_time = models.DateTimeField("created")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "path"], name="photo_path_once")]
        indexes = [models.Index(fields=["organization", "task_id", "id"], name="photo_task")]

    def __str__(self) -> str:
        return self.path


class BulkRequest(OwnedModel):
    """A bulk call that the caller did not wait for.

    `position` moves in the transaction of the rows before it: who takes over from a killed worker repeats nothing.
    """

    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64, blank=True)
    operation = models.CharField(max_length=10)
    rows = models.JSONField()
    position = models.PositiveIntegerField(default=0, help_text="Rows worked off.")
    failed = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=dict, help_text="Row number: reason.")
    created_time = models.DateTimeField("created", auto_now_add=True)
    finished_time = models.DateTimeField("finished", null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="bulk_request_organization")]

    def __str__(self) -> str:
        return f"{self.operation} {self.pk}"


class TaskImport(OwnedModel):
    """How far a file has been imported; moves in the transaction of its tasks, so a new start goes on exactly there."""

    key = models.CharField(max_length=64, help_text="Hash of the file, the flow and the hub.")
    filename = models.CharField(max_length=255)
    position = models.PositiveIntegerField(default=0, help_text="Rows worked off.")
    created = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refused_bytes = models.PositiveBigIntegerField(default=0, help_text="Length of the file of refused rows.")
    started_time = models.DateTimeField("started", auto_now_add=True)
    finished_time = models.DateTimeField("finished", null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="task_import_once")]

    def __str__(self) -> str:
        return self.filename
