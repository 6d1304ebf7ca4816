from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.models import OwnedModel
from crm.models.fields import WholeSecondsField


class ShareType(models.IntegerChoices):
    """Who beside the managers may see a contact."""

    NONE = 0, "Only its managers"
    READ_WRITE = 1, "Everybody reads and writes"
    READ = 2, "Everybody reads"


class Contact(OwnedModel):
    """A person or a company."""

    is_company = models.BooleanField("company", default=False)
    first_name = models.CharField(max_length=255, blank=True, default="")
    last_name = models.CharField(max_length=255, blank=True, default="")
    company_name = models.CharField(max_length=255, blank=True, default="")
    job_title = models.CharField(max_length=255, blank=True, default="")
    company = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="persons",
        limit_choices_to={"is_company": True},
    )
    about = models.TextField(blank=True, default="")
    share_type = models.SmallIntegerField("sharing", choices=ShareType, default=ShareType.NONE)
    managers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    display_name = models.CharField(max_length=511, editable=False)
    name_key = models.CharField(max_length=64, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = WholeSecondsField("created", default=timezone.now)

    class Meta:
        ordering = ("name_key", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_company=True) & ~Q(company_name="") | Q(is_company=False) & ~Q(first_name=""),
                name="crm_contact_has_name",
            ),
            models.CheckConstraint(
                condition=Q(company__isnull=True) | Q(is_company=False), name="crm_company_in_no_company"
            ),
        )
        indexes = (
            models.Index(fields=("organization", "created_at", "id"), name="crm_contact_created"),
            models.Index(fields=("organization", "name_key", "id"), name="crm_contact_name"),
            models.Index(fields=("organization", "share_type"), name="crm_contact_share"),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_private(self) -> bool:
        return self.share_type == ShareType.NONE

    @property
    def managed_by(self) -> list[User]:
        return list(self.managers.all())


class ContactEmail(OwnedModel):
    """An e-mail address of a contact; the primary one is shown inside tasks."""

    class Category(models.IntegerChoices):
        HOME = 0, "Home"
        WORK = 1, "Work"
        OTHER = 2, "Other"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField()
    category = models.SmallIntegerField(choices=Category, default=Category.WORK)
    is_primary = models.BooleanField("primary", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("contact",), condition=Q(is_primary=True), name="crm_contact_one_primary_email"
            ),
        )

    def __str__(self) -> str:
        return self.address
