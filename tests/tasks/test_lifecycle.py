"""The three statuses, what leads from one to the other, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.models import JournalEntry
from hubs.services import hub_delete, member_remove
from tasks import selectors
from tasks.counts import counts_of, counts_rebuild
from tasks.lifecycle import TRANSITIONS, Status
from tasks.models import Task, TaskAssignee
from tests.tasks.conftest import Yard
from tests.tasks.factories import FlowFactory, HubFactory

FROZEN = "The task is done and cannot be changed."


def answer(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    return response.json()


def refused(response: Any, message: str) -> None:
    assert answer(response, 400) == {"status": False, "message": message}


def test_nothing_leads_out_of_done() -> None:
    assert not any(Status.DONE in before for before in TRANSITIONS.values())


def test_create_with_an_assignee_is_ongoing_at_once(yard: Yard) -> None:
    task = answer(yard.api("POST", "/task", yard.body(assignee=["agent@example.com"])), 201)["task"]
    assert task["status"] == "ONGOING"
    assert task["assignee"] == ["agent@example.com"]
    assert task["assignedBy"] == "Owner"
    assert task["assignedTo"] == {
        "_id": yard.world.agent.object_id, "name": "Agent", "email": "agent@example.com", "hubId": [yard.hub.pk],
        "organization": None, "role": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        ["agent@example.com", "planner@example.com"],
        ["agent@example.com,planner@example.com"],
        "agent@example.com, planner@example.com",
        ["AGENT@example.com", "planner@example.com", "agent@example.com"],
    ],
)
def test_several_people_may_be_assigned(yard: Yard, given: Any) -> None:
    task = answer(yard.api("PUT", f"/task/{yard.task().pk}/assign", {"assignee": given}))["task"]
    assert task["assignee"] == ["agent@example.com", "planner@example.com"]
    assert task["assignedTo"]["email"] == "agent@example.com"


def test_assigning_others_replaces_the_list(yard: Yard) -> None:
    task = yard.assigned()
    again = answer(yard.api("PUT", f"/task/{task.pk}/assign", {"assignee": ["planner@example.com"]}))["task"]
    assert (again["status"], again["assignee"]) == ("ONGOING", ["planner@example.com"])
    assert TaskAssignee.objects.filter(task=task).count() == 1


def test_assigning_nobody_gives_the_task_back(yard: Yard) -> None:
    task = yard.assigned()
    body = answer(yard.api("PUT", f"/task/{task.pk}/assign", {"assignee": []}))["task"]
    assert body["status"] == "UNASSIGNED"
    assert not {"assignee", "assignedTo", "assignedBy", "assignedTime"} & set(body)
    assert not TaskAssignee.objects.filter(task=task).exists()
    assert [entry["action"] for entry in histories(yard, task)] == ["create", "unassign"]


@pytest.mark.parametrize("email", ["stranger@example.com", "outsider@example.com", "viewer@example.com", "no e-mail"])
def test_assignees_are_users_of_the_hub(yard: Yard, email: str) -> None:
    assert yard.world.outsider
    assert yard.world.viewer
    task = yard.task()
    message = f"The selected assignee is invalid: {email}."
    refused(yard.api("PUT", f"/task/{task.pk}/assign", {"assignee": [email]}), message)
    refused(yard.api("POST", "/task", yard.body(assignee=[email])), message)
    task.refresh_from_db()
    assert (task.status, Task.objects.count()) == ("UNASSIGNED", 1)


def test_move_keeps_status_and_assignment(yard: Yard) -> None:
    task = yard.assigned()
    moved = answer(yard.api("PUT", f"/task/{task.pk}/move", {"hubId": yard.other_hub.pk}))["task"]
    assert moved["hubId"] == yard.other_hub.pk
    assert moved["hub"] == {"_id": yard.other_hub.pk, "name": "Depo Barat", "lat": -6.2, "lng": 106.8}
    assert (moved["status"], moved["assignee"]) == ("ONGOING", ["agent@example.com"])


def test_a_done_task_tells_by_whom_when_and_how_long(yard: Yard) -> None:
    with time_machine.travel("2026-03-02T08:00:00+00:00", tick=False) as clock:
        first, second = yard.assigned(), yard.assigned()
        clock.shift(timedelta(hours=1))
        agent = yard.api_of(yard.world.agent)
        body = {"status": "DONE", "page1DoneTime": "2026-03-02T08:30:00+00:00", "doneCoordinate": "-6.2,106.8"}
        done = answer(agent("PATCH", f"/task/{first.pk}", body))["task"]
        clock.shift(timedelta(minutes=12))
        then = answer(agent("PATCH", f"/task/{second.pk}", {"status": "DONE", "doneCoordinate": "-6.21,106.8"}))["task"]
    assert done["status"] == "DONE"
    assert (done["doneBy"], done["doneFrom"]) == ("Agent", "MOBILE")
    assert done["doneTime"] == "2026-03-02T09:00:00+00:00"
    assert (done["duration"], done["doneOrder"], done["isLastDoneOrder"]) == (30, 1, True)
    assert done["page1DoneTime"] == "2026-03-02T08:30:00+00:00"
    # From the hub for the first of the day, from the task before for the others.
    assert done["travelDistance"] == pytest.approx(5190, abs=50)
    assert (then["doneOrder"], then["travelDuration"]) == (2, 12)
    assert then["travelDistance"] == pytest.approx(1112, abs=5)
    first.refresh_from_db()
    assert first.is_last_done_order is False


def test_only_an_assigned_task_can_be_done(yard: Yard) -> None:
    task = yard.task()
    refused(yard.api("PATCH", f"/task/{task.pk}", {"status": "DONE"}), "The task cannot be done before it is assigned.")


@pytest.mark.parametrize(
    ("start", "end", "word"), [(-48, -1, "after its endTime"), (1, 48, "before its startTime")], ids=["late", "early"]
)
def test_a_task_is_done_within_its_time(yard: Yard, start: int, end: int, word: str) -> None:
    now = timezone.now()
    times = {"startTime": now + timedelta(hours=start), "endTime": now + timedelta(hours=end)}
    task = yard.assigned(**{key: value.isoformat(timespec="seconds") for key, value in times.items()})
    refused(
        yard.api("PATCH", f"/task/{task.pk}", {"status": "DONE", "field1": "x"}), f"The task cannot be done {word}."
    )
    task.refresh_from_db()
    assert "field1" not in task.values


def done_task(yard: Yard) -> Task:
    task = yard.assigned(field1="as it was")
    answer(yard.api("PATCH", f"/task/{task.pk}", {"status": "DONE"}))
    return task


def test_the_public_page_of_an_expired_task_says_so(yard: Yard) -> None:
    task = yard.task(startTime="2022-11-02 00:00:00", endTime="2022-11-05 00:00:00")
    response = yard.api("GET", f"/task/public/{task.pk}")
    assert (response.status_code, response.json()) == (
        401, {"status": False, "message": "You can't track this task because it has expired."},
    )  # fmt: skip


def test_a_done_task_is_frozen(yard: Yard) -> None:
    task = done_task(yard)
    before = answer(yard.api("GET", f"/task/{task.pk}"))
    for method, path, body in [
        ("PUT", "", yard.body(field1="x")),
        ("PATCH", "", {"field1": "x"}),
        ("PATCH", "", {"status": "ONGOING"}),
        ("PATCH", "", {"status": "DONE"}),
        ("PUT", "/assign", {"assignee": ["planner@example.com"]}),
        ("PUT", "/assign", {"assignee": []}),
        ("PUT", "/move", {"hubId": yard.other_hub.pk}),
        ("DELETE", "", None),
    ]:
        refused(yard.api(method, f"/task/{task.pk}{path}", body), FROZEN)
    assert answer(yard.api("GET", f"/task/{task.pk}")) == before


def test_a_done_task_is_a_failed_item_in_bulk(yard: Yard) -> None:
    task, open_task = done_task(yard), yard.task()
    for method, path, more in [
        ("PUT", "", yard.body()),
        ("PATCH", "", {"field1": "x"}),
        ("PUT", "/assign", {"assignee": ["agent@example.com"]}),
        ("PUT", "/move", {"hubId": yard.other_hub.pk}),
        ("DELETE", "", {}),
    ]:
        rows = [{"_id": task.pk, **more}, {"_id": open_task.pk, **more, "hubId": yard.hub.pk}]
        body = answer(yard.api(method, f"/tasks/bulk{path}", {"tasks": rows}))
        assert (body["success"], body["failed"]) == (1, 1)
        assert body["tasks"][0] == {"status": False, "message": FROZEN, "_id": task.pk}


@pytest.mark.parametrize("status", ["UNASSIGNED", "ONGOING", "STARTED", "done"])
def test_a_patch_sets_no_status_but_done(yard: Yard, status: str) -> None:
    task = yard.assigned()
    response = yard.api("PATCH", f"/task/{task.pk}", {"status": status})
    if status == "ONGOING":
        assert answer(response)["task"]["status"] == "ONGOING"
    else:
        refused(response, "The selected status is invalid.")


def histories(yard: Yard, task: Task) -> list[dict[str, Any]]:
    return answer(yard.api("GET", f"/task/{task.pk}"))["task"]["histories"]


def test_histories_tell_what_was_done_and_how_the_task_was_before(yard: Yard) -> None:
    task = yard.task(field1="A")
    yard.api("PUT", f"/task/{task.pk}", yard.body(field1="B"))
    yard.api("PATCH", f"/task/{task.pk}", {"field1": "C"})
    yard.api("PUT", f"/task/{task.pk}/assign", {"assignee": ["agent@example.com"]})
    yard.api("PUT", f"/task/{task.pk}/move", {"hubId": yard.other_hub.pk})
    entries = histories(yard, task)
    assert [(entry["action"], entry["notes"]) for entry in entries] == [
        ("create", "Created by Owner"),
        ("put", "Updated by Owner"),
        ("patch", "Updated by Owner"),
        ("assign", "Assigned by Owner"),
        ("move", "Moved by Owner"),
    ]
    assert [entry["changeData"] and entry["changeData"].get("field1") for entry in entries] == [
        None,
        "A",
        "B",
        "C",
        "C",
    ]
    assert entries[4]["changeData"]["status"] == "ONGOING"
    assert len({entry["_id"] for entry in entries}) == 5


def test_a_task_shows_its_newest_histories(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "HISTORIES", 2)
    task = yard.task(field1="A")
    for value in "BCD":
        yard.api("PATCH", f"/task/{task.pk}", {"field1": value})
    assert [entry["changeData"]["field1"] for entry in histories(yard, task)] == ["B", "C"]


def test_the_journal_keeps_old_and_new_values_also_of_a_deleted_task(yard: Yard) -> None:
    task = yard.task(field1="A")
    yard.api("PATCH", f"/task/{task.pk}", {"field1": "B"})
    yard.api("DELETE", f"/task/{task.pk}")
    patch, delete = JournalEntry.objects.filter(object_id=task.pk, verb__in=["patch", "delete"]).order_by("id")
    assert patch.changes == {"field1": ["A", "B"], "title": ["A", "B"]}
    assert (patch.source, patch.actor_name, bool(patch.request_id)) == ("mileapp", "Owner", True)
    assert delete.snapshot["field1"] == "B"


def test_deleting_is_permanent_and_a_second_time_unknown(yard: Yard) -> None:
    task = yard.assigned()
    assert answer(yard.api("DELETE", f"/task/{task.pk}"))["task"]["assignee"] == ["agent@example.com"]
    assert not Task.objects.exists()
    assert answer(yard.api("DELETE", f"/task/{task.pk}"), 404) == {"status": False, "message": "Data not found"}


def test_ongoing_tasks_of_a_removed_member_fall_back(yard: Yard) -> None:
    his, shared, done = yard.assigned(), yard.assigned(), done_task(yard)
    yard.api("PUT", f"/task/{shared.pk}/assign", {"assignee": ["agent@example.com", "planner@example.com"]})
    member_remove(actor=yard.world.actor(), user=yard.world.agent)
    read = {key: answer(yard.api("GET", f"/task/{task.pk}"))["task"] for key, task in
            {"his": his, "shared": shared, "done": done}.items()}  # fmt: skip
    assert (read["his"]["status"], "assignee" in read["his"]) == ("UNASSIGNED", False)
    assert (read["shared"]["status"], read["shared"]["assignee"]) == ("ONGOING", ["planner@example.com"])
    assert (read["done"]["status"], read["done"]["assignee"]) == ("DONE", ["agent@example.com"])
    assert read["his"]["histories"][-1]["action"] == "unassign"


def test_a_hub_takes_its_open_tasks_along_but_stays_with_done_ones(yard: Yard) -> None:
    empty = HubFactory(organization=yard.world.organization)
    done_task(yard)
    moved = yard.task()
    yard.api("PUT", f"/task/{moved.pk}/move", {"hubId": empty.pk})
    hub_delete(actor=yard.world.actor(), hub=empty)
    assert not Task.objects.filter(pk=moved.pk).exists()
    assert JournalEntry.objects.filter(object_id=moved.pk, verb="delete").exists()
    yard.hub.users.clear()
    response = yard.api("DELETE", f"/hub/{yard.hub.pk}")
    assert answer(response, 400)["status"] is False
    assert Task.objects.count() == 1


def test_a_task_outlives_its_flow(yard: Yard) -> None:
    flow = FlowFactory(organization=yard.world.organization, name="Gone")
    task = answer(yard.api("POST", "/task", {"flow": "Gone", "hubId": yard.hub.pk, "field1": "A"}), 201)["task"]
    answer(yard.api("DELETE", f"/flow/{flow.pk}"))
    assert answer(yard.api("GET", f"/task/{task['_id']}"))["task"]["flow"] == "Gone"
    assert answer(yard.api("PATCH", f"/task/{task['_id']}", {"field1": "B"}))["task"]["field1"] == "B"
    assert [row["_id"] for row in answer(yard.api("GET", "/tasks?flow=Gone"))["tasks"]["data"]] == [task["_id"]]
    refused(yard.api("POST", "/task", {"flow": "Gone", "hubId": yard.hub.pk}), "The selected flow is invalid.")


def test_counters_follow_every_change(yard: Yard) -> None:
    tasks = [yard.assigned() for _ in range(4)] + [yard.task() for _ in range(3)]
    yard.api("PATCH", f"/task/{tasks[0].pk}", {"status": "DONE"})
    yard.api("PUT", f"/task/{tasks[1].pk}/assign", {"assignee": []})
    yard.api("PUT", f"/task/{tasks[2].pk}/move", {"hubId": yard.other_hub.pk})
    yard.api("DELETE", f"/task/{tasks[3].pk}")
    yard.api("DELETE", "/tasks/bulk", {"tasks": [{"_id": tasks[4].pk}]})
    kept = counts_of(yard.world.organization)
    assert kept == {"UNASSIGNED": 3, "ONGOING": 1, "DONE": 1}
    assert counts_of(yard.world.organization, hubs=[yard.other_hub.pk])["ONGOING"] == 1
    assert counts_rebuild(yard.world.organization) == 5
    assert counts_of(yard.world.organization) == kept
