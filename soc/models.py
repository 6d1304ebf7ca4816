"""SecMaster's workspaces and their to-dos: what a playbook engine asks people to decide."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from core.models import OwnedModel

DUE_AFTER = timedelta(days=15)
ID_LENGTH = 64


def new_id() -> str:
    return str(uuid.uuid4())


def new_project_id() -> str:
    return uuid.uuid4().hex


def storage_name(attachment: "Attachment", file_name: str) -> str:
    """A random name, so that a path on disk tells nothing and nothing an uploader chose becomes a path."""
    return f"soc/{attachment.organization_id}/{uuid.uuid4().hex}"


class Status(models.TextChoices):
    WAITING = "waiting", "Waiting"
    FINISHED = "finished", "Approved"
    CANCELED = "canceled", "Terminated"


class BusinessType(models.TextChoices):
    WORKFLOW_PUBLISH = "WORKFLOWPUBLISH", "Workflow: publish a version"
    WORKFLOW_NODE = "WORKFLOWNODEAPPROVE", "Workflow: review a node"
    PLAYBOOK_PUBLISH = "PLAYBOOKPUBLISH", "Playbook: publish a version"
    PLAYBOOK_NODE = "PLAYBOOKNODEAPPROVE", "Playbook: review a node"


class DueHandle(models.TextChoices):
    CONTINUE = "CONTINUE", "Approve"
    INTERRUPT = "INTERRUPT", "Terminate"


class Project(OwnedModel):
    """What the vendor calls a project: an organization's slice of one region."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_project_id, editable=False)
    name = models.CharField("region", max_length=64, help_text="Clients look a project up by this name: cn-north-4.")
    created_at = models.DateTimeField("created", auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("organization", "name"), name="soc_project_name_once")]

    def __str__(self) -> str:
        return self.name


