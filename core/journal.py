"""The journal: who changed what, from where. Written in the same transaction as the change."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.models import Organization
from core.actor import Actor
from core.models import JournalEntry


def diff(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """{"field": [old, new]} for every key whose value differs; a missing key counts as None."""
    return {
        key: [before.get(key), after.get(key)]
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }


_INSERT = """
INSERT INTO core_journalentry (
    organization_id, user_id, actor_name, source, request_id, verb, object_type, object_id, object_repr, changes,
    snapshot, created_at
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    *, actor: Actor, verb: str, obj: Model, changes: dict[str, list[Any]] | None = None, snapshot: Any = None
) -> None:
    """Write one entry about `obj`; `changes` and `snapshot` hold JSON values only."""
    entry = _entry(actor, verb, obj, changes, snapshot)
    # Every write of every vendor passes here: `save()` would take six times as long as the statement itself.
    values = (
        entry.organization_id,
        entry.user_id,
        entry.actor_name,
        entry.source,
        entry.request_id,
        entry.verb,
        entry.object_type,
        entry.object_id,
        entry.object_repr,
        json.dumps(entry.changes),
        None if snapshot is None else json.dumps(snapshot),
        connection.ops.adapt_datetimefield_value(entry.created_at),
    )
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def record_many(*, actor: Actor, verb: str, items: Iterable[tuple[Model, dict[str, list[Any]] | None, Any]]) -> None:
    """One entry for each (object, changes, snapshot), in one statement per batch."""
    entries = list(items)
    if len(entries) == 1:
        obj, changes, snapshot = entries[0]
        record(actor=actor, verb=verb, obj=obj, changes=changes, snapshot=snapshot)
    else:
        JournalEntry.objects.bulk_create([_entry(actor, verb, *item) for item in entries], batch_size=500)


def of_object(*, organization: Organization, obj: Model) -> QuerySet:
    """The entries about `obj`, newest first."""
    return JournalEntry.objects.of(organization).filter(object_type=_type(obj), object_id=str(obj.pk))


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
