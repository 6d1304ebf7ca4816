"""What is refused: which check comes first, with which status and in which words."""

import json
from codecs import BOM_UTF8
from typing import Any

import pytest

from crm.models import Task, TaskCategory, TaskTemplateContainer
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal, as_json, as_xml, parsed_xml

ARGUMENT = "Value does not fall within the expected range."
FORMAT = "Input string was not in a correct format."
GOOD = {"title": "t", "deadline": DEADLINE, "categoryId": "{category}"}
GROUP = {**GOOD, "contactId": [5]}

# Method, path, parameters, status, message. The rows of one call stand in the order of its checks:
# each request also breaks every later rule.
REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", "crm/task", {"entityType": "some text", "entityId": "x"}, 400, FORMAT),
    ("POST", "crm/task", {"entityType": "some text"}, 400, ARGUMENT),
    ("POST", "crm/task", {"entityType": "contact", **GOOD}, 400, ARGUMENT),
    ("POST", "crm/task", {"entityType": "1", **GOOD}, 400, ARGUMENT),
    ("POST", "crm/task", {}, 400, ARGUMENT),
    ("POST", "crm/task", {"categoryId": -1}, 400, ARGUMENT),
    ("POST", "crm/task", {"categoryId": 99999}, 404, "Category is not found"),
    ("POST", "crm/task", {**GOOD, "title": ""}, 400, ARGUMENT),
    ("POST", "crm/task", {**GOOD, "deadline": ""}, 400, ARGUMENT),
    ("POST", "crm/task", {**GOOD, "title": "x" * 256}, 400, ARGUMENT),
    ("POST", "crm/task", {**GOOD, "description": "x" * 65_536}, 400, ARGUMENT),
    ("POST", "crm/task", {**GOOD, "deadline": "10.04.2008"}, 400, "invalid date time format: 10.04.2008"),
    ("POST", "crm/task", {**GOOD, "alertValue": "soon"}, 400, FORMAT),
    ("POST", "crm/task", {**GOOD, "alertValue": 1.5}, 400, FORMAT),
    ("POST", "crm/task", {**GOOD, "contactId": 99999999999}, 400, FORMAT),
    ("POST", "crm/task", {**GOOD, "contactId": 10**30}, 400, FORMAT),
    ("POST", "crm/task", {**GOOD, "responsibleId": "nobody"}, 400, "Unrecognized Guid format."),
    ("POST", "crm/task", {**GOOD, "isNotify": 1}, 400, "String was not recognized as a valid Boolean."),
    ("POST", "crm/task", {**GOOD, "isNotify": "yes"}, 400, "String was not recognized as a valid Boolean."),
    ("PUT", "crm/task/{task}", {"entityType": "contact"}, 400, ARGUMENT),
    ("PUT", "crm/task/{task}", {}, 400, ARGUMENT),
    ("PUT", "crm/task/{task}", {"categoryid": 99999}, 404, "Category is not found"),
    ("PUT", "crm/task/{task}", {**GOOD, "title": None}, 400, ARGUMENT),
    ("PUT", "crm/task/99999999999", GOOD, 400, FORMAT),
    ("GET", "crm/task/0", {}, 400, ARGUMENT),
    ("GET", "crm/task/99999", {}, 404, "Not found"),
    ("GET", "crm/task/99999999999", {}, 400, FORMAT),
    ("PUT", "crm/task/0/close", {}, 400, ARGUMENT),
    ("PUT", "crm/task/99999/close", {}, 400, ARGUMENT),
    ("PUT", "crm/task/0/reopen", {}, 400, ARGUMENT),
    ("PUT", "crm/task/99999/reopen", {}, 400, ARGUMENT),
    ("DELETE", "crm/task/0", {}, 400, ARGUMENT),
    ("DELETE", "crm/task/99999", {}, 404, "Not found"),
    ("PUT", "crm/task/99999/creationdate", {"creationDate": DEADLINE}, 404, "Not found"),
    ("PUT", "crm/task/99999/lastmodifeddate", {"lastModifedDate": DEADLINE}, 404, "Not found"),
    ("PUT", "crm/task/{task}/creationdate", {}, 400, ARGUMENT),
    ("GET", "crm/task/filter?entityType=invoice", {}, 400, ARGUMENT),
    ("GET", "crm/task/filter?isClosed=1", {}, 400, "String was not recognized as a valid Boolean."),
    ("GET", "crm/task/filter?updatedSince=yesterday", {}, 400, "invalid date time format: yesterday"),
    ("GET", "crm/task/filter?fromDate=2008-04", {}, 400, "invalid date time format: 2008-04"),
    ("POST", "crm/contact/task/group", {"entityType": "x"}, 400, ARGUMENT),
    ("POST", "crm/contact/task/group", {**GROUP, "title": "", "categoryId": 99999}, 400, ARGUMENT),
    ("POST", "crm/contact/task/group", {**GROUP, "deadline": None, "categoryId": 99999}, 400, ARGUMENT),
    ("POST", "crm/contact/task/group", {**GROUP, "categoryId": 0}, 400, ARGUMENT),
    ("POST", "crm/contact/task/group", {**GROUP, "categoryId": 99999}, 404, "Category is not found"),
    ("POST", "crm/contact/task/group", {**GROUP, "contactId": ["x"]}, 400, FORMAT),
    ("GET", "crm/task/category/0", {}, 400, ARGUMENT),
    ("GET", "crm/task/category/99999", {}, 404, "Not found"),
    ("POST", "crm/task/category", {}, 400, ARGUMENT),
    ("POST", "crm/task/category", {"title": "New"}, 400, ARGUMENT),
    ("PUT", "crm/task/category/0", {"title": "x"}, 400, ARGUMENT),
    ("PUT", "crm/task/category/99999", {"title": ""}, 400, ARGUMENT),
    ("PUT", "crm/task/category/99999", {"title": "x"}, 404, "Not found"),
    ("PUT", "crm/task/category/{category}", {"title": "Fax"}, 400,
     "Can't be edited. There are some tasks with this category."),
    ("PUT", "crm/task/category/{unused}", {"title": "Appointment"}, 400, ARGUMENT),
    ("PUT", "crm/task/category/0/icon", {"imageName": "x"}, 400, ARGUMENT),
    ("PUT", "crm/task/category/99999/icon", {"imageName": "x"}, 404, "Not found"),
    ("PUT", "crm/task/category/reorder", {"titles": ["Fax", "Telex"]}, 400, ARGUMENT),
    ("DELETE", "crm/task/category/0", {}, 400, ARGUMENT),
    ("DELETE", "crm/task/category/99999", {}, 404, "Not found"),
    ("DELETE", "crm/task/category/{category}", {"newcategoryid": "{category}"}, 400,
     "Can't be deleted. There are some tasks with this category."),
    ("DELETE", "crm/task/category/{category}", {}, 400, "Parameter name: toItemID"),
    ("DELETE", "crm/task/category/{category}", {"newcategoryid": 99999}, 400, "Parameter name: toItemID"),
    ("POST", "crm/case/tasktemplatecontainer", {"title": ""}, 400, ARGUMENT),
    ("GET", "crm/tasktemplatecontainer/0", {}, 400, ARGUMENT),
    ("GET", "crm/tasktemplatecontainer/99999", {}, 404, "Not found"),
    ("PUT", "crm/tasktemplatecontainer/{container}", {}, 400, ARGUMENT),
    ("PUT", "crm/tasktemplatecontainer/99999", {"title": "x"}, 404, "Not found"),
    ("DELETE", "crm/tasktemplatecontainer/0", {}, 400, ARGUMENT),
    ("DELETE", "crm/tasktemplatecontainer/99999", {}, 404, "Not found"),
    ("GET", "crm/tasktemplatecontainer/99999/tasktemplate", {}, 404, "Not found"),
    ("POST", "crm/tasktemplatecontainer/99999/tasktemplate", GOOD, 404, "Not found"),
    ("POST", "crm/tasktemplatecontainer/{container}/tasktemplate", {"title": ""}, 400, ARGUMENT),
    ("POST", "crm/tasktemplatecontainer/{container}/tasktemplate", {"title": "x"}, 400, ARGUMENT),
    ("POST", "crm/tasktemplatecontainer/{container}/tasktemplate", {"title": "x", "categoryid": 9999}, 404,
     "Category is not found"),
    ("PUT", "crm/tasktemplatecontainer/{container}/tasktemplate", {"id": 0, **GOOD}, 400, ARGUMENT),
    ("PUT", "crm/tasktemplatecontainer/{container}/tasktemplate", {"id": 99999, **GOOD}, 404, "Not found"),
    ("GET", "crm/tasktemplatecontainer/tasktemplate/0", {}, 400, ARGUMENT),
    ("GET", "crm/tasktemplatecontainer/tasktemplate/99999", {}, 404, "Not found"),
    ("DELETE", "crm/tasktemplatecontainer/tasktemplate/99999", {}, 404, "Not found"),
    ("POST", "crm/contact/person", {"lastName": "Doe"}, 400, ARGUMENT),
    ("POST", "crm/contact/person", {"firstName": "  "}, 400, ARGUMENT),
    ("POST", "crm/contact/person", {"firstName": "Jane", "companyId": 99999}, 404, "Not found"),
    ("POST", "crm/contact/person", {"firstName": "Jane", "shareType": 7}, 400, ARGUMENT),
    ("POST", "crm/contact/person", {"firstName": "Jane", "shareType": "All"}, 400, FORMAT),
    ("POST", "crm/contact/company", {}, 400, ARGUMENT),
    ("POST", "crm/contact/company", {"companyName": "x", "personList": [99999]}, 404, "Not found"),
    ("GET", "crm/contact/0", {}, 400, ARGUMENT),
    ("GET", "crm/contact/99999", {}, 404, "Not found"),
    ("DELETE", "crm/contact/99999", {}, 404, "Not found"),
    ("GET", "crm/contact/filter?contactListView=Everything", {}, 400, ARGUMENT),
    ("PUT", "crm/contact/merge", {}, 400, ARGUMENT),
    ("PUT", "crm/contact/merge", {"fromcontactid": 99998, "tocontactid": 99999}, 404, "Not found"),
    ("PUT", "crm/contact/merge", {"fromcontactid": 5, "tocontactid": 5}, 400, ARGUMENT),
    ("POST", "crm/case", {}, 400, ARGUMENT),
    ("GET", "crm/case/0", {}, 404, "Not found"),
    ("GET", "crm/case/99999", {}, 404, "Not found"),
    ("PUT", "crm/case/99999/close", {}, 404, "Not found"),
    ("DELETE", "crm/case/99999", {}, 404, "Not found"),
    ("GET", "crm/opportunity/0", {}, 400, ARGUMENT),
    ("GET", "crm/opportunity/99999", {}, 404, "Not found"),
    ("DELETE", "crm/opportunity/99999", {}, 404, "Not found"),
    ("POST", "crm/opportunity", {}, 400, ARGUMENT),
    ("POST", "crm/opportunity", {"title": "x"}, 400, ARGUMENT),
    ("POST", "crm/opportunity", {"title": "x", "responsibleid": "{guid}", "stageid": 9999}, 400, ARGUMENT),
    ("POST", "people", {"email": "x@example.com"}, 400, ARGUMENT),
    ("POST", "people", {"email": "owner@example.com", "firstname": "A", "lastname": "B"}, 400, ARGUMENT),
]  # fmt: skip


