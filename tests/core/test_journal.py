"""The journal: who, from where, what; in the transaction of the change."""

import pytest
from django.db import transaction

from core import journal
from core.actor import Actor
from core.models import JournalEntry


def test_it_records_who_from_where_and_what(world):
    actor = world.actor(world.planner, source="onlyoffice")
    journal.record(actor=actor, verb="update", obj=world.agent, changes={"name": ["a", "b"]}, snapshot={"name": "a"})
    entry = JournalEntry.objects.get()
    assert (entry.user, entry.actor_name, entry.source, entry.request_id) == (
        world.planner,
        "Planner",
        "onlyoffice",
        "test-request",
    )
    assert (entry.verb, entry.object_type, entry.object_id) == ("update", "accounts.user", str(world.agent.pk))
    assert (entry.changes, entry.snapshot) == ({"name": ["a", "b"]}, {"name": "a"})


def test_one_entry_is_one_query(world, django_assert_num_queries):
    actor, agent = world.actor(), world.agent
    with django_assert_num_queries(1):
        journal.record(actor=actor, verb="update", obj=agent)


def test_many_entries_are_one_query(world, django_assert_num_queries):
    actor, users = world.actor(), [world.agent, world.viewer]
    with django_assert_num_queries(1):
        journal.record_many(actor=actor, verb="assign", items=[(user, None, None) for user in users])
    assert JournalEntry.objects.count() == 2


def test_it_goes_with_the_transaction(world):
    with pytest.raises(RuntimeError), transaction.atomic():
        journal.record(actor=world.actor(), verb="create", obj=world.agent)
        raise RuntimeError
    assert not JournalEntry.objects.exists()


def test_the_system_acts_too(world):
    journal.record(actor=Actor.system(world.organization), verb="expire", obj=world.agent)
    entry = JournalEntry.objects.get()
    assert (entry.user, entry.actor_name, entry.source) == (None, "System", "worker")


def test_entries_of_an_object_are_the_organizations_own(world):
    journal.record(actor=world.actor(world.outsider), verb="update", obj=world.agent)
    journal.record(actor=world.actor(), verb="create", obj=world.agent)
    entries = journal.of_object(organization=world.organization, obj=world.agent)
    assert [entry.verb for entry in entries] == ["create"]


def test_a_difference_names_old_and_new():
    assert journal.diff({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 5, "d": 4}) == {
        "b": [2, 5],
        "c": [3, None],
        "d": [None, 4],
    }
