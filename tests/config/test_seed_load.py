"""`manage.py seed_load`: many rows past the services, as the services would have left them."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.load import rows
from crm.models import Task as CrmTask
from crm.models import TaskWord
from crm.text import sort_key, words
from gantt.models import Project
from gantt.models import Task as GanttTask
from soc.models import Todo
from tasks.counts import counts_of, counts_rebuild
from tasks.models import Task, TaskAssignee

COUNT = 1200


@pytest.fixture
def loaded(world, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 500)
    world.owner  # noqa: B018  (an administrator has to be there)
    out = StringIO()
    call_command("seed_load", "--tasks", str(COUNT), "--organization", "Home", stdout=out)
    return out.getvalue()


def test_every_vendor_gets_that_many_tasks_and_the_command_says_so(loaded):
    assert [line.split()[:2] for line in loaded.splitlines()] == [
        ["mileapp", "1,200"], ["onlyoffice", "1,200"], ["secmaster", "1,200"], ["gantt", "1,200"],
    ]  # fmt: skip
    assert {model.objects.count() for model in (Task, CrmTask, Todo, GanttTask)} == {COUNT}


def test_the_rows_are_as_the_services_would_have_left_them(world, loaded):
    before = counts_of(world.organization)
    assert counts_rebuild(world.organization) == COUNT
    assert counts_of(world.organization) == before
    assert all(before.values())
    assert TaskAssignee.objects.count() == before["DONE"] + before["ONGOING"]
    task = CrmTask.objects.first()
    assert task.title_key == sort_key(task.title)
    assert set(TaskWord.objects.filter(task=task).values_list("word", flat=True)) == words(task.title)
    assert isinstance(Task.objects.first().values, dict)


def test_the_apis_show_them(world, loaded, client_for):
    client = client_for(world.owner)

    assert client.get("/api/v3/tasks").json()["tasks"]["total"] == COUNT
    assert client.get("/api/2.0/crm/task/filter").json()["total"] == COUNT
    assert len(json.loads(client.get("/gantt/load-1/tasks").getvalue())) == COUNT


def test_new_rows_get_new_numbers_afterwards(loaded):
    last = GanttTask.objects.order_by("-pk").first()

    task = GanttTask.objects.create(organization=last.organization, project=last.project)

    assert task.pk > last.pk


def test_a_second_load_adds_to_the_first(world, loaded):
    call_command("seed_load", "--tasks", "10", "--organization", "Home", "--vendors", "gantt", stdout=StringIO())

    assert GanttTask.objects.count() == COUNT + 10
    assert Project.objects.of(world.organization).count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--organization", "Nobody"], "no organization 'Nobody'"), (["--organization", "Elsewhere"], "no administrator")],
)
def test_it_says_who_is_missing(world, arguments, message):
    with pytest.raises(CommandError, match=message):
        call_command("seed_load", "--tasks", "1", *arguments)


def test_it_needs_a_number_above_zero(world):
    with pytest.raises(CommandError, match="above 0"):
        call_command("seed_load", "--tasks", "0", "--organization", "Home")


@pytest.mark.django_db
def test_a_column_that_does_not_exist_is_refused():
    with pytest.raises(LookupError, match="has no colour"):
        rows.rows_insert(GanttTask(), ["colour"], [])


@pytest.mark.django_db
def test_a_moment_is_the_one_that_was_meant(world):
    task_moment = rows.moment(1_700_000_000)

    assert str(task_moment).startswith(str(datetime.fromtimestamp(1_700_000_000, UTC).replace(tzinfo=None)))
