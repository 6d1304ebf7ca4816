"""GET crm/task/filter: what matches, in which order, page by page."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.actor import Actor
from crm.models import Task, TaskCategory
from crm.models.records import EntityType
from crm.services import CaseData, ContactData, case_create, contact_create, contact_update, task_close
from tests.conftest import World
from tests.crm.conftest import BASE, Portal
from tests.crm.factories import DEADLINE, make_task


@pytest.fixture
def actor(world: World) -> Actor:
    return world.actor(world.owner)


def titles(portal: Portal, **query: Any) -> list[str]:
    answer = portal.get("crm/task/filter", **query)
    assert answer.status_code == 200
    return [item["title"] for item in json.loads(answer.content)["response"]]


def test_it_finds_by_responsible_category_state_and_deadline(world: World, actor: Actor, portal: Portal) -> None:
    fax = TaskCategory.objects.of(world.organization).get(title="Fax")
    make_task(actor, title="mine", responsible_id=world.planner.guid)
    make_task(actor, title="fax", category=fax)
    late = make_task(actor, title="late", deadline=DEADLINE + timedelta(days=1))
    task_close(actor=actor, task_id=late.pk)
    assert titles(portal, responsibleid=str(world.planner.guid).upper()) == ["mine"]
    assert titles(portal, categoryid=fax.pk) == ["fax"]
    assert titles(portal, isClosed="true") == ["late"]
    assert titles(portal, isClosed="False") == ["fax", "mine"]
    assert titles(portal, fromDate="2030-05-06T07:08:10Z") == ["late"]
    assert titles(portal, toDate="2030-05-06T07:08:09Z") == ["fax", "mine"]
    assert titles(portal, fromDate="2030-05-06T07:08:09Z", toDate="2030-05-07T07:08:09Z") == ["fax", "mine", "late"]
    # Empty and zero filter nothing.
    assert len(titles(portal, responsibleid="", categoryid=0, isClosed="", entityType="", entityid=0)) == 3
    assert len(titles(portal, entityType="case")) == 3


def test_it_finds_by_contact_company_case_and_opportunity(actor: Actor, portal: Portal) -> None:
    company = contact_create(actor=actor, data=ContactData(is_company=True, company_name="ACME"))
    person = contact_create(actor=actor, data=ContactData(first_name="Jane", company_id=company.pk))
    case = case_create(actor=actor, data=CaseData(title="Case"))
    make_task(actor, title="company", contact_id=company.pk)
    make_task(actor, title="person", contact_id=person.pk)
    make_task(actor, title="case", entity_type=EntityType.CASE, entity_id=case.pk)
    make_task(actor, title="deal", entity_type=EntityType.OPPORTUNITY, entity_id=case.pk)
    assert titles(portal, entityType="Contact", entityid=company.pk) == ["company", "person"]
    assert titles(portal, entityType="contact", entityid=person.pk) == ["person"]
    assert titles(portal, entityType="CASE", entityid=case.pk) == ["case"]
    assert titles(portal, entityType="opportunity", entityid=case.pk) == ["deal"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("offer", True),
        ("OFF", True),
        ("commercial send", True),
        ("fer", False),
        ("mailed", True),
        ("mail", True),
        ("offer mai", True),
        ("offer nothing", False),
        ("  offer  ", True),
        ("GRÜN", True),
        ("grü", True),
        ("日本", True),
        ("100%", True),
        ("_00", False),
        ("offer,nothing", True),
        ("", True),
    ],
)
def test_it_finds_words_by_their_beginning(actor: Actor, portal: Portal, search: str, found: bool) -> None:
    make_task(actor, title="Send a commercial Offer, 100% grün", description="mailed to 日本語\ntoday")
    assert bool(titles(portal, filterValue=search, filterBy="id", filterOp="equals")) is found


def test_open_tasks_come_first_and_then_the_deadline(actor: Actor, portal: Portal) -> None:
    closed = make_task(actor, title="closed", deadline=DEADLINE - timedelta(days=9))
    task_close(actor=actor, task_id=closed.pk)
    for title, days in (("late", 2), ("b", 1), ("a", 1), ("early", 0)):
        make_task(actor, title=title, deadline=DEADLINE + timedelta(days=days))
    assert titles(portal) == ["early", "a", "b", "late", "closed"]
    assert titles(portal, sortBy="DeadLine", sortOrder="descending") == ["late", "a", "b", "early", "closed"]
    # Only the exact word reverses.
    assert titles(portal, sortBy="deadline", sortOrder="Descending") == ["early", "a", "b", "late", "closed"]
    assert titles(portal, sortBy="nonsense") == ["early", "a", "b", "late", "closed"]


@pytest.fixture
def sortable(world: World, actor: Actor) -> None:
    """Tasks whose every sort key gives another order."""
    categories = list(TaskCategory.objects.of(world.organization).order_by("pk"))
    zoe = contact_create(actor=actor, data=ContactData(first_name="Zoe"))
    adam = contact_create(actor=actor, data=ContactData(first_name="adam"))
    world.planner.last_name, world.planner.first_name = "Young", "Al"
    world.agent.last_name, world.agent.first_name = "young", "Bo"
    world.planner.save()
    world.agent.save()
    rows = [
        ("b", 0, 3, 0, world.agent.guid),
        ("A", 1, 2, zoe.pk, world.planner.guid),
        ("c", 2, 1, adam.pk, world.viewer.guid),
        ("D", 3, 0, zoe.pk, None),
    ]
    for title, day, category, contact, responsible in rows:
        more = {"responsible_id": responsible} if responsible else {}
        make_task(
            actor, title=title, deadline=DEADLINE + timedelta(days=day), category=categories[category],
            contact_id=contact, **more,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("sort_by", "ascending", "descending"),
    [
        ("title", "AbcD", "DcbA"),
        ("deadline", "bAcD", "DcAb"),
        ("category", "DcAb", "bAcD"),
        ("contact", "cADb", "ADcb"),
        ("contactManager", "cAbD", "bAcD"),
        ("id", "bAcD", "DcAb"),
        ("created", "bAcD", "DcAb"),
    ],
)
def test_every_sort_key(portal: Portal, sortable: None, sort_by: str, ascending: str, descending: str) -> None:
    Task.objects.filter(title="b").update(created_at=datetime(2001, 1, 1, tzinfo=UTC))
    for days, title in enumerate("AcD"):
        Task.objects.filter(title=title).update(created_at=datetime(2002, 1, 1 + days, tzinfo=UTC))
    assert "".join(titles(portal, sortBy=sort_by)) == ascending
    assert "".join(titles(portal, sortBy=sort_by, sortOrder="descending")) == descending


def test_renaming_moves_tasks_in_sorted_lists(world: World, actor: Actor, portal: Portal, sortable: None) -> None:
    contact = Task.objects.get(title="A").contact_id
    contact_update(actor=actor, contact_id=contact, data=ContactData(first_name="Aaron"))
    assert "".join(titles(portal, sortBy="contact")) == "ADcb"
    world.planner.last_name = "Abbott"
    world.planner.save(update_fields=["last_name"])
    assert "".join(titles(portal, sortBy="contactmanager")) == "AcbD"


def test_pages_and_the_vendors_next_index(actor: Actor, portal: Portal) -> None:
    for number in range(5):
        make_task(actor, title=str(number))
    task_close(actor=actor, task_id=Task.objects.get(title="0").pk)

    def page(**query: Any) -> tuple[list[str], dict[str, Any]]:
        envelope = json.loads(portal.get("crm/task/filter", **query).content)
        found = [item["title"] for item in envelope.pop("response")]
        return found, envelope

    same = {"status": 0, "statusCode": 200}
    assert page() == (["1", "2", "3", "4", "0"], {"count": 5, "total": 5, **same})
    assert page(count=2) == (["1", "2"], {"count": 2, "nextIndex": 3, "total": 5, **same})
    assert page(count=2, startIndex=3) == (["4", "0"], {"count": 2, "startIndex": 3, "total": 5, **same})
    assert page(count=3, startIndex=1) == (
        ["2", "3", "4"], {"count": 3, "startIndex": 1, "nextIndex": 5, "total": 5, **same},
    )  # fmt: skip
    for behind in (9, 4_294_967_295, 999_999_999_999_999_999):
        assert page(startIndex=behind) == ([], {"startIndex": behind, "total": 5, **same})
        assert json.loads(portal.get("crm/contact/filter", startIndex=behind).content)["response"] == []
    assert page(count=0) == ([], {"total": 5, **same})
    for anything in ("-1", "x", "", "5000"):
        assert page(count=anything)[0] == ["1", "2", "3", "4", "0"]
    assert page(startIndex=-4)[0] == ["1", "2", "3", "4", "0"]
    envelope = portal.get("crm/task/filter", count=2, startIndex=1).content
    assert envelope.startswith(
        b'{"count":2,"startIndex":1,"nextIndex":4,"total":5,"status":0,"statusCode":200,"response":'
    )


def test_fields_keep_only_the_named_members(actor: Actor, portal: Portal) -> None:
    task = make_task(actor)
    listed = json.loads(portal.get("crm/task/filter", fields="ID,Title,nonsense").content)["response"]
    assert listed == [{"title": "Task", "id": task.pk}]
    single = json.loads(portal.get(f"crm/task/{task.pk}", fields="category").content)["response"]
    assert list(single) == ["category"]
    assert "id" in single["category"]


def test_a_category_in_a_list_has_no_numbers_and_a_single_one_has(actor: Actor, portal: Portal) -> None:
    task = make_task(actor)
    listed = json.loads(portal.get("crm/task/filter").content)["response"][0]["category"]
    single = json.loads(portal.get(f"crm/task/{task.pk}").content)["response"]["category"]
    assert "relativeItemsCount" not in listed
    assert single == {"relativeItemsCount": 1} | listed


def test_updated_since_means_the_creation_of_tasks(actor: Actor, portal: Portal) -> None:
    task = make_task(actor)
    Task.objects.filter(pk=task.pk).update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert titles(portal, updatedSince="2019-12-31") == ["Task"]
    assert titles(portal, updatedSince="2020-01-02") == []


def test_the_type_of_items(actor: Actor, portal: Portal) -> None:
    make_task(actor)
    assert titles(portal, type="task") == ["Task"]
    assert titles(portal, type="contact") == []


def test_filters_are_read_from_a_json_body_too_but_paging_is_not(actor: Actor, world: World, portal: Portal) -> None:
    for title in ("a", "b"):
        make_task(actor, title=title, responsible_id=world.planner.guid)
    make_task(actor, title="c")
    body = json.dumps({"responsibleid": str(world.planner.guid), "count": 1})
    answer = portal.call("GET", "crm/task/filter", body)
    assert [item["title"] for item in json.loads(answer.content)["response"]] == ["a", "b"]


@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_grow(
    world: World, actor: Actor, client_for: Any, django_assert_num_queries: Any, size: int
) -> None:
    contacts = [contact_create(actor=actor, data=ContactData(first_name=f"c{i}", email="a@b.cc")) for i in range(3)]
    case = case_create(actor=actor, data=CaseData(title="Case"))
    for number in range(size):
        make_task(
            actor, contact_id=contacts[number % 3].pk, responsible_id=world.planner.guid,
            entity_type=EntityType.CASE, entity_id=case.pk,
        )  # fmt: skip
    client: Client = client_for(world.owner)
    client.get(f"{BASE}crm/task/filter")
    # Credential; counters, one page; people, categories, contacts, cases.
    with django_assert_num_queries(7):
        assert client.get(f"{BASE}crm/task/filter").status_code == 200
