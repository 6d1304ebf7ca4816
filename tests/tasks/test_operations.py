"""One row per operation of the vendor's API description: the request, its status, and the exact shape of its answer."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tasks.models import Task
from tests.tasks.conftest import JAKARTA, Yard
from tests.tasks.photos import JPEG
from tests.tasks.shapes import ANY, ASSIGNED, HISTORY, OBJECT_ID, PAGE, TASK, envelope, fits

VALUES = {"field1": "Jack Ward", "field2": "Gambir Jakarta", "field3": "-6.230815251,106.75684387"}
BODY = {"flow": "Visit", "hubId": JAKARTA, **VALUES}
SPAN = "timeFrom=2020-01-01%2000:00:00&timeTo=2040-01-01%2000:00:00"
ITEM = {"status": True, "message": "Success", "_id": OBJECT_ID}
BULK = {"success": 1, "failed": 0, "tasks": [ITEM]}
LIST = envelope(
    "Success.",
    tasks=PAGE | {"data": [TASK]},
    metadata={"counting": {"doneTotal": 0, "ongoingTotal": 0}, "sourceDataTask": "-"},
    dataVersion=str,
)


class Row(NamedTuple):
    """{task} in path and body stands for a task's id, {hub} for the other hub's."""

    method: str
    path: str
    body: Any
    status: int
    shape: Any


OPERATIONS = [
    Row("GET", "/tasks", None, 200, LIST),
    Row("GET", "/task/{task}", None, 200, envelope("Success", task=TASK | {"histories": [HISTORY]})),
    Row("POST", "/task", BODY, 201, envelope("Task has been created", task=TASK)),
    Row("POST", "/task", BODY | {"assignee": ["agent@example.com"]}, 201,
        envelope("Task has been created", task=ASSIGNED)),
    Row("PUT", "/task/{task}", BODY, 200, envelope("Success", task=TASK)),
    Row("PATCH", "/task/{task}", {"field1": "Jack Ward"}, 200, envelope("Success", task=TASK)),
    Row("PUT", "/task/{task}/assign", {"assignee": ["agent@example.com"]}, 200, envelope("Success", task=ASSIGNED)),
    Row("PUT", "/task/{task}/move", {"hubId": "{hub}"}, 200, envelope("Success", task=TASK)),
    Row("DELETE", "/task/{task}", None, 200, envelope("Success", task=TASK)),
    Row("GET", "/task/public/{task}", None, 200, envelope("Success.", data={
        "task": {"flow": "Visit", "title": str, "content": str, "label": None, "expectedCoordinate": None,
                 "status": "UNASSIGNED",
                 "histories": [{key: HISTORY[key] for key in ("_id", "action", "notes", "createdAt")}]},
        "taskComponentDetail": [], "location": []})),
    Row("GET", "/tasks-gallery", None, 200, envelope("Success.", tasks={
        "current_page": 1, "data": [], "buffer": [], "page_processed": "1", "last_page": True, "total_estimate": "0",
        "countProcessed": 0})),
    Row("GET", f"/tasks/tracking?hubId={JAKARTA}&{SPAN}", None, 200, {
        "doneTotal": 0, "ongoingTotal": 0, "taskTotal": 0, "totalDistance": 0, "totalDuration": 0, "counting": {},
        "createdFrom": []}),
    Row("POST", "/tasks/bulk", {"tasks": [BODY]}, 201,
        BULK | {"tasks": [ITEM | {"message": "Task has been created"}]}),
    Row("POST", "/tasks/bulk", {"background": True, "tasks": [BODY]}, 201,
        envelope("Create task request has been received.")),
    Row("PUT", "/tasks/bulk", {"tasks": [{"_id": "{task}", **BODY}]}, 200, BULK),
    Row("PATCH", "/tasks/bulk", {"tasks": [{"_id": "{task}", "field1": "A3"}]}, 200, BULK),
    Row("PUT", "/tasks/bulk/assign", {"tasks": [{"_id": "{task}", "assignee": ["agent@example.com"]}]}, 200, BULK),
    Row("PUT", "/tasks/bulk/move", {"tasks": [{"_id": "{task}", "hubId": "{hub}"}]}, 200, BULK),
    Row("DELETE", "/tasks/bulk", {"tasks": [{"_id": "{task}"}]}, 200, BULK),
]  # fmt: skip


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    return {key: filled(item, names) for key, item in value.items()} if isinstance(value, dict) else value


def named(row: Row) -> str:
    return f"{row.method} {row.path.split('?')[0]}"


@pytest.mark.parametrize("slash", ["", "/"], ids=["plain", "slash"])
@pytest.mark.parametrize("row", OPERATIONS, ids=named)
def test_it_answers_exactly_in_the_vendors_shape(yard: Yard, row: Row, slash: str) -> None:
    names = {"task": yard.task(**VALUES).pk, "hub": yard.other_hub.pk}
    path, _, query = row.path.format(**names).partition("?")
    response = yard.api(row.method, f"{path}{slash}{'?' if query else ''}{query}", filled(row.body, names))
    assert response.status_code == row.status, response.content
    assert response["Content-Type"] == "application/json"
    fits(response.json(), row.shape)


@pytest.mark.parametrize("slash", ["", "/"], ids=["plain", "slash"])
def test_a_photo_is_answered_with_its_address(yard: Yard, slash: str) -> None:
    name = f"{yard.task().pk}_0_photo1"
    photo = SimpleUploadedFile("any.jpg", JPEG, content_type="image/jpeg")
    response = yard.api.client.post(f"/api/v3/task/photo/{name}{slash}", {"photo": photo, "forRenameFile": name})
    assert response.status_code == 200
    fits(response.json(), {"status": True, "url": ANY})


def test_it_refuses_whoever_has_no_token(yard: Yard) -> None:
    yard.api.client.defaults.pop("HTTP_AUTHORIZATION", None)
    for row in OPERATIONS:
        for header in ("", "Bearer nobody", "Basic QTpC", "Bearer"):
            headers = {"HTTP_AUTHORIZATION": header} if header else {}
            response = yard.api(row.method, row.path.format(task="6352736c628401059b37a2e2"), row.body, **headers)
            if "public" in row.path:
                assert response.status_code == 404
                continue
            assert response.status_code == 401, f"{named(row)} with {header}"
            assert response.json() == {"status": False, "message": "Unauthorized"}
    assert not Task.objects.exists()


FOREIGN = [row for row in OPERATIONS if "{task}" in row.path and "public" not in row.path]


@pytest.mark.parametrize("row", FOREIGN, ids=named)
def test_it_knows_nothing_of_unknown_and_foreign_ids(yard: Yard, row: Row) -> None:
    task = yard.task(**VALUES)
    outsider = yard.api_of(yard.world.outsider)
    unknown = ("ffffffffffffffffffffffff", "no-id", "%20", "é", "1" * 500)
    for api, key in [(outsider, task.pk), *((yard.api, key) for key in unknown)]:
        names = {"task": key, "hub": yard.other_hub.pk}
        response = api(row.method, row.path.format(**names), filled(row.body, names))
        assert response.status_code == 404, key
        assert response.json() == {"status": False, "message": "Data not found"}
    task.refresh_from_db()
    assert task.values["field1"] == "Jack Ward"


def test_bulk_rows_of_another_organization_are_unknown(yard: Yard) -> None:
    names = {"task": yard.task().pk, "hub": yard.other_hub.pk}
    outsider = yard.api_of(yard.world.outsider)
    for row in OPERATIONS:
        if row.path.startswith("/tasks/bulk") and "{task}" in str(row.body):
            response = outsider(row.method, row.path, filled(row.body, names))
            assert response.status_code == 200, named(row)
            item = {"status": False, "message": "Data not found", "_id": names["task"]}
            assert response.json() == {"success": 0, "failed": 1, "tasks": [item]}


RIGHTS = {
    "planner": {"GET", "POST", "PUT", "PATCH", "DELETE"},
    "agent": {"GET", "PUT", "PATCH"},
    "viewer": {"GET"},
}


@pytest.mark.parametrize("group", RIGHTS)
def test_rights_follow_the_groups(yard: Yard, group: str) -> None:
    api = yard.api_of(getattr(yard.world, group))
    for row in OPERATIONS:
        names = {"task": yard.task(**VALUES).pk, "hub": yard.other_hub.pk}
        response = api(row.method, row.path.format(**names), filled(row.body, names))
        if row.method in RIGHTS[group]:
            assert response.status_code == row.status, named(row)
        else:
            assert response.status_code == 403, named(row)
            message = "You do not have permission to perform this action"
            assert response.json() == {"status": False, "message": message, "failedCode": "auth-003"}


# By the owner. Writes count the two statements around their transaction; history and counters are in it.
QUERIES = {
    "GET /tasks": 4,
    "GET /task/{task}": 3,
    "POST /task": 8,
    "PUT /task/{task}": 7,
    "PATCH /task/{task}": 7,
    "DELETE /task/{task}": 8,
}


@pytest.mark.parametrize("call", QUERIES)
def test_the_number_of_queries_is_known(yard: Yard, call: str, django_assert_num_queries: Callable[..., Any]) -> None:
    row = next(row for row in OPERATIONS if named(row) == call)
    path = row.path.format(task=yard.task(**VALUES).pk)
    yard.api("GET", "/task/x")
    with django_assert_num_queries(QUERIES[call]):
        yard.api(row.method, path, row.body)


def test_a_longer_list_needs_no_more_queries(yard: Yard, django_assert_num_queries: Callable[..., Any]) -> None:
    for _ in range(3):
        yard.task()
        yard.assigned()
    yard.api("GET", "/task/x")
    # One more for assignees, one for the hubs of the first of each.
    with django_assert_num_queries(QUERIES["GET /tasks"] + 2):
        assert len(yard.api("GET", "/tasks").json()["tasks"]["data"]) == 6
