"""Who sees and edits what: tasks, contacts, opportunities, cases, categories, other organizations."""

import json
from typing import Any

import pytest

from core.actor import Actor
from crm.models import Case, Contact, Opportunity, ShareType, Stage, Task, TaskCategory
from crm.models.records import EntityType
from crm.services import CaseData, ContactData, OpportunityData, case_create, contact_create, opportunity_create
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal
from tests.crm.factories import make_task
from tests.factories import UserFactory


@pytest.fixture
def actor(world: World) -> Actor:
    """The administrator, who makes the rows."""
    return world.actor(world.owner)


@pytest.fixture
def second(world: World) -> Any:
    """Another planner, who made and is responsible for nothing."""
    return UserFactory(organization=world.organization, group="Planner", email="second@example.com")


def contact_of(actor: Actor, share: int, *managers: Any) -> Contact:
    guids = tuple(manager.guid for manager in managers)
    return contact_create(actor=actor, data=ContactData(first_name="Jane", share_type=share, managers=guids))


def case_of(actor: Actor, *people: Any) -> Case:
    data = CaseData(title="Secret case", is_private=bool(people), access_list=tuple(person.guid for person in people))
    return case_create(actor=actor, data=data)


def deal_of(actor: Actor, *people: Any) -> Opportunity:
    data = OpportunityData(
        title="Secret deal", responsible_id=actor.user.guid, stage_id=Stage.objects.of(actor.organization)[0].pk,
        bid_currency="USD", is_private=bool(people), access_list=tuple(person.guid for person in people),
    )  # fmt: skip
    return opportunity_create(actor=actor, data=data)


def shown(portal: Portal, task: Task) -> dict[str, Any]:
    return json.loads(portal.get(f"crm/task/{task.pk}").content)["response"]


def listed(portal: Portal) -> list[int]:
    return [item["id"] for item in json.loads(portal.get("crm/task/filter").content)["response"]]


@pytest.mark.parametrize(
    ("share", "managed", "visible", "editable"),
    [
        (ShareType.NONE, False, False, False),
        (ShareType.NONE, True, True, True),
        (ShareType.READ, False, True, False),
        (ShareType.READ, True, True, True),
        (ShareType.READ_WRITE, False, True, True),
    ],
)
def test_a_contact_is_seen_and_edited_by_its_sharing(
    world: World, actor: Actor, portal_of: Any, second: Any, share: int, managed: bool, visible: bool, editable: bool
) -> None:
    contact = contact_of(actor, share, *([second] if managed else []))
    task = make_task(actor, contact_id=contact.pk)
    caller = portal_of(second)
    assert caller.get(f"crm/contact/{contact.pk}").status_code == (200 if visible else 404)
    assert caller.get(f"crm/task/{task.pk}").status_code == (200 if visible else 403)
    assert listed(caller) == ([task.pk] if visible else [])
    if visible:
        assert json.loads(caller.get(f"crm/contact/{contact.pk}").content)["response"]["canEdit"] is editable
    expected = 200 if editable else 403 if visible else 404
    assert caller.delete(f"crm/contact/{contact.pk}").status_code == expected
    assert Contact.objects.filter(pk=contact.pk).exists() is not editable


def test_a_hidden_contact_inside_a_visible_task_is_reduced(
    world: World, actor: Actor, portal_of: Any, second: Any
) -> None:
    data = ContactData(first_name="Jane", email="jane@example.com", managers=(world.owner.guid,))
    contact = contact_create(actor=actor, data=data)
    task = make_task(actor, contact_id=contact.pk, responsible_id=second.guid)
    for response in (
        shown(portal_of(second), task)["contact"],
        json.loads(portal_of(second).get("crm/task/filter").content)["response"][0]["contact"],
    ):
        assert "email" not in response
        assert "accessList" not in response
        assert (response["currency"], response["canEdit"], response["isPrivate"]) == (None, False, True)
    full = shown(portal_of(world.owner), task)["contact"]
    assert full["email"]["data"] == "jane@example.com"
    assert [person["id"] for person in full["accessList"]] == [str(world.owner.guid)]


@pytest.mark.parametrize("make", [case_of, deal_of])
def test_the_title_of_a_hidden_record_is_empty(
    world: World, actor: Actor, portal_of: Any, second: Any, make: Any
) -> None:
    record = make(actor, world.owner)
    kind = EntityType.CASE if isinstance(record, Case) else EntityType.OPPORTUNITY
    task = make_task(actor, entity_type=kind, entity_id=record.pk, responsible_id=second.guid)
    entity = shown(portal_of(second), task)["entity"]
    assert entity == {"entityType": kind.name.lower(), "entityId": record.pk, "entityTitle": ""}
    assert shown(portal_of(world.owner), task)["entity"]["entityTitle"].startswith("Secret")


