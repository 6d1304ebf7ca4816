"""PUT crm/task/{taskid}: the vendor's own request and answer, and what a replacement does."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from accounts.models import User
from core.models import JournalEntry
from crm.models import Contact, ShareType, Stage, Task, TaskCategory, TaskWord
from crm.services import ContactData, OpportunityData, TaskData, contact_create, opportunity_create, task_create
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal, parsed_xml
from tests.crm.factories import make_task

REQUEST = {
    "title": "some text",
    "description": "some text",
    "deadline": "2008-04-10T06-30-00.000Z",
    "responsibleid": "9924256A-739C-462b-AF15-E652A3B1B6EB",
    "categoryid": 1234,
    "contactid": 1234,
    "entityType": "some text",
    "entityid": 1234,
    "isNotify": True,
    "alertValue": 1234,
}
FOTO = "/Products/CRM/HttpHandlers/filehandler.ashx?action=contactphotoulr&cid=1234&isc=False"
EMPLOYEE = {
    "id": "9924256a-739c-462b-af15-e652a3b1b6eb",
    "displayName": "Mike Zanyatski",
    "title": "Manager",
    "avatarSmall": "/skins/default/images/default_user_photo_size_32-32.png",
    "profileUrl": "http://testserver/Products/People/Profile.aspx?user=planner",
}


@pytest.fixture
def mike(world: World) -> User:
    """The vendor's Mike Zanyatski, manager."""
    User.objects.filter(pk=world.planner.pk).update(
        guid=EMPLOYEE["id"], first_name="Mike", last_name="Zanyatski", title="Manager"
    )
    return User.objects.select_related("organization").get(pk=world.planner.pk)


@pytest.fixture
def example(world: World, mike: User, category: TaskCategory) -> Task:
    """The rows that the vendor's request names, and the task of its answer, all as number 1234."""
    TaskCategory.objects.create(pk=1234, organization=world.organization, title="Site visit", sort_order=2)
    actor = world.actor(mike)
    person = ContactData(first_name="Jane", last_name="Doe", share_type=ShareType.READ, email="jane@example.com")
    contact_create(actor=actor, data=person, pk=1234)
    stage = Stage.objects.of(world.organization)[0]
    deal = OpportunityData(title="Big deal", responsible_id=mike.guid, stage_id=stage.pk, bid_currency="USD")
    opportunity_create(actor=actor, data=deal, pk=1234)
    data = TaskData(
        title="Send a commercial offer",
        deadline=datetime(2022, 7, 1, 4, 23, 9, tzinfo=UTC),
        category_id=1234,
        responsible_id=mike.guid,
    )
    return task_create(actor=actor, data=data, pk=1234)[0]


def test_the_vendors_request_is_refused_as_it_stands_because_of_its_entity_type(portal: Portal, example: Task) -> None:
    answer = portal.put("crm/task/1234", **REQUEST)
    assert answer.status_code == 400
    assert answer.reason_phrase == "Invalid arguments"
    assert json.loads(answer.content) == {
        "status": 1,
        "statusCode": 400,
        "error": {
            "message": "Value does not fall within the expected range.", "hresult": -2147024809, "data": {},
        },
    }  # fmt: skip
    assert Task.objects.get(pk=1234).title == "Send a commercial offer"


