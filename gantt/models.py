"""Projects of the Gantt chart: the tree of tasks, links, resources, baselines and share links."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from core.models import OwnedModel, OwnedQuerySet
from gantt.fields import WallTimeField


def working_week() -> list[int]:
    """ISO weekdays that are worked on by default: Monday to Friday."""
    return [1, 2, 3, 4, 5]


class Project(OwnedModel):
    """One chart. The version grows with every write below it: it is the ETag and the writers' lock."""

    class Summaries(models.TextChoices):
        AS_SENT = "as-sent", "As sent by the chart"
        AUTO = "auto", "Rolled up from the tasks below"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, help_text="Stands in the address: /gantt/{slug}/")
    is_default = models.BooleanField(default=False, help_text="Answers at /tasks and /links, without a name")
    start = models.DateField(default=localdate, help_text="Where tasks without dates are drawn")
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the organization's")
    summaries = models.CharField("summary tasks", max_length=10, choices=Summaries, default=Summaries.AS_SENT)
    lazy = models.BooleanField(
        "load on opening", default=False, help_text="Closed branches are sent when they are opened"
    )
    allowed_origins = models.TextField(
        blank=True, help_text="Sites whose pages may call this project, one per line: https://plan.example"
    )
    working_days = models.JSONField(default=working_week, help_text="ISO weekdays, 1 is Monday")
    working_hours = models.JSONField(
        default=list,
        blank=True,
        help_text='Hours of a working day: [["09:00", "12:00"], ["13:00", "18:00"]]; empty: all',
    )
    holidays = models.JSONField(default=list, blank=True, help_text='Days off: ["2026-12-25"]')
    version = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["organization", "slug"], name="gantt_project_slug"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="gantt_project_one_default"
            ),
        )
        indexes = (models.Index(fields=["slug"], name="gantt_project_by_slug"),)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone) if self.time_zone else self.organization.zone

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(self.allowed_origins.split())


class TaskQuerySet(OwnedQuerySet):
    def visible(self) -> TaskQuerySet:
        """Without the copies that still wait for their place (see Task.hidden)."""
        return self.filter(hidden=False)


class Task(OwnedModel):
    """
    A row of the chart. Its place is (parent, position); siblings are ordered by (position, id).

    `end` and `duration` never disagree: duration is the whole number of days between start and
    end, or 0 when that is no whole number. A milestone has no end. A task without start and end
    is drawn at the project's start.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    # Branches are deleted by the services in one statement: a cascade would ask once per level.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.DO_NOTHING, related_name="children")
    position = models.BigIntegerField(default=0, editable=False)
    text = models.TextField(blank=True)
    details = models.TextField(blank=True)
    type = models.CharField(max_length=64, default="task", help_text="task, summary, milestone, or a word of your own")
    start = WallTimeField(null=True, blank=True)
    end = WallTimeField(null=True, blank=True)
    duration = models.IntegerField(default=0, editable=False)
    progress = models.FloatField(default=0)
    open = models.BooleanField(default=False)
    extra = models.JSONField(default=dict, blank=True, help_text="Keys of the chart that are kept and sent back")
    hidden = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=100), name="gantt_task_progress_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=models.F("start")), name="gantt_task_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="gantt_task_not_its_own_parent"
            ),
        )
        indexes = (
            models.Index(fields=["project", "parent", "position"], name="gantt_task_order"),
            models.Index(fields=["created_at"], condition=Q(hidden=True), name="gantt_task_hidden"),
        )

    def __str__(self) -> str:
        return self.text or f"Task {self.pk}"


class Link(OwnedModel):
    """A dependency of two tasks. Without ends it waits for the copied branch that it belongs to."""

    class Type(models.TextChoices):
        FINISH_TO_START = "e2s", "Finish to start"
        START_TO_START = "s2s", "Start to start"
        FINISH_TO_FINISH = "e2e", "Finish to finish"
        START_TO_FINISH = "s2e", "Start to finish"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="links")
    source = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="links_in")
    type = models.CharField(max_length=3, choices=Type, default=Type.FINISH_TO_START)
    lag = models.FloatField(null=True, blank=True, help_text="Days; empty: flexible")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["source", "target", "type"], name="gantt_link_once"),
            models.CheckConstraint(condition=Q(type__in=["e2s", "s2s", "e2e", "s2e"]), name="gantt_link_type"),
            models.CheckConstraint(
                condition=Q(source__isnull=True, target__isnull=True)
                | (Q(source__isnull=False, target__isnull=False) & ~Q(source=models.F("target"))),
                name="gantt_link_two_ends",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id} ({self.type})"


class Resource(OwnedModel):
    """Somebody or something that works on tasks. One with members below it is a group."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="resources")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200, blank=True)
    avatar = models.CharField(max_length=500, blank=True)
    color = models.CharField(max_length=32, blank=True)
    calendar = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Assignment(OwnedModel):
    """A resource at work on a task, with so many percent of its time."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="assignments")
    units = models.FloatField(default=100)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["task", "resource"], name="gantt_assignment_once"),
            models.CheckConstraint(condition=Q(units__gte=0, units__lte=100), name="gantt_assignment_units"),
        )

    def __str__(self) -> str:
        return f"{self.resource} on {self.task}"


class ShareLink(OwnedModel):
    """An address that opens a project without a login. Only the hash of its secret is kept."""

    class Access(models.TextChoices):
        READ = "read", "May look"
        EDIT = "edit", "May change tasks and links"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="share_links")
    name = models.CharField(max_length=200)
    access = models.CharField(max_length=4, choices=Access, default=Access.READ)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name


class Baseline(OwnedModel):
    """The plan as it stood at one moment."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="baselines")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name


