"""Who may come in: logging in, the forms of credentials, and what everybody else is told."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import AccessToken
from tests.conftest import World
from tests.crm.conftest import BASE, Portal, parsed_xml


@pytest.fixture
def nobody() -> Portal:
    return Portal(None)


@pytest.fixture
def password(world: World) -> str:
    world.owner.set_password("correct horse")
    world.owner.save()
    return "correct horse"


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_logging_in_gives_a_token_for_a_year(world: World, nobody: Portal, password: str) -> None:
    answer = nobody.post("authentication.json", userName="owner@example.com", password=password)
    assert answer.status_code == 201
    envelope = json.loads(answer.content)
    assert list(envelope) == ["count", "status", "statusCode", "response"]
    assert list(envelope["response"]) == ["token", "expires"]
    # Clients parse exactly seven digits and a numeric offset.
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+08:00", envelope["response"]["expires"])
    token = AccessToken.objects.get(kind="session")
    assert token.user == world.owner
    assert abs(token.expires_at - datetime.now(UTC) - timedelta(days=365)) < timedelta(minutes=1)
    cookie = answer.cookies["asc_auth_key"]
    assert cookie.value == envelope["response"]["token"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Portal(envelope["response"]["token"]).get("people/@self").status_code == 200


def test_logging_in_by_form_answers_in_xml(nobody: Portal, password: str) -> None:
    form = f"userName=owner%40example.com&password={quote(password)}"
    answer = nobody.call("POST", "authentication.xml", form, "application/x-www-form-urlencoded")
    assert answer.status_code == 201
    assert re.fullmatch(
        rb"<result><count>1</count><status>0</status><statusCode>201</statusCode><response><token>[\w-]+</token>"
        rb"<expires>[^<]+</expires></response></result>",
        answer.content,
    )


@pytest.mark.parametrize("name", ["owner", "OWNER", "Owner@Example.com", "{guid}", "{GUID}"])
def test_the_name_may_be_an_address_a_user_name_or_a_guid(
    world: World, nobody: Portal, password: str, name: str
) -> None:
    name = name.format(guid=world.owner.guid, GUID=str(world.owner.guid).upper())
    assert nobody.post("authentication", userName=name, password=password).status_code == 201


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"userName": "owner@example.com"},
        {"userName": "owner@example.com", "password": "wrong"},
        {"userName": "nobody@example.com", "password": "correct horse"},
        {"userName": "nobody", "password": "correct horse"},
        {"provider": "google", "accessToken": "x"},
    ],
)
def test_a_failed_login_is_a_500(nobody: Portal, password: str, parameters: dict[str, str]) -> None:
    answer = nobody.post("authentication", **parameters)
    assert answer.status_code == 500
    assert answer.reason_phrase == "Server error"
    assert json.loads(answer.content) == {
        "status": 1,
        "statusCode": 500,
        "error": {"message": "User authentication failed", "hresult": -2146233087, "data": {}},
    }
    assert "asc_auth_key" not in answer.cookies
    assert not AccessToken.objects.filter(kind="session").exists()


def test_too_many_wrong_passwords_lock_the_account(nobody: Portal, password: str) -> None:
    wrong = {"userName": "owner@example.com", "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = nobody.post("authentication", **wrong)
        assert answer.status_code == 500
    answer = nobody.post("authentication.json", userName="owner@example.com", password=password)
    assert answer.status_code == 500
    assert json.loads(answer.content)["error"]["message"] == "Login Fail. Too many attempts"
    # The same account, asked in another form.
    assert nobody.call("GET", "people/@self", headers=basic("owner", password)).status_code == 401


@pytest.mark.parametrize("form", ["{token}", "Bearer {token}", "bearer {token}", "Bearer {token}, other"])
def test_the_token_in_the_authorization_header(world: World, form: str) -> None:
    portal = Portal(form.format(token=world.token(world.owner)))
    assert json.loads(portal.get("people/@self").content)["response"]["id"] == str(world.owner.guid)


def test_the_token_as_cookie_query_and_form_parameter(world: World, nobody: Portal) -> None:
    token = world.token(world.owner)
    assert nobody.get("people/@self", asc_auth_key=token).status_code == 200
    assert nobody.get("people/@self", ASC_AUTH_KEY=token).status_code == 200
    form = f"asc_auth_key={token}&title=Case"
    assert nobody.call("POST", "crm/case", form, "application/x-www-form-urlencoded").status_code == 201
    client = Client()
    client.cookies["asc_auth_key"] = token
    assert client.get(f"{BASE}people/@self").status_code == 200


def test_basic_credentials(world: World, nobody: Portal, password: str) -> None:
    for name in ("owner@example.com", "owner", str(world.owner.guid)):
        assert nobody.call("GET", "people/@self", headers=basic(name, password)).status_code == 200
    assert nobody.call("GET", "people/@self", headers=basic("owner", "wrong")).status_code == 401


@pytest.mark.parametrize(
    "path", ["crm/task/1", "crm/task/1.xml", "crm/task/filter", "people/@self", "crm/task/category"]
)
def test_without_credentials_it_is_plain_text(nobody: Portal, db: Any, path: str) -> None:
    answer = nobody.get(path)
    assert (answer.status_code, answer.content) == (401, b"Unauthorized")
    assert answer["Content-Type"].startswith("text/plain")
    assert "WWW-Authenticate" not in answer


@pytest.mark.parametrize(
    "header", ["wrong", "Bearer wrong", "Basic wrong", "Basic d3Jvbmc=", "Bearer", "Digest x", "Bearer é"]
)
def test_with_wrong_credentials_the_realm_is_told(db: Any, header: str) -> None:
    answer = Portal(header).get("crm/task/1")
    assert (answer.status_code, answer.content) == (401, b"Unauthorized")
    assert answer["WWW-Authenticate"] == 'Basic Realm="testserver"'


def test_a_bad_body_without_credentials_is_a_401_all_the_same(nobody: Portal, db: Any) -> None:
    assert nobody.call("PUT", "crm/task/1", "{").status_code == 401
    assert nobody.call("PUT", "crm/task/1", "--x", "multipart/form-data").status_code == 401


def test_an_expired_or_revoked_token_and_a_closed_account_are_unknown(world: World) -> None:
    portal = Portal(world.token(world.owner))
    tokens = AccessToken.objects.filter(user=world.owner)
    now = datetime.now(UTC)
    for change in ({"expires_at": now - timedelta(seconds=1)}, {"expires_at": None, "revoked_at": now}):
        tokens.update(**change)
        assert portal.get("people/@self").status_code == 401
    tokens.update(revoked_at=None)
    world.owner.is_active = False
    world.owner.save()
    assert portal.get("people/@self").status_code == 401


def test_the_profile_of_the_caller(world: World, portal: Portal) -> None:
    shown = json.loads(portal.get("people/@self").content)["response"]
    assert shown["id"] == str(world.owner.guid)
    assert (shown["email"], shown["displayName"], shown["isAdmin"]) == ("owner@example.com", "Owner", True)
    assert parsed_xml(portal.get("people/@self.xml").content)["response"]["userName"] == "owner"


def test_administrators_add_people_who_can_log_in(world: World, portal: Portal, portal_of: Any, nobody: Portal) -> None:
    person = {"email": "Ann@Example.com", "firstname": "Ann", "lastname": "Lee", "password": "long enough 1"}
    assert portal_of(world.planner).post("people", **person).status_code == 403
    answer = portal.post("people", **person)
    assert answer.status_code == 201
    shown = json.loads(answer.content)["response"]
    assert (shown["email"], shown["displayName"], shown["isAdmin"]) == ("ann@example.com", "Ann Lee", False)
    assert nobody.post("authentication", userName="ann", password="long enough 1").status_code == 201
