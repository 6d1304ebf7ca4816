"""What the services of this context share."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from core.actor import Actor
from core.api.errors import Invalid
from core.statements import row_update
from soc.models import Todo

SYSTEM = "system"
# The columns that say who changed a row last, and when.
SIGNATURE = ("modifier_id", "modifier_name", "update_time")


def now() -> datetime:
    """The present, cut to the milliseconds that the vendor's dates can show: what is shown can be filtered by."""
    return to_milliseconds(timezone.now())


def to_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def actor_id(actor: Actor) -> str:
    """The caller as the vendor's user ids name him; the worker is called `system` there."""
    return str(actor.user.guid) if actor.user else SYSTEM


def signed_by(actor: Actor) -> dict[str, Any]:
    """The values of SIGNATURE."""
    return dict(zip(SIGNATURE, (actor_id(actor), actor.name, now()), strict=True))


def todo_sign(todo: Todo, actor: Actor) -> None:
    for name, value in signed_by(actor).items():
        setattr(todo, name, value)


def todo_touch(todo: Todo, actor: Actor) -> None:
    # Not save(): the status may have been settled by somebody else since `todo` was read.
    todo_sign(todo, actor)
    row_update(todo, SIGNATURE)


def fields_check(obj: Model, *, exclude: Collection[str] = ()) -> None:
    """Invalid with the first field of `obj` that its column would not hold; foreign keys are not looked up."""
    foreign = {field.name for field in obj._meta.concrete_fields if field.is_relation}
    try:
        obj.clean_fields(exclude=foreign | set(exclude))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Invalid(f"{field}: {messages[0]}", field=field) from None


def text_check(text: str, *, field: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid(f"{field}: at most {limit} characters", field=field)
    return text
