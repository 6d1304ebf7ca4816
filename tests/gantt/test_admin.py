"""The console's pages of the Gantt chart: tree list, buttons, services behind every form, rights, organizations."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.jobs import run_due
from core.models import Job, JournalEntry
from gantt.exchange import FORMATS
from gantt.exchange.selectors import project_file
from gantt.exchange.uploads import FOLDER, uploads_sweep
from gantt.models import Assignment, Baseline, Link, Project, Resource, ShareLink, Task
from gantt.selectors import share_find
from tests.conftest import World

from .planning import day, link_of, project_of, task_of

TASKS = "/admin/gantt/task/"
PROJECTS = "/admin/gantt/project/"


@pytest.fixture
def project(world: World) -> Project:
    return project_of(world)


@pytest.fixture
def console(world: World, console_for):
    return console_for(world.owner)


@pytest.fixture
def rows(project: Project) -> dict[str, Task]:
    """A with B and C below it, then D."""
    a = task_of(project, "A", type="summary")
    b, c = task_of(project, "B", parent=a), task_of(project, "C", parent=a)
    return {"A": a, "B": b, "C": c, "D": task_of(project, "D", 3)}


def tree(project: Project) -> list[tuple[str, str | None]]:
    tasks = Task.objects.filter(project=project).order_by("parent_id", "position", "id").select_related("parent")
    return sorted(((task.text, task.parent and task.parent.text) for task in tasks), key=str)


def listed(html: str) -> list[str]:
    """Names in the list as they stand, with their indentation as dots."""
    found = re.findall(r'(\u2003*)<a href="/admin/gantt/task/\d+/change/"[^>]*>([^<]*)</a>', html)
    return ["." * len(blanks) + name for blanks, name in found]


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def empty_inlines() -> dict[str, str]:
    names = ("links_in", "links_out", "assignments")
    return {f"{name}-{key}": "0" for name in names for key in ("TOTAL_FORMS", "INITIAL_FORMS")}


def task_form(**values) -> dict[str, object]:
    fields = {"text": "New", "type": "task", "start": "2024-04-02T00:00", "end": "2024-04-04T00:00", "progress": "10"}
    return {**fields, "details": "", "extra": "{}", **empty_inlines(), **values}


class TestList:
    def test_it_stands_in_tree_order_with_indentation(self, console, rows):
        task_of(rows["A"].project, "B1", parent=rows["B"])
        assert listed(console.get(TASKS).content.decode()) == ["A", ".B", "..B1", ".C", "D"]

    def test_a_search_keeps_the_order_of_the_tree(self, console, rows):
        task_of(rows["A"].project, "D2", parent=rows["B"])
        assert listed(console.get(TASKS, {"q": "D"}).content.decode()) == ["..D2", "D"]

    def test_pages_are_cut_out_of_the_order(self, console, rows, monkeypatch):
        monkeypatch.setattr("gantt.admin.tasks.TaskAdmin.list_per_page", 3)
        monkeypatch.setattr("gantt.admin.tasks.TaskAdmin.list_max_show_all", 3)
        assert listed(console.get(TASKS).content.decode()) == ["A", ".B", ".C"]
        assert listed(console.get(TASKS, {"p": 2}).content.decode()) == ["D"]

    def test_two_projects_stand_one_after_the_other(self, world, console, rows):
        other = project_of(world, name="Annex", slug="annex")
        task_of(other, "Z")
        assert listed(console.get(TASKS).content.decode()) == ["Z", "A", ".B", ".C", "D"]
        assert listed(console.get(TASKS, {"project__id__exact": other.pk}).content.decode()) == ["Z"]

    def test_hidden_copies_and_foreign_tasks_are_not_listed(self, world, console, rows):
        task_of(rows["A"].project, "Hidden", hidden=True)
        foreign = Project.objects.create(
            organization=world.other_organization, name="F", slug="f", start=date(2024, 1, 1)
        )
        task_of(foreign, "Foreign")
        assert listed(console.get(TASKS).content.decode()) == ["A", ".B", ".C", "D"]

    def test_the_number_of_queries_does_not_grow(self, console, project, django_assert_max_num_queries):
        for number in range(30):
            task_of(project, f"T{number}")
        console.get(TASKS)
        with django_assert_max_num_queries(14):
            console.get(TASKS)

    def test_a_very_deep_row_shows_its_depth_as_a_number(self, console, project):
        parent = None
        for number in range(23):
            parent = task_of(project, f"T{number}", parent=parent)
        assert "(22) <a" in console.get(TASKS).content.decode()


class TestPlaces:
    def move(self, console, task, where, **query):
        return console.post(f"{TASKS}{task.pk}/place/{where}/", query_params=query)

    @pytest.mark.parametrize(
        ("name", "where", "expected"),
        [
            ("D", "up", ["D", "A", ".B", ".C"]),
            ("A", "down", ["D", "A", ".B", ".C"]),
            ("D", "indent", ["A", ".B", ".C", ".D"]),
            ("C", "indent", ["A", ".B", "..C", "D"]),
            ("B", "outdent", ["A", ".C", "B", "D"]),
            ("A", "indent", ["A", ".B", ".C", "D"]),
            ("A", "outdent", ["A", ".B", ".C", "D"]),
            ("D", "down", ["A", ".B", ".C", "D"]),
        ],
    )
    def test_the_buttons_move_a_row(self, console, rows, name, where, expected):
        response = self.move(console, rows[name], where)
        assert response.status_code == 302
        assert listed(console.get(TASKS).content.decode()) == expected

    def test_it_goes_back_to_the_list_as_it_was_and_writes_the_journal(self, world, console, rows):
        response = self.move(console, rows["D"], "up", q="D", project__id__exact="1")
        assert response.headers["Location"] == f"{TASKS}?q=D&project__id__exact=1"
        entry = JournalEntry.objects.get(verb="move")
        assert (entry.source, entry.actor_name) == ("admin", world.owner.name)

    def test_a_button_is_a_post_with_the_page_token(self, console, rows):
        html = console.get(TASKS, {"q": "D"}).content.decode()
        assert f'formaction="{TASKS}{rows["D"].pk}/place/up/?q=D"' in html
        assert console.get(f"{TASKS}{rows['D'].pk}/place/up/").status_code == 404

    def test_unknown_foreign_and_forbidden_are_refused(self, world, console, console_for, rows):
        assert self.move(console, rows["D"], "sideways").status_code == 404
        assert console.post(f"{TASKS}999999/place/up/").status_code == 404
        assert self.move(console_for(world.outsider), rows["D"], "up").status_code == 404
        viewer = console_for(world.viewer)
        response = viewer.post(f"{TASKS}{rows['D'].pk}/place/up/", follow=True)
        assert "permission" in messages_of(response)
        assert "place/up" not in viewer.get(TASKS).content.decode()
        assert not JournalEntry.objects.exists()


class TestForms:
    def test_a_task_is_added_through_the_service(self, console, rows, project):
        data = task_form(project=project.pk, parent=rows["A"].pk, extra='{"color": "red"}')
        assert console.post(f"{TASKS}add/", data).status_code == 302
        task = Task.objects.get(text="New")
        assert (task.parent, task.start, task.end, task.duration) == (rows["A"], day(1), day(3), 2)
        assert (task.progress, task.extra) == (10, {"color": "red"})
        assert JournalEntry.objects.get(object_id=str(task.pk)).verb == "create"

    def test_a_task_is_changed_and_put_below_another_one(self, console, rows):
        data = task_form(text="Delta", parent=rows["A"].pk)
        assert console.post(f"{TASKS}{rows['D'].pk}/change/", data).status_code == 302
        rows["D"].refresh_from_db()
        assert (rows["D"].text, rows["D"].parent, rows["D"].start) == ("Delta", rows["A"], day(1))
        assert listed(console.get(TASKS).content.decode())[-1] == ".Delta"

    def test_what_the_service_refuses_is_an_error_of_the_form_and_nothing_is_written(self, console, rows):
        data = task_form(text="Changed", parent=rows["B"].pk)
        response = console.post(f"{TASKS}{rows['A'].pk}/change/", data)
        assert response.status_code == 200
        assert "inside itself" in response.content.decode()
        rows["A"].refresh_from_db()
        assert rows["A"].text == "A"
        assert not JournalEntry.objects.exists()

    def test_a_milestone_has_no_end(self, console, project):
        console.post(f"{TASKS}add/", task_form(project=project.pk, parent="", type="milestone"))
        assert Task.objects.get().end is None

    def test_links_and_assignments_stand_on_the_page(self, console, rows, project):
        alice = Resource.objects.create(organization=project.organization, project=project, name="Alice")
        old = link_of(rows["C"], rows["D"])
        data = task_form(
            text="D",
            parent="",
            **{
                "links_in-TOTAL_FORMS": "2", "links_in-INITIAL_FORMS": "1",
                "links_in-0-id": old.pk, "links_in-0-target": rows["D"].pk, "links_in-0-source": rows["C"].pk,
                "links_in-0-type": "s2s", "links_in-0-lag": "1.5",
                "links_in-1-source": rows["B"].pk, "links_in-1-type": "e2s", "links_in-1-lag": "",
                "assignments-TOTAL_FORMS": "1", "assignments-0-resource": alice.pk, "assignments-0-units": "40",
            },
        )  # fmt: skip
        response = console.post(f"{TASKS}{rows['D'].pk}/change/", data)
        assert response.status_code == 302
        links = set(Link.objects.values_list("source__text", "target__text", "type", "lag"))
        assert links == {("C", "D", "s2s", 1.5), ("B", "D", "e2s", None)}
        assert Assignment.objects.get().units == 40
        assert set(JournalEntry.objects.values_list("object_type", flat=True)) >= {"gantt.link", "gantt.assignment"}
        data["links_in-TOTAL_FORMS"] = "1"
        data["links_in-0-DELETE"] = "on"
        data |= {"assignments-TOTAL_FORMS": "0"}
        assert console.post(f"{TASKS}{rows['D'].pk}/change/", data).status_code == 302
        assert list(Link.objects.values_list("source__text", flat=True)) == ["B"]

    def test_a_link_that_closes_a_cycle_is_an_error_beside_its_row_and_nothing_is_kept(self, console, rows):
        link_of(rows["D"], rows["C"])
        data = task_form(
            text="Renamed",
            parent="",
            **{
                "links_in-TOTAL_FORMS": "1", "links_in-0-source": rows["C"].pk,
                "links_in-0-type": "e2s", "links_in-0-lag": "",
            },
        )  # fmt: skip
        response = console.post(f"{TASKS}{rows['D'].pk}/change/", data)
        assert response.status_code == 200
        assert "cycle" in response.content.decode()
        rows["D"].refresh_from_db()
        assert (rows["D"].text, Link.objects.count()) == ("D", 1)

    def test_rows_of_another_organization_cannot_be_chosen(self, world, console, rows, project):
        foreign = Project.objects.create(
            organization=world.other_organization, name="F", slug="f", start=date(2024, 1, 1)
        )
        stranger = task_of(foreign, "Stranger")
        response = console.post(f"{TASKS}add/", task_form(project=project.pk, parent=stranger.pk))
        assert response.status_code == 200
        assert console.post(f"{TASKS}add/", task_form(project=foreign.pk, parent="")).status_code == 200
        assert Task.objects.filter(text="New").count() == 0
        assert console.get(f"{TASKS}{stranger.pk}/change/").status_code == 302

    def test_its_page_leads_to_the_chart(self, world, console, console_for, rows):
        url = f"{TASKS}{rows['D'].pk}/chart/"
        assert url in console.get(f"{TASKS}{rows['D'].pk}/change/").content.decode()
        assert console.get(url).headers["Location"] == "/gantt/tower"
        assert console_for(world.outsider).get(url).status_code == 404

    def test_deleting_takes_the_branch(self, console, rows):
        assert console.post(f"{TASKS}{rows['A'].pk}/delete/", {"post": "yes"}).status_code == 302
        assert [task.text for task in Task.objects.all()] == ["D"]

    def test_deleting_a_task_together_with_rows_below_it_works(self, console, rows):
        chosen = [rows["C"].pk, rows["A"].pk, rows["D"].pk]
        data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        assert console.post(TASKS, data).status_code == 302
        assert not Task.objects.exists()

    def test_a_viewer_looks_and_writes_nothing(self, world, console_for, rows):
        viewer = console_for(world.viewer)
        assert viewer.get(f"{TASKS}{rows['D'].pk}/change/").status_code == 200
        assert viewer.post(f"{TASKS}{rows['D'].pk}/change/", task_form(parent="")).status_code == 403
        assert viewer.get(f"{TASKS}add/").status_code == 403


class TestShift:
    def post(self, console, *tasks, **data):
        chosen = {"action": "shift_dates", "_selected_action": [task.pk for task in tasks]}
        return console.post(TASKS, {**chosen, **data}, follow=True)

    def test_it_asks_for_the_days(self, console, rows):
        response = self.post(console, rows["D"])
        assert 'name="days"' in response.content.decode()

    def test_chosen_tasks_and_all_below_them_move(self, console, rows):
        response = self.post(console, rows["A"], rows["B"], days="5")
        assert "3 tasks moved by +5 days" in messages_of(response)
        starts = dict(Task.objects.values_list("text", "start"))
        assert starts == {"A": day(5), "B": day(5), "C": day(5), "D": day(3)}
        entry = JournalEntry.objects.filter(verb="shift", object_repr="B").get()
        assert entry.changes["start"] == ["2024-04-01 00:00:00", "2024-04-06 00:00:00"]

    def test_back_by_a_negative_number(self, console, rows):
        self.post(console, rows["D"], days="-3")
        assert Task.objects.get(text="D").start == day(0)

    @pytest.mark.parametrize("days", ["", "x", "1.5", "99999"])
    def test_it_asks_again_for_what_is_no_number_of_days(self, console, rows, days):
        assert 'name="days"' in self.post(console, rows["D"], days=days).content.decode()
        assert Task.objects.get(text="D").start == day(3)

    def test_it_refuses_to_leave_the_years_of_a_chart(self, console, rows):
        Task.objects.filter(text="D").update(start="2199-12-01 00:00:00", end="2199-12-02 00:00:00")
        response = self.post(console, rows["A"], rows["D"], days="400")
        assert "between 1900 and 2199" in messages_of(response)
        assert Task.objects.get(text="A").start == day(0)

    def test_a_viewer_has_no_such_action(self, world, console_for, rows):
        self.post(console_for(world.viewer), rows["D"], days="5")
        assert Task.objects.get(text="D").start == day(3)


def project_form(**values) -> dict[str, object]:
    fields = {"name": "Tower", "slug": "tower", "start": "2024-04-01", "time_zone": "", "working_days": ["1", "2"]}
    hours = {"working_hours": "09:00-12:00, 13:00-18:00", "holidays": "2024-05-01\n2024-12-25"}
    return {**fields, **hours, "summaries": "as-sent", "allowed_origins": "", **values}


class TestProjects:
    def test_it_is_added_with_its_calendar(self, world, console):
        assert console.post(f"{PROJECTS}add/", project_form()).status_code == 302
        project = Project.objects.get()
        assert (project.organization, project.working_days) == (world.organization, [1, 2])
        assert project.working_hours == [["09:00", "12:00"], ["13:00", "18:00"]]
        assert project.holidays == ["2024-05-01", "2024-12-25"]

    def test_its_page_shows_the_calendar_as_it_was_written(self, console):
        console.post(f"{PROJECTS}add/", project_form())
        html = console.get(f"{PROJECTS}{Project.objects.get().pk}/change/").content.decode()
        assert "09:00-12:00, 13:00-18:00" in html
        assert "2024-05-01\n2024-12-25" in html

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("holidays", "Christmas", "is no date"),
            ("working_hours", "nine to five", "Write hours as"),
            ("working_hours", "13:00-18:00, 09:00-12:00", "working_hours"),
            ("allowed_origins", "plan.example", "is no origin"),
            ("time_zone", "Mars/Olympus", "unknown time_zone"),
            ("working_days", [], "required"),
        ],
    )
    def test_what_is_wrong_stands_beside_the_field(self, console, field, value, message):
        response = console.post(f"{PROJECTS}add/", project_form(**{field: value}))
        assert response.status_code == 200
        assert message in str(response.context["adminform"].form.errors[field])
        assert not Project.objects.exists()

    def test_the_list_leads_to_chart_and_tasks(self, console, rows, project):
        html = console.get(PROJECTS).content.decode()
        assert 'href="/gantt/tower/"' in html.replace('/gantt/tower"', '/gantt/tower/"')
        assert f'href="{TASKS}?project__id__exact={project.pk}"' in html

    @pytest.mark.parametrize(
        ("button", "target"),
        [
            ("chart", "/gantt/tower"),
            ("to-schedule", "/admin/gantt/project/{}/schedule/"),
            ("to-import", "/admin/gantt/project/{}/import/"),
            ("baseline", "/admin/gantt/baseline/add/?project={}"),
        ],
    )
    def test_its_page_has_buttons_that_lead_somewhere(self, console, project, button, target):
        page = console.get(f"{PROJECTS}{project.pk}/change/").content.decode()
        assert f"{PROJECTS}{project.pk}/{button}/" in page
        response = console.get(f"{PROJECTS}{project.pk}/{button}/")
        assert response.headers["Location"] == target.format(project.pk)
        assert console.get(target.format(project.pk)).status_code == 200

    def test_deleting_takes_everything(self, console, rows, project):
        link_of(rows["B"], rows["D"])
        assert console.post(f"{PROJECTS}{project.pk}/delete/", {"post": "yes"}).status_code == 302
        assert not Project.objects.exists()

    def test_foreign_projects_do_not_exist(self, world, console_for, project):
        outsider = console_for(world.outsider)
        assert "Tower" not in outsider.get(PROJECTS).content.decode()
        for page in ("import", "schedule", "export_json", "chart"):
            assert outsider.get(f"{PROJECTS}{project.pk}/{page}/").status_code == 404

    @pytest.mark.parametrize(
        ("page", "name"), [("export_mspdi", "mspdi"), ("export_csv", "csv"), ("export_json", "json")]
    )
    def test_downloads(self, console, rows, project, page, name):
        response = console.get(f"{PROJECTS}{project.pk}/{page}/")
        assert response.headers["Content-Disposition"] == f'attachment; filename="tower{FORMATS[name].suffix}"'
        assert response.content == project_file(project, FORMATS[name])[1]


class TestImport:
    def upload(self, console, project, text, name="plan.csv", **data):
        file = SimpleUploadedFile(name, text.encode())
        return console.post(f"{PROJECTS}{project.pk}/import/", {"file": file, **data})

    def confirm(self, console, project, preview):
        data = {"ticket": preview.context["ticket"]}
        return console.post(f"{PROJECTS}{project.pk}/import/", data, follow=True)

    def test_upload_preview_confirm(self, console, rows, project):
        preview = self.upload(console, project, "text,start\nNew one,2024-04-02\n")
        html = preview.content.decode()
        assert "Tasks: 1 added, 0 changed, 0 removed" in html
        assert "+ new task New one" in html
        assert Task.objects.count() == 4
        response = self.confirm(console, project, preview)
        assert "plan.csv imported. Tasks: 1 added" in messages_of(response)
        assert Task.objects.get(text="New one").start == day(1)
        assert default_storage.listdir(FOLDER)[1] == []

    def test_a_long_import_is_the_workers(self, world, console, project, monkeypatch):
        monkeypatch.setattr("gantt.admin.imports.AT_ONCE", 1)
        preview = self.upload(console, project, "text\nOne\nTwo\n")
        assert "in the background: 2 rows" in messages_of(self.confirm(console, project, preview))
        assert not Task.objects.exists()
        run_due()
        assert Task.objects.count() == 2
        entry = JournalEntry.objects.get(verb="import")
        assert (entry.actor_name, entry.source) == (world.owner.name, "admin")
        assert default_storage.listdir(FOLDER)[1] == []

    def test_the_worker_imports_nothing_else_than_what_was_looked_at(self, console, project, monkeypatch):
        monkeypatch.setattr("gantt.admin.imports.AT_ONCE", 1)
        self.confirm(console, project, self.upload(console, project, "text\nOne\nTwo\n"))
        Project.objects.filter(pk=project.pk).update(version=7)
        run_due()
        assert not Task.objects.exists()
        job = Job.objects.get(name="gantt.import")
        assert (job.state, "has changed since the preview" in job.last_error) == ("failed", True)

    def test_replacing_says_what_goes(self, console, rows, project):
        preview = self.upload(console, project, "text\nOnly\n", replace="on")
        assert "1 added, 0 changed, 4 removed" in preview.content.decode()
        self.confirm(console, project, preview)
        assert [task.text for task in Task.objects.all()] == ["Only"]

    def test_a_project_that_changed_meanwhile_is_shown_again(self, console, rows, project):
        preview = self.upload(console, project, "text\nNew\n")
        Project.objects.filter(pk=project.pk).update(version=7)
        again = self.confirm(console, project, preview)
        assert "changed meanwhile" in messages_of(again)
        assert Task.objects.count() == 4
        self.confirm(console, project, again)
        assert Task.objects.count() == 5

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("plan.csv", "text,start\nA,soon\n", "line 2, start"),
            ("plan.json", "{", "line 1: No JSON"),
            ("plan.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><Project/>", "refused"),
            ("plan.doc", "x", "must end in one of"),
        ],
    )
    def test_a_bad_file_is_told_beside_the_field_and_nothing_is_kept(self, console, project, name, text, message):
        response = self.upload(console, project, text, name)
        assert message in str(response.context["form"].errors["file"])
        assert not default_storage.exists(FOLDER)

    def test_a_huge_file_is_refused(self, console, project, monkeypatch):
        monkeypatch.setattr("gantt.exchange.MAX_FILE_BYTES", 5)
        assert "larger than" in str(self.upload(console, project, "text\nA\n").context["form"].errors)

    @pytest.mark.parametrize("ticket", ["", "x", "a:b:c"])
    def test_a_ticket_that_nobody_signed_is_refused(self, console, project, ticket):
        response = console.post(f"{PROJECTS}{project.pk}/import/", {"ticket": ticket}, follow=True)
        assert "upload the file again" in messages_of(response)

    def test_a_ticket_of_another_project_only_shows_a_preview(self, world, console, rows, project):
        other = project_of(world, name="Annex", slug="annex")
        preview = self.upload(console, other, "text\nNew\n")
        self.confirm(console, project, preview)
        assert Task.objects.count() == 4

    def test_a_viewer_may_not_import(self, world, console_for, project):
        assert self.upload(console_for(world.viewer), project, "text\nA\n").status_code == 403
        assert not Task.objects.exists()

    def test_files_that_nobody_confirmed_are_swept(self, console, project):
        self.upload(console, project, "text\nA\n")
        assert uploads_sweep(timezone.now()) == 0
        assert uploads_sweep(timezone.now() + timezone.timedelta(hours=2)) == 1
        assert default_storage.listdir(FOLDER)[1] == []


class TestSchedulePage:
    def test_it_shows_new_dates_and_gives_them(self, console, rows, project):
        link_of(rows["D"], rows["C"])
        url = f"{PROJECTS}{project.pk}/schedule/"
        html = console.get(url).content.decode()
        assert "2 tasks would move" in html
        assert "2024-04-05 00:00" in html
        response = console.post(url, {"start": ""}, follow=True)
        assert "2 tasks moved" in messages_of(response)
        assert Task.objects.get(text="C").start == day(4)

    def test_a_start_moves_everything(self, console, rows, project):
        url = f"{PROJECTS}{project.pk}/schedule/"
        assert "From 2024-06-03" in console.get(url, {"start": "2024-06-03T00:00"}).content.decode()
        console.post(url, {"start": "2024-06-03T00:00"})
        assert Task.objects.get(text="D").start == day(63)

    def test_a_cycle_is_told(self, console, rows, project):
        link_of(rows["A"], rows["D"])
        link_of(rows["D"], rows["C"])
        assert "cycle" in messages_of(console.get(f"{PROJECTS}{project.pk}/schedule/"))

    def test_a_viewer_sees_it_without_the_button(self, world, console_for, rows, project):
        link_of(rows["D"], rows["C"])
        viewer = console_for(world.viewer)
        url = f"{PROJECTS}{project.pk}/schedule/"
        assert "Give the tasks these dates" not in viewer.get(url).content.decode()
        viewer.post(url, {"start": ""})
        assert Task.objects.get(text="C").start == day(0)


class TestOtherPages:
    def test_a_share_link_shows_its_secret_once(self, world, console, project):
        data = {"project": project.pk, "name": "Site office", "access": "read"}
        data |= {"expires_at_0": "", "expires_at_1": ""}
        response = console.post("/admin/gantt/sharelink/add/", data)
        (secret,) = re.findall(r"/gantt/s/([\w-]+)", response.content.decode())
        share = share_find(secret)
        assert share.name == "Site office"
        assert secret not in console.get(f"/admin/gantt/sharelink/{share.pk}/change/").content.decode()
        console.post("/admin/gantt/sharelink/", {"action": "revoke", "_selected_action": [share.pk]})
        assert share_find(secret) is None
        assert ShareLink.objects.get().revoked_at

    def test_a_baseline_is_set_and_compared(self, console, rows, project):
        console.post("/admin/gantt/baseline/add/", {"project": project.pk, "name": "Plan"})
        baseline = Baseline.objects.get()
        Task.objects.filter(text="D").update(start=day(8), end=day(9), text="Later")
        html = console.get(f"/admin/gantt/baseline/{baseline.pk}/change/").content.decode()
        assert "1 of the tasks changed, 3 as planned" in html
        assert "5 d" in html
        console.post(f"/admin/gantt/baseline/{baseline.pk}/delete/", {"post": "yes"})
        assert not Baseline.objects.exists()

    def test_resources_assignments_and_links_go_through_services(self, console, rows, project):
        fields = {"name": "Alice", "role": "", "parent": "", "avatar": "", "color": "", "calendar": "null"}
        console.post("/admin/gantt/resource/add/", {"project": project.pk, **fields})
        alice = Resource.objects.get()
        console.post(
            "/admin/gantt/assignment/add/",
            {"project": project.pk, "task": rows["D"].pk, "resource": alice.pk, "units": "50"},
        )
        assert "50 % on 1 task" in console.get("/admin/gantt/resource/").content.decode()
        data = {"project": project.pk, "source": rows["B"].pk, "target": rows["D"].pk, "type": "e2s", "lag": "2"}
        console.post("/admin/gantt/link/add/", data)
        assert Link.objects.get().lag == 2
        assert JournalEntry.objects.filter(source="admin", verb="create").count() == 3
        again = console.post("/admin/gantt/link/add/", data)
        assert again.status_code == 200
        refused = console.post(
            "/admin/gantt/assignment/add/",
            {"project": project.pk, "task": rows["A"].pk, "resource": alice.pk, "units": "50"},
        )
        assert "summary" in refused.content.decode()

    @pytest.mark.parametrize(
        "model", ["project", "task", "link", "resource", "assignment", "baseline", "sharelink", "copygroup", "tempid"]
    )
    def test_every_list_opens_for_a_viewer_and_shows_no_foreign_rows(self, world, console_for, rows, model):
        url = reverse(f"admin:gantt_{model}_changelist")
        assert console_for(world.viewer).get(url).status_code == 200
        assert "Tower" not in console_for(world.outsider).get(url).content.decode()

    @pytest.mark.parametrize("model", ["project", "task", "link", "resource", "assignment", "baseline", "sharelink"])
    def test_every_add_page_opens(self, console, model):
        assert console.get(reverse(f"admin:gantt_{model}_add")).status_code == 200
