"""Fields for what the CRM keeps as a plain value: a GUID of a user, an id of a contact or record."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelect2Widget

from accounts.models import User
from core.admin import OwnedAdmin, ServiceForm, scoped


def reference(model: type[models.Model], **options: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        model._default_manager.none(), widget=UnfoldAdminSelect2Widget, required=False, **options
    )


class ReferenceForm(ServiceForm):
    """A form with fields made by `reference`; `initial_references` says what they show for a stored row."""

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
