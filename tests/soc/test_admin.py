"""The console: the analyst's queue, the page of a to-do, workspaces, projects, files."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import JournalEntry
from soc.models import Approver, Attachment, Comment, Project, Todo, Workspace
from tests.conftest import World
from tests.soc.factories import CommentFactory, ProjectFactory, TodoFactory, WorkspaceFactory


@pytest.fixture
def console(console_for: Any, world: World) -> Client:
    return console_for(world.owner)


def page_of(obj: Any) -> str:
    return reverse(f"admin:soc_{obj._meta.model_name}_change", args=[obj.pk])


def press(console: Client, todo: Todo, action: str, **fields: Any) -> str:
    """Press a button of the review panel; the text of the page that comes next."""
    response = console.post(reverse("admin:soc_todo_review", args=[todo.pk]), {"action": action, **fields}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def names(console: Client, query: str = "") -> list[str]:
    response = console.get(reverse("admin:soc_todo_changelist") + query)
    assert response.status_code == 200
    return [todo.name for todo in response.context_data["cl"].result_list]


# --- the queue ---


def test_the_queue_shows_what_waits_the_most_overdue_first(console: Client, workspace: Workspace, world: World) -> None:
    now = timezone.now()
    for name, days in (("later", 9), ("most overdue", -9), ("soon", 0.5), ("overdue", -1)):
        TodoFactory(workspace=workspace, name=name, due_date=now + timedelta(days=days))
    TodoFactory(workspace=workspace, name="done", status="finished", due_date=now)
    TodoFactory(workspace=workspace, name="the agent's", approve_user=world.agent, due_date=now + timedelta(days=10))
    TodoFactory(workspace=WorkspaceFactory(project=ProjectFactory(organization=world.other_organization)))
    waiting = ["most overdue", "overdue", "soon", "later", "the agent's"]
    assert names(console) == waiting
    assert names(console, "?queue=mine") == waiting[:-1]
    assert names(console, "?queue=overdue") == ["most overdue", "overdue"]
    assert names(console, "?queue=handled") == ["done"]
    assert len(names(console, "?queue=all")) == 6
    assert names(console, "?q=soon") == ["soon"]
    page = console.get(reverse("admin:soc_todo_changelist")).content.decode()
    assert "overdue" in page
    assert "within a day" in page


def test_the_queue_costs_a_fixed_number_of_queries(
    console: Client, workspace: Workspace, world: World, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        TodoFactory(workspace=workspace, approve_user=world.agent)
    names(console)
    with django_assert_max_num_queries(14):
        assert len(names(console)) == 20


# --- the page of a to-do ---


def test_an_analyst_approves_with_review_comments(console: Client, todo: Todo, world: World) -> None:
    page = press(console, todo, "continue", comment="  checked with the owner ")
    todo.refresh_from_db()
    assert (todo.status, todo.review_comments, todo.approver) == ("finished", "checked with the owner", "Owner")
    assert "checked with the owner" in page
    assert "Approved by Owner" in page
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.source, entry.user_id) == ("continue", "admin", world.owner.pk)


def test_an_analyst_terminates_once(console: Client, todo: Todo) -> None:
    press(console, todo, "terminate")
    assert "is not waiting any more" in press(console, todo, "continue")
    todo.refresh_from_db()
    assert todo.status == "canceled"


def test_comments_are_added_and_deleted_on_the_page(console: Client, todo: Todo) -> None:
    assert "<b>bold" not in press(console, todo, "comment", comment="<b>bold")
    comment = Comment.objects.get()
    assert (comment.message, comment.user_name) == ("<b>bold", "Owner")
    press(console, todo, "comment_delete", id=comment.pk)
    assert not Comment.objects.exists()
    assert "must not be empty" in press(console, todo, "comment", comment=" ")


def test_files_are_attached_downloaded_and_removed_on_the_page(console: Client, todo: Todo) -> None:
    assert "evidence.txt" in press(console, todo, "attach", file=SimpleUploadedFile("evidence.txt", b"evidence"))
    attachment = Attachment.objects.get()
    download = console.get(reverse("admin:soc_attachment_download", args=[attachment.pk]))
    assert download.getvalue() == b"evidence"
    assert download.headers["Content-Disposition"] == 'attachment; filename="evidence.txt"'
    press(console, todo, "detach", id=attachment.pk)
    assert not todo.attachments.exists()
    assert "Choose a file" in press(console, todo, "attach")
    assert "not taken" in press(console, todo, "attach", file=SimpleUploadedFile("x.html", b"x"))


def test_the_trail_tells_who_did_what(console: Client, owner: Any, todo: Todo) -> None:
    owner.put(todo, {"action": "ADD_COMMENT", "comment": "over the API"})
    page = press(console, todo, "terminate", comment="harmless after all")
    for text in ("secmaster", "over the API", "admin", "terminate", "harmless after all"):
        assert text in page


def test_only_who_may_settle_sees_the_buttons(console_for: Any, world: World, todo: Todo, workspace: Workspace) -> None:
    mine = TodoFactory(workspace=workspace, approve_user=world.planner)
    assert 'value="continue"' in console_for(world.planner).get(page_of(mine)).content.decode()
    for user, other in (
        (world.viewer, todo),
        (world.planner, TodoFactory(workspace=workspace, approve_user=world.agent)),
    ):
        console = console_for(user)
        assert 'value="continue"' not in console.get(page_of(other)).content.decode()
        press(console, other, "continue")
        other.refresh_from_db()
        assert other.status == "waiting"
    assert "permission" in press(console_for(world.viewer), todo, "comment", comment="x")
    assert not Comment.objects.exists()


def test_another_organizations_rows_do_not_exist(console_for: Any, world: World, todo: Todo, attachment: Any) -> None:
    stranger = console_for(world.outsider)
    assert stranger.get(page_of(todo)).status_code == 302
    assert stranger.post(reverse("admin:soc_todo_review", args=[todo.pk]), {"action": "continue"}).status_code == 404
    assert stranger.get(reverse("admin:soc_attachment_download", args=[attachment.pk])).status_code == 404
    secret = reverse("admin:soc_workspace_secret", args=[todo.workspace_id])
    assert stranger.post(secret).status_code == 404
    todo.refresh_from_db()
    assert todo.status == "waiting"


def test_the_panel_takes_posts_with_known_actions_only(console: Client, todo: Todo) -> None:
    url = reverse("admin:soc_todo_review", args=[todo.pk])
    assert console.get(url + "?action=continue").status_code == 404
    assert console.post(url, {"action": "explode"}).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = console.cookies
    assert strict.post(url, {"action": "continue"}).status_code == 403


FORM = {
    "name": "Isolate host", "description": "why", "notes": "", "due_date_0": "", "due_date_1": "",
    "due_handle": "CONTINUE",
    "approve_user": "", "approve_group": "", "business_type": "PLAYBOOKNODEAPPROVE", "related_object": "",
    "view_parameters": "", "handle_parameters": "", "definition_key": "", "action_id": "", "action_version_id": "",
    "action_instance_id": "",
}  # fmt: skip


def test_a_todo_is_raised_by_hand(console: Client, workspace: Workspace, world: World) -> None:
    form = FORM | {"workspace": workspace.pk, "aopengine_task_id": "", "approve_user": world.agent.pk}
    response = console.post(reverse("admin:soc_todo_add"), form)
    assert response.status_code == 302, response.context_data["errors"]
    todo = Todo.objects.get()
    assert (todo.name, todo.approve_user, todo.aopengine_task_id) == ("Isolate host", world.agent, todo.pk)
    assert (todo.due_date - todo.create_time).days == 15
    assert JournalEntry.objects.get().source == "admin"


def test_a_planner_chooses_among_his_organizations_users(console_for: Any, world: World) -> None:
    assert world.outsider
    choose = {"app_label": "soc", "model_name": "todo", "field_name": "approve_user"}
    console = console_for(world.planner)
    found = console.get(reverse("admin:autocomplete"), choose).json()["results"]
    assert [user["id"] for user in found] == [str(world.planner.pk)]
    assert console.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_a_waiting_todo_is_edited_and_a_settled_one_is_not(console: Client, todo: Todo) -> None:
    form = FORM | {"due_date_0": "2030-01-01", "due_date_1": "08:00:00"}
    assert console.post(page_of(todo), form).status_code == 302
    todo.refresh_from_db()
    assert (todo.name, todo.due_handle, todo.due_date.year, todo.modifier_name) == (
        "Isolate host", "CONTINUE", 2030, "Owner",
    )  # fmt: skip
    assert JournalEntry.objects.last().changes["name"][1] == "Isolate host"
    console.post(page_of(todo), FORM)
    todo.refresh_from_db()
    assert (todo.due_date - todo.create_time).days == 15
    for date in ("0001-01-01", "9999-12-31"):
        assert console.post(page_of(todo), form | {"due_date_0": date}).status_code == 200
    press(console, todo, "terminate")
    assert console.post(page_of(todo), form | {"name": "other"}).status_code == 403
    todo.refresh_from_db()
    assert todo.name == "Isolate host"


# --- workspaces, projects, files, comments ---


def inline(rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    form = {"approvers-TOTAL_FORMS": len(rows), "approvers-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        form |= {f"approvers-{number}-{name}": value for name, value in row.items()}
    return form


def test_a_workspace_and_its_approvers_are_kept(console: Client, workspace: Workspace, world: World) -> None:
    values = {"project": workspace.project_id, "name": "Night shift", "webhook_url": "https://engine.example/hook"}
    agents = Group.objects.get(name="Agent")
    rows = [{"user": world.planner.pk, "group": ""}, {"user": "", "group": agents.pk}]
    response = console.post(page_of(workspace), values | inline(rows))
    assert response.status_code == 302, response.context_data["errors"]
    workspace.refresh_from_db()
    assert workspace.name == "Night shift"
    assert {(a.user, a.group) for a in Approver.objects.all()} == {(world.planner, None), (None, agents)}
    kept = Approver.objects.order_by("id")
    rows = [
        {"id": kept[0].pk, "workspace": workspace.pk, "DELETE": "on"},
        {"id": kept[1].pk, "workspace": workspace.pk},
    ]
    assert console.post(page_of(workspace), values | inline(rows, initial=2)).status_code == 302
    assert [approver.group for approver in Approver.objects.all()] == [agents]
    assert set(JournalEntry.objects.values_list("verb", flat=True)) == {"update", "approver_add", "approver_remove"}


@pytest.mark.parametrize("both", [True, False])
def test_an_approver_is_a_user_or_a_group(console: Client, workspace: Workspace, world: World, both: bool) -> None:
    row = {"user": world.planner.pk, "group": 1} if both else {"user": "", "group": "", "id": ""}
    values = {"project": workspace.project_id, "name": "Changed"} | inline([row])
    console.post(page_of(workspace), values)
    assert not Approver.objects.exists()


def test_a_stranger_is_no_approver(console: Client, workspace: Workspace, world: World) -> None:
    values = {"project": workspace.project_id, "name": "Changed"}
    console.post(page_of(workspace), values | inline([{"user": world.outsider.pk, "group": ""}]))
    assert not Approver.objects.exists()
    workspace.refresh_from_db()
    assert workspace.name != "Changed"


def test_a_webhook_secret_is_shown_once(console: Client, console_for: Any, workspace: Workspace, world: World) -> None:
    url = reverse("admin:soc_workspace_secret", args=[workspace.pk])
    assert console.get(url).status_code == 404
    page = console.post(url).content.decode()
    assert "whsec_" in page
    assert "whsec_" not in console.get(page_of(workspace)).content.decode()
    assert console_for(world.viewer).post(url).status_code == 404


def test_projects_are_made_once_per_region(console: Client, workspace: Workspace) -> None:
    add = reverse("admin:soc_project_add")
    assert console.post(add, {"name": "eu-west-0"}).status_code == 302
    project = Project.objects.get(name="eu-west-0")
    assert len(project.pk) == 32
    assert "already" in console.post(add, {"name": "eu-west-0"}).content.decode()
    assert console.post(page_of(project), {"name": "eu-west-1"}).status_code == 302
    delete = reverse("admin:soc_project_delete", args=[project.pk])
    assert console.post(delete, {"post": "yes"}).status_code == 302
    assert not Project.objects.filter(pk=project.pk).exists()


def test_what_is_in_use_is_not_deleted(console: Client, todo: Todo) -> None:
    for obj in (todo.workspace, todo.workspace.project):
        console.post(reverse(f"admin:soc_{obj._meta.model_name}_delete", args=[obj.pk]), {"post": "yes"})
        obj.refresh_from_db()


def test_columns_are_headed_in_plain_words(console: Client, todo: Todo, attachment: Attachment) -> None:
    CommentFactory(todo=todo)
    for model, headings in (("attachment", {"created", "deleted"}), ("comment", {"to-do"}), ("project", {"created"})):
        changelist = console.get(reverse(f"admin:soc_{model}_changelist")).context["cl"]
        assert headings <= {
            label_for_field(name, changelist.model, changelist.model_admin) for name in changelist.list_display
        }


def test_files_and_comments_are_listed_and_deleted(console: Client, todo: Todo, attachment: Attachment) -> None:
    comment = CommentFactory(todo=todo)
    for obj in (attachment, comment):
        assert console.get(reverse(f"admin:soc_{obj._meta.model_name}_changelist") + "?q=e").status_code == 200
        assert console.get(page_of(obj)).status_code == 200
        delete = reverse(f"admin:soc_{obj._meta.model_name}_delete", args=[obj.pk])
        assert console.post(delete, {"post": "yes"}).status_code == 302
    attachment.refresh_from_db()
    assert attachment.is_deleted
    assert not Comment.objects.exists()
    assert console.get(reverse("admin:soc_attachment_download", args=[attachment.pk])).status_code == 404
