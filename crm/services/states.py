"""What the journal keeps of a row."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Field, Model


def state_of(row: Model) -> dict[str, Any]:
    """The columns of a row as JSON values as they are stored, without its id, organization and derived columns."""
    return {field.name: _plain(field.get_prep_value(getattr(row, field.attname))) for field in _fields(type(row))}


@cache
def _fields(model: type[Model]) -> list[Field]:
    return [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)