def test_the_vendors_request_with_a_real_entity_type_answers_every_field_of_the_contract(
    portal: Portal, example: Task
) -> None:
    answer = portal.put("crm/task/1234", **REQUEST | {"entityType": "opportunity"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json; charset=UTF-8"
    created = json.loads(portal.get("crm/task/1234").content)["response"]["created"]
    expected = {
        "count": 1,
        "status": 0,
        "statusCode": 200,
        "response": {
            "createBy": EMPLOYEE,
            "created": created,
            "contact": {
                "email": {
                    "id": Contact.objects.get(pk=1234).emails.get().pk, "infoType": 1, "category": 1,
                    "data": "jane@example.com", "categoryName": "Work", "isPrimary": True,
                },
                "smallFotoUrl": f"{FOTO}&ps=1",
                "mediumFotoUrl": f"{FOTO}&ps=2",
                "displayName": "Jane Doe",
                "isCompany": False,
                "isPrivate": False,
                "isShared": True,
                "shareType": 2,
                "currency": None,
                "canEdit": True,
                "canDelete": True,
                "id": 1234,
            },
            "title": "some text",
            "description": "some text",
            "deadLine": "2008-04-10T14:30:00.0000000+08:00",
            "alertValue": 1234,
            "responsible": EMPLOYEE,
            "category": {
                "relativeItemsCount": 1, "imagePath": "", "title": "Site visit", "description": "", "color": "",
                "sortOrder": 2, "id": 1234,
            },
            "entity": {"entityType": "opportunity", "entityId": 1234, "entityTitle": "Big deal"},
            "canEdit": True,
            "id": 1234,
        },
    }  # fmt: skip
    # Compared as text: the order of the members counts too.
    assert json.dumps(json.loads(answer.content)) == json.dumps(expected)


def test_the_sample_of_the_page_in_both_formats(portal: Portal, example: Task) -> None:
    """The page's answer, field by field; ids, addresses and the envelope's extras are this server's own."""
    page = {
        "createBy": EMPLOYEE,
        "created": str,
        "title": "Send a commercial offer",
        "deadLine": "2022-07-01T12:23:09.0000000+08:00",
        "responsible": EMPLOYEE,
        "category": {"imagePath": str, "title": "Site visit", "description": "", "sortOrder": 2, "id": 1234},
        "canEdit": True,
        "id": 1234,
    }
    request = {
        "title": "Send a commercial offer", "deadline": "2022-07-01T04:23:09.000Z", "categoryid": 1234,
        "responsibleid": REQUEST["responsibleid"],
    }  # fmt: skip
    response = json.loads(portal.put("crm/task/1234", **request).content)["response"]
    extras = {"category": {"relativeItemsCount", "color"}}
    assert list(response) == list(page)
    assert [key for key in response["category"] if key not in extras["category"]] == list(page["category"])
    for key, wanted in page.items():
        if wanted is str:
            assert isinstance(response[key], str)
        elif key != "category":
            assert response[key] == wanted

    body = "&".join(f"{key}={value}" for key, value in request.items())
    printed = portal.call("PUT", "crm/task/1234.xml", body, "application/x-www-form-urlencoded")
    assert printed["Content-Type"] == "text/xml; charset=UTF-8"
    assert printed.content.startswith(
        b"<result><count>1</count><status>0</status><statusCode>200</statusCode><response><createBy>"
    )
    assert b"<description></description>" in printed.content
    assert parsed_xml(printed.content)["response"] == _texts(response)


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(member) for key, member in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_it_replaces_the_whole_task(portal: Portal, example: Task, category: TaskCategory) -> None:
    portal.put("crm/task/1234", **REQUEST | {"entityType": "opportunity"})
    portal.put("crm/task/1234", title="Less", deadline="2030-01-01", categoryid=category.pk)
    task = Task.objects.get(pk=1234)
    assert (task.title, task.description, task.contact_id, task.entity_type, task.entity_id, task.alert_value) == (
        "Less", "", 0, None, 0, 0,
    )  # fmt: skip
    assert task.responsible_id.int == 0
    assert task.category == category
    assert task.remind_at is None


def test_it_leaves_out_a_missing_description_and_sends_an_empty_one(
    portal: Portal, example: Task, category: TaskCategory
) -> None:
    base = {"title": "x", "deadline": "2030-01-01", "categoryid": category.pk}
    assert "description" not in json.loads(portal.put("crm/task/1234", **base).content)["response"]
    for empty in ("", None):
        response = json.loads(portal.put("crm/task/1234", **base, description=empty).content)["response"]
        assert response["description"] == ""
    assert json.loads(portal.get("crm/task/1234").content)["response"]["description"] == ""


@time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False)
def test_the_same_request_twice_in_one_moment_is_the_same_answer_twice(
    world: World, portal: Portal, category: TaskCategory
) -> None:
    task = make_task(world.actor(world.owner), category=category)
    body = {"title": "Task", "description": "", "deadline": DEADLINE, "categoryid": category.pk}
    first, second = (portal.put(f"crm/task/{task.pk}", **body) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)


def test_it_keeps_creator_creation_and_state(portal: Portal, example: Task, category: TaskCategory) -> None:
    before = json.loads(portal.put("crm/task/1234/close").content)["response"]
    after = json.loads(
        portal.put("crm/task/1234", title="x", deadline="2030-01-01", categoryid=category.pk, isClosed=False).content
    )["response"]
    for key in ("createBy", "created", "isClosed", "id"):
        assert after[key] == before[key]
    assert after["isClosed"] is True


@pytest.mark.parametrize("task_id", [0, 987654])
def test_an_unknown_id_makes_a_new_task(
    portal: Portal, example: Task, category: TaskCategory, world: World, task_id: int
) -> None:
    answer = portal.put(f"crm/task/{task_id}", title="New", deadline="2030-01-01", categoryid=category.pk)
    assert answer.status_code == 200
    response = json.loads(answer.content)["response"]
    assert response["id"] not in (0, task_id, 1234)
    assert response["createBy"]["id"] == str(world.owner.guid)
    assert "isClosed" not in response


def test_a_foreign_task_is_as_unknown_as_any(world: World, portal_of: Any, example: Task) -> None:
    stranger = portal_of(world.outsider)
    theirs = TaskCategory.objects.of(world.other_organization).first()
    answer = stranger.put("crm/task/1234", title="Mine", deadline="2030-01-01", categoryid=theirs.pk)
    response = json.loads(answer.content)["response"]
    assert response["id"] != 1234
    assert Task.objects.get(pk=1234).title == "Send a commercial offer"
    assert Task.objects.get(pk=response["id"]).organization == world.other_organization
    assert stranger.put("crm/task/1234", title="x", deadline="2030-01-01", categoryid=1234).status_code == 404


def test_it_echoes_the_fraction_of_the_deadline_once(portal: Portal, example: Task, category: TaskCategory) -> None:
    answer = portal.put(
        "crm/task/1234", title="x", deadline="2030-01-01T00:00:00.1234567+08:00", categoryid=category.pk
    )
    assert json.loads(answer.content)["response"]["deadLine"] == "2030-01-01T00:00:00.1234560+08:00"
    assert (
        json.loads(portal.get("crm/task/1234").content)["response"]["deadLine"] == "2030-01-01T00:00:00.0000000+08:00"
    )


def test_it_writes_the_change_to_the_journal(portal: Portal, example: Task, world: World) -> None:
    portal.put(
        "crm/task/1234", title="Other", deadline="2022-07-01T04:23:09Z", categoryid=1234, responsibleid=EMPLOYEE["id"]
    )
    entry = JournalEntry.objects.of(world.organization).filter(object_type="crm.task", verb="update").get()
    assert entry.changes["title"] == ["Send a commercial offer", "Other"]
    assert set(entry.changes) == {"title"}
    assert (entry.source, entry.user, entry.object_id) == ("onlyoffice", world.owner, "1234")


def test_it_keeps_the_words_of_the_search(portal: Portal, example: Task) -> None:
    portal.put("crm/task/1234", title="Grün grün", description="and red", deadline="2030-01-01", categoryid=1234)
    assert sorted(str(word) for word in TaskWord.objects.filter(task=example)) == ["and", "grün", "red"]


def test_a_failure_in_the_middle_leaves_nothing_behind(
    portal: Portal, example: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(**_: Any) -> None:
        raise RuntimeError("journal")

    entries, tasks = JournalEntry.objects.count(), Task.objects.count()
    monkeypatch.setattr("core.journal.record", explode)
    portal.client.raise_request_exception = False
    answer = portal.put("crm/task/1234", title="Never", deadline="2030-01-01", categoryid=1234)
    assert answer.status_code == 500
    assert json.loads(answer.content)["statusCode"] == 500
    assert Task.objects.get(pk=1234).title == "Send a commercial offer"
    assert (JournalEntry.objects.count(), Task.objects.count()) == (entries, tasks)
    assert not TaskWord.objects.filter(word=b"never".hex()).exists()
