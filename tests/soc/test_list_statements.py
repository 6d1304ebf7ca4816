"""Lists are merged from ranges of indexes: the same rows as one condition would give, and no table is read whole."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from soc.models import Approver, BusinessType, Status, Todo, Workspace
from soc.selectors import TodoFilter, addressed_to, lists, todo_page, workspace_get
from tests.conftest import World
from tests.soc.factories import CREATED, TodoFactory, WorkspaceFactory

FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"business_type": "PLAYBOOKPUBLISH"},
    {"name": "aLERT 1"},
    {"note": "triage"},
    {"creator_name": "ngin"},
    {"from_date": CREATED + timedelta(seconds=3)},
    {"from_date": CREATED + timedelta(seconds=2), "to_date": CREATED + timedelta(seconds=5)},
    {"business_type": "WORKFLOWPUBLISH", "name": "alert", "to_date": CREATED + timedelta(seconds=6)},
)
ORDERS = [(key, descending) for key in ("create_time", "update_time") for descending in (False, True)]


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """No list is remembered as a long one."""
    lists._long.clear()
    yield
    lists._long.clear()


@pytest.fixture
def mixed(world: World, workspace: Workspace) -> list[Todo]:
    """To-dos for nobody, users, groups and both, waiting and handled by several people, some at the same moment."""
    random = Random(4)
    users: list[User | None] = [None, None, world.owner, world.planner, world.agent]
    groups = [None, None, *Group.objects.filter(name__in=["Agent", "Planner", "Administrator"])]
    todos = []
    for number in range(150):
        status = random.choice(Status.values)
        created = CREATED + timedelta(seconds=random.randrange(8))
        todos.append(TodoFactory(
            workspace=workspace if random.random() < 0.9 else WorkspaceFactory(project=workspace.project),
            name=f"Alert {number}",
            notes=random.choice(["", "Triage"]),
            creator_name=random.choice(["engine", "system"]),
            business_type=random.choice(BusinessType.values),
            status=status,
            approve_user=random.choice(users),
            approve_group=random.choice(groups),
            handled_by=None if status == Status.WAITING else random.choice(users),
            create_time=created,
            update_time=created + timedelta(seconds=random.randrange(8)),
        ))  # fmt: skip
    return todos


def expected(user: User, workspace: Workspace, wanted: TodoFilter) -> list[str]:
    """The ids of the whole list, by one condition over all rows."""
    waiting, whose = Q(status=Status.WAITING), addressed_to(user)
    todos = Todo.objects.filter(workspace=workspace)
    todos = todos.filter(~waiting, whose | Q(handled_by=user)) if wanted.handled else todos.filter(waiting, whose)
    if wanted.business_type:
        todos = todos.filter(business_type=wanted.business_type)
    if wanted.from_date:
        todos = todos.filter(create_time__gte=wanted.from_date)
    if wanted.to_date:
        todos = todos.filter(create_time__lte=wanted.to_date)
    texts = {"name": wanted.name, "notes": wanted.note, "creator_name": wanted.creator_name}
    todos = todos.filter(**{f"{column}__icontains": text for column, text in texts.items() if text})
    way = "-" if wanted.descending else ""
    return list(todos.order_by(f"{way}{wanted.sort_key}", f"{way}id").values_list("pk", flat=True))


def readers(world: World) -> list[User]:
    """Readers with one group, and one with several, whose groups a token does not tell."""
    world.viewer.groups.add(*Group.objects.filter(name__in=["Agent", "Planner"]))
    return [world.owner, world.planner, world.agent, world.viewer]


def page_of(user: User, workspace: Workspace, wanted: TodoFilter, offset: int, limit: int) -> tuple[int, list[str]]:
    seen = workspace_get(user=user, project_id=workspace.project_id, workspace_id=workspace.pk)
    page = todo_page(user=user, workspace=seen, wanted=wanted, offset=offset, limit=limit)
    return page.total, [row.id for row in page.rows]


@pytest.mark.parametrize("approvers", ["everyone", "a user", "a group"])
@pytest.mark.parametrize("handled", [False, True])
def test_a_list_has_the_rows_that_one_condition_gives(
    world: World, workspace: Workspace, mixed: list[Todo], handled: bool, approvers: str
) -> None:
    if approvers == "a user":
        Approver.objects.create(organization=world.organization, workspace=workspace, user=world.planner)
    if approvers == "a group":
        agents = Group.objects.get(name="Agent")
        Approver.objects.create(organization=world.organization, workspace=workspace, group=agents)
    for user in readers(world):
        for narrowed in FILTERS:
            for sort_key, descending in ORDERS:
                wanted = TodoFilter(handled=handled, sort_key=sort_key, descending=descending, **narrowed)
                whole = expected(user, workspace, wanted)
                assert page_of(user, workspace, wanted, 0, 100) == (len(whole), whole[:100])
                assert page_of(user, workspace, wanted, 3, 5) == (len(whole), whole[3:8])
                assert page_of(user, workspace, wanted, len(whole) + 1, 5) == (len(whole), [])


@pytest.mark.parametrize("reachable", [1, 7, 20])
@pytest.mark.parametrize("handled", [False, True])
def test_a_total_ends_where_pages_end(
    world: World, workspace: Workspace, mixed: list[Todo], monkeypatch: Any, handled: bool, reachable: int
) -> None:
    monkeypatch.setattr(lists, "REACHABLE", reachable)
    monkeypatch.setattr(lists, "LONG", 2 * reachable)
    for user in readers(world):
        for narrowed in ({}, {"name": "alert"}):
            wanted = TodoFilter(handled=handled, **narrowed)
            whole = expected(user, workspace, wanted)
            for offset in (0, 2, 0):
                end = min(offset + 2, reachable if narrowed else len(whole))
                total = min(len(whole), reachable)
                assert page_of(user, workspace, wanted, offset, 2) == (total, whole[offset:end])


def test_a_long_list_is_counted_once_in_some_seconds(world: World, workspace: Workspace, monkeypatch: Any) -> None:
    monkeypatch.setattr(lists, "REACHABLE", 3)
    monkeypatch.setattr(lists, "LONG", 6)
    todos = [TodoFactory(workspace=workspace) for _ in range(6)]
    for total in (3, 3):
        assert page_of(world.owner, workspace, TodoFilter(), 0, 2)[0] == total
    assert len(lists._long) == 1
    with CaptureQueriesContext(connection) as captured:
        page_of(world.owner, workspace, TodoFilter(), 0, 2)
    assert not any("COUNT(*)" in query["sql"] for query in captured.captured_queries)
    for todo in todos[2:]:
        todo.delete()
    monkeypatch.setattr(lists, "monotonic", lambda: 1e12)
    assert page_of(world.owner, workspace, TodoFilter(), 0, 2)[0] == 2


@pytest.mark.parametrize("narrowed", FILTERS)
@pytest.mark.parametrize(("sort_key", "descending"), ORDERS)
@pytest.mark.parametrize("handled", [False, True])
def test_every_filter_and_order_reads_ranges_of_indexes(
    world: World,
    workspace: Workspace,
    mixed: list[Todo],
    monkeypatch: Any,
    narrowed: Any,
    sort_key: str,
    descending: bool,
    handled: bool,
) -> None:
    wanted = TodoFilter(handled=handled, sort_key=sort_key, descending=descending, **narrowed)
    run, asked = lists._run, []
    monkeypatch.setattr(lists, "_run", lambda *query: asked.append(query) or run(*query))
    page_of(world.owner, workspace, wanted, 0, 10)
    ((statement, given),) = asked
    explain = "EXPLAIN "
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as if the table were large
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
    else:
        explain = "EXPLAIN QUERY PLAN "
    plan = [str(row[-1]) for row in run(statement._replace(sql=explain + statement.sql), given)]
    reads = [line for line in plan if "soc_todo" in line and ("SEARCH" in line or "Scan" in line or "SCAN" in line)]
    assert len(reads) >= 3
    # Each by the index of its reason, which begins with equal values and goes on in the list's order.
    for line in reads:
        assert any(f"soc_{reason}_" in line for reason in ("open", "user", "group", "handler")), "\n".join(plan)
        assert ("handled" if handled else "waiting") in line, "\n".join(plan)
