"""The counters of tasks say what counting the tasks would say, whatever was written."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count

from accounts.models import Organization
from core.actor import Actor
from core.api.errors import NotFound
from crm.counts import counts_of, counts_rebuild
from crm.models import Task, TaskCategory, TaskCount
from crm.models.records import EntityType
from crm.services import (
    CaseData,
    ContactData,
    case_create,
    case_delete,
    category_delete,
    contact_create,
    contact_delete,
    contact_merge,
    task_close,
    task_create_many,
    task_delete,
    task_put,
    task_reopen,
    task_update,
)
from tests.conftest import World
from tests.crm.factories import make_task, task_data


@pytest.fixture
def actor(world: World) -> Actor:
    return world.actor()


def counted(organization: Organization) -> dict[tuple[int, bool], int]:
    rows = Task.objects.of(organization).order_by().values_list("category", "is_closed")
    return {(category, closed): number for category, closed, number in rows.annotate(Count("pk"))}


def kept(organization: Organization) -> dict[tuple[int, bool], int]:
    found = {
        (category, closed): number
        for category in TaskCategory.objects.of(organization).values_list("pk", flat=True)
        for closed, number in counts_of(organization, category).items()
    }
    return {key: number for key, number in found.items() if number}


def test_every_write_keeps_the_counters(world: World, actor: Actor) -> None:
    first, second = TaskCategory.objects.of(world.organization)[:2]
    tasks = [make_task(actor, category=first) for _ in range(4)]
    steps = (
        lambda: task_create_many(actor=actor, data=task_data(first), contact_ids=[1, 2, 3]),
        lambda: task_put(actor=actor, task_id=0, data=task_data(second)),
        lambda: task_update(actor=actor, task_id=tasks[0].pk, data=task_data(second)),
        lambda: task_close(actor=actor, task_id=tasks[1].pk),
        lambda: task_close(actor=actor, task_id=tasks[1].pk),
        lambda: task_put(actor=actor, task_id=tasks[1].pk, data=task_data(second)),
        lambda: task_reopen(actor=actor, task_id=tasks[1].pk),
        lambda: task_close(actor=actor, task_id=tasks[2].pk),
        lambda: task_delete(actor=actor, task_id=tasks[2].pk),
        lambda: category_delete(actor=actor, category_id=first.pk, new_category_id=second.pk),
    )
    for step in steps:
        step()
        assert kept(world.organization) == counted(world.organization)
    assert counts_of(world.organization) == {False: 7, True: 0}
    assert not TaskCount.objects.filter(category=first.pk).exists()


def test_tasks_that_go_with_their_record_are_not_counted_any_more(world: World, actor: Actor) -> None:
    jane, joe = (contact_create(actor=actor, data=ContactData(first_name=name)) for name in ("Jane", "Joe"))
    case = case_create(actor=actor, data=CaseData(title="Case"))
    for contact in (jane, jane, joe):
        make_task(actor, contact_id=contact.pk)
    task_close(actor=actor, task_id=make_task(actor, entity_type=EntityType.CASE, entity_id=case.pk).pk)
    contact_merge(actor=actor, from_id=joe.pk, to_id=jane.pk)
    case_delete(actor=actor, case_id=case.pk)
    assert kept(world.organization) == counted(world.organization)
    contact_delete(actor=actor, contact_id=jane.pk)
    assert counts_of(world.organization) == {False: 0, True: 0}


def test_a_write_that_fails_counts_nothing(world: World, actor: Actor) -> None:
    task = make_task(actor)
    with pytest.raises(NotFound):
        task_update(actor=actor, task_id=task.pk, data=task_data(TaskCategory(pk=987_654)))
    assert kept(world.organization) == counted(world.organization)


def test_counters_of_another_organization_are_its_own(world: World, actor: Actor) -> None:
    make_task(actor)
    assert counts_of(world.outsider.organization) == {}


def test_counting_anew_repairs_the_counters(world: World, actor: Actor) -> None:
    for _ in range(3):
        make_task(actor)
    TaskCount.objects.update(count=70)
    assert counts_rebuild(world.organization) == 3
    assert kept(world.organization) == counted(world.organization)
    out = StringIO()
    call_command("recount_crm_tasks", stdout=out)
    assert f"{world.organization}: 3 tasks" in out.getvalue()
