"""The requests of the vendors' pages, verbatim after changing host and token, on the demo data, and their answers."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from config.management.commands.seed_demo import demo_load

MILEAPP_TASK = {
    "_id": "6352736c628401059b37a2e2",
    "flow": "Visit",
    "hubId": "634e98498ce07d29474a7e29",
    "startTime": "2022-11-02T07:28:23+00:00",
    "organizationId": "634e98098ce07d29474a7e22",
    "status": "UNASSIGNED",
    "hub": {"_id": "634e98498ce07d29474a7e29", "name": "Jakarta", "lat": -6.205154152722965, "lng": 106.84667067970608},
    "orderIndex": 10,
    "field1": "Jack Ward",
    "field2": "Gambir Jakarta",
    "field3": "-6.230815251,106.75684387",
    "createdFrom": "API",
    "endTime": "2022-11-05T07:28:23+00:00",
    "createdBy": "Roger",
    "updatedTime": "2022-11-01T07:28:23+00:00",
    "createdTime": "2022-11-01T07:28:23+00:00",
}
MILEAPP_BODY = """
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
# The page's entityType "some text" is a placeholder that the vendor's own server refuses.
ONLYOFFICE_BODY = """{
"title": "some text",
"description": "some text",
"deadline": "2008-04-10T06-30-00.000Z",
"responsibleid": "9924256A-739C-462b-AF15-E652A3B1B6EB",
"categoryid": 1234,
"contactid": 1234,
"entityType": "some text",
"entityid": 1234,
"isNotify": true,
"alertValue": 1234
}"""
ONLYOFFICE_TASK = {
    "createBy": {
        "id": "00000000-0000-0000-0000-000000000000",
        "displayName": "Mike Zanyatski",
        "title": "Manager",
        "avatarSmall": "url to small avatar",
        "profileUrl": "",
    },
    "created": "2022-07-01T04:23:09.7776149Z",
    "title": "Send a commercial offer",
    "deadLine": "2022-07-01T04:23:09.7776149Z",
    "responsible": {
        "id": "00000000-0000-0000-0000-000000000000",
        "displayName": "Mike Zanyatski",
        "title": "Manager",
        "avatarSmall": "url to small avatar",
        "profileUrl": "",
    },
    "category": {"imagePath": "path to image", "title": "Appointment", "description": "", "sortOrder": 2, "id": 30},
    "canEdit": True,
    "id": 0,
}
SECMASTER = "/v1/15645222e8744afa985c93dab6341da6/workspaces/75645d0a-93b8-4a7f-a77c-e97009389445/soc/tasks"
SECMASTER_TASK = {
    "id": "3e4c170e-7cc9-11f0-9216-fa163e209978",
    "aopengine_task_id": "3e4c170e-7cc9-11f0-9216-fa163e209978",
    "name": "test task",
    "project_id": "15645222e8744afa985c93dab6341da6",
    "description": "",
    "create_time": "2025-08-19T14:53:42.424Z+0800",
    "creator_id": "",
    "creator_name": "XXXX",
    "modifier_id": "",
    "modifier_name": "",
    "update_time": "2025-08-19T16:50:23.743Z+0800",
    "approveuser_id": "",
    "approveuser_name": "",
    "approver": "",
    "definition_key": "Activity_1xkg6ju",
    "notes": "006",
    "due_date": "2025-09-03T14:53:42.398Z+0800",
    "action_id": "e1426fd5-bf48-3b71-8f8e-d5ca1047f68b",
    "action_version_id": "0696648d-9d20-4e21-b1fd-24f9a6f4918c",
    "action_instance_id": "xxxxx",
    "workspace_id": "75645d0a-93b8-4a7f-a77c-e97009389445",
    "view_parameters": "",
    "handle_parameters": "",
    "review_comments": "",
    "business_type": "PLAYBOOKNODEAPPROVE",
    "related_object": "test",
    "attachment_id_list": [],
    "comments": [],
    "due_handle": "",
    "status": "waiting",
}
SECMASTER_BODIES = [
    '{ "action" : "ADD_COMMENT", "comment" : "comment content" }',
    '{ "action" : "DELETE_COMMENT", "comment_id" : "909494e3-558e-46b6-a9eb-07a8e18ca62f" }',
    '{ "action" : "ADD_ATTACHMENT", "attachment_id" : "909494e3-558e-46b6-a9eb-07a8e1XXXX" }',
    '{ "action" : "DELETE_ATTACHMENT", "attachment_id" : "909494e3-558e-46b6-a9eb-07a8e1XXXX" }',
    '{ "action" : "CONTINUE" }',
]
GANTT_UPDATE = {
    "id": 67,
    "text": "New Task",
    "start": "2024-06-10 00:00:00",
    "end": "2024-06-11 00:00:00",
    "duration": 1,
    "progress": 0,
    "parent": 0,
    "type": "task",
    "lazy": False,
    "details": " ",
}


