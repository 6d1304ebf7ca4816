"""Creating, closing, reopening, deleting and grouping tasks, and their two test routes."""

import json
from typing import Any

import pytest

from core.models import JournalEntry
from crm.models import Task, TaskCategory, TaskWord
from crm.models.records import EntityType
from crm.services import ContactData, contact_create
from tests.conftest import World
from tests.crm.conftest import BASE, DEADLINE, Portal
from tests.crm.factories import make_task

LOST = {
    "id": "4a515a15-d4d6-4b8e-828e-e0586f18f3a3",
    "displayName": "Profile has been removed",
    "avatarSmall": "/skins/default/images/default_user_photo_size_32-32.png",
    "profileUrl": "http://testserver/Products/People/Profile.aspx?",
}


def answer_of(response: Any) -> Any:
    return json.loads(response.content)["response"]


def test_a_new_task_is_open_and_the_callers_own(world: World, portal: Portal, category: TaskCategory) -> None:
    answer = portal.post(
        "crm/task", title="New", deadline=DEADLINE, categoryId=category.pk, isClosed=True, created="2001-01-01"
    )
    assert answer.status_code == 201
    assert json.loads(answer.content)["statusCode"] == 201
    response = answer_of(answer)
    assert list(response) == ["createBy", "created", "title", "deadLine", "responsible", "category", "canEdit", "id"]
    assert response["createBy"]["id"] == str(world.owner.guid)
    # Nobody named: nobody is responsible, not the caller.
    assert response["responsible"] == LOST
    assert Task.objects.get().is_closed is False


def test_unknown_people_contacts_and_records_are_stored_and_left_out(portal: Portal, category: TaskCategory) -> None:
    answer = portal.post(
        "crm/task", title="x", deadline=DEADLINE, categoryId=category.pk, contactId=77, entityType="case", entityId=88,
        responsibleId="{9924256A-739C-462b-AF15-E652A3B1B6EB}", alertValue=-15,
    )  # fmt: skip
    response = answer_of(answer)
    assert "contact" not in response
    assert "entity" not in response
    assert response["responsible"] == LOST
    assert response["alertValue"] == -15
    task = Task.objects.get()
    assert (task.contact_id, task.entity_type, task.entity_id) == (77, EntityType.CASE, 88)
    assert str(task.responsible_id) == "9924256a-739c-462b-af15-e652a3b1b6eb"


@pytest.mark.parametrize(
    "guid",
    [
        "{guid}", "{GUID}", "{{{guid}}}", "({guid})", "{hex}",
    ],
)  # fmt: skip
def test_every_form_of_a_guid(world: World, portal: Portal, category: TaskCategory, guid: str) -> None:
    user = world.planner
    text = guid.format(guid=user.guid, GUID=str(user.guid).upper(), hex=user.guid.hex)
    response = answer_of(
        portal.post("crm/task", title="x", deadline=DEADLINE, categoryId=category.pk, responsibleId=text)
    )
    assert response["responsible"]["id"] == str(user.guid)


@pytest.mark.parametrize(("kind", "number"), [("", 5), ("case", 0), (None, None), ("case", -3)])
def test_half_of_a_reference_is_none(portal: Portal, category: TaskCategory, kind: Any, number: Any) -> None:
    answer = portal.post(
        "crm/task", title="x", deadline=DEADLINE, categoryId=category.pk, entityType=kind, entityId=number, contactId=-1
    )
    assert answer.status_code == 201
    task = Task.objects.get()
    assert (task.contact_id, task.entity_type, task.entity_id) == (0, None, 0)


def test_a_title_of_spaces_passes_and_the_longest_fits(portal: Portal, category: TaskCategory) -> None:
    for title in ("   ", "😀" * 255):
        answer = portal.post("crm/task", title=title, deadline=DEADLINE, categoryId=category.pk)
        assert answer_of(answer)["title"] == title


def test_names_are_encoded_for_html(world: World, portal: Portal, category: TaskCategory) -> None:
    world.owner.first_name, world.owner.last_name = "O'<b>", "&Co"
    world.owner.save()
    response = answer_of(portal.post("crm/task", title="x", deadline=DEADLINE, categoryId=category.pk))
    assert response["createBy"]["displayName"] == "O&#39;&lt;b&gt; &amp;Co"


def test_the_first_value_of_a_name_wins_and_names_have_no_case(portal: Portal, category: TaskCategory) -> None:
    body = f'{{"TITLE": "body", "DeadLine": "2030-01-01", "CATEGORYID": "{category.pk}", "title": "second"}}'
    answer = portal.call("POST", "crm/task", body)
    assert answer_of(answer)["title"] == "body"
    answer = portal.call("POST", "crm/task?title=query&title=later", body)
    assert answer_of(answer)["title"] == "query"
    task = answer_of(answer)["id"]
    # The id in the path is the first of all.
    answer = portal.call("PUT", f"crm/task/{task}?taskid=1", '{"taskid": 2,' + body[1:])
    assert answer_of(answer)["id"] == task


