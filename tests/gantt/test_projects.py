"""Projects: names, defaults, settings."""

from functools import partial
from typing import Any

import pytest

from core.api.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import JournalEntry
from gantt import services
from gantt.models import Project
from tests.conftest import World
from tests.gantt.conftest import at_once


def test_the_first_project_is_the_default(world: World) -> None:
    actor = world.actor()
    first = services.project_create(actor=actor, name="Office move")
    second = services.project_create(actor=actor, name="Office move")
    assert (first.slug, first.is_default) == ("office-move", True)
    assert (second.slug, second.is_default) == ("office-move-2", False)
    services.project_update(actor=actor, project=second, is_default=True)
    assert list(Project.objects.filter(is_default=True)) == [second]


def test_each_organization_has_its_own_names_and_default(world: World) -> None:
    for actor in (world.actor(), world.actor(world.outsider)):
        project = services.project_create(actor=actor, name="Plan", slug="plan")
        assert project.is_default


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("slug", "s"), ("slug", "with space"), ("slug", "a/b"), ("slug", "x" * 81), ("slug", "ü"),
        ("time_zone", "Mars/Olympus"), ("summaries", "sometimes"), ("allowed_origins", "*"),
        ("allowed_origins", "https://a.example/path"), ("allowed_origins", "javascript:x"), ("working_days", []),
        ("working_days", [0]), ("working_days", [8]), ("working_days", "1"), ("working_days", [True]),
        ("holidays", ["25.12."]), ("holidays", "2026-12-25"), ("holidays", [5]), ("working_hours", [["09:00"]]),
        ("working_hours", [["12:00", "09:00"]]), ("working_hours", [["09:00", "12:00"], ["11:00", "13:00"]]),
        ("working_hours", [["9", "12:00"]]), ("working_hours", "x"), ("colour", "red"),
    ],
)  # fmt: skip
def test_it_refuses_bad_settings(world: World, plan: Project, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as error:
        services.project_update(actor=world.actor(), project=plan, **{field: value})
    assert error.value.field == field
    assert error.value.message


def test_good_settings_are_kept_and_noted(world: World, plan: Project) -> None:
    values = {
        "name": "Plan B", "time_zone": "Europe/Berlin", "lazy": True, "working_days": [1, 2, 6],
        "holidays": ["2026-12-25"], "working_hours": [["09:00", "12:00"], ["13:00", "00:00"]],
        "allowed_origins": "https://a.example\nhttp://localhost:5173 http://[::1]:80",
    }  # fmt: skip
    services.project_update(actor=world.actor(), project=plan, **values)
    stored = Project.objects.get()
    assert {name: getattr(stored, name) for name in values} == values
    assert stored.zone.key == "Europe/Berlin"
    assert stored.version == plan.version + 1
    assert set(JournalEntry.objects.get(object_type="gantt.project", verb="update").changes) == set(values)


def test_a_name_is_taken_once(world: World, plan: Project) -> None:
    other = services.project_create(actor=world.actor(), name="Other")
    with pytest.raises(Conflict):
        services.project_update(actor=world.actor(), project=other, slug="plan")


def test_other_organizations_and_groups_change_nothing(world: World, plan: Project) -> None:
    with pytest.raises(NotFound):
        services.project_update(actor=world.actor(world.outsider), project=plan, name="x")
    with pytest.raises(NotFound):
        services.project_delete(actor=world.actor(world.outsider), project=plan)
    for user in (world.viewer, world.agent):
        with pytest.raises(Forbidden):
            services.project_update(actor=world.actor(user), project=plan, name="x")
        with pytest.raises(Forbidden):
            services.project_create(actor=world.actor(user), name="x")
    assert Project.objects.get().name == "Plan"


def test_a_deleted_project_takes_everything_along(world: World, plan: Project) -> None:
    actor = world.actor()
    top = services.task_create(actor=actor, project=plan, values={"text": "top"})
    child = services.task_create(actor=actor, project=plan, values={"text": "child"}, mode="child", target=top.pk)
    beside = services.task_create(actor=actor, project=plan, values={})
    services.link_create(actor=actor, project=plan, source=child.pk, target=beside.pk)
    group = services.resource_create(actor=actor, project=plan, name="Team")
    alice = services.resource_create(actor=actor, project=plan, name="Alice", parent=group)
    services.assignment_create(actor=actor, project=plan, task=child.pk, resource=alice.pk)
    services.share_create(actor=actor, project=plan, name="x")
    services.project_delete(actor=actor, project=plan)
    assert not Project.objects.exists()
    with pytest.raises(NotFound):
        services.task_create(actor=actor, project=plan, values={})


@pytest.mark.django_db(transaction=True)
def test_projects_made_at_the_same_time_have_one_default_and_names_of_their_own(world: World) -> None:
    actor = world.actor()
    at_once([lambda: services.project_create(actor=actor, name="Same")] * 6)
    projects = list(Project.objects.all())
    assert len({project.slug for project in projects}) == 6
    assert sum(project.is_default for project in projects) == 1
    at_once([partial(services.project_update, actor=actor, project=project, is_default=True) for project in projects])
    assert Project.objects.filter(is_default=True).count() == 1
