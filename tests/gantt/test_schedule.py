"""GET and POST /gantt/{project}/schedule: what auto-scheduling would do, and doing it."""

from __future__ import annotations

import pytest

from core.models import JournalEntry
from gantt.models import Project, Task
from gantt.services import share_create
from tests.conftest import World

from .planning import day, link_of, project_of, task_of, wall

URL = "/gantt/tower/schedule"


@pytest.fixture
def project(world: World) -> Project:
    return project_of(world)


@pytest.fixture
def chain(project: Project) -> list[Task]:
    """A phase of two linked tasks that overlap, and a milestone behind the phase."""
    phase = task_of(project, "Phase", 0, 3, type="summary")
    dig = task_of(project, "Dig", 0, 3, parent=phase)
    pour = task_of(project, "Pour", 1, 3, parent=phase)
    done = task_of(project, "Done", 2, type="milestone")
    link_of(dig, pour)
    link_of(phase, done, lag=1)
    return [phase, dig, pour, done]


@pytest.fixture
def planner(world: World, client_for):
    return client_for(world.planner)


def rows(answer: dict) -> dict[int, dict]:
    return {row["id"]: row for row in answer["tasks"]}


def test_it_shows_dates_slack_and_the_critical_path(chain, planner):
    phase, dig, pour, done = chain
    answer = planner.get(URL).json()
    assert rows(answer)[pour.pk] == {
        "id": pour.pk,
        "start": wall(3),
        "end": wall(8),  # Thursday, Friday, Monday
        "duration": 5,
        "total_slack": 0.0,
        "free_slack": 0.0,
        "critical": True,
        "moved": True,
    }
    assert rows(answer)[done.pk]["start"] == wall(9)
    assert (rows(answer)[phase.pk]["start"], rows(answer)[phase.pk]["end"]) == (wall(0), wall(8))
    assert answer["critical"] == [phase.pk, dig.pk, pour.pk, done.pk]
    assert len(answer["critical_links"]) == 2
    assert (answer["start"], answer["end"], answer["moved"], answer["conflicts"]) == (wall(0), wall(9), 3, [])


def test_looking_writes_nothing(chain, planner, project):
    planner.get(URL)
    assert Task.objects.get(text="Pour").start == day(1)
    project.refresh_from_db()
    assert project.version == 0


def test_it_takes_two_queries_besides_the_door(chain, planner, django_assert_num_queries):
    planner.get(URL)
    with django_assert_num_queries(4):  # token, project, tasks, links
        planner.get(URL)


def test_posting_writes_the_dates_and_the_journal(world, chain, planner, project):
    _, _, pour, done = chain
    answer = planner.post(URL).json()
    assert answer["moved"] == 3
    pour.refresh_from_db()
    done.refresh_from_db()
    assert (pour.start, pour.end, pour.duration) == (day(3), day(8), 5)
    assert (done.start, done.end, done.duration) == (day(9), None, 0)
    entry = JournalEntry.objects.get(verb="schedule", object_id=str(pour.pk))
    assert entry.changes == {"start": [wall(1), wall(3)], "end": [wall(4), wall(8)]}
    assert (entry.source, entry.actor_name) == ("gantt", world.planner.name)
    project.refresh_from_db()
    assert project.version == 1


def test_posting_again_moves_nothing(chain, planner):
    planner.post(URL)
    assert planner.post(URL).json()["moved"] == 0
    assert JournalEntry.objects.filter(verb="schedule").count() == 3


def test_the_project_calendar_decides_what_is_a_working_day(chain, planner, project):
    Project.objects.filter(pk=project.pk).update(working_days=[1, 2, 3, 4, 5, 6, 7], holidays=["2024-04-04"])
    assert rows(planner.get(URL).json())[chain[2].pk]["start"] == wall(4)


def test_working_hours_give_times_of_day(project, planner):
    Project.objects.filter(pk=project.pk).update(working_hours=[["09:00", "12:00"], ["13:00", "18:00"]])
    task = task_of(project, "Call", 0, 1)
    row = rows(planner.get(URL).json())[task.pk]
    assert (row["start"], row["end"], row["duration"]) == ("2024-04-01 09:00:00", "2024-04-01 18:00:00", 0)


