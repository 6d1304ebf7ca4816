"""GET …/soc/tasks: filters, order, pages, and whose to-dos they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group

from soc.models import Approver, Todo, Workspace
from tests.conftest import World
from tests.soc.factories import CREATED, CommentFactory, TodoFactory, WorkspaceFactory


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [task["name"] for task in response.json()["data"]]


@pytest.fixture
def three(workspace: Workspace) -> list[Todo]:
    """To-dos a, b and c, created a second apart; b was changed last."""
    second = timedelta(seconds=1)
    return [
        TodoFactory(workspace=workspace, name="alpha", notes="First", creator_name="engine", update_time=CREATED),
        TodoFactory(
            workspace=workspace,
            name="BRAVO",
            create_time=CREATED + second,
            update_time=CREATED + 9 * second,
            business_type="WORKFLOWPUBLISH",
        ),
        TodoFactory(
            workspace=workspace, name="50%_off", create_time=CREATED + 2 * second, update_time=CREATED + 2 * second
        ),
    ]


def test_an_empty_list_has_every_member(owner: Any) -> None:
    answer = owner.get("tasks").json()
    request_id = answer.pop("request_id")
    assert request_id
    assert answer == {
        "code": "00000000", "message": "", "total": 0, "page": 1, "size": 10, "success": True, "data": [],
    }  # fmt: skip
    assert list(owner.get("tasks").json()) == [
        "code", "message", "total", "page", "size", "request_id", "success", "data",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["50%_off", "BRAVO", "alpha"]),
        ("sort_dir=ASC", ["alpha", "BRAVO", "50%_off"]),
        ("sort_key=update_time", ["BRAVO", "50%_off", "alpha"]),
        ("sort_key=update_time&sort_dir=ASC", ["alpha", "50%_off", "BRAVO"]),
        ("name=rav", ["BRAVO"]),
        ("name=%25_", ["50%_off"]),
        ("name=%25", ["50%_off"]),
        ("name=unknown", []),
        ("name=", ["50%_off", "BRAVO", "alpha"]),
        ("note=fIRST", ["alpha"]),
        ("creator_name=ngin", ["alpha"]),
        ("business_type=WORKFLOWPUBLISH", ["BRAVO"]),
        ("business_type=WORKFLOWNODEAPPROVE", []),
        ("query_type=my_todo", ["50%_off", "BRAVO", "alpha"]),
        ("query_type=all_handled", []),
        ("from_date=2025-08-19T14:53:43.424Z%2B0800", ["50%_off", "BRAVO"]),
        ("to_date=2025-08-19T14:53:43.424Z%2B0800", ["BRAVO", "alpha"]),
        ("to_date=2025-08-19T14:53:43.424Z+0800", ["BRAVO", "alpha"]),
        ("to_date=2025-08-19T14:53:43.424Z%200800", ["BRAVO", "alpha"]),
        ("from_date=2025-08-19T06:53:43.424Z%2B0000&to_date=2025-08-19T14:53:43.424Z", ["BRAVO"]),
        ("unknown=1", ["50%_off", "BRAVO", "alpha"]),
        ("name=x' OR 1=1 --", []),
    ],
)
def test_it_filters_and_sorts(owner: Any, three: list[Todo], query: str, expected: list[str]) -> None:
    response = owner.get(f"tasks?{query}")
    assert names(response) == expected
    assert response.json()["total"] == len(expected)


@pytest.mark.parametrize(
    ("query", "expected", "page"),
    [
        ("limit=2", ["50%_off", "BRAVO"], 1),
        ("limit=2&offset=2", ["alpha"], 2),
        ("limit=1&offset=1", ["BRAVO"], 2),
        ("limit=2&offset=1", ["BRAVO", "alpha"], 1),
        ("limit=100&offset=3", [], 1),
        ("offset=9999&limit=100", [], 100),
    ],
)
def test_offset_counts_rows_and_the_end_is_an_empty_list(
    owner: Any, three: list[Todo], query: str, expected: list[str], page: int
) -> None:
    response = owner.get(f"tasks?{query}")
    answer = response.json()
    assert (names(response), answer["total"], answer["page"]) == (expected, 3, page)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sort_key=name", "SecMaster.20030009"),
        ("sort_key=", "SecMaster.20030009"),
        ("sort_dir=desc", "SecMaster.20030010"),
        ("sort_dir=UP", "SecMaster.20030010"),
        ("sort_dir=UP&limit=x", "SecMaster.20030010"),
        ("sort_key=x&sort_dir=UP", "SecMaster.20030009"),
        *[
            (query, "SecMaster.20041002")
            for query in (
                "limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=%2B5", "limit=٣",
                "limit=" + "9" * 5000, "offset=-1", "offset=10000", "offset=x", "offset=1e3", "business_type=OTHER",
                "business_type=playbookpublish", "query_type=mine", "query_type=", "from_date=19.08.2025",
                "to_date=2025-08-19", "from_date=", "from_date=0001-01-01T00:00:00Z", "name=a%00b", "note=%00",
            )
        ],
    ],
)  # fmt: skip
def test_it_refuses_bad_parameters(owner: Any, query: str, code: str) -> None:
    response = owner.get(f"tasks?{query}")
    assert (response.status_code, list(response.json())) == (400, ["code", "message"])
    assert response.json()["code"] == code


def test_my_todo_is_what_the_caller_is_asked_to_settle(world: World, workspace: Workspace, caller_for: Any) -> None:
    TodoFactory(workspace=workspace, name="everyone")
    TodoFactory(workspace=workspace, name="the planner", approve_user=world.planner)
    TodoFactory(workspace=workspace, name="the agents", approve_group=Group.objects.get(name="Agent"))
    asc = "tasks?sort_dir=ASC"
    assert set(names(caller_for(world.planner).get(asc))) == {"everyone", "the planner"}
    assert set(names(caller_for(world.agent).get(asc))) == {"everyone", "the agents"}
    assert names(caller_for(world.owner).get(asc)) == ["everyone"]
    Approver.objects.create(organization=world.organization, workspace=workspace, user=world.planner)
    assert set(names(caller_for(world.planner).get(asc))) == {"everyone", "the planner"}
    assert names(caller_for(world.agent).get(asc)) == ["the agents"]


def test_all_handled_is_what_the_caller_was_asked_to_settle_or_settled(
    world: World, workspace: Workspace, caller_for: Any
) -> None:
    open_to_all = TodoFactory(workspace=workspace, name="everyone")
    named = TodoFactory(workspace=workspace, name="the planner", approve_user=world.planner)
    caller_for(world.agent).put(open_to_all, {"action": "TERMINATE"})
    caller_for(world.owner).put(named, {"action": "CONTINUE"})
    handled = "tasks?query_type=all_handled"
    assert set(names(caller_for(world.planner).get(handled))) == {"everyone", "the planner"}
    assert set(names(caller_for(world.owner).get(handled))) == {"everyone", "the planner"}
    assert names(caller_for(world.agent).get(handled)) == ["everyone"]
    assert names(caller_for(world.planner).get("tasks")) == []


def test_it_lists_one_workspace_only(owner: Any, todo: Todo) -> None:
    TodoFactory(workspace=WorkspaceFactory(project=todo.workspace.project))
    assert names(owner.get("tasks")) == [todo.name]


def test_it_costs_a_fixed_number_of_queries(owner: Any, workspace: Workspace, django_assert_num_queries: Any) -> None:
    for _ in range(20):
        CommentFactory(todo=TodoFactory(workspace=workspace))
    owner.get("tasks")
    with django_assert_num_queries(5):
        answer = owner.get("tasks?limit=100").json()
    assert len(answer["data"]) == 20
    assert all(len(task["comments"]) == 1 for task in answer["data"])