class BaselineTask(models.Model):
    """A task of a baseline. It names the task by number: the task itself may be deleted later."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="tasks")
    task_id = models.BigIntegerField()
    text = models.TextField(blank=True)
    start = WallTimeField(null=True, blank=True)
    end = WallTimeField(null=True, blank=True)
    duration = models.IntegerField(default=0)
    progress = models.FloatField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["baseline", "task_id"], name="gantt_baseline_task_once"),)

    def __str__(self) -> str:
        return self.text


class CopyGroup(OwnedModel):
    """
    A branch whose copies a chart is still sending row by row.

    `queue` holds the rows below the copied one as they stood then, depth first, each as
    [source, parent, depth]; `links` their links as [source, target, type, lag], and once all rows
    have arrived with the number of the expected temporary id in front.
    """

    class State(models.TextChoices):
        ROWS = "rows", "Rows are still arriving"
        LINKS = "links", "Links are still arriving"
        DIVERGED = "diverged", "The chart's branch was another one"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    client = models.CharField(max_length=120)
    number = models.BigIntegerField(help_text="Number of the temporary id of the branch's top row")
    queue = models.JSONField(default=list)
    links = models.JSONField(default=list)
    head = models.IntegerField(default=0, help_text="Next row of the queue")
    settled = models.IntegerField(default=0, help_text="Copies that have found their place")
    state = models.CharField(max_length=8, choices=State, default=State.ROWS)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["project", "client"], name="gantt_copygroup_client"),)

    def __str__(self) -> str:
        return f"Copy {self.number} of {self.client}"


class TempId(OwnedModel):
    """What became of a temporary id `temp://…` that a chart made up: remembered for an hour."""

    class Kind(models.TextChoices):
        TASK = "task"
        COPY = "copy"
        LINK = "link"
        # A link between copies whose ends the client does not know before it reads the links again.
        ADOPTED = "adopted"

    # What the temporary id of a task, and that of a link, may have become.
    ROWS = (Kind.TASK, Kind.COPY)
    LINKS = (Kind.LINK, Kind.ADOPTED)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    client = models.CharField(max_length=120)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.BigIntegerField(help_text="The real id")
    source_id = models.BigIntegerField(null=True, help_text="The row that was copied")
    lazy = models.BooleanField(default=False)
    staged = models.BooleanField(default=False, help_text="Waits for its place in a copied branch")
    group = models.ForeignKey(CopyGroup, null=True, on_delete=models.SET_NULL, related_name="members")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["project", "client", "number"], name="gantt_tempid_number"),
            models.Index(fields=["created_at"], name="gantt_tempid_age"),
        )

    def __str__(self) -> str:
        return f"temp://{self.number}"
