"""Lists of tasks walk along an index for every sort key, and searches are index ranges."""

from typing import Any

import pytest
from django.db import connection

from crm.models import TaskWord
from crm.selectors.tasks import TaskFilter, TaskOrder, tasks_filtered
from tests.conftest import World
from tests.crm.factories import make_task

INDEXES = {
    "deadline": "crm_task_deadline",
    "title": "crm_task_title",
    "category": "crm_task_category",
    "contact": "crm_task_contact",
    "contactmanager": "crm_task_manager",
    "created": "crm_task_created",
    "id": "crm_task_id",
}


@pytest.fixture
def plan(world: World) -> Any:
    """plan(queryset) → how the database would read it if the table were large."""
    make_task(world.actor())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
    return lambda queryset: queryset.explain()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort_by", INDEXES)
def test_every_order_is_an_index(world: World, plan: Any, sort_by: str, descending: bool) -> None:
    tasks = tasks_filtered(world.actor(), TaskFilter())
    order = TaskOrder(sort_by, descending)
    for segment in order.segments(None):
        explained = plan(order.of(tasks.filter(*segment))[:25])
        assert INDEXES[sort_by] in explained, explained
        # At most the rows that are equal in the sort key are sorted, never the whole list.
        assert "USE TEMP B-TREE FOR ORDER BY" not in explained, explained


def test_a_search_is_a_range_of_the_index_of_words(world: World, plan: Any) -> None:
    explained = plan(TaskWord.objects.filter(organization=world.organization, word__gte="61", word__lt="61g"))
    assert "word>? AND word<?" in explained or "Index Cond" in explained, explained
