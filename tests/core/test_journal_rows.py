"""The journal's own statement writes what the model would have written."""

import pytest

from core import journal
from core.models import JournalEntry

CHANGES = {"name": [None, "Zoë \u2028 \\ ' % %s"], "count": [1, 10**30], "list": [[1.5, True], {"a": None}]}


@pytest.fixture
def actor(world):
    return world.actor(source="gantt")


def test_an_entry_holds_every_value_as_it_was_given(world, actor):
    journal.record(actor=actor, verb="update", obj=world.organization, changes=CHANGES, snapshot={"before": [1]})

    entry = JournalEntry.objects.get()
    assert (entry.organization, entry.user, entry.source) == (world.organization, actor.user, "gantt")
    assert (entry.verb, entry.object_type, entry.object_id) == (
        "update", "accounts.organization", str(world.organization.pk),
    )  # fmt: skip
    assert entry.changes == CHANGES
    assert entry.snapshot == {"before": [1]}
    assert entry.created_at.tzinfo is not None


def test_an_entry_without_changes_has_none(world, actor):
    journal.record(actor=actor, verb="delete", obj=world.organization)

    entry = JournalEntry.objects.get()
    assert entry.changes == {}
    assert entry.snapshot is None
    assert JournalEntry.objects.filter(snapshot__isnull=True).exists()


@pytest.mark.parametrize("number", [0, 1, 3])
def test_many_entries_are_written_alike(world, actor, number):
    journal.record_many(actor=actor, verb="create", items=[(world.organization, CHANGES, None)] * number)

    assert [entry.changes for entry in JournalEntry.objects.all()] == [CHANGES] * number
