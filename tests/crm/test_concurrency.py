"""Writers at the same time: nothing is lost, nothing is half done."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from core.models import JournalEntry
from crm.models import Task, TaskCategory, TaskWord
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal
from tests.crm.factories import make_task

WRITERS = 4


pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], Any]) -> list[Any]:
    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_many_updates_of_one_task_leave_one_whole_result(world: World) -> None:
    task = make_task(world.actor(world.owner))
    category, token = TaskCategory.objects.of(world.organization)[0], world.token(world.owner)

    def work(number: int) -> list[int]:
        portal = Portal(token)
        body = {"deadline": DEADLINE, "categoryid": category.pk}
        return [
            portal.put(f"crm/task/{task.pk}", title=f"title{number}", description=f"text{number}", **body).status_code
            for _ in range(5)
        ]

    assert {status for statuses in at_once(work) for status in statuses} == {200}
    task.refresh_from_db()
    number = task.title.removeprefix("title")
    assert task.description == f"text{number}"
    assert sorted(str(word) for word in TaskWord.objects.filter(task=task)) == [f"text{number}", f"title{number}"]
    assert JournalEntry.objects.filter(object_type="crm.task", object_id=str(task.pk)).count() == 1 + WRITERS * 5


def test_a_task_is_closed_once(world: World) -> None:
    task, token = make_task(world.actor(world.owner)), world.token(world.owner)
    statuses = at_once(lambda _: Portal(token).put(f"crm/task/{task.pk}/close").status_code)
    assert statuses == [200] * WRITERS
    assert JournalEntry.objects.filter(verb="close").count() == 1


def test_one_title_makes_one_category(world: World) -> None:
    token = world.token(world.owner)
    answers = at_once(lambda _: Portal(token).post("crm/task/category", title="Twin", imageName="x.png"))
    assert [answer.status_code for answer in answers] == [201] * WRITERS
    assert len({json.loads(answer.content)["response"]["id"] for answer in answers}) == 1
    assert TaskCategory.objects.filter(title="Twin").count() == 1


def test_a_category_deleted_under_new_tasks_loses_none(world: World) -> None:
    category = TaskCategory.objects.of(world.organization).get(title="Lunch")
    heir = TaskCategory.objects.of(world.organization).get(title="Fax")
    token = world.token(world.owner)

    def work(number: int) -> int:
        portal = Portal(token)
        if number == 0:
            return portal.delete(f"crm/task/category/{category.pk}", newcategoryid=heir.pk).status_code
        return portal.post("crm/task", title="t", deadline=DEADLINE, categoryId=category.pk).status_code

    first, *others = at_once(work)
    assert first in (200, 400)
    assert set(others) <= {201, 404}
    assert Task.objects.filter(category__in=[category.pk, heir.pk]).count() == others.count(201)
