"""Hubs, the places work starts from, with their teams and the people who belong to both."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from core.ids import object_id
from core.models import OwnedModel


class Hub(OwnedModel):
    """A depot, branch or office; every task belongs to one, and its users are the task's possible assignees."""

    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    name = models.CharField(max_length=255)
    address = models.CharField(max_length=1000)
    lat = models.FloatField("latitude", validators=[MinValueValidator(-90), MaxValueValidator(90)])
    lng = models.FloatField("longitude", validators=[MinValueValidator(-180), MaxValueValidator(180)])
    country_code = models.CharField(max_length=2, blank=True, help_text="ISO 3166, two letters.")
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="hubs", blank=True)
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("updated", auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="hub_name_once"),
            models.CheckConstraint(condition=models.Q(lat__range=(-90, 90)), name="hub_latitude"),
            models.CheckConstraint(condition=models.Q(lng__range=(-180, 180)), name="hub_longitude"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(OwnedModel):
    """People of one hub who work together; who has a team sees only team mates and people without one."""

    id = models.CharField(primary_key=True, max_length=24, default=object_id, editable=False)
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=255)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("updated", auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["organization", "name", "id"], name="team_organization_name")]
        constraints = [models.UniqueConstraint(fields=["hub", "name"], name="team_name_once_per_hub")]

    def __str__(self) -> str:
        return self.name


class Member(User):
    """A user as MileApp knows him: with his hubs and teams."""

    class Meta:
        proxy = True
        ordering = ["name", "id"]
