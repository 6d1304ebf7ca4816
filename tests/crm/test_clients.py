"""The requests of known clients, as they send them."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from crm.models import TaskCategory
from tests.conftest import World
from tests.crm.conftest import BASE, Portal, parsed_xml
from tests.crm.factories import make_task

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(world: World) -> Client:
    world.owner.set_password("secret")
    world.owner.save()
    return Client()


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.content
    envelope = json.loads(response.content)
    assert envelope["statusCode"] == status
    return envelope["response"]


def test_the_go_library(client: Client, category: TaskCategory) -> None:
    """Log-in in JSON, raw token, `.json` paths, form bodies in camel case."""
    body = json.dumps({"userName": "owner@example.com", "password": "secret"})
    login = ok(client.post(f"{BASE}authentication.json", body, content_type="application/json"), 201)
    # It parses seven digits of fraction and a numeric offset, nothing else.
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d", login["expires"])
    token = {"headers": {"authorization": login["token"]}}
    me = ok(client.get(f"{BASE}people/@self.json", **token))
    assert ok(client.get(f"{BASE}crm/task/filter.json?count=30&startIndex=0", **token)) == []
    form = {"title": "Ping", "deadline": "2030-01-02T03:04:05Z", "categoryId": category.pk, "responsibleId": me["id"]}
    task = ok(client.post(f"{BASE}crm/task.json", urlencode(form), content_type=FORM, **token), 201)
    assert task["responsible"]["id"] == me["id"]
    form["title"] = "Pong"
    assert (
        ok(client.put(f"{BASE}crm/task/{task['id']}.json", urlencode(form), content_type=FORM, **token))["title"]
        == "Pong"
    )
    assert len(ok(client.get(f"{BASE}crm/task/category.json", **token))) == 12
    assert ok(client.delete(f"{BASE}crm/task/{task['id']}.json", **token))["id"] == task["id"]


def test_the_ruby_gem(client: Client, category: TaskCategory, world: World) -> None:
    """Forms without extension, arrays with brackets, the raw token in a lower-case header; success is below 400."""
    login = urlencode({"userName": "owner@example.com", "password": "secret"})
    token = {
        "headers": {"authorization": ok(client.post(f"{BASE}authentication", login, content_type=FORM), 201)["token"]}
    }

    def send(method: str, path: str, status: int = 200, **form: Any) -> Any:
        return ok(client.generic(method, BASE + path, urlencode(form, doseq=True), content_type=FORM, **token), status)

    person = {"isVisitor": "false", "email": "bob@example.com", "firstname": "Bob", "lastname": "Lee"}
    assert send("POST", "people", 201, **person)["id"]
    task = send(
        "POST",
        "crm/task",
        201,
        title="t",
        deadline="2014-12-29T00:00:00+00:00",
        responsibleid=str(world.owner.guid),
        categoryid=category.pk,
    )
    assert task["deadLine"] == "2014-12-29T08:00:00.0000000+08:00"
    assert send("GET", "crm/task/filter")[0]["id"] == task["id"]
    assert send("GET", f"crm/task/{task['id']}")["id"] == task["id"]
    # An update without a responsible.
    updated = send(
        "PUT", f"crm/task/{task['id']}", title="u", deadline="2014-12-29T00:00:00+00:00", categoryid=category.pk
    )
    assert updated["responsible"]["displayName"] == "Profile has been removed"
    assert send("PUT", f"crm/task/{task['id']}/close")["isClosed"] is True
    assert "isClosed" not in send("PUT", f"crm/task/{task['id']}/reopen")
    assert send("POST", "crm/contact/task/group", 201, title="a title only") == []
    made = send("POST", "crm/task/category", 201, title="New one", imageName="any text")
    assert (
        send("PUT", f"crm/task/category/{made['id']}", title="Newer", imageName="task_category_call.png")["title"]
        == "Newer"
    )
    assert send("PUT", f"crm/task/category/{made['id']}/icon", imageName="task_category_fax.png")["id"] == made["id"]
    assert send("PUT", "crm/task/category/reorder", **{"titles[]": ["Newer"]})[0]["title"] == "Newer"
    assert send("DELETE", f"crm/task/category/{made['id']}")["id"] == made["id"]
    assert send("DELETE", f"crm/task/{task['id']}")["id"] == task["id"]


def test_the_dotnet_client(client: Client, category: TaskCategory) -> None:
    """Log-in by form at `authentication.xml`, everything else in XML."""
    login = client.post(f"{BASE}authentication.xml", "userName=owner%40example.com&password=secret", content_type=FORM)
    token = parsed_xml(login.content)["response"]["token"]
    headers = {"headers": {"authorization": token}}
    form = urlencode({"title": "t", "deadline": "2030-01-01T00:00:00", "categoryId": category.pk})
    answer = client.post(f"{BASE}crm/task.xml", form, content_type=FORM, **headers)
    envelope = parsed_xml(answer.content)
    assert (envelope["statusCode"], envelope["count"]) == ("201", "1")
    failed = parsed_xml(client.get(f"{BASE}crm/task/999999.xml", **headers).content)
    assert failed["error"]["message"] == "Not found"


def test_the_vendors_web_page(world: World, client: Client, category: TaskCategory) -> None:
    """A cookie, `.json` paths, forms with `isnotify` and dates without offset; marks of arrays with numbers."""
    client.cookies["asc_auth_key"] = world.token(world.owner)
    form = {
        "title": "t", "description": "", "deadline": "2030-01-01T10:30:00", "responsibleid": str(world.owner.guid),
        "categoryid": category.pk, "isnotify": "true", "contactid": 0, "alertValue": 1440,
    }  # fmt: skip
    task = ok(client.post(f"{BASE}crm/task.json", urlencode(form), content_type=FORM), 201)
    assert task["deadLine"] == "2030-01-01T10:30:00.0000000+08:00"
    group = urlencode(form | {"contactid[0]": 1, "contactid[1]": 2})
    assert ok(
        client.post(f"{BASE}crm/contact/task/group.json", group.replace("contactid=0&", ""), content_type=FORM), 201
    )
    query = "startIndex=0&count=25&sortBy=deadline&sortOrder=ascending&isClosed=false&filterValue="
    assert len(ok(client.get(f"{BASE}crm/task/filter.json?{query}"))) == 3


def test_the_kanban_board(world: World, portal: Portal) -> None:
    """A filter with an empty responsible, close and reopen with `{}`, and a route that has never existed."""
    task = make_task(world.actor(world.owner))
    listed = portal.get("crm/task/filter", startIndex=0, count=200, isClosed="false", responsibleid="")
    assert [item["id"] for item in ok(listed)] == [task.pk]
    assert ok(portal.call("PUT", f"crm/task/{task.pk}/close", "{}"))["isClosed"] is True
    assert "isClosed" not in ok(portal.call("PUT", f"crm/task/{task.pk}/reopen", "{}"))
    assert portal.call("POST", f"crm/task/{task.pk}/notify", "{}").status_code == 404


def test_scripts_with_bearer_tokens(world: World, category: TaskCategory) -> None:
    """JSON with fields of answers, a capital in the entity type, the vendor's date with dashes."""
    portal = Portal(f"Bearer {world.token(world.owner)}")
    body = {
        "title": "t", "deadline": "2025-01-01T06-30-00.000Z", "categoryid": category.pk, "entityType": "Case",
        "entityid": 1, "created": "2025-01-01", "isClosed": True, "id": 5, "contact": {"id": 1},
        "responsibleid": str(world.owner.guid), "alertValue": 0, "isNotify": False,
    }  # fmt: skip
    task = ok(portal.post("crm/task", **body), 201)
    assert task["deadLine"] == "2025-01-01T14:30:00.0000000+08:00"
    assert ok(portal.call("PUT", f"crm/task/{task['id']}/close", b""))["isClosed"] is True
