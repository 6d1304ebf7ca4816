"""Contacts in the console."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminSelect2MultipleWidget

from core.actor import Actor
from core.admin import OwnedAdmin, ServiceForm
from crm import services
from crm.admin.applying import TemplatesAction
from crm.models import Contact
from crm.services import ContactData


class ContactForm(ServiceForm):
    email = forms.EmailField(required=False, widget=UnfoldAdminEmailInputWidget, label="E-mail")

    class Meta:
        model = Contact
        fields = (
            "is_company", "company_name", "first_name", "last_name", "job_title", "company", "about", "share_type",
            "managers"
        )  # fmt: skip

        widgets = {"managers": UnfoldAdminSelect2MultipleWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            primary = self.instance.emails.filter(is_primary=True).first()
            self.initial.setdefault("email", primary.address if primary else "")


@admin.register(Contact)
class ContactAdmin(TemplatesAction, OwnedAdmin):
    form = ContactForm
    list_display = ("display_name", "is_company", "company", "share_type", "created_at")
    list_filter = ("is_company", "share_type")
    list_select_related = ("company",)
    search_fields = ("display_name",)
    autocomplete_fields = ("company",)
    fields = (
        "is_company", "company_name", ("first_name", "last_name"), "job_title", "company", "email", "about",
        ("share_type", "managers"),
    )  # fmt: skip

    def service_create(self, actor: Actor, data: dict[str, Any]) -> Contact:
        return services.contact_create(actor=actor, data=contact_data(data))

    def service_update(self, actor: Actor, obj: Contact, data: dict[str, Any]) -> Contact:
        return services.contact_update(actor=actor, contact_id=obj.pk, data=contact_data(data))

    def service_delete(self, actor: Actor, obj: Contact) -> None:
        services.contact_delete(actor=actor, contact_id=obj.pk)


def contact_data(values: dict[str, Any]) -> ContactData:
    """The service's view of the form's values."""
    values = dict(values)
    company, managers = values.pop("company"), values.pop("managers")
    return ContactData(
        **values, company_id=company.pk if company else 0, managers=tuple(manager.guid for manager in managers)
    )
