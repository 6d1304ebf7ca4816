"""Bulk calls: partial success in order, limits, and the worker's way of doing them exactly once."""

from typing import Any

import pytest

from core.jobs import run_due
from core.models import Job, JournalEntry
from tasks.models import BulkRequest, Task
from tasks.services import bulk, bulk_request_run
from tests.tasks.conftest import Yard

CALLS = [
    ("POST", ""),
    ("PUT", ""),
    ("PATCH", ""),
    ("PUT", "/assign"),
    ("PUT", "/move"),
    ("DELETE", ""),
]


def test_items_are_answered_in_order_and_one_bad_row_stops_no_other(yard: Yard) -> None:
    rows: list[Any] = [
        yard.body(field1="A"),
        {"hubId": yard.hub.pk, "refId": "R-1"},
        yard.body(field1="B", refId="R-2"),
        "no row",
        None,
        yard.body(field3="nowhere", refId="R-3"),
        yard.body(field1="C", refId="R-2", assignee=["agent@example.com"]),
    ]
    response = yard.api("POST", "/tasks/bulk/", {"tasks": rows})
    body = response.json()
    assert response.status_code == 201
    assert (set(body), body["success"], body["failed"]) == ({"success", "failed", "tasks"}, 3, 4)
    ids = {task.title: task.pk for task in Task.objects.all()}
    created = "Task has been created"
    assert body["tasks"] == [
        {"status": True, "message": created, "_id": ids["A"]},
        {"status": False, "message": "The flow field is required.", "refId": "R-1"},
        {"status": True, "message": created, "_id": ids["B"], "refId": "R-2"},
        {"status": False, "message": "The task must be an object."},
        {"status": False, "message": "The task must be an object."},
        {"status": False, "message": "The field3 must be a coordinate.", "refId": "R-3"},
        {"status": True, "message": created, "_id": ids["C"], "refId": "R-2"},
    ]
    assert Task.objects.get(title="C").status == "ONGOING"


def test_every_row_may_fail_and_the_call_still_succeeds(yard: Yard) -> None:
    for method, path in CALLS:
        response = yard.api(method, f"/tasks/bulk{path}", {"tasks": [{"_id": "f" * 24, "refId": "R"}, {}, [], 5]})
        assert response.status_code == (201 if method == "POST" else 200)
        body = response.json()
        assert (body["success"], body["failed"]) == (0, 4)
        assert body["tasks"][0]["_id"] == "f" * 24
        assert not any(item["status"] for item in body["tasks"])


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_rows_and_too_many_rows_are_refused_as_a_whole(yard: Yard, method: str, path: str) -> None:
    for tasks, message in [
        (None, "The tasks field is required."),
        ([], "The tasks field is required."),
        ({}, "The tasks field is required."),
        ("x", "The tasks must be an array."),
        ({"a": 1}, "The tasks must be an array."),
        ([yard.body()] * 2001, "The tasks may not have more than 2000 items."),
    ]:
        response = yard.api(method, f"/tasks/bulk{path}", {"tasks": tasks})
        assert response.status_code == 400
        assert response.json() == {"status": False, "message": message}
    assert not Task.objects.exists()


