"""The console's page of tasks: the chosen flow's own fields, actions on many rows, history, photos."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import JournalEntry
from tasks.models import Task
from tasks.services import photo_create
from tests.tasks.conftest import Yard
from tests.tasks.factories import FlowFactory, component
from tests.tasks.photos import JPEG

LIST = "/admin/tasks/task/"
ADD = "/admin/tasks/task/add/"
PAGES = [
    {
        "id": "page0",
        "enabled": True,
        "components": [
            component("customer", title="Customer", required=True, showAs="title"),
            component("amount", "Numeric", title="Amount"),
            component("day", "Date", title="Day"),
            component("when", "Datetime", title="When"),
            component("site", "URL", title="Site"),
            component("ref_id", title="Their number"),
            {"component": "select", "id": "kind", "title": "Kind", "options": ["A", "B"], "max": 1, "visible": True},
            {"component": "select", "id": "tags", "title": "Tags", "options": ["X", "Y", "Z"], "visible": True},
            {"component": "list", "id": "items", "title": "Items", "type": "text", "visible": True},
            component("secret", title="Hidden", visible=False),
        ],
    }
]


@pytest.fixture
def console(yard: Yard, console_for: Callable[[User], Client]) -> Client:
    FlowFactory(organization=yard.world.organization, name="Full", pages=PAGES, pk="f" * 24)
    return console_for(yard.world.owner)


def form(yard: Yard, **more: Any) -> dict[str, Any]:
    return {
        "flow": "f" * 24,
        "hub": yard.hub.pk,
        "start_time_0": "2026-05-01",
        "start_time_1": "08:00:00",
        "end_time_0": "",
        "end_time_1": "",
        "ref_id": "R-1",
        "order_index": "",
        "value-customer": "Toko",
        **more,
    }


def change_url(task: Task) -> str:
    return f"/admin/tasks/task/{task.pk}/change/"


def shown(response: Any) -> dict[str, Any]:
    return response.context["adminform"].form.fields


def test_the_form_has_the_fields_of_the_chosen_flow(yard: Yard, console: Client) -> None:
    assert not [name for name in shown(console.get(ADD)) if name.startswith("value-")]
    fields = shown(console.get(ADD, {"flow": "f" * 24, "hub": yard.hub.pk}))
    typed = {name: type(field).__name__ for name, field in fields.items() if name.startswith("value-")}
    assert typed == {
        "value-customer": "CharField", "value-amount": "FloatField", "value-day": "DateField",
        "value-when": "SplitDateTimeField", "value-site": "URLField", "value-ref_id": "CharField",
        "value-kind": "ChoiceField", "value-tags": "MultipleChoiceField", "value-items": "JSONField",
    }  # fmt: skip
    assert [name for name, field in fields.items() if field.required] == ["flow", "hub", "value-customer"]
    assert fields["value-customer"].label == "Customer"
    assert fields["value-customer"].help_text == "Shown as the task's title."
    assert [key for key, _ in fields["value-tags"].choices] == ["X", "Y", "Z"]


def test_it_creates_a_task_with_typed_values(yard: Yard, console: Client) -> None:
    values = {"value-amount": "12.5", "value-day": "2026-05-02", "value-when_0": "2026-05-02",
              "value-when_1": "09:30:00", "value-kind": "A", "value-tags": ["X", "Z"], "value-ref_id": "own",
              "value-items": '[{"title": "Roti"}]', "assignees": [yard.world.agent.pk]}  # fmt: skip
    response = console.post(ADD, form(yard, **values))
    assert response.status_code == 302, response.context["errors"]
    task = Task.objects.get()
    assert (task.created_from, task.status, task.ref_id, task.title) == ("WEB", "ONGOING", "R-1", "Toko")
    assert task.values == {
        "customer": "Toko", "amount": 12.5, "day": "2026-05-02", "when": "2026-05-02T01:30:00+00:00", "kind": ["A"],
        "tags": ["X", "Z"], "items": [{"title": "Roti"}], "ref_id": "own",
    }  # fmt: skip
    assert task.end_time - task.start_time == timedelta(hours=24)
    assert JournalEntry.objects.get(object_id=task.pk).source == "admin"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"value-customer": ""}, "value-customer"),
        ({"value-amount": "many"}, "value-amount"),
        ({"value-kind": "Z"}, "value-kind"),
        ({"end_time_0": "2026-04-01", "end_time_1": "08:00:00"}, "end_time"),
        ({"order_index": "1e300"}, "order_index"),
        ({"hub": "f" * 24}, "hub"),
        ({"flow": "e" * 24}, "flow"),
    ],
)
def test_what_is_refused_stands_at_its_field(yard: Yard, console: Client, values: dict[str, str], field: str) -> None:
    response = console.post(ADD, form(yard, **values))
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == [field]
    assert not Task.objects.exists()


def test_it_changes_a_task_and_keeps_what_the_form_does_not_show(yard: Yard, console: Client) -> None:
    console.post(ADD, form(yard, **{"assignees": [yard.world.agent.pk], "value-tags": ["X"]}))
    task = Task.objects.get()
    yard.api("PATCH", f"/task/{task.pk}", {"unknown": 1})
    page = console.get(change_url(task))
    initial = page.context["adminform"].form.initial
    assert (initial["value-customer"], initial["value-tags"]) == ("Toko", ["X"])
    same = form(
        yard, end_time_0="2026-05-09", end_time_1="08:00:00", order_index=str(task.order_index),
        assignees=[yard.world.agent.pk], **{"value-tags": ["X"], "value-customer": "New"},
    )  # fmt: skip
    assert console.post(change_url(task), same).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.values["unknown"], task.status) == ("New", 1, "ONGOING")
    assert JournalEntry.objects.filter(object_id=task.pk, verb="patch").first().changes["customer"] == ["Toko", "New"]
    assert console.post(change_url(task), {**same, "assignees": []}).status_code == 302
    task.refresh_from_db()
    assert task.status == "UNASSIGNED"


def test_a_done_task_can_only_be_looked_at(yard: Yard, console: Client) -> None:
    task = yard.assigned(field1="Jack")
    yard.api("PATCH", f"/task/{task.pk}", {"status": "DONE"})
    page = console.get(change_url(task))
    assert page.status_code == 200
    assert b"Jack" in page.content
    assert b'name="_save"' not in page.content
    assert console.post(change_url(task), form(yard)).status_code == 403
    assert console.post(f"/admin/tasks/task/{task.pk}/delete/", {"post": "yes"}).status_code == 403


def act(console: Client, action: str, tasks: list[Task], **more: Any) -> Any:
    chosen = {"action": action, "_selected_action": [task.pk for task in tasks]}
    assert console.post(LIST, chosen).status_code == 200
    return console.post(LIST, {**chosen, "apply": "yes", **more})


def results(response: Any) -> list[str]:
    return [error for _, error in response.context["results"]]


def test_actions_on_many_rows_tell_the_result_of_each(yard: Yard, console: Client) -> None:
    first, second = yard.task(), yard.task()
    done = yard.assigned()
    yard.api("PATCH", f"/task/{done.pk}", {"status": "DONE"})
    frozen = "The task is done and cannot be changed."
    rows = [first, second, done]
    assert results(act(console, "assign_tasks", rows, assignees=[yard.world.agent.pk])) == [frozen, "", ""]
    assert results(act(console, "move_tasks", rows, hub=yard.other_hub.pk)) == [frozen, "", ""]
    assert results(act(console, "finish_tasks", [first])) == [""]
    assert results(act(console, "unassign_tasks", [first, second])) == ["", frozen]
    assert list(Task.objects.order_by("id").values_list("status", "hub__name", "done_from")) == [
        ("DONE", "Depo Barat", "WEB"),
        ("UNASSIGNED", "Depo Barat", ""),
        ("DONE", "Jakarta", "MOBILE"),
    ]
    response = act(console, "finish_tasks", [second])
    assert b"The task cannot be done before it is assigned." in response.content


def test_an_action_asks_again_when_nobody_is_chosen(yard: Yard, console: Client) -> None:
    response = act(console, "assign_tasks", [yard.task()])
    assert "results" not in response.context
    assert response.context["form"].errors


def test_whoever_may_only_look_gets_no_actions(yard: Yard, console_for: Callable[[User], Client]) -> None:
    task = yard.task()
    viewer = console_for(yard.world.viewer)
    assert b"assign_tasks" not in viewer.get(LIST).content
    viewer.post(LIST, {"action": "finish_tasks", "_selected_action": [task.pk], "apply": "yes"})
    assert viewer.post(change_url(task), form(yard)).status_code == 403
    assert Task.objects.get().updated_time == task.updated_time


def test_nobody_sees_rows_of_another_organization(yard: Yard, console_for: Callable[[User], Client]) -> None:
    task = yard.task(field1="Secret Customer")
    outsider = console_for(yard.world.outsider)
    assert b"Secret" not in outsider.get(LIST).content
    assert outsider.get(change_url(task)).status_code == 302
    response = outsider.post(LIST, {"action": "finish_tasks", "_selected_action": [task.pk], "apply": "yes"})
    assert response.context is None or not response.context.get("results")
    assert yard.flow.name.encode() not in outsider.get(ADD).content


@pytest.mark.parametrize(
    "query",
    [
        "q=Jack",
        "q=6352736c628401059b37a2e2",
        "status__exact=DONE",
        "start_time__gte=2020-01-01 00:00:00%2B00:00",
    ],
)
def test_the_list_filters_and_searches(yard: Yard, console: Client, query: str) -> None:
    yard.task(field1="Jack")
    response = console.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert (b"Jack" in response.content.split(b"result_list")[-1]) == query.startswith(("q=Jack", "start"))


def test_the_list_needs_no_query_per_row(
    yard: Yard, console: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(5):
        yard.assigned()
    console.get(LIST)
    with django_assert_max_num_queries(14):
        console.get(LIST)


def test_history_and_photos_are_shown(yard: Yard, console: Client) -> None:
    task = yard.task()
    photo = photo_create(
        actor=yard.world.actor(), name=f"{task.pk}_0_door", file=SimpleUploadedFile("a.jpg", JPEG, "image/jpeg")
    )
    address = f"/{yard.world.organization.object_id}/{photo.path}"
    assert address.encode() in console.get(change_url(task)).content
    assert console.get(address)["Content-Type"] == "image/jpeg"
    yard.api("PATCH", f"/task/{task.pk}", {"field1": "Changed"})
    assert b"Changed" in console.get(f"/admin/tasks/task/{task.pk}/history/").content


@pytest.mark.parametrize("page", ["taskphoto", "bulkrequest", "taskimport", "taskcount"])
def test_every_other_page_opens(yard: Yard, console: Client, page: str) -> None:
    yard.task()
    yard.api("POST", "/tasks/bulk", {"background": True, "tasks": [yard.body()]})
    photo_create(actor=yard.world.actor(), name="x", file=SimpleUploadedFile("a.jpg", JPEG, "image/jpeg"))
    response = console.get(f"/admin/tasks/{page}/")
    assert response.status_code == 200
    for row in response.context["cl"].result_list:
        assert console.get(f"/admin/tasks/{page}/{row.pk}/change/").status_code == 200


def test_the_day_of_a_task_is_shown_as_it_was_typed(yard: Yard, console: Client) -> None:
    now = timezone.now().replace(microsecond=0)
    task = yard.task(startTime=now.isoformat())
    values = console.get(change_url(task)).context["adminform"].form.initial
    assert values["start_time"] == now


def test_a_flow_with_keys_that_mean_nothing_there_still_has_a_form(yard: Yard, console: Client) -> None:
    odd = [
        component("text", onSelect=5, min="some", max="many", options="x"),
        component("when", "Datetime", default="2026-05-02T09:30:00+00:00"),
        {"component": "select", "id": "kind", "options": ["A"], "max": "1", "default": ["A"], "onSelect": [{}]},
        {"component": "photo", "id": "proof", "default": 5},
    ]
    flow = FlowFactory(organization=yard.world.organization, pages=[{"id": "page0", "components": odd}])
    fields = shown(console.get(ADD, {"flow": flow.pk}))
    assert fields["value-kind"].initial == "A"
    assert fields["value-when"].initial.hour == 9
    task = yard.task()
    Task.objects.filter(pk=task.pk).update(flow=flow, values={"when": "no date", "kind": "odd", "text": [1]})
    assert console.get(change_url(task)).status_code == 200
