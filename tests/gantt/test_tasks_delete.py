"""DELETE /tasks/{id}."""

from typing import Any

import pytest

from core.models import JournalEntry
from gantt.models import Assignment, Link, Project, Resource, Task
from tests.gantt.conftest import Chart


def test_a_branch_goes_with_its_links_and_assignments(chart: Chart, plan: Project) -> None:
    keep, top = chart.add("keep"), chart.add("top")
    child = chart.add("child", top)
    leaf = chart.add("leaf", child)
    chart.link(leaf, keep)
    chart.link(keep, child)
    chart.link(child, chart.add("beside", top))
    kept = chart.link(keep, chart.add("kept"))
    person = Resource.objects.create(organization=plan.organization, project=plan, name="Alice")
    Assignment.objects.create(organization=plan.organization, project=plan, task_id=leaf, resource=person)
    assert chart.delete(f"/tasks/{top}") == {}
    assert chart.status == 200
    assert chart.outline() == "keep\nkept"
    assert [link["id"] for link in chart.get("/links")] == [kept]
    assert chart.get("/assignments") == []
    assert (Task.objects.count(), Link.objects.count(), Assignment.objects.count()) == (2, 1, 0)


@pytest.mark.parametrize("path", ["999999", "0", "x", "temp://1795188523429"])
def test_an_unknown_id_is_404(chart: Chart, path: str) -> None:
    assert list(chart.delete(f"/tasks/{path}")) == ["error"]
    assert chart.status == 404


def test_a_second_delete_is_404(chart: Chart) -> None:
    row = chart.add()
    chart.delete(f"/tasks/{row}")
    chart.delete(f"/tasks/{row}")
    assert chart.status == 404


def test_a_body_is_not_looked_at(chart: Chart) -> None:
    row = chart.add()
    chart.send("delete", f"/tasks/{row}", "{not json")
    assert chart.status == 200


def test_its_cost_does_not_grow_with_the_branch(chart: Chart, plan: Project, django_assert_num_queries: Any) -> None:
    top = chart.add("top")
    Task.objects.bulk_create(Task(organization=plan.organization, project=plan, parent_id=top) for _ in range(500))
    # token, project; savepoint, lock, task, rows below, journal, two ends of links, assignments, tasks, release
    with django_assert_num_queries(12):
        chart.delete(f"/tasks/{top}")
    assert chart.tree() == []


def test_the_journal_keeps_what_was_deleted(chart: Chart) -> None:
    top = chart.add("top", color="red")
    child = chart.add("child", top)
    chart.delete(f"/tasks/{top}")
    entry = JournalEntry.objects.get(object_type="gantt.task", verb="delete")
    assert entry.snapshot["text"] == "top"
    assert entry.snapshot["extra"] == {"color": "red"}
    assert entry.snapshot["below"] == [child]