class Workspace(OwnedModel):
    """A team's room in a project; to-dos live here, and the engine that raised them listens at `webhook_url`."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="workspaces")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    webhook_url = models.CharField(
        "webhook address", blank=True, max_length=500, help_text="Is told, signed, when a to-do of this workspace ends."
    )
    webhook_secret_encrypted = models.BinaryField(default=b"", editable=False)
    created_at = models.DateTimeField("created", auto_now_add=True)

    # Whether the one who asks may settle what names nobody here; set where the workspace was looked up for somebody.
    is_open: bool

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Approver(OwnedModel):
    """A user, or the members of a group, who may settle the workspace's to-dos that name nobody themselves."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="approvers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, group__isnull=False) | Q(user__isnull=False, group__isnull=True),
                name="soc_approver_user_or_group",
                violation_error_message="Name either a user or a group.",
            ),
            models.UniqueConstraint(fields=("workspace", "user"), name="soc_approver_user_once"),
            models.UniqueConstraint(fields=("workspace", "group"), name="soc_approver_group_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.group}"


def list_indexes(sort_key: str, name: str) -> list[models.Index]:
    """The indexes of the API's lists in one order: one for each reason to be in a caller's list (soc.selectors.lists).

    A row is in few of them. What follows the id is only there so that filters need not fetch the row.
    """
    waiting = Q(status=Status.WAITING)
    filtered = ("business_type",) if sort_key == "create_time" else ("business_type", "create_time")
    reasons = (
        ("open", ("workspace",), (), Q(approve_user=None, approve_group=None)),
        ("user", ("approve_user", "workspace"), (), Q(approve_user__isnull=False)),
        ("group", ("approve_group", "workspace"), ("approve_user",), Q(approve_group__isnull=False)),
        ("handler", ("handled_by", "workspace"), ("approve_user", "approve_group"), Q(handled_by__isnull=False)),
    )
    return [
        models.Index(
            fields=(*key, sort_key, "id", *filtered, *asked), condition=condition & state, name=f"soc_{label}_{name}"
        )
        for reason, key, asked, condition in reasons
        for label, state in ((f"{reason}_waiting", waiting), (f"{reason}_handled", ~waiting))
        if label != "handler_waiting"
    ]


class Todo(OwnedModel):
    """A decision that waits for a person. Field names are the vendor's; see TaskInfo in the API description."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="todos")
    aopengine_task_id = models.CharField(
        "engine task id", max_length=ID_LENGTH, blank=True, help_text="Empty: the same as the to-do's own id."
    )
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    notes = models.TextField("remarks", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING, editable=False)
    business_type = models.CharField(max_length=20, choices=BusinessType)
    related_object = models.CharField(
        max_length=255, blank=True, help_text="Name of the workflow or playbook that asks."
    )
    definition_key = models.CharField("node key", max_length=255, blank=True)
    action_id = models.CharField("workflow or playbook id", max_length=255, blank=True)
    action_version_id = models.CharField("version id", max_length=255, blank=True)
    action_instance_id = models.CharField("instance id", max_length=255, blank=True)
    view_parameters = models.TextField(blank=True)
    handle_parameters = models.TextField(blank=True)
    create_time = models.DateTimeField("created")
    update_time = models.DateTimeField("updated")
    due_date = models.DateTimeField(blank=True, help_text="Without one: 15 days after creation.")
    due_handle = models.CharField(
        "when overdue", max_length=10, choices=DueHandle, blank=True, help_text="Empty: it goes on waiting."
    )
    creator_id = models.CharField(max_length=ID_LENGTH, blank=True)
    creator_name = models.CharField(max_length=255, blank=True)
    modifier_id = models.CharField(max_length=ID_LENGTH, blank=True)
    modifier_name = models.CharField(max_length=255, blank=True)
    approve_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approve_group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True, editable=False)
    approver = models.CharField("handled by", max_length=255, blank=True, editable=False)
    review_comments = models.TextField(blank=True, editable=False)
    attachments: models.ManyToManyField = models.ManyToManyField("Attachment", through="TodoAttachment")

    class Meta:
        verbose_name = "to-do"
        ordering = ("due_date", "id")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="soc_todo_status"),
            models.CheckConstraint(condition=Q(business_type__in=BusinessType.values), name="soc_todo_business_type"),
            models.CheckConstraint(condition=Q(due_handle__in=["", *DueHandle.values]), name="soc_todo_due_handle"),
            models.UniqueConstraint(fields=("workspace", "aopengine_task_id"), name="soc_todo_engine_task_once"),
        ]
        indexes = [
            *list_indexes("create_time", "created"),
            *list_indexes("update_time", "updated"),
            models.Index(fields=("organization", "status", "due_date"), name="soc_todo_queue"),
            models.Index(fields=("status", "due_handle", "due_date"), name="soc_todo_due"),
        ]

    def __str__(self) -> str:
        return self.name


class Comment(OwnedModel):
    """A remark on a to-do, its writer as he was called then."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    todo = models.ForeignKey(Todo, verbose_name="to-do", on_delete=models.CASCADE, related_name="comments")
    message = models.TextField()
    user_id = models.CharField(max_length=ID_LENGTH, editable=False)
    user_name = models.CharField(max_length=255, editable=False)
    time = models.DateTimeField(editable=False)

    class Meta:
        ordering = ("time", "id")
        indexes = [models.Index(fields=("todo", "time"), name="soc_comment_of_todo")]

    def __str__(self) -> str:
        return self.message[:60]


class Attachment(OwnedModel):
    """An uploaded file of a workspace; to-dos point at it. Deleting keeps the row and drops the bytes."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="attachments")
    file_name = models.CharField(max_length=255)
    file = models.FileField(upload_to=storage_name)
    size = models.PositiveBigIntegerField(editable=False)
    creator_id = models.CharField(max_length=ID_LENGTH, blank=True, editable=False)
    creator_name = models.CharField(max_length=255, blank=True, editable=False)
    modifier_id = models.CharField(max_length=ID_LENGTH, blank=True, editable=False)
    modifier_name = models.CharField(max_length=255, blank=True, editable=False)
    create_time = models.DateTimeField("created", editable=False)
    update_time = models.DateTimeField("updated", editable=False)
    is_deleted = models.BooleanField("deleted", default=False, editable=False)

    class Meta:
        ordering = ("-create_time", "id")
        indexes = [models.Index(fields=("workspace", "create_time"), name="soc_attachment_of_workspace")]

    def __str__(self) -> str:
        return self.file_name


class TodoAttachment(OwnedModel):
    """An attachment on a to-do's list, in the order of adding."""

    todo = models.ForeignKey(Todo, verbose_name="to-do", on_delete=models.CASCADE, related_name="attachment_links")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="todo_links")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("todo", "attachment"), name="soc_attachment_on_todo_once")]

    def __str__(self) -> str:
        return str(self.attachment)
