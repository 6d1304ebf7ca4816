"""How many queries each route costs, the credential's included; a route that is not in the table fails."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.api.photo_urls import urlpatterns as photo_patterns
from tasks.api.urls import urlpatterns
from tasks.models import Task
from tests.hubs.routes import asked, served
from tests.tasks.conftest import JAKARTA, Yard
from tests.tasks.photos import JPEG
from tests.tasks.test_operations import SPAN, filled

VALUES = {"field1": "Jack Ward", "field2": "Gambir Jakarta"}
BODY = {"flow": "Visit", "hubId": JAKARTA, **VALUES}
AGENT = {"assignee": ["agent@example.com"]}
TRACKING = f"/tasks/tracking?hubId={JAKARTA}&{SPAN}"
# (method, path, what tells two requests of a route apart) → (queries, body). {task} is an assigned task, {free} one of
# nobody, {hub} the other hub. Two of a write are its BEGIN and COMMIT (here savepoints); it has history and counters.
REQUESTS: dict[tuple[str, str, str], tuple[int, Any]] = {
    ("GET", "/tasks", ""): (6, None),
    ("GET", "/tasks?lazyLoad=1", "lazy"): (6, None),
    ("GET", "/tasks?status=DONE&sortBy=doneTime", "finished"): (3, None),
    ("GET", f"/tasks?hubId={JAKARTA}&flow=Visit", "counted"): (9, None),
    ("GET", "/tasks?assignee=agent@example.com&sortBy=startTime", "not counted"): (9, None),
    ("GET", "/task/{task}", ""): (5, None),
    ("GET", "/task/{free}", "of nobody"): (3, None),
    ("POST", "/task", ""): (8, BODY),
    ("POST", "/task", "assigned"): (11, BODY | AGENT),
    ("PUT", "/task/{task}", ""): (9, BODY),
    ("PATCH", "/task/{task}", ""): (9, {"field1": "Joe"}),
    ("PATCH", "/task/{task}", "done"): (11, {"status": "DONE"}),
    ("PUT", "/task/{free}/assign", ""): (12, AGENT),
    ("PUT", "/task/{task}/move", ""): (11, {"hubId": "{hub}"}),
    ("DELETE", "/task/{task}", ""): (10, None),
    ("GET", "/task/public/{task}", ""): (2, None),
    ("GET", "/tasks-gallery?status=ONGOING", ""): (3, None),
    ("GET", TRACKING, ""): (3, None),
    ("POST", "/tasks/bulk", ""): (8, {"tasks": [BODY]}),
    ("POST", "/tasks/bulk", "background"): (6, {"background": True, "tasks": [BODY]}),
    ("PUT", "/tasks/bulk", ""): (9, {"tasks": [{"_id": "{task}", **BODY}]}),
    ("PATCH", "/tasks/bulk", ""): (9, {"tasks": [{"_id": "{task}", "field1": "A3"}]}),
    ("DELETE", "/tasks/bulk", ""): (10, {"tasks": [{"_id": "{task}"}]}),
    ("PUT", "/tasks/bulk/assign", ""): (12, {"tasks": [{"_id": "{free}", **AGENT}]}),
    ("PUT", "/tasks/bulk/move", ""): (11, {"tasks": [{"_id": "{task}", "hubId": "{hub}"}]}),
}
UPLOAD, PHOTO = 5, 2
LISTS = (
    "/tasks", "/tasks?lazyLoad=1", "/tasks?status=ONGOING&sortBy=orderIndex", "/tasks?assignee=agent@example.com",
    "/tasks-gallery?status=ONGOING", TRACKING,
)  # fmt: skip
# (method, path, row, queries of each row more). A changed task is one conditional UPDATE; a finished one also looks for
# the finisher's task before it, and tells that one that it is the last of the day no longer.
BULKS: list[tuple[str, str, dict[str, Any], int]] = [
    ("POST", "/tasks/bulk", BODY | AGENT, 0),
    ("PUT", "/tasks/bulk", {"_id": "{task}", **BODY, "field1": "B"}, 1),
    ("PATCH", "/tasks/bulk", {"_id": "{task}", "field1": "B"}, 1),
    ("PATCH", "/tasks/bulk", {"_id": "{task}", "status": "DONE"}, 3),
    ("PUT", "/tasks/bulk/assign", {"_id": "{free}", **AGENT}, 1),
    ("PUT", "/tasks/bulk/move", {"_id": "{task}", "hubId": "{hub}"}, 1),
    ("DELETE", "/tasks/bulk", {"_id": "{task}"}, 0),
]


def shown(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def names_of(yard: Yard) -> dict[str, str]:
    """New tasks for the names in requests."""
    return {"task": yard.assigned(**VALUES).pk, "free": yard.task(**VALUES).pk, "hub": yard.other_hub.pk}


@pytest.mark.parametrize("key", REQUESTS, ids=shown)
def test_every_request_takes_so_many_queries(
    yard: Yard, django_assert_num_queries: Any, key: tuple[str, str, str]
) -> None:
    method, path, _ = key
    count, body = REQUESTS[key]
    names = names_of(yard)
    yard.api("GET", "/task/x")
    with django_assert_num_queries(count):
        answer = yard.api(method, path.format(**names), filled(body, names))
    assert answer.status_code in {200, 201}, answer.content
    assert answer.json().get("failed", 0) == 0


def test_every_route_is_in_the_table() -> None:
    rows = [(method, path) for method, path, _ in REQUESTS]
    assert asked([*rows, ("POST", "/task/photo/x")]) == served(urlpatterns)
    assert len(served(photo_patterns)) == 1


def test_a_photo_takes_so_many_queries(yard: Yard, django_assert_num_queries: Any) -> None:
    name = f"{yard.task().pk}_0_photo1"
    yard.api("GET", "/task/x")
    with django_assert_num_queries(UPLOAD):
        photo = SimpleUploadedFile("any.jpg", JPEG, content_type="image/jpeg")
        url = yard.api.client.post(f"/api/v3/task/photo/{name}", {"photo": photo}).json()["url"]
    with django_assert_num_queries(PHOTO):
        assert yard.api.client.get(url.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_takes_no_more_queries(yard: Yard, path: str) -> None:
    more_tasks(yard, 2)
    few = queries(yard, "GET", path)
    more_tasks(yard, 8)
    assert queries(yard, "GET", path) == few


@pytest.mark.parametrize(("method", "path", "row", "each"), BULKS, ids=shown)
def test_a_row_more_takes_no_more_than_its_own_queries(
    yard: Yard, method: str, path: str, row: dict[str, Any], each: int
) -> None:
    def call(rows: int) -> int:
        return queries(yard, method, path, {"tasks": [filled(row, names_of(yard)) for _ in range(rows)]})

    call(1)  # the first task that anybody finishes has none before it
    assert call(20) - call(2) == 18 * each


def test_a_long_history_takes_no_more_queries(yard: Yard) -> None:
    task = yard.assigned(**VALUES)
    few = queries(yard, "GET", f"/task/{task.pk}"), queries(yard, "GET", f"/task/public/{task.pk}")
    for number in range(6):
        yard.api("PATCH", f"/task/{task.pk}", {"field1": str(number)})
    assert (queries(yard, "GET", f"/task/{task.pk}"), queries(yard, "GET", f"/task/public/{task.pk}")) == few


def more_tasks(yard: Yard, count: int) -> None:
    """Tasks with photos at both hubs, assigned to two people or to nobody."""
    for number in range(count):
        task = yard.assigned(**VALUES)
        yard.task(assignee=["agent@example.com", "planner@example.com"])
        yard.task()
        Task.objects.filter(pk=task.pk).update(has_photos=True)
        if number % 2:
            yard.api("PUT", f"/task/{task.pk}/move", {"hubId": yard.other_hub.pk})


def queries(yard: Yard, method: str, path: str, body: Any = None) -> int:
    yard.api("GET", "/task/x")
    with CaptureQueriesContext(connection) as found:
        answer = yard.api(method, path, body)
    assert answer.status_code in {200, 201}, answer.content
    assert answer.json().get("failed", 0) == 0, answer.content
    return len(found)
