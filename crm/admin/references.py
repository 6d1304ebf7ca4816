"""Fields for what the CRM keeps as a plain value: a GUID of a user, an id of a contact or record."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelect2Widget

from accounts.models import User
from core.admin import OwnedAdmin, ServiceForm, scoped


def person() -> forms.ModelChoiceField:
    """A user of the organization; a plain list, because not everybody may search the accounts."""
    return forms.ModelChoiceField(User.objects.none(), widget=UnfoldAdminSelect2Widget, required=False)


def reference(source: Any, **options: Any) -> forms.ModelChoiceField:
    """A row found by typing; `source`: any foreign key to its table, which the console's search asks for."""
    queryset = source.remote_field.model._default_manager.none()
    widget = AutocompleteSelect(source, admin.site, attrs={"class": "unfold-admin-autocomplete"})
    return forms.ModelChoiceField(queryset, widget=widget, required=False, **options)


class ReferenceForm(ServiceForm):
    """A form with `person` and `reference` fields; `initial_references` says what they show for a stored row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name, value in self.initial_references(self.instance).items():
                self.initial.setdefault(name, value)

    def initial_references(self, row: Any) -> dict[str, Any]:
        return {"responsible": User.objects.filter(guid=row.responsible_id).first()}


class ReferenceAdmin(OwnedAdmin):
    """An OwnedAdmin whose reference fields offer rows of the user's own organization."""

    references: ClassVar[tuple[str, ...]] = ("responsible",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for name in self.references:
            if name in form.base_fields:
                field = form.base_fields[name]
                field.queryset = scoped(field.queryset.model, request)
        return form