@pytest.mark.parametrize("make", [case_of, deal_of])
def test_a_record_with_an_access_list_is_seen_by_those_on_it(
    world: World, actor: Actor, portal_of: Any, second: Any, make: Any
) -> None:
    private, public = make(actor, world.planner), make(actor)
    kind = EntityType.CASE if isinstance(private, Case) else EntityType.OPPORTUNITY
    tasks = [make_task(actor, entity_type=kind, entity_id=record.pk) for record in (private, public)]
    path = "crm/" + kind.name.lower()
    for user, seen in ((world.planner, True), (world.owner, True), (second, False)):
        caller = portal_of(user)
        assert caller.get(f"{path}/{private.pk}").status_code == (200 if seen else 404)
        assert caller.get(f"{path}/{public.pk}").status_code == 200
        assert caller.get(f"crm/task/{tasks[0].pk}").status_code == (200 if seen else 403)
        assert listed(caller) == ([task.pk for task in tasks] if seen else [tasks[1].pk])


def test_tasks_of_contacts_and_records_that_are_gone(world: World, actor: Actor, portal_of: Any, second: Any) -> None:
    """Upstream's odd rule: they stay visible to administrators and their own people only."""
    orphan = make_task(actor, contact_id=4711)
    lost = make_task(actor, entity_type=EntityType.CASE, entity_id=4711)
    free = make_task(actor)
    assert listed(portal_of(second)) == [free.pk]
    assert listed(portal_of(world.owner)) == [orphan.pk, lost.pk, free.pk]
    assert portal_of(second).get(f"crm/task/{orphan.pk}").status_code == 403
    assert portal_of(second).get(f"crm/task/{lost.pk}").status_code == 403
    assert "contact" not in shown(portal_of(world.owner), orphan)
    assert "entity" not in shown(portal_of(world.owner), lost)


def test_the_contact_decides_before_the_record(world: World, actor: Actor, portal_of: Any, second: Any) -> None:
    hidden, open_contact = contact_of(actor, ShareType.NONE), contact_of(actor, ShareType.READ)
    private, public = case_of(actor, world.owner), case_of(actor)
    refused = make_task(actor, contact_id=hidden.pk, entity_type=EntityType.CASE, entity_id=public.pk)
    allowed = make_task(actor, contact_id=open_contact.pk, entity_type=EntityType.CASE, entity_id=private.pk)
    caller = portal_of(second)
    assert caller.get(f"crm/task/{refused.pk}").status_code == 403
    assert caller.get(f"crm/task/{allowed.pk}").status_code == 200
    assert listed(caller) == []


def test_the_creator_edits_but_does_not_list_a_hidden_task(world: World, actor: Actor, portal_of: Any) -> None:
    hidden = contact_of(actor, ShareType.NONE)
    task = make_task(world.actor(world.planner), contact_id=hidden.pk)
    caller = portal_of(world.planner)
    assert shown(caller, task)["canEdit"] is True
    assert listed(caller) == []


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("responsible", True), ("creator", True), ("other", False)])
def test_who_may_edit_a_task(
    world: World, actor: Actor, portal_of: Any, second: Any, category: TaskCategory, role: str, may: bool
) -> None:
    creator = UserFactory(organization=world.organization, group="Planner")
    task = make_task(Actor(creator, world.organization, "onlyoffice"), responsible_id=world.planner.guid)
    caller = portal_of({"owner": world.owner, "responsible": world.planner, "creator": creator, "other": second}[role])
    response = shown(caller, task)
    assert response.get("canEdit") == (True if may else None)
    body = {
        "title": "Changed",
        "deadline": DEADLINE,
        "categoryid": category.pk,
        "responsibleid": str(world.planner.guid),
    }
    status = 200 if may else 403
    for answer in (
        caller.put(f"crm/task/{task.pk}", **body),
        caller.put(f"crm/task/{task.pk}/close"),
        caller.put(f"crm/task/{task.pk}/reopen"),
        caller.delete(f"crm/task/{task.pk}"),
    ):
        assert answer.status_code == status
        if not may:
            assert answer.reason_phrase == "Access denied"
            assert json.loads(answer.content)["error"] == {
                "message": "Access Denied",
                "hresult": -2146233078,
                "data": {},
            }
    assert Task.objects.filter(pk=task.pk, title="Task").exists() is not may