def test_a_start_holds_back_the_whole_plan(chain, planner):
    answer = planner.get(URL, {"start": "2024-05-06"}).json()
    assert answer["start"] == "2024-05-06 00:00:00"


@pytest.mark.parametrize("start", ["soon", "2024-13-01", "1066-10-14"])
def test_it_refuses_a_start_that_is_no_date(chain, planner, start):
    response = planner.get(URL, {"start": start})
    assert response.status_code == 400
    assert "start" in response.json()["error"]


def test_a_project_start_after_its_first_task_pushes_nothing(chain, planner, project):
    Project.objects.filter(pk=project.pk).update(start="2030-01-01")
    assert planner.get(URL).json()["start"] == wall(0)


def test_done_tasks_stay_and_broken_links_are_named(project, planner):
    first, second = task_of(project, "First", 0, 3), task_of(project, "Second", 1, 1, progress=100)
    link = link_of(first, second)
    answer = planner.post(URL).json()
    assert answer["conflicts"] == [{"link": link.pk, "source": first.pk, "target": second.pk, "days": 2.0}]
    second.refresh_from_db()
    assert second.start == day(1)


def test_a_task_marked_manual_stays(project, planner):
    first, second = task_of(project, "First", 0, 3), task_of(project, "Second", 1, 1, extra={"manual": True})
    link_of(first, second)
    assert not rows(planner.get(URL).json())[second.pk]["moved"]


def test_a_task_without_dates_is_scheduled_from_the_project_start(project, planner):
    first, second = task_of(project, "First", 0, 2), task_of(project, "Second", None)
    link_of(first, second)
    planner.post(URL)
    second.refresh_from_db()
    assert (second.start, second.end, second.duration) == (day(2), day(3), 1)


def test_hidden_copies_take_no_part(project, planner):
    shown, hidden = task_of(project, "Shown"), task_of(project, "Hidden", hidden=True)
    link_of(hidden, shown)
    assert list(rows(planner.get(URL).json())) == [shown.pk]


def test_a_cycle_through_a_summary_is_refused_naming_its_tasks(project, planner):
    phase = task_of(project, "Phase", type="summary")
    inner, outer = task_of(project, "Inner", parent=phase), task_of(project, "Outer")
    link_of(phase, outer)
    link_of(outer, inner)
    for response in (planner.get(URL), planner.post(URL)):
        assert response.status_code == 409
        assert str(outer.pk) in response.json()["error"]
    project.refresh_from_db()
    assert project.version == 0


def test_it_refuses_dates_beyond_what_a_chart_shows(project, planner):
    first, second = task_of(project, "First"), task_of(project, "Second")
    link_of(first, second, lag=1_000_000)
    assert planner.post(URL).status_code == 409
    assert Task.objects.get(pk=second.pk).start == day(0)


def test_an_empty_project_has_an_empty_schedule(project, planner):
    assert planner.get(URL).json() == {
        "start": None, "end": None, "moved": 0, "critical": [], "critical_links": [], "conflicts": [], "tasks": [],
    }  # fmt: skip


def test_rights_decide(world, chain, client_for, client):
    assert client.get(URL).status_code == 401
    viewer = client_for(world.viewer)
    assert viewer.get(URL).status_code == 200
    assert viewer.post(URL).status_code == 403
    outsider = client_for(world.outsider)
    assert (outsider.get(URL).status_code, outsider.post(URL).status_code) == (404, 404)


def test_a_share_link_reads_the_schedule_and_only_an_editing_one_writes(world, chain, client, project):
    for access, status in (("read", 403), ("edit", 200)):
        _, secret = share_create(actor=world.actor(), project=project, name=access, access=access)
        assert client.get(f"/gantt/s/{secret}/schedule").status_code == 200
        assert client.post(f"/gantt/s/{secret}/schedule").status_code == status


def test_a_reader_with_the_etag_gets_304(chain, planner):
    etag = planner.get(URL).headers["ETag"]
    assert planner.get(URL, headers={"if-none-match": etag}).status_code == 304