def test_close_and_reopen_change_nothing_else_and_may_be_repeated(world: World, portal: Portal) -> None:
    task = make_task(world.actor(), alert_value=60)
    before = Task.objects.get(pk=task.pk)
    for verb, closed in (("close", True), ("close", True), ("reopen", False), ("reopen", False)):
        answer = portal.put(f"crm/task/{task.pk}/{verb}", title="ignored")
        assert answer.status_code == 200
        assert answer_of(answer).get("isClosed") == (True if closed else None)
        assert answer_of(answer)["title"] == "Task"
    after = Task.objects.get(pk=task.pk)
    assert (after.updated_at, after.remind_at) == (before.updated_at, before.remind_at)
    verbs = JournalEntry.objects.filter(object_type="crm.task").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "close", "reopen"]


def test_delete_answers_the_task_and_counts_afterwards(world: World, portal: Portal) -> None:
    task, _ = make_task(world.actor()), make_task(world.actor())
    answer = portal.delete(f"crm/task/{task.pk}")
    assert answer_of(answer)["id"] == task.pk
    assert answer_of(answer)["category"]["relativeItemsCount"] == 1
    assert portal.get(f"crm/task/{task.pk}").status_code == 404
    assert not TaskWord.objects.filter(task_id=task.pk).exists()
    assert JournalEntry.objects.filter(verb="delete").get().snapshot["title"] == "Task"


def test_a_group_makes_one_task_for_each_contact(world: World, portal: Portal, category: TaskCategory) -> None:
    contacts = [contact_create(actor=world.actor(), data=ContactData(first_name=name)) for name in ("Ann", "Bob")]
    ids = [contact.pk for contact in contacts]
    answer = portal.post(
        "crm/contact/task/group", title="Greet", deadline=DEADLINE, categoryId=category.pk, contactId=ids,
        entityType="Opportunity", entityId=5,
    )  # fmt: skip
    assert answer.status_code == 201
    envelope = json.loads(answer.content)
    assert list(envelope) == ["count", "status", "statusCode", "response"]
    assert [item["contact"]["displayName"] for item in envelope["response"]] == ["Ann", "Bob"]
    assert all("relativeItemsCount" not in item["category"] for item in envelope["response"])
    assert Task.objects.filter(title="Greet").count() == 2
    assert JournalEntry.objects.filter(object_type="crm.task", verb="create").count() == 2
    assert len(answer_of(portal.get("crm/task/filter", filterValue="greet"))) == 2


def test_a_group_of_nobody_checks_nothing(portal: Portal) -> None:
    answer = portal.post("crm/contact/task/group", title="Only a title")
    assert (answer.status_code, answer.content) == (201, b'{"status":0,"statusCode":201,"response":[]}')


def test_the_dates_of_a_task_can_be_set(world: World, portal: Portal) -> None:
    task = make_task(world.actor())
    answer = portal.put(f"crm/task/{task.pk}/creationdate", creationDate="2001-02-03T04:05:06+08:00")
    assert answer.content == b'{"status":0,"statusCode":200,"response":{}}'
    assert answer_of(portal.get(f"crm/task/{task.pk}"))["created"] == "2001-02-03T04:05:06.0000000+08:00"
    answer = portal.put(f"crm/task/{task.pk}/lastmodifeddate", lastModifedDate="2002-02-03")
    assert answer.content == b'{"status":0,"statusCode":200,"response":{}}'
    assert Task.objects.get(pk=task.pk).updated_at.isoformat() == "2002-02-02T16:00:00+00:00"


def test_the_number_of_queries_of_the_hot_paths(
    world: World, portal: Portal, category: TaskCategory, django_assert_num_queries: Any
) -> None:
    body = {"title": "a task", "deadline": DEADLINE, "categoryid": category.pk, "responsibleid": str(world.owner.guid)}
    task = answer_of(portal.post("crm/task", **body))["id"]
    # Credential; savepoints of the test; category with its number of tasks; task, words, journal, counter.
    with django_assert_num_queries(8):
        portal.post("crm/task", **body)
    # The words are written only when they have changed, the counters when the category has.
    with django_assert_num_queries(7):
        portal.put(f"crm/task/{task}", **body)
    with django_assert_num_queries(9):
        portal.put(f"crm/task/{task}", **body | {"title": "changed"})
    # Credential; task; category with its number of tasks.
    with django_assert_num_queries(3):
        portal.client.get(f"{BASE}crm/task/{task}")