def test_two_thousand_rows_take_few_queries(yard: Yard, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(200):
        body = yard.api("POST", "/tasks/bulk", {"tasks": [yard.body(field1="x")] * 2000}).json()
    assert (body["success"], Task.objects.count()) == (2000, 2000)
    ids = [{"_id": item["_id"]} for item in body["tasks"]]
    assert yard.api("DELETE", "/tasks/bulk", {"tasks": ids}).json()["success"] == 2000
    assert not Task.objects.exists()


def test_a_task_named_twice_is_changed_twice_and_deleted_once(yard: Yard) -> None:
    task = yard.task()
    rows = [{"_id": task.pk, "field1": "A"}, {"_id": task.pk, "field2": "B"}, {"_id": task.pk, "field3": "x"}]
    body = yard.api("PATCH", "/tasks/bulk", {"tasks": rows}).json()
    assert [item["status"] for item in body["tasks"]] == [True, True, False]
    task.refresh_from_db()
    assert task.values == {"field1": "A", "field2": "B"}
    body = yard.api("DELETE", "/tasks/bulk", {"tasks": [{"_id": task.pk}] * 2}).json()
    assert [item["status"] for item in body["tasks"]] == [True, False]


def test_each_operation_changes_its_rows(yard: Yard) -> None:
    first, second = yard.task(field1="A"), yard.task(field1="B")
    rows = [{"_id": first.pk}, {"_id": second.pk}]
    for method, path, more in [
        ("PUT", "", yard.body(field1="C", field2="D")),
        ("PATCH", "", {"field1": "E"}),
        ("PUT", "/assign", {"assignee": ["agent@example.com"]}),
        ("PUT", "/move", {"hubId": yard.other_hub.pk}),
    ]:
        body = yard.api(method, f"/tasks/bulk{path}", {"tasks": [{**row, **more} for row in rows]}).json()
        assert body == {
            "success": 2,
            "failed": 0,
            "tasks": [{"status": True, "message": "Success", **row} for row in rows],
        }
    for task in Task.objects.all():
        assert (task.values, task.status, task.hub.name) == ({"field1": "E", "field2": "D"}, "ONGOING", "Depo Barat")
    verbs = JournalEntry.objects.filter(object_id=first.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["create", "put", "patch", "assign", "move"]


WORDS = {
    ("POST", ""): "Create", ("PUT", ""): "Update", ("PATCH", ""): "Update", ("PUT", "/assign"): "Assign",
    ("PUT", "/move"): "Move", ("DELETE", ""): "Delete",
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_in_the_background_the_worker_does_it(yard: Yard, method: str, path: str) -> None:
    task = yard.task()
    rows = [{"_id": task.pk, "field1": "New", "assignee": ["agent@example.com"], **yard.body()}, {"_id": "x"}]
    before = Task.objects.values().get()
    response = yard.api(method, f"/tasks/bulk{path}", {"background": True, "tasks": rows})
    assert response.status_code == (201 if method == "POST" else 200)
    message = f"{WORDS[method, path]} task request has been received."
    assert response.json() == {"status": True, "message": message}
    assert Task.objects.values().get() == before
    run_due()
    request = BulkRequest.objects.get()
    assert (request.position, request.failed, list(request.errors)) == (2, 1, ["2"])
    assert request.finished_time is not None
    assert JournalEntry.objects.filter(object_type="tasks.task").count() == 2
    entry = JournalEntry.objects.filter(object_type="tasks.task").latest("id")
    assert (entry.actor_name, entry.source) == ("Owner", "mileapp")


def test_a_killed_worker_is_followed_exactly_where_it_stopped(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_CHUNK", 2)
    rows = [yard.body(field1=f"t{number}") for number in range(5)]
    yard.api("POST", "/tasks/bulk", {"background": True, "tasks": rows})
    real, calls = bulk.rows_run, []

    def dying(**kwargs: Any) -> Any:
        calls.append(1)
        results = real(**kwargs)
        if len(calls) == 2:
            raise SystemExit
        return results

    monkeypatch.setattr(bulk, "rows_run", dying)
    with pytest.raises(SystemExit):
        run_due()
    assert (Task.objects.count(), BulkRequest.objects.get().position) == (2, 2)
    Job.objects.update(state=Job.State.WAITING, lease_until=None)
    run_due()
    assert sorted(Task.objects.values_list("title", flat=True)) == ["t0", "t1", "t2", "t3", "t4"]
    bulk_request_run(request_id=BulkRequest.objects.get().pk)
    assert Task.objects.count() == 5


def test_rights_lost_meanwhile_refuse_every_row(yard: Yard) -> None:
    planner = yard.api_of(yard.world.planner)
    planner("POST", "/tasks/bulk", {"background": True, "tasks": [yard.body()]})
    yard.world.planner.groups.clear()
    run_due()
    assert not Task.objects.exists()
    assert BulkRequest.objects.get().failed == 1