@pytest.fixture
def demo(db: None) -> dict[str, Any]:
    return demo_load()


def send(client: Client, method: str, path: str, body: Any, **headers: str):
    data = body if isinstance(body, str) else json.dumps(body)
    return client.generic(method, path, data, content_type="application/json", headers=headers)


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The JSON list of an answer that may be streamed."""
    return json.loads(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def same_types(sample: Any, real: Any, path: str = "") -> None:
    """Every member of the page's sample is there, with the sample's type."""
    if isinstance(sample, dict):
        assert isinstance(real, dict), path
        for key, value in sample.items():
            assert key in real, f"{path}.{key} is missing"
            same_types(value, real[key], f"{path}.{key}")
    else:
        kinds = (int, float) if type(sample) in (int, float) else (type(sample),)
        assert isinstance(real, kinds), f"{path} is {real!r}"


class TestMileApp:
    def test_create_task(self, demo, client):
        answer = send(client, "POST", "/api/v3/task", MILEAPP_BODY, authorization=f"Bearer {demo['mileapp']['token']}")
        assert answer.status_code == 201
        body = answer.json()
        assert (body["status"], body["message"]) == (True, "Task has been created")
        same_types(MILEAPP_TASK, body["task"])
        free = {"_id", "orderIndex", "updatedTime", "createdTime"}
        assert {k: v for k, v in body["task"].items() if k in MILEAPP_TASK and k not in free} == {
            k: v for k, v in MILEAPP_TASK.items() if k not in free
        }
        assert re.fullmatch(r"[0-9a-f]{24}", body["task"]["_id"])

    def test_update_task(self, demo, client):
        sent = MILEAPP_BODY.replace("Jack Ward", "John Birdy")
        answer = send(
            client,
            "PUT",
            "/api/v3/task/6352736c628401059b37a2e2",
            sent,
            authorization=f"Bearer {demo['mileapp']['token']}",
        )
        assert answer.status_code == 200
        body = answer.json()
        assert (body["status"], body["message"]) == (True, "Success")
        expected = {**MILEAPP_TASK, "field1": "John Birdy"}
        expected.pop("updatedTime")
        assert {key: body["task"][key] for key in expected} == expected

    def test_the_generated_payload_creates_a_task(self, demo, client):
        token = f"Bearer {demo['mileapp']['token']}"
        payload = client.get("/api/v3/flow/Visit/task", headers={"authorization": token}).json()["data"]["bodyRequest"]
        assert send(client, "POST", "/api/v3/task", payload, authorization=token).status_code == 201

    def test_the_named_lists(self, demo, client):
        headers = {"authorization": f"Bearer {demo['mileapp']['token']}"}
        flows = client.get("/api/v3/flows", headers=headers).json()["flows"]["data"]
        assert "Visit" in [flow["name"] for flow in flows]
        hubs = client.get("/api/v3/hubs", headers=headers).json()["data"]
        assert "634e98498ce07d29474a7e29" in [hub["_id"] for hub in hubs]


class TestOnlyOffice:
    def test_the_placeholder_is_refused_as_by_the_vendor(self, demo, client):
        answer = send(
            client, "PUT", "/api/2.0/crm/task/1234", ONLYOFFICE_BODY, authorization=demo["onlyoffice"]["token"]
        )
        assert answer.status_code == 400
        assert answer.json()["status"] == 1
        assert answer.json()["statusCode"] == 400

    def test_update_task_in_json(self, demo, client):
        sent = ONLYOFFICE_BODY.replace('"entityType": "some text"', '"entityType": "opportunity"')
        answer = send(client, "PUT", "/api/2.0/crm/task/1234", sent, authorization=demo["onlyoffice"]["token"])
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert body["status"] == 0
        task = body["response"]
        same_types({k: v for k, v in ONLYOFFICE_TASK.items() if k != "createBy"}, task)
        assert task["createBy"].keys() >= {"id", "displayName", "avatarSmall", "profileUrl"}
        assert (task["id"], task["title"], task["canEdit"]) == (1234, "some text", True)
        assert task["responsible"]["id"] == "9924256a-739c-462b-af15-e652a3b1b6eb"
        assert task["deadLine"] == "2008-04-10T14:30:00.0000000+08:00"
        assert list(task)[-1] == "id"

    def test_update_task_in_xml(self, demo, client):
        sent = (
            "<r><title>some text</title><deadline>2008-04-10T06-30-00.000Z</deadline><categoryid>1234</categoryid></r>"
        )
        answer = client.generic(
            "PUT",
            "/api/2.0/crm/task/1234.xml",
            sent,
            content_type="text/xml",
            headers={"authorization": demo["onlyoffice"]["token"]},
        )
        assert answer.status_code == 200, answer.content
        assert answer["Content-Type"].lower() == "text/xml; charset=utf-8"
        root = ET.fromstring(answer.content)
        assert root.tag == "result"
        assert root.findtext("status") == "0"
        names = [child.tag for child in root.find("response")]
        assert [name for name in names if name in ONLYOFFICE_TASK] == list(ONLYOFFICE_TASK)

    def test_log_in(self, demo, client):
        who = {"userName": demo["onlyoffice"]["user"], "password": demo["onlyoffice"]["password"]}
        answer = send(client, "POST", "/api/2.0/authentication", who)
        assert answer.status_code == 201
        token = answer.json()["response"]["token"]
        again = client.get("/api/2.0/crm/task/1234.json", headers={"authorization": token})
        assert again.status_code == 200


class TestSecMaster:
    def test_the_demo_is_the_pages_example(self, demo, client):
        path = f"{SECMASTER}/{demo['secmaster']['task_id']}"
        body = client.get(path, headers={"x-auth-token": demo["secmaster"]["token"]}).json()
        free = {"comments", "attachment_id_list"}
        assert {k: v for k, v in body["data"].items() if k in SECMASTER_TASK and k not in free} == {
            k: v for k, v in SECMASTER_TASK.items() if k not in free
        }

    @pytest.mark.parametrize("sent", SECMASTER_BODIES)
    def test_each_action(self, demo, client, sent):
        path = f"{SECMASTER}/{demo['secmaster']['task_id']}"
        if "DELETE_ATTACHMENT" in sent:
            before = sent.replace("DELETE", "ADD")
            send(client, "PUT", path, before, **{"x-auth-token": demo["secmaster"]["token"]})
        answer = send(client, "PUT", path, sent, **{"x-auth-token": demo["secmaster"]["token"]})
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert [body["code"], body["message"], body["success"]] == ["00000000", "", True]
        assert body["request_id"] == answer["X-Request-Id"]
        same_types(SECMASTER_TASK, body["data"])
        assert [key for key in body["data"] if key in SECMASTER_TASK] == list(SECMASTER_TASK)

    def test_all_six_in_the_pages_order_of_life(self, demo, client):
        path = f"{SECMASTER}/{demo['secmaster']['task_id']}"
        headers = {"x-auth-token": demo["secmaster"]["token"]}
        for sent in [*SECMASTER_BODIES[:4], '{ "action" : "TERMINATE" }']:
            assert send(client, "PUT", path, sent, **headers).status_code == 200, sent
        assert client.get(path, headers=headers).json()["data"]["status"] == "canceled"


class TestGantt:
    def test_update_move_copy(self, demo, client):
        token = f"Bearer {demo['gantt']['token']}"
        assert send(client, "PUT", "/tasks/67", GANTT_UPDATE, authorization=token).json() == {"id": 67}
        for mode in ("after", "before", "up", "down", "child"):
            sent = {"operation": "move", "target": 20, "mode": mode}
            assert send(client, "PUT", "/tasks/67", sent, authorization=token).json() == {"id": 67}, mode
        for mode, lazy in (("after", None), ("before", True), ("after", False)):
            sent = {"operation": "copy", "target": 20, "mode": mode} | ({} if lazy is None else {"lazy": lazy})
            answer = send(client, "PUT", "/tasks/67", sent, authorization=token)
            assert answer.status_code == 200
            assert isinstance(answer.json()["id"], int)
            assert answer.json()["id"] != 67
        rows = {row["id"]: row for row in rows_of(client.get("/tasks", headers={"authorization": token}))}
        assert rows[67]["text"] == "New Task"
        assert rows[67]["parent"] == 20
        assert rows[67]["start"] == "2024-06-10 00:00:00"

    def test_a_new_task_is_seen(self, demo, client):
        token = f"Bearer {demo['gantt']['token']}"
        new = send(client, "POST", "/tasks", {"text": "Fresh", "parent": 0}, authorization=token).json()["id"]
        rows = rows_of(client.get("/gantt/demo/tasks", headers={"authorization": token}))
        assert new in [row["id"] for row in rows]


class TestOutsider:
    """With the outsider's token every id is as unknown as one that does not exist."""

    PAIRS = [
        ("GET", "/api/v3/task/{}", "6352736c628401059b37a2e2", "0" * 24, "bearer"),
        ("PUT", "/api/v3/task/{}", "6352736c628401059b37a2e2", "0" * 24, "bearer"),
        ("DELETE", "/api/v3/task/{}", "6352736c628401059b37a2e2", "0" * 24, "bearer"),
        ("GET", "/api/v3/hub/{}", "634e98498ce07d29474a7e29", "0" * 24, "bearer"),
        ("GET", "/api/2.0/crm/task/{}.json", "1234", "99999", "raw"),
        ("DELETE", "/api/2.0/crm/task/{}.json", "1234", "99999", "raw"),
        ("PUT", "/api/2.0/crm/task/{}/close.json", "1234", "99999", "bearer"),
        ("GET", "/api/2.0/crm/contact/{}.json", "1234", "99999", "raw"),
        ("GET", "/v1/{}/workspaces/x/soc/tasks", "15645222e8744afa985c93dab6341da6", "0" * 32, "x-auth-token"),
        ("PUT", "/tasks/{}", "67", "99999", "bearer"),
        ("DELETE", "/tasks/{}", "67", "99999", "bearer"),
        ("GET", "/gantt/{}/tasks", "demo", "nowhere", "bearer"),
    ]

    @pytest.mark.parametrize(("method", "path", "real", "unknown", "how"), PAIRS)
    def test_it_is_as_unknown_as_nothing(self, demo, client, method, path, real, unknown, how):
        token = demo["outsider"]["token"]
        header = {"bearer": {"authorization": f"Bearer {token}"}, "raw": {"authorization": token}}.get(
            how, {"x-auth-token": token}
        )
        answers = [send(client, method, path.format(name), "{}", **header) for name in (real, unknown)]
        texts = [
            re.sub(rf"\b{re.escape(name)}\b", "ID", answer.content.decode()).replace(answer["X-Request-Id"], "REQUEST")
            for name, answer in zip((real, unknown), answers, strict=True)
        ]
        assert answers[0].status_code == answers[1].status_code >= 400
        assert texts[0] == texts[1]


def test_it_can_be_loaded_again(demo, client):
    again = demo_load()
    assert again["mileapp"]["token"] != demo["mileapp"]["token"]
    assert (
        client.get("/api/v3/hubs", headers={"authorization": f"Bearer {demo['mileapp']['token']}"}).status_code == 401
    )
    for vendor in ("mileapp", "onlyoffice", "secmaster", "gantt"):
        fresh = {"token", "password", "access_key", "secret_key"}
        assert {k: v for k, v in again[vendor].items() if k not in fresh} == {
            k: v for k, v in demo[vendor].items() if k not in fresh
        }


def test_the_facts_have_the_documented_members(demo):
    documented = {
        "console": "email password",
        "mileapp": "assignee base flow hub_id token",
        "onlyoffice": "base category_id password responsible_id task_id token user",
        "secmaster": "access_key project_id secret_key task_id token workspace_id",
        "gantt": "base project token",
        "outsider": "email token",
    }
    for vendor, members in documented.items():
        assert demo[vendor].keys() >= set(members.split()), vendor