def test_groups_decide_what_a_caller_may_do_at_all(
    world: World, actor: Actor, portal_of: Any, category: TaskCategory
) -> None:
    body = {"title": "t", "deadline": DEADLINE, "categoryid": category.pk, "responsibleid": str(world.agent.guid)}
    task = make_task(actor, responsible_id=world.agent.guid)
    agent, viewer = portal_of(world.agent), portal_of(world.viewer)
    assert agent.put(f"crm/task/{task.pk}", **body).status_code == 200
    assert agent.put(f"crm/task/{task.pk}/close").status_code == 200
    assert agent.post("crm/task", **body).status_code == 403
    assert agent.delete(f"crm/task/{task.pk}").status_code == 403
    assert viewer.get(f"crm/task/{task.pk}").status_code == 200
    for answer in (
        viewer.post("crm/task", **body),
        viewer.put(f"crm/task/{task.pk}", **body),
        viewer.put("crm/task/99999", **body),
        viewer.put(f"crm/task/{task.pk}/creationdate", creationDate=DEADLINE),
        viewer.post("crm/contact/person", firstName="x"),
        viewer.post("crm/case", title="x"),
        viewer.post("crm/case/tasktemplatecontainer", title="x"),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "parameters"),
    [
        ("POST", "crm/task/category", {"title": "x", "imageName": "x"}),
        ("PUT", "crm/task/category/{id}", {"title": "x"}),
        ("PUT", "crm/task/category/{id}/icon", {"imageName": "x"}),
        ("PUT", "crm/task/category/reorder", {"titles": ["Fax"]}),
        ("DELETE", "crm/task/category/{id}", {}),
    ],
)
def test_only_administrators_write_categories(
    world: World, portal_of: Any, category: TaskCategory, method: str, path: str, parameters: dict[str, Any]
) -> None:
    caller = portal_of(world.planner)
    assert caller.json(method, path.format(id=category.pk), parameters).status_code == 403
    assert caller.get(f"crm/task/category/{category.pk}").status_code == 200
    category.refresh_from_db()
    assert (category.title, category.sort_order) == ("Appointment", 8)


def test_another_organization_finds_nothing(world: World, actor: Actor, portal_of: Any, category: TaskCategory) -> None:
    from crm.services import TemplateData, container_create, template_create

    contact, case, deal = contact_of(actor, ShareType.READ_WRITE), case_of(actor), deal_of(actor)
    task = make_task(actor, contact_id=contact.pk)
    container = container_create(actor=actor, title="Set", entity_type=7)
    data = TemplateData(title="T", category_id=category.pk)
    template = template_create(actor=actor, container_id=container.pk, data=data)
    caller = portal_of(world.outsider)
    kept = f"crm/tasktemplatecontainer/{container.pk}"
    for method, path, status in (
        ("GET", f"crm/task/{task.pk}", 404),
        ("PUT", f"crm/task/{task.pk}/close", 400),
        ("PUT", f"crm/task/{task.pk}/reopen", 400),
        ("DELETE", f"crm/task/{task.pk}", 404),
        ("GET", f"crm/contact/{contact.pk}", 404),
        ("DELETE", f"crm/contact/{contact.pk}", 404),
        ("GET", f"crm/case/{case.pk}", 404),
        ("PUT", f"crm/case/{case.pk}/close", 404),
        ("DELETE", f"crm/case/{case.pk}", 404),
        ("GET", f"crm/opportunity/{deal.pk}", 404),
        ("DELETE", f"crm/opportunity/{deal.pk}", 404),
        ("GET", f"crm/task/category/{category.pk}", 404),
        ("DELETE", f"crm/task/category/{category.pk}", 404),
        ("GET", kept, 404),
        ("DELETE", kept, 404),
        ("GET", f"{kept}/tasktemplate", 404),
        ("GET", f"crm/tasktemplatecontainer/tasktemplate/{template.pk}", 404),
        ("DELETE", f"crm/tasktemplatecontainer/tasktemplate/{template.pk}", 404),
    ):
        foreign = caller.call(method, path)
        unknown = caller.call(method, "/".join("987654" if part.isdigit() else part for part in path.split("/")))
        assert foreign.status_code == status, path
        assert foreign.content == unknown.content
    assert listed(caller) == []
    assert json.loads(caller.get("crm/contact/filter").content)["total"] == 0
    own = TaskCategory.objects.of(world.other_organization)[0]
    body = {"title": "t", "deadline": DEADLINE, "contactid": contact.pk, "entityType": "case", "entityid": case.pk,
            "responsibleid": str(world.owner.guid)}  # fmt: skip
    response = json.loads(caller.post("crm/task", **body, categoryid=own.pk).content)["response"]
    assert "contact" not in response
    assert "entity" not in response
    assert response["responsible"]["displayName"] == "Profile has been removed"
    assert caller.post("crm/task", **body, categoryid=category.pk).status_code == 404
