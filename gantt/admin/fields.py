"""Form fields for what a project keeps as lists, and for wall times."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

WEEKDAYS = [
    (1, "Monday"),
    (2, "Tuesday"),
    (3, "Wednesday"),
    (4, "Thursday"),
    (5, "Friday"),
    (6, "Saturday"),
    (7, "Sunday"),
]
SHIFT = re.compile(r"\s*(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)\s*")


class WallTimeWidget(UnfoldAdminTextInputWidget):
    """The browser's own picker, which knows no zones either."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, datetime) else value


class WeekdaysField(forms.TypedMultipleChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, coerce=int, widget=UnfoldAdminCheckboxSelectMultipleWidget, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed([str(day) for day in initial or []], data)


class LinesField(forms.CharField):
    """A list of words, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, list) else (value or "").split()

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class HoursField(forms.CharField):
    """`09:00-12:00, 13:00-18:00` as [["09:00", "12:00"], ["13:00", "18:00"]]."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextInputWidget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join("-".join(pair) for pair in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        parts = [part for part in (value or "").split(",") if part.strip()]
        matches = [SHIFT.fullmatch(part) for part in parts]
        if not all(matches):
            raise ValidationError("Write hours as 09:00-12:00, 13:00-18:00.", code="invalid")
        return [list(match.groups()) for match in matches if match]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True
