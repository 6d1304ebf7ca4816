"""Temporary ids `temp://…` of charts: what became of them, by client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.statements import Given, Prepared, row_insert
from gantt.models import Project, TempId

# After this a chart that was not heard of again is taken for closed.
KEEP = timedelta(hours=1)


@dataclass(frozen=True)
class Temp:
    """The number in a temporary id and the client that gave it: two charts may use the same numbers."""

    client: str
    number: int


def temp_note(project: Project, temp: Temp | None, kind: str, object_id: int, **more: Any) -> TempId | None:
    """Remember the real id of a temporary one, if the client gave one."""
    if temp is None:
        return None
    note = TempId(
        organization_id=project.organization_id,
        project=project,
        client=temp.client,
        number=temp.number,
        kind=kind,
        object_id=object_id,
        **more,
    )
    row_insert(note)
    return note


def notes_of(project: Project, client: str) -> QuerySet[TempId]:
    """What a client's temporary ids of the last hour became."""
    return TempId.objects.filter(project=project, client=client, created_at__gt=timezone.now() - KEEP)


def links_copied(project: Project, client: str) -> bool:
    """Whether the client has copied links whose ends it does not know yet."""
    return bool(_ADOPTED.all(project=project.pk, client=client, since=timezone.now() - KEEP))


_ADOPTED = Prepared(
    lambda: (
        TempId.objects.filter(
            project=Given("project"),
            client=Given("client"),
            created_at__gt=Given("since", TempId._meta.get_field("created_at")),
            kind=TempId.Kind.ADOPTED,
        )
        .order_by()
        .values_list("pk")[:1]
    )
)


def temp_find(project: Project, temp: Temp, kinds: Sequence[str]) -> int | None:
    """The real id behind a temporary one, or None."""
    notes = notes_of(project, temp.client).filter(number=temp.number, kind__in=kinds)
    return notes.order_by("-id").values_list("object_id", flat=True).first()
