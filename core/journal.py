"""The journal: who changed what, from where. Written in the same transaction as the change."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import Organization
from core.actor import Actor
from core.models import JournalEntry
from core.statements import Given, Prepared, row_insert, rows_insert

# A row can be changed without end, and each of its entries can hold it whole.
NEWEST = 200


def diff(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{"field": [old, new]} for every key whose value differs; a missing key counts as None."""
    return {
        key: [before.get(key), after.get(key)]
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }


def record(
    *, actor: Actor, verb: str, obj: Model, changes: dict[str, list[Any]] | None = None, snapshot: Any = None
) -> None:
    """Write one entry about `obj`; `changes` and `snapshot` hold JSON values only."""
    row_insert(_entry(actor, verb, obj, changes, snapshot), keyed=False)


def record_many(*, actor: Actor, verb: str, items: Iterable[tuple[Model, dict[str, list[Any]] | None, Any]]) -> None:
    """One entry for each (object, changes, snapshot), in one statement per batch."""
    rows_insert([_entry(actor, verb, *item) for item in items], keyed=False)


def of_object(*, organization: Organization, obj: Model, limit: int = NEWEST) -> list[JournalEntry]:
    """The newest `limit` entries about `obj`, newest first."""
    return _of_object(limit).all(organization=organization.pk, type=_type(obj), id=str(obj.pk))


@cache
def _of_object(limit: int) -> Prepared:
    entries = JournalEntry.objects.of(Given("organization")).filter(object_type=Given("type"), object_id=Given("id"))
    return Prepared(lambda: entries[:limit])


def _entry(actor: Actor, verb: str, obj: Model, changes: dict[str, list[Any]] | None, snapshot: Any) -> JournalEntry:
    return JournalEntry(
        organization=actor.organization,
        user=actor.user,
        actor_name=actor.name[:200],
        source=actor.source,
        request_id=actor.request_id,
        verb=verb,
        object_type=_type(obj),
        object_id=str(obj.pk),
        object_repr=str(obj)[:200],
        changes=changes or {},
        snapshot=snapshot,
        created_at=timezone.now(),
    )


def _type(obj: Model) -> str:
    """The same for a row and its proxies."""
    return obj._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]
