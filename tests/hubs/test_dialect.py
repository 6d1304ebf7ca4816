"""How MileApp speaks, whatever the resource: credentials, formats, errors, pages, slashes."""

from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request

from core.api.errors import Forbidden, Invalid, NotFound, Unauthenticated
from hubs.api.dialect import PageRequest, error_message, page_object, page_request
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory, TeamFactory

BAD_REQUEST = {"status": False, "message": "Bad request - invalid parameters provided."}


def page_of(query: str, page: PageRequest, total: int) -> dict[str, Any]:
    request = Request(RequestFactory().get(f"/api/v3/tasks{query}", headers={"host": "testserver"}))
    count = max(0, min(page.size, total - page.offset))
    return page_object(request, page, total=total, data=[{}] * count)


def test_the_page_object_is_the_vendors() -> None:
    """Word for word the example of the vendor's page, with our host and empty rows."""
    page = page_of("?status=DONE&page=2", PageRequest(2, 20), 52)
    url = "http://testserver/api/v3/tasks?status=DONE&page="
    assert page == {
        "current_page": 2, "data": [{}] * 20, "first_page_url": f"{url}1", "from": 21, "last_page": 3,
        "last_page_url": f"{url}3",
        "links": [
            {"url": f"{url}1", "label": "&laquo; Previous", "active": False},
            {"url": f"{url}1", "label": "1", "active": False},
            {"url": f"{url}2", "label": "2", "active": True},
            {"url": f"{url}3", "label": "3", "active": False},
            {"url": f"{url}3", "label": "Next &raquo;", "active": False},
        ],
        "next_page_url": f"{url}3", "path": "http://testserver/api/v3/tasks", "per_page": 20,
        "prev_page_url": f"{url}1", "to": 40, "total": 52,
    }  # fmt: skip


def test_an_empty_page_has_no_ends() -> None:
    page = page_of("", PageRequest(1, 20), 0)
    assert (page["from"], page["to"], page["total"], page["last_page"], page["data"]) == (None, None, 0, 1, [])
    assert [link["url"] for link in page["links"]][0::2] == [None, None]


def test_a_page_after_the_last_is_empty() -> None:
    page = page_of("?page=9", PageRequest(9, 20), 52)
    assert (page["current_page"], page["data"], page["next_page_url"]) == (9, [], None)


def test_page_urls_keep_the_query_percent_encoded() -> None:
    page = page_of("?q=a%20b%26c&page=1&hubId=x&hubId=y", PageRequest(1, 1), 2)
    assert page["next_page_url"] == "http://testserver/api/v3/tasks?q=a%20b%26c&hubId=x&hubId=y&page=2"


def test_very_many_pages_fold_in_the_middle() -> None:
    labels = [link["label"] for link in page_of("", PageRequest(500, 20), 20_000)["links"]]
    assert labels == [
        "&laquo; Previous", "1", "2", "...", "497", "498", "499", "500", "501", "502", "503", "...", "999", "1000",
        "Next &raquo;",
    ]  # fmt: skip
    assert len(page_of("", PageRequest(1, 20), 2_000)["links"]) == 102


@pytest.mark.parametrize(
    ("params", "page"),
    [
        ({}, (1, 20)),
        ({"page": "3", "limit": "7"}, (3, 7)),
        ({"limit": "-1"}, (1, 1000)),
        ({"limit": "5000"}, (1, 1000)),
        ({"page": "", "limit": ""}, (1, 20)),
    ],
)
def test_page_and_limit(params: dict[str, str], page: tuple[int, int]) -> None:
    assert page_request(params) == PageRequest(*page)


@pytest.mark.parametrize("params", [{"page": "x"}, {"page": "0"}, {"page": "-1"}, {"limit": "ten"}, {"limit": "0"},
                                    {"limit": "-2"}, {"page": "1.5"}, {"limit": "9" * 30}, {"page": "٣"}])  # fmt: skip
def test_it_refuses_bad_pages(params: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="Bad request - invalid parameters provided"):
        page_request(params)


