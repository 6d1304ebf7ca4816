"""The demo data: the ids of the vendor's page, once, and automatic ids after them."""

import json

from accounts.models import User
from core.actor import Actor
from crm.demo import demo_load
from crm.models import Contact, Opportunity, Task, TaskCategory
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal
from tests.crm.factories import make_task

REQUEST = {
    "title": "some text", "description": "some text", "deadline": "2008-04-10T06-30-00.000Z",
    "responsibleid": "9924256A-739C-462b-AF15-E652A3B1B6EB", "categoryid": 1234, "contactid": 1234,
    "entityType": "opportunity", "entityid": 1234, "isNotify": True, "alertValue": 1234,
}  # fmt: skip


def load(world: World) -> dict:
    User.objects.filter(pk=world.planner.pk).update(first_name="Mike", guid=REQUEST["responsibleid"])
    return demo_load(actor=Actor(world.owner, world.organization, "command"))


def test_the_vendors_request_works_on_demo_data(world: World, portal: Portal) -> None:
    facts = load(world)
    assert facts["onlyoffice"]["task_id"] == 1
    response = json.loads(portal.put("crm/task/1234", **REQUEST).content)["response"]
    assert (response["id"], response["contact"]["id"], response["category"]["id"]) == (1234, 1234, 1234)
    assert response["entity"]["entityTitle"] == "Big deal"
    assert response["responsible"]["displayName"] == "Mike"


def test_a_second_load_adds_nothing_and_ids_go_on(world: World, portal: Portal) -> None:
    facts = load(world)
    counts = [model.objects.count() for model in (Task, Contact, Opportunity, TaskCategory)]
    assert load(world) == facts
    assert [model.objects.count() for model in (Task, Contact, Opportunity, TaskCategory)] == counts
    category = TaskCategory.objects.of(world.organization)[0]
    answer = portal.post("crm/task", title="next", deadline=DEADLINE, categoryId=category.pk)
    assert json.loads(answer.content)["response"]["id"] > 1234


def test_ids_that_somebody_has_are_left_to_him(world: World) -> None:
    theirs = make_task(world.actor(world.outsider))
    Task.objects.filter(pk=theirs.pk).update(title="theirs")
    facts = load(world)
    assert Task.objects.get(pk=facts["onlyoffice"]["task_id"]).organization == world.organization
    assert Task.objects.get(pk=theirs.pk).title == "theirs"
