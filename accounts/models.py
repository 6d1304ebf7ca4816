"""Who may come in: organizations, their users, and the credentials of programs."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower

from accounts import crypto
from accounts.ids import object_id


def time_zone_validate(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name} is no IANA time zone; examples: UTC, Asia/Jakarta, Europe/Riga.")


class Organization(models.Model):
    """A tenant. Every other row belongs to exactly one, and no other organization sees it."""

    object_id = models.CharField("object id", max_length=24, unique=True, default=object_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[time_zone_validate],
        help_text="The zone of dates that a vendor prints as local time.",
    )
    is_active = models.BooleanField("active", default=True, help_text="Nobody of an inactive organization can log in.")
    created_at = models.DateTimeField("created", auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OrganizationQuerySet(models.QuerySet):
    """Rows that belong to an organization; the one place where they are told apart."""

    def of(self, organization: "Organization | int | Combinable") -> "OrganizationQuerySet":
        return self.filter(organization=organization)


class UserManager(BaseUserManager.from_queryset(OrganizationQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """The operator that `createsuperuser` makes; the first one founds the organization Main."""
        fields.setdefault("name", email.split("@", maxsplit=1)[0])
        if "organization" not in fields:
            fields["organization"] = Organization.objects.order_by("pk").first() or Organization.objects.create(
                name="Main"
            )
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person or program of one organization; logs in by e-mail. Rights come from the groups alone."""

    # Rights by group only: one place to look when somebody may do too much.
    user_permissions = None  # type: ignore[assignment]

    guid = models.UUIDField("GUID", unique=True, default=uuid.uuid4)
    object_id = models.CharField("object id", max_length=24, unique=True, default=object_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="users")
    email = models.EmailField("e-mail", max_length=254, unique=True)
    name = models.CharField("display name", max_length=200)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    title = models.CharField("job title", max_length=200, blank=True)
    phone_number = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField("active", default=True, help_text="Only active users can log in or use a token.")
    is_staff = models.BooleanField("console access", default=False, help_text="May log in to this console.")
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("updated", auto_now=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["organization", "name", "id"], name="user_organization_name")]
        constraints = [
            # Two spellings of one address would be two accounts for one mailbox.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name or self.name


class AccessToken(models.Model):
    """A token for the Authorization (Bearer) or X-Auth-Token header. Only its hash is stored."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "Personal (made in the console or by createtoken)"
        SESSION = "session", "Session (made by a log-in over an API)"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=100, help_text="What it is for; one program, one token.")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSONAL, editable=False)
    prefix = models.CharField(max_length=12, editable=False, help_text="The beginning, to recognise it by.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("created", auto_now_add=True)
    expires_at = models.DateTimeField("expires", null=True, blank=True, help_text="Empty: never.")
    last_used_at = models.DateTimeField("last used", null=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="token_organization")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class AccessKey(models.Model):
    """An access key (AK, in clear) with its secret (SK, encrypted at rest), for signed requests."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_keys")
    name = models.CharField(max_length=100)
    access_key = models.CharField("AK", max_length=40, unique=True, editable=False)
    secret_encrypted = models.BinaryField(editable=False)
    created_at = models.DateTimeField("created", auto_now_add=True)
    expires_at = models.DateTimeField("expires", null=True, blank=True, help_text="Empty: never.")
    last_used_at = models.DateTimeField("last used", null=True, editable=False)
    revoked_at = models.DateTimeField("revoked", null=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="key_organization")]

    def __str__(self) -> str:
        return f"{self.name} ({self.access_key})"

    @property
    def secret(self) -> str:
        return crypto.decrypt(bytes(self.secret_encrypted))


class PasswordHistory(models.Model):
    """Hashes of a user's earlier passwords, so that none is used twice."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_history")
    password = models.CharField(max_length=128)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "password history"

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
