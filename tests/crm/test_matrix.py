"""Every route, asked in JSON, form and XML, answered in JSON and XML."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from crm.api import urls
from crm.api.dialect import envelope
from crm.models import Stage, TaskCategory
from tests.conftest import World
from tests.crm.conftest import DEADLINE, Portal, as_form, as_json, as_xml, parsed_xml

Known = dict[str, Any]
# Method, path, parameters, status; names in braces come from what earlier answers were kept under (last column).
CALLS: list[tuple[str, str, Known, int, str]] = [
    ("POST", "authentication", {"userName": "owner@example.com", "password": "secret"}, 201, ""),
    ("GET", "people/@self", {}, 200, ""),
    ("POST", "people", {"email": "new@example.com", "firstname": "New", "lastname": "Person"}, 201, ""),
    ("POST", "crm/contact/company", {"companyName": "ACME", "shareType": "Read"}, 201, "company"),
    ("POST", "crm/contact/person", {"firstName": "Jane", "lastName": "Doe", "companyId": "{company}"}, 201, "contact"),
    ("POST", "crm/contact/person", {"firstName": "Joan", "managerList": ["{guid}"]}, 201, "twin"),
    ("GET", "crm/contact/{contact}", {}, 200, ""),
    ("GET", "crm/contact/filter", {}, 200, ""),
    ("POST", "crm/case", {"title": "Case", "members": ["{contact}"], "isPrivate": True,
      "accessList": ["{guid}"]}, 201, "case"),
    ("GET", "crm/case/{case}", {}, 200, ""),
    ("PUT", "crm/case/{case}/close", {}, 200, ""),
    ("PUT", "crm/case/{case}/reopen", {}, 200, ""),
    ("GET", "crm/opportunity/stage", {}, 200, ""),
    (
        "POST", "crm/opportunity",
        {"title": "Deal", "responsibleid": "{guid}", "stageid": "{stage}",
         "bidCurrencyAbbr": "EUR", "contactid": "{contact}", "bidValue": "12.5", "bidType": 1,
         "successProbability": 120, "expectedCloseDate": DEADLINE, "members": ["{contact}"]},
        201, "opportunity",
    ),
    ("GET", "crm/opportunity/{opportunity}", {}, 200, ""),
    ("POST", "crm/task/category", {"title": "Errand", "imageName": "a/b.png", "description": "d"}, 201, "category"),
    ("GET", "crm/task/category", {}, 200, ""),
    ("GET", "crm/task/category/{category}", {}, 200, ""),
    ("PUT", "crm/task/category/{category}", {"title": "Errands", "imageName": "c.png"}, 200, ""),
    ("PUT", "crm/task/category/{category}/icon", {"imageName": "d.png"}, 200, ""),
    ("PUT", "crm/task/category/reorder", {"titles": ["Errands", "Fax"]}, 200, ""),
    (
        "POST", "crm/task",
        {"title": "Täsk <&> 日本 😀", "description": "", "deadline": DEADLINE, "responsibleId": "{guid}",
         "categoryId": "{category}", "contactId": "{contact}",
         "entityType": "Case", "entityId": "{case}", "isNotify": False, "alertValue": 15},
        201, "task",
    ),
    ("GET", "crm/task/{task}", {}, 200, ""),
    ("GET", "crm/task/filter", {}, 200, ""),
    ("GET", "crm/contact/simple/filter", {}, 200, ""),
    ("PUT", "crm/task/{task}", {"title": "New", "deadline": DEADLINE, "categoryid": "{category}",
      "contactid": "{twin}"}, 200, ""),
    ("PUT", "crm/task/{task}/close", {}, 200, ""),
    ("PUT", "crm/task/{task}/reopen", {}, 200, ""),
    ("PUT", "crm/task/{task}/creationdate", {"creationDate": "2020-01-01"}, 200, ""),
    ("PUT", "crm/task/{task}/lastmodifeddate", {"lastModifedDate": "2020-01-01"}, 200, ""),
    (
        "POST", "crm/contact/task/group",
        {"title": "All", "deadline": DEADLINE, "categoryId": "{category}", "contactId": ["{contact}", "{twin}"]},
        201, "",
    ),
    *[
        call
        for kind in ("contact", "person", "company", "opportunity", "case")
        for call in (
            ("POST", f"crm/{kind}/tasktemplatecontainer", {"title": "Set"}, 201, "set"),
            ("GET", f"crm/{kind}/tasktemplatecontainer", {}, 200, ""),
        )
    ],
    ("GET", "crm/tasktemplatecontainer/{set}", {}, 200, ""),
    ("PUT", "crm/tasktemplatecontainer/{set}", {"title": "Sets"}, 200, ""),
    (
        "POST", "crm/tasktemplatecontainer/{set}/tasktemplate",
        {"title": "T", "categoryid": "{category}", "offsetTicks": 864000000000, "deadLineIsFixed": True,
         "responsibleid": "{guid}"},
        201, "template",
    ),
    ("GET", "crm/tasktemplatecontainer/{set}/tasktemplate", {}, 200, ""),
    ("PUT", "crm/tasktemplatecontainer/{set}/tasktemplate",
     {"id": "{template}", "title": "U", "categoryid": "{category}"}, 200, ""),
    ("GET", "crm/tasktemplatecontainer/tasktemplate/{template}", {}, 200, ""),
    ("DELETE", "crm/tasktemplatecontainer/tasktemplate/{template}", {}, 200, ""),
    ("DELETE", "crm/tasktemplatecontainer/{set}", {}, 200, ""),
    ("DELETE", "crm/task/category/{category}", {"newcategoryid": "{fax}"}, 200, ""),
    ("DELETE", "crm/task/{task}", {}, 200, ""),
    ("PUT", "crm/contact/merge", {"fromcontactid": "{twin}", "tocontactid": "{contact}"}, 200, ""),
    ("DELETE", "crm/opportunity/{opportunity}", {}, 200, ""),
    ("DELETE", "crm/case/{case}", {}, 200, ""),
    ("DELETE", "crm/contact/{contact}", {}, 200, ""),
]  # fmt: skip
BODIES = {"json": as_json, "form": as_form, "xml": as_xml}


def filled(value: Any, known: Known) -> Any:
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    return value.format(**known) if isinstance(value, str) else value


def as_printed(value: Any) -> Any:
    """A JSON value as the XML of it reads: texts only, one item for a list of one, nothing for an empty list."""
    if isinstance(value, dict):
        members = {key: as_printed(member) for key, member in value.items() if member != []}
        return members or ""
    if isinstance(value, list):
        return as_printed(value[0]) if len(value) == 1 else [as_printed(item) for item in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def known(world: World) -> Known:
    User.objects.filter(pk=world.owner.pk).update(password="")
    world.owner.set_password("secret")
    world.owner.save()
    return {
        "guid": str(world.owner.guid),
        "stage": Stage.objects.of(world.organization)[0].pk,
        "fax": TaskCategory.objects.of(world.organization).get(title="Fax").pk,
    }


@pytest.mark.parametrize("suffix", ["", ".xml"])
@pytest.mark.parametrize("body", ["json", "form", "xml"])
def test_every_route_in_every_format(
    portal: Portal, known: Known, monkeypatch: pytest.MonkeyPatch, body: str, suffix: str
) -> None:
    envelopes: list[dict[str, Any]] = []
    printed: Callable[..., Any] = envelope.printed
    monkeypatch.setattr(
        envelope, "printed", lambda request, value, status: envelopes.append(value) or printed(request, value, status)
    )
    for method, path, parameters, status, name in CALLS:
        values = {key: filled(value, known) for key, value in parameters.items()}
        data, content_type = BODIES[body](values)
        sent = (data, content_type) if values or body == "json" else (b"", content_type)
        answer = portal.call(method, filled(path, known) + suffix, *sent)
        assert answer.status_code == status, (method, path, answer.content)
        as_xml_expected = suffix == ".xml" and body != "json"
        if as_xml_expected:
            assert answer["Content-Type"] == "text/xml; charset=UTF-8"
            assert parsed_xml(answer.content) == as_printed(envelopes[-1]), path
        else:
            assert answer["Content-Type"] == "application/json; charset=UTF-8"
            assert json.loads(answer.content) == envelopes[-1], path
        response = envelopes[-1]["response"]
        assert (envelopes[-1]["status"], envelopes[-1]["statusCode"]) == (0, status)
        if name:
            known[name] = response["id"]


def test_the_matrix_covers_every_route() -> None:
    called = {(method, path) for method, path, *_ in CALLS}
    for pattern in urls.urlpatterns:
        for method in pattern.callback.actions.keys() - {"head"}:
            shape = str(pattern.pattern).replace("<int:", "<")
            matching = [path for verb, path in called if verb == method.upper() and _same(path, shape)]
            assert matching, (method, shape)


def _same(path: str, shape: str) -> bool:
    """Whether `crm/task/{task}/close` and `crm/task/<taskid>/close` are one route."""
    ours, theirs = path.split("/"), shape.split("/")
    return len(ours) == len(theirs) and all(
        (a.startswith("{") and b.startswith("<")) or a == b for a, b in zip(ours, theirs, strict=True)
    )