def test_following_next_page_url_reads_every_row_once(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization)
    teams = {TeamFactory(hub=hub).pk for _ in range(7)}
    client, url, seen = client_for(world.owner), "http://testserver/api/v3/teams?limit=3", []
    while url:
        page = client.get(url.removeprefix("http://testserver")).json()["data"]
        seen += [row["_id"] for row in page["data"]]
        url = page["next_page_url"]
    assert len(seen) == 7
    assert set(seen) == teams


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5", "Bearer \x7f"])
def test_without_a_valid_token_it_answers_401(db: None, header: str | None) -> None:
    client = Client(headers={"authorization": header} if header else {})
    assert call(client, "GET", "/hubs") == (401, {"status": False, "message": "Unauthorized"})


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "text/*", "image/png"])
def test_a_foreign_accept_header_is_406(world: Any, client_for: Any, accept: str) -> None:
    status, body = call(client_for(world.owner), "GET", "/hubs", accept=accept)
    assert status == 406
    assert body["status"] is False
    assert set(body) == {"status", "message"}


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/json, text/plain, */*", "application/*"])
def test_json_may_be_asked_for_in_many_words(world: Any, client_for: Any, accept: str) -> None:
    assert call(client_for(world.owner), "GET", "/hubs", accept=accept)[0] == 200


@pytest.mark.parametrize("path", ["/nothing", "/hubs/x/y", "/Hubs", "/tasks/no/such", ""])
def test_unknown_routes_answer_in_the_vendors_words(world: Any, client_for: Any, path: str) -> None:
    assert call(client_for(world.owner), "GET", path) == (404, {"status": False, "message": "Data not found"})


@pytest.mark.parametrize("path", ["/hubs", "/hub", "/users", "/user", "/teams", "/roles", "/flows", "/members/locked"])
def test_a_slash_at_the_end_changes_nothing(world: Any, client_for: Any, path: str) -> None:
    client = client_for(world.owner)
    status, body = call(client, "GET", path)
    again, other = call(client, "GET", f"{path}/")
    assert status == again
    assert body.keys() == other.keys()


def test_a_method_that_is_not_there_is_405(world: Any, client_for: Any) -> None:
    status, body = call(client_for(world.owner), "PATCH", "/hubs", {})
    assert status == 405
    assert body["status"] is False


@pytest.mark.parametrize(
    "body",
    ["{", "[", '{"name": }', "nul", b"\xff\xfe", "[" * 10_000, '{"a":' * 10_000, '{"lat": 1e999}', '"\\ud800"'],
)
def test_malformed_json_is_the_vendors_bad_request(world: Any, client_for: Any, body: Any) -> None:
    status, answer = call(client_for(world.owner), "POST", "/hub", body)
    assert status == 400
    assert answer["status"] is False


@pytest.mark.parametrize("body", ["[]", '"text"', "5", "true", "[{}]"])
def test_a_body_must_be_an_object(world: Any, client_for: Any, body: str) -> None:
    status, answer = call(client_for(world.owner), "POST", "/hub", body)
    assert (status, answer["status"]) == (400, False)


def test_a_body_of_20_mb_is_413(world: Any, client_for: Any) -> None:
    status, answer = call(client_for(world.owner), "POST", "/hub", b'{"name": "' + b"x" * 20_000_000 + b'"}')
    assert (status, answer["status"]) == (413, False)


def test_a_lacking_permission_is_told_as_import_does(world: Any, client_for: Any) -> None:
    expected = {
        "status": False, "message": "You do not have permission to perform this action", "failedCode": "auth-003",
    }  # fmt: skip
    assert call(client_for(world.viewer), "POST", "/hub", {}) == (403, expected)


def test_an_error_without_words_of_its_own_has_the_vendors() -> None:
    words = {error: error_message(error()) for error in (NotFound, Invalid, Unauthenticated, Forbidden)}
    assert words == {
        NotFound: "Data not found",
        Invalid: BAD_REQUEST["message"],
        Unauthenticated: "Unauthorized",
        Forbidden: "You do not have permission to perform this action",
    }
    assert error_message(Unauthenticated("It has expired.")) == "It has expired."


def test_a_bug_is_a_500_that_names_the_request_id(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    client.raise_request_exception = False
    with mock.patch("hubs.selectors.hubs_kept", side_effect=RuntimeError("bug")):
        status, body = call(client, "GET", "/hubs", **{"x-request-id": "req-42"})
    assert status == 500
    assert body["status"] is False
    assert "req-42" in body["message"]


def test_over_the_rate_limit_it_asks_to_wait(world: Any, client_for: Any, settings: Any) -> None:
    settings.RATE_LIMITS = {"mileapp": 1}
    client = client_for(world.owner)
    with mock.patch("core.api.throttling.time.time", return_value=1_000_000_000):
        call(client, "GET", "/roles")
        response = client.get("/api/v3/roles")
    assert (response.status_code, response.json()["status"], response["Retry-After"]) == (429, False, "60")


def test_one_query_authenticates(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    call(client, "GET", "/hub/x")
    with CaptureQueriesContext(connection) as queries:
        call(client, "GET", "/hub/x")
    assert len(queries) == 2
