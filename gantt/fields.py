"""The wall time of a chart: a date and a time of day without a zone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models


def wall_text(value: datetime) -> str:
    """The wire form `YYYY-MM-DD HH:mm:ss`, also the form in the database."""
    return value.isoformat(sep=" ", timespec="seconds")


class WallTimeFormField(forms.DateTimeField):
    """A date and time that no form converts to another zone."""

    def prepare_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, list | tuple):
            value = " ".join(part for part in value if part)
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.replace(tzinfo=None)
        try:
            return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class WallTimeField(models.CharField):
    """
    A naive datetime, kept as the text that goes over the wire.

    Django's own datetimes are instants when USE_TZ is on, and an instant moves with the
    reader's zone. Text of one layout sorts as time does on every database and needs no
    formatting when a hundred thousand rows are read.
    """

    description = "A wall time without a zone"

    if TYPE_CHECKING:  # what django-stubs reads: as a CharField's the value would be text
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 19
        super().__init__(*args, **kwargs)
        # The length limits the column; a datetime has none.
        self.validators = [each for each in self.validators if not isinstance(each, MaxLengthValidator)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)

    def to_python(self, value: Any) -> datetime | None:
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValidationError("Enter a valid date and time.", code="invalid") from None

    def get_prep_value(self, value: Any) -> str | None:
        value = self.to_python(value)
        return None if value is None else wall_text(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {"form_class": WallTimeFormField}
        return models.Field.formfield(self, **{**defaults, **kwargs})
