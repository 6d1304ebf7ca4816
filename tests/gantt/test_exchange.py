"""Importing and exporting projects: same tree on the way back, a dry run that says what would change, commands."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings

from core.api.errors import Forbidden, Invalid
from core.models import JournalEntry
from gantt.exchange import FORMATS, read_plan
from gantt.exchange import services as exchange
from gantt.exchange.plan import Plan, PlanLink, PlanTask
from gantt.exchange.selectors import project_file, project_plan
from gantt.exchange.services import plan_load, plan_preview
from gantt.models import Assignment, Link, Project, Resource, Task
from tests.conftest import World

from .planning import day, link_of, project_of, task_of
from .test_exchange_formats import projects

FORMAT_NAMES = ["mspdi", "csv", "json"]


@pytest.fixture
def project(world: World) -> Project:
    return project_of(world)


@pytest.fixture
def filled(project: Project) -> Project:
    """A phase of two tasks, a milestone, two links, somebody at work."""
    phase = task_of(project, "Phase", 0, 5, type="summary", open=True)
    dig = task_of(project, "Dig", 0, 2, parent=phase, progress=33.4, details="deep\nand wide", extra={"color": "red"})
    pour = task_of(project, "Pour", 2, 3, parent=phase)
    done = task_of(project, "Done", 6, type="milestone")
    link_of(dig, pour, lag=0.5)
    link_of(phase, done, "e2e")
    alice = Resource.objects.create(organization=project.organization, project=project, name="Alice", color="#123456")
    Assignment.objects.create(organization=project.organization, project=project, task=dig, resource=alice, units=40)
    return project


def file_of(project: Project, name: str = "json") -> Plan:
    return read_plan(project_file(project, FORMATS[name])[1], FORMATS[name])


def shape(project: Project):
    """The tree, links and assignments without ids: rows by their place in the order."""
    plan = project_plan(project)
    place = {task.key: nth for nth, task in enumerate(plan.tasks)}
    names = {each.key: each.name for each in plan.resources}
    tasks = [
        (place.get(t.parent or ""), t.text, t.type, t.start, t.end, t.progress, t.details, t.open, t.extra)
        for t in plan.tasks
    ]
    links = sorted((place[link.source], place[link.target], link.type, str(link.lag)) for link in plan.links)
    return tasks, links, sorted((place[a.task], names[a.resource], a.units) for a in plan.assignments)


def load(world: World, project: Project, plan: Plan, **options):
    return plan_load(actor=world.actor(source="admin"), project=project, plan=plan, **options)


class TestRoundTrip:
    @pytest.mark.parametrize("name", FORMAT_NAMES)
    def test_an_export_imports_into_another_project_as_the_same_tree(self, world, filled, name):
        other = project_of(world, slug="other", name="Other")
        load(world, other, file_of(filled, name))
        tasks, links, assignments = shape(filled)
        assert shape(other) == (tasks, links, [] if name == "csv" else assignments)

    @pytest.mark.parametrize("name", FORMAT_NAMES)
    @pytest.mark.parametrize("replace_all", [False, True])
    def test_an_export_imports_into_its_own_project_without_a_change(self, world, filled, name, replace_all):
        before = Project.objects.get().updated_at
        changes = load(world, filled, file_of(filled, name), replace_all=replace_all)
        assert not changes
        assert not JournalEntry.objects.exists()
        assert Project.objects.get().updated_at == before

    @settings(
        max_examples=5,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(plan=projects())
    @pytest.mark.parametrize("name", FORMAT_NAMES)
    def test_any_plan_survives_file_to_project_to_file_to_project(self, world, name, plan):
        Link.objects.all().delete()
        Task.objects.all().update(parent=None)
        Project.objects.all().delete()
        first, second = project_of(world, slug="one"), project_of(world, slug="two")
        load(world, first, plan)
        load(world, second, file_of(first, name))
        assert shape(second)[:2] == shape(first)[:2]
        assert not plan_preview(project=first, plan=file_of(first, name), replace_all=True)

    def test_keys_of_the_chart_travel_with_json_and_csv(self, world, filled):
        for number, name in enumerate(FORMAT_NAMES):
            other = project_of(world, slug=f"other-{number}", name="Other")
            load(world, other, file_of(filled, name))
            assert Task.objects.get(project=other, text="Dig").extra == {"color": "red"}

    def test_the_project_calendar_travels_into_an_empty_project(self, world, filled):
        Project.objects.filter(pk=filled.pk).update(
            working_days=[1, 2], holidays=["2024-05-01"], working_hours=[["08:00", "12:00"]], start=date(2023, 1, 2)
        )
        filled.refresh_from_db()
        for number, name in enumerate(["mspdi", "json"]):
            other = project_of(world, slug=f"other-{number}", name="Other")
            changes = load(world, other, file_of(filled, name))
            other.refresh_from_db()
            assert (other.working_days, other.holidays, other.working_hours, other.start) == (
                [1, 2], ["2024-05-01"], [["08:00", "12:00"]], date(2023, 1, 2),
            )  # fmt: skip
            assert set(changes.settings) == {"start", "calendar"}

    def test_2000_levels_import(self, world, project):
        rows = [PlanTask(str(key), str(key - 1) if key > 1 else None, f"T{key}") for key in range(1, 2001)]
        load(world, project, Plan(tasks=rows))
        assert [task.text for task in project_plan(project).tasks] == [f"T{key}" for key in range(1, 2001)]

    def test_the_number_of_queries_does_not_grow_with_the_file(self, world, project, django_assert_max_num_queries):
        rows = [PlanTask(str(key), "1" if key > 1 else None, f"T{key}") for key in range(1, 400)]
        links = [PlanLink(str(key), str(key + 1)) for key in range(2, 399)]
        with django_assert_max_num_queries(40):
            load(world, project, Plan(tasks=rows, links=links))


class TestMerge:
    def test_rows_that_the_file_does_not_hold_stay_at_their_neighbour(self, world, filled):
        plan = file_of(filled)
        plan.tasks = [task for task in plan.tasks if task.text != "Pour"]
        plan.links = [link for link in plan.links if link.type == "e2e"]
        plan.tasks.append(PlanTask("new", text="Celebrate", place="row"))
        changes = load(world, filled, plan)
        assert [task.text for task in changes.added] == ["Celebrate"]
        assert (changes.changed, changes.removed, changes.links_removed) == ([], [], [])
        assert [row[1] for row in shape(filled)[0]] == ["Phase", "Dig", "Pour", "Done", "Celebrate"]

    def test_replacing_removes_what_the_file_does_not_hold(self, world, filled):
        plan = file_of(filled)
        plan.tasks = [task for task in plan.tasks if task.text != "Dig"]
        plan.links = [link for link in plan.links if link.type == "e2e"]
        plan.assignments = []
        changes = load(world, filled, plan, replace_all=True)
        assert [task.text for task in changes.removed] == ["Dig"]
        assert [row[1] for row in shape(filled)[0]] == ["Phase", "Pour", "Done"]
        assert not Assignment.objects.exists()
        assert Link.objects.count() == 1
        gone = JournalEntry.objects.get(object_type="gantt.task", verb="delete")
        assert gone.snapshot["text"] == "Dig"

    def test_a_removed_branch_goes_with_everything_below_while_a_kept_child_moves_out(self, world, filled):
        plan = file_of(filled)
        plan.tasks = [task for task in plan.tasks if task.text in ("Pour", "Done")]
        plan.tasks[0].parent = None
        plan.links, plan.assignments = [], []
        load(world, filled, plan, replace_all=True)
        assert [(row[0], row[1]) for row in shape(filled)[0]] == [(None, "Pour"), (None, "Done")]

    def test_changed_fields_places_and_order_are_told_and_done(self, world, filled):
        plan = file_of(filled)
        phase, dig, pour, done = plan.tasks
        pour.text, pour.progress, pour.parent = "Pour concrete", 10, None
        plan.tasks = [done, pour, phase, dig]
        plan.links[0].lag = None
        preview = plan_preview(project=filled, plan=plan)
        changes = load(world, filled, plan)
        assert preview == changes
        assert changes.reordered
        assert [(task.text, fields) for task, fields in changes.changed] == [
            ("Pour concrete", {"parent": [phase.key, None], "text": ["Pour", "Pour concrete"], "progress": [0.0, 10]})
        ]
        assert changes.links_changed[0][1] == {"lag": [0.5, None]}
        assert [row[:2] for row in shape(filled)[0]] == [
            (None, "Done"), (None, "Pour concrete"), (None, "Phase"), (2, "Dig"),
        ]  # fmt: skip

    def test_a_table_changes_only_the_columns_it_has(self, world, filled):
        dig = Task.objects.get(text="Dig")
        plan = read_plan(f"id,text,progress\n{dig.pk},Dig deeper,80\n".encode(), FORMATS["csv"])
        load(world, filled, plan)
        dig.refresh_from_db()
        assert (dig.text, dig.progress, dig.start, dig.details) == ("Dig deeper", 80, day(0), "deep\nand wide")
        assert dig.parent.text == "Phase"
        assert Link.objects.count() == 2

    def test_ids_of_another_project_make_new_tasks(self, world, filled):
        other = project_of(world, slug="other", name="Other")
        task_of(other, "Theirs")
        changes = load(world, other, file_of(filled))
        assert (len(changes.added), changes.changed) == (4, [])
        assert filled.tasks.count() == 4

    def test_a_foreign_ms_project_file_never_overwrites_tasks_with_the_same_numbers(self, world, filled):
        plan = file_of(filled, "mspdi")
        plan = read_plan(
            FORMATS["mspdi"].write(Plan(tasks=[PlanTask(plan.tasks[0].key, text="Foreign")])), FORMATS["mspdi"]
        )
        changes = load(world, filled, plan)
        assert [task.text for task in changes.added] == ["Foreign"]

    def test_resources_are_known_by_name(self, world, filled):
        other = project_of(world, slug="other", name="Other")
        Resource.objects.create(organization=other.organization, project=other, name="Alice")
        changes = load(world, other, file_of(filled))
        assert changes.resources_added == []
        assert Assignment.objects.get(project=other).resource.project == other

    def test_links_of_file_and_project_together_may_close_no_cycle(self, world, filled):
        dig, pour = Task.objects.get(text="Dig"), Task.objects.get(text="Pour")
        text = f"id,text,predecessors\n{dig.pk},Dig,{pour.pk} e2s\n{pour.pk},Pour,\n"
        with pytest.raises(Invalid, match=r"line 2, predecessors: .*cycle through the tasks"):
            load(world, filled, read_plan(text.encode(), FORMATS["csv"]))


class TestWriting:
    def test_every_row_has_its_journal_entry(self, world, project):
        load(world, project, Plan(tasks=[PlanTask("a", text="A"), PlanTask("b", "a", "B")], links=[]))
        entries = JournalEntry.objects.filter(object_type="gantt.task", verb="create")
        assert entries.count() == 2
        assert entries.get(object_repr="B").changes["parent"] == [None, Task.objects.get(text="A").pk]
        summary = JournalEntry.objects.get(verb="import")
        assert (summary.changes, summary.source) == ({"added": [None, 2]}, "admin")

    def test_a_failure_half_way_leaves_nothing_behind(self, world, filled, monkeypatch):
        plan = file_of(filled)
        plan.tasks.append(PlanTask("new", text="New", place="row"))
        before = shape(filled)
        monkeypatch.setattr(exchange._Loading, "add_links", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load(world, filled, plan)
        assert shape(filled) == before
        assert not JournalEntry.objects.exists()

    def test_looking_writes_nothing(self, world, filled):
        plan = Plan(tasks=[PlanTask("x", text="X")])
        plan_preview(project=filled, plan=plan, replace_all=True)
        filled.refresh_from_db()
        assert (filled.version, filled.tasks.count()) == (0, 4)

    def test_the_rights_of_each_change_are_needed(self, world, filled):
        plan = Plan(tasks=[PlanTask("x", text="X")])
        for user in (world.viewer, world.agent):
            with pytest.raises(Forbidden):
                plan_load(actor=world.actor(user), project=filled, plan=plan)
        assert filled.tasks.count() == 4

    def test_summaries_are_rolled_up_where_the_project_says_so(self, world):
        project = project_of(world, summaries="auto")
        rows = [PlanTask("1", text="S", type="summary"), PlanTask("2", "1", "A", start=day(3), end=day(5))]
        load(world, project, Plan(tasks=rows))
        summary = Task.objects.get(text="S")
        assert (summary.start, summary.end, summary.duration) == (day(3), day(5), 2)


class TestCommands:
    def run(self, *args: str) -> str:
        out = StringIO()
        call_command(*args, stdout=out)
        return out.getvalue()

    @pytest.mark.parametrize(("name", "suffix"), [("mspdi", "xml"), ("csv", "csv"), ("json", "json")])
    def test_export_and_import_by_file(self, world, filled, tmp_path, name, suffix):
        other = project_of(world, slug="other", name="Other")
        path = tmp_path / f"plan.{suffix}"
        self.run("export_gantt", "tower", "--format", name, "--output", str(path))
        told = self.run("import_gantt", str(path), "--project", "other", "--dry-run")
        assert "Tasks: 4 added, 0 changed, 0 removed. Links: 2 added" in told
        assert "+ new task Dig" in told
        assert "Nothing was written." in told
        assert not other.tasks.exists()
        self.run("import_gantt", str(path), "--project", "other")
        assert shape(other)[:2] == shape(filled)[:2]

    def test_export_goes_to_the_output(self, filled):
        assert json.loads(self.run("export_gantt", "tower"))["tasks"][1]["color"] == "red"

    def test_replace_says_what_it_removes(self, filled, tmp_path):
        path = tmp_path / "plan.csv"
        path.write_text("text\nOnly this\n")
        told = self.run("import_gantt", str(path), "--project", "tower", "--replace")
        assert "Tasks: 1 added, 0 changed, 4 removed" in told
        assert "- task" in told
        assert filled.tasks.count() == 1

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("plan.csv", "text,progress\nA,lots\n", "plan.csv: line 2, progress: 'lots' is no number"),
            ("plan.json", "[", "plan.json: line 1: No JSON"),
            ("plan.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><Project/>", "plan.xml: .* refused"),
            ("plan.mpp", "x", "must end in one of .xml, .csv, .json"),
        ],
    )
    def test_a_bad_file_is_one_clear_line(self, filled, tmp_path, name, text, message):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(CommandError, match=message):
            self.run("import_gantt", str(path), "--project", "tower")
        assert filled.tasks.count() == 4

    def test_a_missing_file_or_project_is_told(self, filled, tmp_path):
        with pytest.raises(CommandError, match="No such file"):
            self.run("import_gantt", str(tmp_path / "no.csv"), "--project", "tower")
        with pytest.raises(CommandError, match="There is no project x"):
            self.run("export_gantt", "x")

    def test_two_organizations_with_one_name_need_an_organization(self, world, filled):
        Project.objects.create(organization=world.other_organization, name="Tower", slug="tower")
        with pytest.raises(CommandError, match="say --organization, one of Elsewhere, Home"):
            self.run("export_gantt", "tower")
        assert json.loads(self.run("export_gantt", "tower", "--organization", "Elsewhere"))["tasks"] == []
