"""Contacts, opportunities, cases and task templates, as far as tasks need them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actor import Actor
from crm.models import Contact, Opportunity, Stage, Task, TaskCategory, TaskTemplate
from crm.models.records import EntityType
from crm.services import ContactData, contact_create, task_close
from tests.conftest import World
from tests.crm.conftest import Portal
from tests.crm.factories import make_task

PAST = datetime(2020, 1, 1, tzinfo=UTC)


def answer_of(response: Any) -> Any:
    return json.loads(response.content)["response"]


@pytest.fixture
def actor(world: World) -> Actor:
    return world.actor(world.owner)


def test_a_person_of_a_company(world: World, portal: Portal) -> None:
    company = answer_of(portal.post("crm/contact/company", companyName="ACME", shareType=2, about="Anvils"))
    answer = portal.post(
        "crm/contact/person", firstName="Jane", lastName="Doe", jobTitle="Buyer", companyId=company["id"],
        shareType="ReadWrite", managerList=[str(world.planner.guid), "00000000-0000-0000-0000-000000000001"],
    )  # fmt: skip
    assert answer.status_code == 201
    person = answer_of(answer)
    assert list(person) == [
        "firstName", "lastName", "company", "title", "createBy", "created", "about", "commonData", "customFields",
        "tags",
        "haveLateTasks", "smallFotoUrl", "mediumFotoUrl", "displayName", "isCompany", "isPrivate", "isShared",
        "shareType", "currency", "canEdit", "canDelete", "id",
    ]  # fmt: skip
    assert person["company"]["displayName"] == "ACME"
    assert (person["displayName"], person["shareType"], person["isShared"]) == ("Jane Doe", 1, True)
    assert list(Contact.objects.get(pk=person["id"]).managers.all()) == [world.planner]
    shown = answer_of(portal.get(f"crm/contact/{company['id']}"))
    assert (shown["companyName"], shown["personsCount"], shown["isCompany"]) == ("ACME", 1, True)


def test_a_contact_is_private_by_default_and_a_name_of_one_word_is_enough(portal: Portal) -> None:
    person = answer_of(portal.post("crm/contact/person", firstName="Cher"))
    assert (person["lastName"], person["displayName"]) == ("", "Cher")
    assert (person["isPrivate"], person["isShared"], person["shareType"], person["accessList"]) == (True, False, 0, [])


def test_a_contact_tells_about_its_tasks(actor: Actor, portal: Portal) -> None:
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane", email="jane@example.com"))
    path = f"crm/contact/{contact.pk}"
    assert "taskCount" not in answer_of(portal.get(path))
    task = make_task(actor, contact_id=contact.pk, deadline=PAST)
    make_task(actor, contact_id=contact.pk)
    shown = answer_of(portal.get(path))
    assert (shown["taskCount"], shown["haveLateTasks"]) == (2, True)
    assert shown["commonData"][0]["data"] == "jane@example.com"
    portal.put(f"crm/task/{task.pk}/close")
    shown = answer_of(portal.get(path))
    assert (shown["taskCount"], shown["haveLateTasks"]) == (2, False)


def test_deleting_a_contact_deletes_its_tasks(actor: Actor, portal: Portal) -> None:
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane"))
    make_task(actor, contact_id=contact.pk)
    other = make_task(actor)
    answer = portal.delete(f"crm/contact/{contact.pk}")
    assert answer_of(answer)["taskCount"] == 1
    assert list(Task.objects.all()) == [other]


def test_merging_moves_tasks_and_persons(actor: Actor, portal: Portal) -> None:
    source, target = (
        contact_create(actor=actor, data=ContactData(is_company=True, company_name=name)) for name in "ab"
    )
    person = contact_create(actor=actor, data=ContactData(first_name="Jane", company_id=source.pk))
    task = make_task(actor, contact_id=source.pk)
    assert portal.put("crm/contact/merge", fromcontactid=source.pk, tocontactid=person.pk).status_code == 400
    answer = portal.put("crm/contact/merge", fromcontactid=source.pk, tocontactid=target.pk)
    assert answer_of(answer)["id"] == target.pk
    task.refresh_from_db()
    person.refresh_from_db()
    assert (task.contact_id, task.contact_key, person.company) == (target.pk, "b", target)
    assert not Contact.objects.filter(pk=source.pk).exists()


def test_the_newest_contacts_come_first(actor: Actor, portal: Portal) -> None:
    for number, name in enumerate(("Ann Smith", "bob", "Zoe Smythe")):
        contact = contact_create(actor=actor, data=ContactData(first_name=name))
        Contact.objects.filter(pk=contact.pk).update(created_at=datetime(2020 + number, 1, 1, tzinfo=UTC))
    contact_create(actor=actor, data=ContactData(is_company=True, company_name="ACME", share_type=2))
    names = lambda **query: [item["displayName"] for item in answer_of(portal.get("crm/contact/filter", **query))]  # noqa: E731
    assert names() == ["ACME", "Zoe Smythe", "bob", "Ann Smith"]
    assert names(sortBy="displayname") == ["ACME", "Ann Smith", "bob", "Zoe Smythe"]
    assert names(filterValue="sm") == ["Zoe Smythe", "Ann Smith"]
    assert names(contactListView="person", count=1) == ["Zoe Smythe"]
    assert names(isShared="true") == ["ACME"]
    assert names(toDate="2021-06-01", fromDate="2020-06-01") == ["bob"]
    envelope = json.loads(portal.get("crm/contact/filter", count=1, startIndex=1).content)
    assert (envelope["total"], envelope["nextIndex"], envelope["startIndex"]) == (4, 3, 1)


def test_contacts_with_their_next_open_task(actor: Actor, portal: Portal, world: World) -> None:
    busy = contact_create(actor=actor, data=ContactData(first_name="Busy"))
    contact_create(actor=actor, data=ContactData(first_name="Idle"))
    make_task(actor, title="later", contact_id=busy.pk)
    make_task(actor, title="next", contact_id=busy.pk, deadline=PAST, entity_type=EntityType.CASE, entity_id=3)
    make_task(actor, title="as late, but younger", contact_id=busy.pk, deadline=PAST)
    done = make_task(actor, title="done", contact_id=busy.pk, deadline=PAST - timedelta(days=1))
    task_close(actor=actor, task_id=done.pk)
    items = {item["contact"]["displayName"]: item for item in answer_of(portal.get("crm/contact/simple/filter"))}
    assert "task" not in items["Idle"]
    assert list(items["Busy"]) == ["task", "contact"]
    assert items["Busy"]["task"]["title"] == "next"
    assert list(items["Busy"]["task"]) == ["title", "description", "deadLine", "responsible", "category", "id"]


def test_an_opportunity(world: World, actor: Actor, portal: Portal) -> None:
    stage = Stage.objects.of(world.organization).get(title="Proposal")
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane", share_type=2))
    answer = portal.post(
        "crm/opportunity", title="Deal", responsibleid=str(world.planner.guid), stageid=stage.pk, bidCurrencyAbbr="eur",
        contactid=contact.pk, members=[contact.pk, 999], bidType=1, bidValue=12.5, perPeriodValue=3,
        successProbability=140, expectedCloseDate="2030-01-01", isPrivate=True, accessList=[str(world.agent.guid)],
    )  # fmt: skip
    assert answer.status_code == 201
    shown = answer_of(answer)
    assert list(shown) == [
        "createBy", "created", "members", "contact", "title", "description", "responsible", "bidType", "bidValue",
        "bidCurrency", "perPeriodValue", "stage", "successProbability", "expectedCloseDate", "isPrivate", "accessList",
        "canEdit", "customFields", "id",
    ]  # fmt: skip
    assert shown["bidCurrency"] == {"title": "Euro", "symbol": "€", "abbreviation": "EUR"}
    assert (shown["bidValue"], shown["successProbability"], shown["stage"]["title"]) == (12.5, 100, "Proposal")
    assert [member["id"] for member in shown["members"]] == [contact.pk]
    assert [person["id"] for person in shown["accessList"]] == [str(world.agent.guid)]
    task = make_task(actor, entity_type=EntityType.OPPORTUNITY, entity_id=shown["id"])
    assert answer_of(portal.delete(f"crm/opportunity/{shown['id']}"))["id"] == shown["id"]
    assert not Task.objects.filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 201),
        ({"title": ""}, 400),
        ({"responsibleid": ""}, 400),
        ({"stageid": 0}, 400),
        ({"stageid": 9999}, 400),
        ({"bidCurrencyAbbr": "XXX"}, 400),
        ({"bidCurrencyAbbr": ""}, 400),
        ({"contactid": 9999}, 400),
        ({"bidType": 6}, 400),
        ({"bidValue": "much"}, 400),
        ({"bidValue": "1" + "0" * 20}, 400),
        ({"bidValue": 0.00004}, 201),
        ({"contactid": "hidden"}, 403),
        ({"successProbability": -5}, 201),
    ],
)
def test_what_an_opportunity_needs(
    world: World, actor: Actor, portal_of: Any, change: dict[str, Any], status: int
) -> None:
    if change.get("contactid") == "hidden":
        change = {"contactid": contact_create(actor=actor, data=ContactData(first_name="Jane")).pk}
    stage = Stage.objects.of(world.organization)[0]
    good = {"title": "Deal", "responsibleid": str(world.planner.guid), "stageid": stage.pk, "bidCurrencyAbbr": "USD"}
    assert portal_of(world.planner).post("crm/opportunity", **good | change).status_code == status
    assert Opportunity.objects.exists() is (status == 201)


def test_a_case(world: World, actor: Actor, portal: Portal) -> None:
    contact = contact_create(actor=actor, data=ContactData(first_name="Jane", share_type=2))
    answer = portal.post("crm/case", title="Case", members=[contact.pk], isPrivate=True, isNotify=True)
    assert answer.status_code == 201
    shown = answer_of(answer)
    # Private for nobody is public.
    assert list(shown) == [
        "members",
        "createBy",
        "created",
        "title",
        "isClosed",
        "isPrivate",
        "canEdit",
        "customFields",
        "id",
    ]
    assert (shown["isClosed"], shown["isPrivate"], shown["canEdit"]) == (False, False, True)
    path = f"crm/case/{shown['id']}"
    for verb, closed in (("close", True), ("close", True), ("reopen", False)):
        assert answer_of(portal.put(f"{path}/{verb}"))["isClosed"] is closed
    task = make_task(actor, entity_type=EntityType.CASE, entity_id=shown["id"])
    assert portal.delete(path).status_code == 200
    assert not Task.objects.filter(pk=task.pk).exists()
    assert portal.get(path).status_code == 404


def test_templates_in_their_container(world: World, portal: Portal, category: TaskCategory) -> None:
    container = answer_of(portal.post("crm/opportunity/tasktemplatecontainer", title="After a deal"))
    assert container == {"title": "After a deal", "entityType": "Opportunity", "id": container["id"]}
    path = f"crm/tasktemplatecontainer/{container['id']}"
    answer = portal.post(
        f"{path}/tasktemplate", title="Call", categoryid=category.pk, offsetTicks=864_000_000_000, isNotify=True,
        responsibleid=str(world.planner.guid),
    )  # fmt: skip
    assert answer.status_code == 201
    template = answer_of(answer)
    assert list(template) == [
        "containerID", "title", "responsible", "category", "isNotify", "offsetTicks", "deadLineIsFixed", "id",
    ]  # fmt: skip
    assert (template["offsetTicks"], template["isNotify"], template["deadLineIsFixed"]) == (
        864_000_000_000,
        True,
        False,
    )
    stored = answer_of(portal.get(f"crm/tasktemplatecontainer/tasktemplate/{template['id']}"))
    assert stored["description"] == ""
    assert answer_of(portal.get(path))["items"] == [stored]
    assert answer_of(portal.get(f"{path}/tasktemplate")) == [stored]
    assert answer_of(portal.get("crm/opportunity/tasktemplatecontainer"))[0]["items"] == [stored]
    assert answer_of(portal.get("crm/case/tasktemplatecontainer")) == []
    changed = answer_of(portal.put(f"{path}/tasktemplate", id=template["id"], title="Write", categoryid=category.pk))
    assert (changed["title"], changed["offsetTicks"]) == ("Write", 0)
    assert answer_of(portal.put(path, title="Later"))["items"][0]["title"] == "Write"
    assert answer_of(portal.delete(path))["items"][0]["id"] == template["id"]
    assert not TaskTemplate.objects.exists()


def test_the_number_of_queries_of_contact_lists(actor: Actor, portal: Portal, django_assert_num_queries: Any) -> None:
    company = contact_create(actor=actor, data=ContactData(is_company=True, company_name="ACME"))
    for number in range(12):
        contact = contact_create(
            actor=actor, data=ContactData(first_name=str(number), company_id=company.pk, email="a@b.cc")
        )
        make_task(actor, contact_id=contact.pk)
    portal.get("crm/contact/filter")
    with django_assert_num_queries(9):
        portal.get("crm/contact/filter")