@pytest.fixture
def known(world: World, category: TaskCategory) -> dict[str, Any]:
    from crm.services import container_create, task_create
    from tests.crm.factories import task_data

    actor = world.actor(world.owner)
    task, _ = task_create(actor=actor, data=task_data(category))
    unused = TaskCategory.objects.of(world.organization).get(title="Lunch")
    container = container_create(actor=actor, title="c", entity_type=7)
    return {
        "task": task.pk,
        "category": category.pk,
        "unused": unused.pk,
        "container": container.pk,
        "guid": str(world.owner.guid),
    }


def test_each_refusal_has_its_status_and_words_and_writes_nothing(portal: Portal, known: dict[str, Any]) -> None:
    from core.models import JournalEntry

    entries = JournalEntry.objects.count()
    for method, path, parameters, status, message in REFUSED:
        values = {key: value.format(**known) if isinstance(value, str) else value for key, value in parameters.items()}
        answer = portal.json(method, path.format(**known), values)
        envelope = json.loads(answer.content)
        assert (answer.status_code, envelope["error"]["message"]) == (status, message), (method, path, parameters)
        assert list(envelope) == ["status", "statusCode", "error"]
        assert list(envelope["error"]) == ["message", "hresult", "data"]
        assert (envelope["status"], envelope["statusCode"], envelope["error"]["data"]) == (1, status, {})
    assert JournalEntry.objects.count() == entries
    assert TaskTemplateContainer.objects.get().templates.count() == 0


