"""The two requests of the vendor's pages, verbatim, and their answers field by field."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Organization, User
from tasks.models import Task
from tests.conftest import World
from tests.tasks.conftest import JAKARTA, Yard

TASK_ID = "6352736c628401059b37a2e2"
CREATE_BODY = """
{
  "flow": "Visit",
  "hubId": "634e98498ce07d29474a7e29",
  "field1": "Jack Ward",
  "field2": "Gambir Jakarta",
  "field3": "-6.230815251,106.75684387",
  "startTime": "2022-11-02T07:28:23+00:00",
  "endTime": "2022-11-05T07:28:23+00:00"
}
"""
CREATE_ANSWER = """
{
  "status": true,
  "message": "Task has been created",
  "task": {
    "_id": "6352736c628401059b37a2e2",
    "flow": "Visit",
    "hubId": "634e98498ce07d29474a7e29",
    "startTime": "2022-11-02T07:28:23+00:00",
    "organizationId": "634e98098ce07d29474a7e22",
    "status": "UNASSIGNED",
    "hub": {
      "_id": "634e98498ce07d29474a7e29",
      "name": "Jakarta",
      "lat": -6.205154152722965,
      "lng": 106.84667067970608
    },
    "orderIndex": 10,
    "field1": "Jack Ward",
    "field2": "Gambir Jakarta",
    "field3": "-6.230815251,106.75684387",
    "createdFrom": "API",
    "endTime": "2022-11-05T07:28:23+00:00",
    "createdBy": "Roger",
    "updatedTime": "2022-11-01T07:28:23+00:00",
    "createdTime": "2022-11-01T07:28:23+00:00"
  }
}
"""
UPDATE_BODY = CREATE_BODY.replace("Jack Ward", "John Birdy")
# The server's own time of change is the one value that cannot be the page's.
UPDATE_ANSWER = CREATE_ANSWER.replace("Jack Ward", "John Birdy").replace("Task has been created", "Success")
EXTRAS = {"flowId", "title", "content"}


@pytest.fixture
def page(world: World, yard: Yard, client_for: Callable[[User], Client]) -> Client:
    """A client of Roger, in the organization of the vendor's pages."""
    Organization.objects.filter(pk=world.organization.pk).update(object_id="634e98098ce07d29474a7e22")
    User.objects.filter(pk=world.owner.pk).update(name="Roger")
    return client_for(world.owner)


def same(answer: dict[str, Any], expected: dict[str, Any], *, own: set[str]) -> None:
    """Equal key by key, in the page's order, value and type; `own` keys are set by the server."""
    task = answer["task"]
    assert {key: answer[key] for key in ("status", "message")} == {key: expected[key] for key in ("status", "message")}
    assert set(answer) == set(expected)
    assert set(task) - set(expected["task"]) == EXTRAS
    assert [key for key in task if key not in EXTRAS] == list(expected["task"])
    for key, value in expected["task"].items():
        assert type(task[key]) is type(value), key
        if key not in own:
            assert task[key] == value, key


def test_create_answers_as_the_page(page: Client) -> None:
    with time_machine.travel("2022-11-01T07:28:23+00:00", tick=False):
        response = page.post("/api/v3/task", CREATE_BODY, content_type="application/json")
    assert response.status_code == 201
    same(response.json(), json.loads(CREATE_ANSWER), own={"_id", "orderIndex"})
    assert response.json()["task"]["orderIndex"] == 166728770300000


def test_a_caller_who_gives_the_order_index_of_the_page_gets_it(page: Client) -> None:
    body = {**json.loads(CREATE_BODY), "orderIndex": 10}
    response = page.post("/api/v3/task", body, content_type="application/json")
    assert response.json()["task"]["orderIndex"] == 10


def test_update_answers_as_the_page(page: Client, yard: Yard) -> None:
    with time_machine.travel("2022-11-01T07:28:23+00:00", tick=False):
        page.post("/api/v3/task", {**json.loads(CREATE_BODY), "orderIndex": 10}, content_type="application/json")
        Task.objects.update(id=TASK_ID)
        response = page.put(f"/api/v3/task/{TASK_ID}", UPDATE_BODY, content_type="application/json")
    assert response.status_code == 200
    same(response.json(), json.loads(UPDATE_ANSWER), own=set())
    assert Task.objects.get().values["field1"] == "John Birdy"


def test_the_hub_of_the_page_has_four_keys(page: Client) -> None:
    hub = page.post("/api/v3/task", CREATE_BODY, content_type="application/json").json()["task"]["hub"]
    assert hub == {"_id": JAKARTA, "name": "Jakarta", "lat": -6.205154152722965, "lng": 106.84667067970608}