@pytest.mark.parametrize(
    ("path", "status", "reason", "hresult"),
    [
        ("crm/task/999", 404, "The record could not be found", -2147467259),
        ("crm/task/0", 400, "Invalid arguments", -2147024809),
        ("crm/task/99999999999", 400, "Invalid arguments", -2146233033),
        ("crm/task/filter?fromDate=x", 400, "Invalid arguments", -2147024809),
    ],
)
def test_reasons_and_numbers(portal: Portal, path: str, status: int, reason: str, hresult: int) -> None:
    answer = portal.get(path)
    assert (answer.status_code, answer.reason_phrase) == (status, reason)
    assert json.loads(answer.content)["error"]["hresult"] == hresult


def test_an_error_in_xml(portal: Portal) -> None:
    answer = portal.get("crm/task/0.xml")
    assert answer.content.decode() == (
        "<result><status>1</status><statusCode>400</statusCode><error><message>Value does not fall within the expected "
        "range.</message><hresult>-2147024809</hresult><data /></error></result>"
    )


def test_an_error_repeats_the_start_index(portal: Portal) -> None:
    assert list(json.loads(portal.get("crm/task/0", startIndex=3).content)) == [
        "startIndex",
        "status",
        "statusCode",
        "error",
    ]


NESTED_JSON = '{"title":' * 10_000 + "1" + "}" * 10_000
NESTED_XML = "<a>" * 10_000 + "</a>" * 10_000
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><r><title>&b;</title></r>'
EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><title>&x;</title></r>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ('"text"', "application/json"),
        (b'{"title":"\xff"}', "application/json"),
        ('{"title":"\\ud800"}', "application/json"),
        ('{"title":"\\u0000"}', "application/json"),
        ('{"title":"a\\u0001b"}', "application/json"),
        ('{"title":"a\\uffffb"}', "application/json"),
        (NESTED_JSON, "application/json"),
        ("<r>", "text/xml"),
        ("no xml", "text/xml"),
        (NESTED_XML, "text/xml"),
        (LAUGHS, "text/xml"),
        (EXTERNAL, "text/xml"),
        ("<r><title>&#1;</title></r>", "text/xml"),
        ("title=a%00b", "application/x-www-form-urlencoded"),
        ("title=a%0Bb", "application/x-www-form-urlencoded"),
        ("&".join(f"a{i}=1" for i in range(20_001)), "application/x-www-form-urlencoded"),
        ("--x\r\nbroken", "multipart/form-data"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".xml"])
def test_a_body_that_cannot_be_read_is_a_400_in_the_envelope(
    portal: Portal, body: str, content_type: str, suffix: str
) -> None:
    answer = portal.call("POST", f"crm/task{suffix}", body, content_type)
    assert answer.status_code == 400
    xml = suffix and content_type != "application/json"
    envelope = parsed_xml(answer.content) if xml else json.loads(answer.content)
    assert str(envelope["statusCode"]) == "400"
    assert envelope["error"]["message"]
    assert not Task.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", "application/x-www-form-urlencoded"])
def test_a_body_of_twenty_megabytes_is_a_413(portal: Portal, content_type: str) -> None:
    answer = portal.call("POST", "crm/task", b"x" * 20 * 1024 * 1024, content_type)
    assert answer.status_code == 413
    assert json.loads(answer.content)["statusCode"] == 413


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/xml", "application/x-www-form-urlencoded", "text/plain"]
)
def test_an_empty_body_means_no_parameters(portal: Portal, known: dict[str, Any], content_type: str) -> None:
    assert portal.call("PUT", f"crm/task/{known['task']}/close", b"", content_type).status_code == 200


@pytest.mark.parametrize("content_type", ["application/json", "text/xml"])
def test_a_body_may_begin_with_a_byte_order_mark(portal: Portal, known: dict[str, Any], content_type: str) -> None:
    parameters = {"title": "t", "deadline": DEADLINE, "categoryId": known["category"]}
    body, _ = as_xml(parameters) if content_type == "text/xml" else as_json(parameters)
    assert portal.call("POST", "crm/task", BOM_UTF8 + body.encode(), content_type).status_code == 201
    assert portal.call("PUT", f"crm/task/{known['task']}/close", BOM_UTF8, "application/json").status_code == 200


def test_an_xml_body_under_another_name_is_a_form_without_parameters(portal: Portal, known: dict[str, Any]) -> None:
    body = f"<r><title>t</title><deadline>2030-01-01</deadline><categoryId>{known['category']}</categoryId></r>"
    assert portal.call("POST", "crm/task", body, "application/xml").status_code == 400
    assert portal.call("POST", "crm/task", body, "text/xml; charset=utf-8").status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "crm/nothing"),
        ("GET", ""),
        ("GET", "crm/task/5.yaml"),
        ("GET", "crm/task/5/"),
        ("GET", "crm/task/-5"),
        ("GET", "crm/task/5a"),
        ("GET", "crm/task"),
        ("POST", "crm/task/5"),
        ("PATCH", "crm/task/5"),
        ("GET", "authentication"),
        ("POST", "crm/task/5/notify"),
        ("POST", "crm/contact/task/filter"),
        ("POST", "crm/contact/task/near"),
        ("GET", "crm/invoice/tasktemplatecontainer"),
    ],
)
def test_what_is_no_route_gets_the_hosts_page(portal: Portal, method: str, path: str) -> None:
    for answer in (portal.call(method, path), Portal(None).call(method, path)):
        assert answer.status_code == 404
        assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "path", ["CRM/Task/Filter", "crm/task/filter.JSON", "crm/Task/FILTER.Xml", "crm/task/filter.tml"]
)
def test_paths_are_read_without_case(portal: Portal, path: str) -> None:
    answer = portal.get(path)
    assert answer.status_code == 200
    assert ("xml" in answer["Content-Type"]) == path.lower().endswith(("xml", "tml"))


def test_accept_is_never_read(portal: Portal) -> None:
    answer = portal.call("GET", "crm/task/filter", headers={"accept": "text/xml"})
    assert answer["Content-Type"] == "application/json; charset=UTF-8"
    answer = portal.call(
        "GET", "crm/task/filter.xml", headers={"accept": "application/json"}, content_type="text/plain"
    )
    assert answer["Content-Type"] == "text/xml; charset=UTF-8"


def test_an_empty_list_in_xml(portal: Portal) -> None:
    assert portal.get("crm/task/filter").content == b'{"total":0,"status":0,"statusCode":200,"response":[]}'
    assert portal.get("crm/task/filter.xml").content == (
        b"<result><total>0</total><status>0</status><statusCode>200</statusCode></result>"
    )


def test_options_says_what_is_allowed_without_credentials() -> None:
    answer = Portal(None).call("OPTIONS", "crm/task/5")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Methods"] == "GET, POST, PUT, DELETE"
    assert answer["Access-Control-Allow-Headers"] == "origin, authorization, accept, content-type"
    assert answer["Access-Control-Max-Age"] == "1728000"
    assert "Access-Control-Allow-Origin" not in answer


def test_a_query_that_cannot_be_read_is_found_before_anything_is_written(portal: Portal, known: dict[str, Any]) -> None:
    answer = portal.put(f"crm/task/{known['task']}/close?updatedSince=never")
    assert answer.status_code == 400
    assert not Task.objects.get(pk=known["task"]).is_closed


def test_the_whole_path_is_read_without_case(portal: Portal) -> None:
    assert portal.client.get("/API/2.0/CRM/TASK/FILTER.JSON").status_code == 200
    assert portal.client.get("/Api/2.0/crm/nothing").content == portal.client.get("/api/2.0/crm/nothing").content


def test_lists_and_searches_that_no_database_could_take_are_refused(portal: Portal) -> None:
    many = list(range(1, 1002))
    body = {"title": "t", "deadline": DEADLINE, "categoryId": 1}
    for answer in (
        portal.post("crm/contact/task/group", **body, contactId=many),
        portal.post("crm/case", title="c", members=many),
        portal.put("crm/task/category/reorder", titles=[str(number) for number in many]),
        portal.get("crm/task/filter", filterValue="a " * 33),
        portal.get("crm/contact/filter", filterValue="a " * 33),
    ):
        assert answer.status_code == 400
    assert portal.get("crm/task/filter", filterValue="a " * 32).status_code == 200
