"""GET /tasks: filters, order, projection, Laravel pages, cursors and totals; the gallery and the tracking figures."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from tasks import selectors
from tasks.api import filters
from tasks.models import Task
from tests.tasks.conftest import Yard
from tests.tasks.factories import FlowFactory, task_make

BASE = datetime(2026, 3, 2, 8, tzinfo=UTC)
BAD = {"status": False, "message": "Bad request - invalid parameters provided."}


@pytest.fixture
def field(yard: Yard) -> Yard:
    """Six tasks: t0 and t1 unassigned, t2 and t3 ongoing, t4 and t5 done; t1, t3, t5 of flow Other at the other hub."""
    other = FlowFactory(organization=yard.world.organization, name="Other")
    yard.other_hub.users.add(yard.world.agent)
    for number in range(6):
        with time_machine.travel(BASE + timedelta(hours=number), tick=False):
            hub, flow = (yard.other_hub, other) if number % 2 else (yard.hub, yard.flow)
            body: dict[str, Any] = {"field1": f"t{number}", "orderIndex": (number * 5) % 7}
            body["startTime"] = (BASE + timedelta(hours=10 - number)).isoformat()
            if number >= 2:
                body["assignee"] = ["agent@example.com"]
            task = task_make(yard.world.actor(), hub, flow, **body)
        if number >= 4:
            with time_machine.travel(BASE + timedelta(hours=30 - number), tick=False):
                agent = yard.api_of(yard.world.agent)
                assert agent("PATCH", f"/task/{task.pk}", {"status": "DONE"}).status_code == 200
    return yard


def listed(yard: Yard, query: str) -> dict[str, Any]:
    response = yard.api("GET", f"/tasks?{query}")
    assert response.status_code == 200, response.content
    return response.json()


def names(answer: dict[str, Any]) -> str:
    return " ".join(task["field1"] for task in answer["tasks"]["data"])


FILTERS = {
    "": "t5 t4 t3 t2 t1 t0",
    "status=ONGOING": "t3 t2",
    "status=ONGOING,DONE": "t5 t4 t3 t2",
    "flow=Visit": "t4 t2 t0",
    "flow=Visit,Other": "t5 t4 t3 t2 t1 t0",
    "flow=Nothing": "",
    "flowId={flow}": "t4 t2 t0",
    "flowId={flow},{other_flow}": "t5 t4 t3 t2 t1 t0",
    "flow=Visit&flowId={other_flow}": "",
    "hubId={hub}": "t4 t2 t0",
    "hubId={hub},{other_hub}": "t5 t4 t3 t2 t1 t0",
    "hubId=ffffffffffffffffffffffff": "",
    "hubId={hub}&status=DONE": "t4",
    "assignee=agent@example.com": "t5 t4 t3 t2",
    "assignee=AGENT@example.com,nobody@example.com": "t5 t4 t3 t2",
    "assignee=nobody@example.com": "",
    "assignee=agent@example.com&status=ONGOING": "t3 t2",
    "doneBy=Agent": "t5 t4",
    "doneBy=agent@example.com": "t5 t4",
    "doneBy=Owner": "",
    "routingResultId=r1": "",
    "timeFrom=2026-03-02 10:00:00": "t5 t4 t3 t2",
    "timeTo=2026-03-02 10:00:00": "t2 t1 t0",
    "timeFrom=2026-03-02 09:00:00&timeTo=2026-03-02 11:00:00": "t3 t2 t1",
    "timeFrom=2026-03-02T16:00:00%2B07:00&timeTo=2026-03-02T18:00:00%2B07:00": "t3 t2 t1",
    "timeBy=startTime&timeTo=2026-03-02 14:00:00": "t5 t4",
    "timeBy=doneTime&timeFrom=2026-03-03 10:00:00": "t4",
    "timeBy=doneTime": "t5 t4 t3 t2 t1 t0",
    "sortOrder=asc": "t0 t1 t2 t3 t4 t5",
    "sortBy=createdTime&sortOrder=DESC": "t5 t4 t3 t2 t1 t0",
    "sortBy=orderIndex&sortOrder=asc": "t0 t3 t2 t5 t1 t4",
    "sortBy=orderIndex": "t4 t1 t5 t2 t3 t0",
    "sortBy=startTime": "t0 t1 t2 t3 t4 t5",
    "sortBy=startTime&sortOrder=asc": "t5 t4 t3 t2 t1 t0",
    # Tasks that are not done have no time to sort by: last when the newest come first, first when the oldest do.
    "sortBy=doneTime&status=DONE": "t4 t5",
    "sortBy=doneTime&status=DONE&sortOrder=asc": "t5 t4",
    "sortBy=doneTime": "t4 t5 t3 t2 t1 t0",
    "sortBy=doneTime&sortOrder=asc": "t0 t1 t2 t3 t5 t4",
    "whatever=1&another=": "t5 t4 t3 t2 t1 t0",
    "status=&flow=&hubId=&timeFrom=&limit=&page=": "t5 t4 t3 t2 t1 t0",
    "active=false": "t5 t4 t3 t2 t1 t0",
    "active=False&isVisit=FALSE": "t5 t4 t3 t2 t1 t0",
    # Blanks and empty parts of a comma list say nothing.
    "status=DONE, ONGOING": "t5 t4 t3 t2",
    "status=DONE,": "t5 t4",
    "status=,&hubId=,&flow=,": "t5 t4 t3 t2 t1 t0",
    "hubId= {hub} ,": "t4 t2 t0",
    "lazyLoad=1": "t5 t4 t3 t2 t1 t0",
    "lazyLoad=1&status=ONGOING&sortBy=orderIndex&page=7": "t3 t2",
}


@pytest.mark.parametrize("limit", [selectors.COUNT_LIMIT, 3], ids=["few tasks", "many tasks"])
def test_every_filter_and_order_chooses_what_it_says(field: Yard, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where an organization has so many tasks that not every match is counted, or lists are sorted by hand."""
    monkeypatch.setattr(selectors, "COUNT_LIMIT", limit)
    monkeypatch.setattr(filters, "COUNT_LIMIT", limit)
    ids = {"flow": field.flow.pk, "hub": field.hub.pk, "other_hub": field.other_hub.pk}
    ids["other_flow"] = Task.objects.exclude(flow=field.flow).first().flow_id
    for query, expected in FILTERS.items():
        answer = listed(field, query.format(**ids))
        assert names(answer) == expected, query
        if limit > 3:
            assert answer["tasks"]["total"] == len(expected.split()), query


def test_active_tasks_are_those_that_may_be_worked_on_now(field: Yard) -> None:
    with time_machine.travel(BASE + timedelta(hours=8, minutes=30), tick=False):
        assert names(listed(field, "active=true")) == "t5 t4 t3 t2"
        assert names(listed(field, "isVisit=true")) == "t5 t4 t3 t2 t1 t0"
    with time_machine.travel(BASE + timedelta(hours=32), tick=False):
        assert names(listed(field, "active=true")) == "t2 t1 t0"
        assert names(listed(field, "isVisit=true")) == "t1 t0"


@pytest.mark.parametrize(
    "query",
    [
        "status=FOO", "status=DONE,FOO", "hubId=abc", "flowId=1", "active=maybe", "isVisit=2", "timeBy=updatedTime",
        "sortBy=title", "sortBy=-createdTime", "sortOrder=up", "page=x", "page=0", "page=-1", "limit=x", "limit=0",
        "limit=-2", "page=1.5", "page=1e3", "page=%D9%A1",
    ],
)  # fmt: skip
def test_bad_parameters_are_a_bad_request(yard: Yard, query: str) -> None:
    response = yard.api("GET", f"/tasks?{query}")
    assert response.status_code == 400
    assert response.json() == BAD


@pytest.mark.parametrize("query", ["timeFrom=yesterday", "timeTo=2026-02-30 00:00:00", "timeFrom=5"])
def test_bad_times_are_named(yard: Yard, query: str) -> None:
    response = yard.api("GET", f"/tasks?{query}")
    assert response.status_code == 400
    assert response.json()["message"] == f"The {query.split('=', maxsplit=1)[0]} is not a valid date."


def test_pages_are_laravels(field: Yard) -> None:
    page = listed(field, "status=ONGOING,DONE&page=2&limit=3")["tasks"]
    url = "http://testserver/api/v3/tasks?status=ONGOING%2CDONE&limit=3&page="
    assert {key: page[key] for key in page if key not in {"data", "links"}} == {
        "current_page": 2, "first_page_url": f"{url}1", "from": 4, "last_page": 2, "last_page_url": f"{url}2",
        "next_page_url": None, "path": "http://testserver/api/v3/tasks", "per_page": 3, "prev_page_url": f"{url}1",
        "to": 4, "total": 4,
    }  # fmt: skip
    assert page["links"] == [
        {"url": f"{url}1", "label": "&laquo; Previous", "active": False},
        {"url": f"{url}1", "label": "1", "active": False},
        {"url": f"{url}2", "label": "2", "active": True},
        {"url": None, "label": "Next &raquo;", "active": False},
    ]


def test_an_empty_result_and_a_page_behind_the_last_are_empty(field: Yard) -> None:
    empty = listed(field, "flow=Nothing")["tasks"]
    assert (empty["data"], empty["from"], empty["to"], empty["total"], empty["last_page"]) == ([], None, None, 0, 1)
    behind = listed(field, "page=9&limit=3")["tasks"]
    assert (behind["data"], behind["total"], behind["next_page_url"]) == ([], 6, None)


@pytest.mark.parametrize(("limit", "size"), [("-1", 1000), ("1000", 1000), ("5000", 1000), ("1", 1), ("", 20)])
def test_the_limit_is_clamped(yard: Yard, limit: str, size: int) -> None:
    assert listed(yard, f"limit={limit}")["tasks"]["per_page"] == size


@pytest.mark.parametrize("mode", ["page", "lazyLoad=1"])
@pytest.mark.parametrize("count_limit", [10_000, 2])
def test_following_next_page_url_meets_every_task_once(
    field: Yard, mode: str, count_limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "COUNT_LIMIT", count_limit)
    monkeypatch.setattr(filters, "COUNT_LIMIT", count_limit)
    url, seen = f"/tasks?limit=2&assignee=agent@example.com&{mode}", []
    while url:
        page = field.api("GET", url).json()["tasks"]
        seen += [task["field1"] for task in page["data"]]
        assert len(seen) < 10
        following = page["next_page_url"]
        url = following and following.removeprefix("http://testserver/api/v3")
    assert seen == ["t5", "t4", "t3", "t2"]


def test_the_cursor_is_the_last_id_of_the_page_before(field: Yard) -> None:
    page = listed(field, "lazyLoad=1&limit=2&status=ONGOING,DONE")["tasks"]
    query = parse_qs(urlsplit(page["next_page_url"]).query)
    assert query == {"lazyLoad": ["1"], "limit": ["2"], "status": ["ONGOING,DONE"], "cursor": [page["data"][-1]["_id"]]}
    last = listed(field, f"lazyLoad=1&limit=2&status=ONGOING,DONE&cursor={page['data'][-1]['_id']}")
    assert names(last) == "t3 t2"
    assert last["tasks"]["next_page_url"] is None


def test_the_first_page_of_a_cursor_list_has_no_cursor(field: Yard) -> None:
    first = "http://testserver/api/v3/tasks?lazyLoad=1&limit=2"
    page = listed(field, f"lazyLoad=1&cursor={'f' * 24}&limit=2&page=7")["tasks"]
    assert (page["first_page_url"], page["prev_page_url"]) == (first, None)
    assert page["next_page_url"] == f"{first}&cursor={page['data'][-1]['_id']}"


@pytest.mark.parametrize("cursor", ["zzz", "6352736C628401059B37A2E2", "1"])
def test_a_cursor_that_is_no_id_is_a_bad_request(yard: Yard, cursor: str) -> None:
    response = yard.api("GET", f"/tasks?lazyLoad=1&cursor={cursor}")
    assert (response.status_code, response.json()) == (400, BAD)


@pytest.mark.parametrize("key", ["createdTime", "doneTime"])
def test_a_task_is_found_by_the_very_second_that_it_shows(yard: Yard, key: str) -> None:
    with time_machine.travel("2026-03-02T08:00:00.750000+00:00", tick=False):
        task = yard.assigned()
        moment = yard.api("PATCH", f"/task/{task.pk}", {"status": "DONE"}).json()["task"][key]
    assert moment == "2026-03-02T08:00:00+00:00"
    for limit in ("2026-03-02 08:00:00", "2026-03-02T15:00:00%2B07:00"):
        query = f"timeBy={key}&timeFrom={limit}&timeTo={limit}"
        assert [row["_id"] for row in listed(yard, query)["tasks"]["data"]] == [task.pk]
    assert listed(yard, f"timeBy={key}&timeTo=2026-03-02 07:59:59")["tasks"]["data"] == []
    assert listed(yard, "timeTo=9999-12-31 23:59:59")["tasks"]["total"] == 1


def test_fields_are_cut_to_the_projection(field: Yard) -> None:
    first = listed(field, "fields=title,status,nothing,assignee&sortOrder=asc")["tasks"]["data"][0]
    assert first == {"_id": first["_id"], "title": "t0", "status": "UNASSIGNED", "assignedVehicle": None}
    assert set(listed(field, "fields=nothing")["tasks"]["data"][0]) == {"_id", "assignedVehicle"}


def test_counting_is_that_of_the_filter_without_status(field: Yard) -> None:
    for query in ("", "status=UNASSIGNED", "status=DONE&fields=title", "limit=1"):
        assert listed(field, query)["metadata"]["counting"] == {"doneTotal": 2, "ongoingTotal": 2}, query
    for query in (
        "flow=Visit&status=DONE",
        f"hubId={field.hub.pk}",
        "timeFrom=2026-03-02 11:00:00&timeTo=2026-03-02 12:00:00",
    ):
        assert listed(field, query)["metadata"]["counting"] == {"doneTotal": 1, "ongoingTotal": 1}, query


def test_the_data_version_is_the_last_change(yard: Yard) -> None:
    assert listed(yard, "")["dataVersion"] == "0"
    with time_machine.travel(1728463665, tick=False):
        task = yard.task()
        assert listed(yard, "")["dataVersion"] == "1728463665"
    with time_machine.travel(1728463700, tick=False):
        yard.api("PATCH", f"/task/{task.pk}", {"field1": "x"})
        assert listed(yard, "")["dataVersion"] == "1728463700"


def test_lists_show_nothing_of_other_organizations(field: Yard) -> None:
    outsider = field.api_of(field.world.outsider)
    for path in ("/tasks", "/tasks?lazyLoad=1", f"/tasks?hubId={field.hub.pk}", "/tasks?assignee=agent@example.com"):
        page = outsider("GET", path).json()["tasks"]
        assert (page["data"], page["total"]) == ([], 0)


def test_whoever_may_only_see_his_own_tasks_sees_no_others(field: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(field.world.agent), "has_perm", lambda _, right: right == "tasks.view_own_task")
    agent = field.api_of(field.world.agent)
    page = agent("GET", "/tasks").json()["tasks"]
    assert ([task["field1"] for task in page["data"]], page["total"]) == (["t5", "t4", "t3", "t2"], 4)
    hidden = Task.objects.get(title="t0")
    assert agent("GET", f"/task/{hidden.pk}").status_code == 404


def test_the_gallery_shows_finished_tasks_with_photos(field: Yard) -> None:
    for title in ("t2", "t3"):
        task = Task.objects.get(title=title)
        field.api("PATCH", f"/task/{task.pk}", {"foto_0_url": f"https://x/{title}.jpg", "batchId": title})
    with time_machine.travel(BASE + timedelta(hours=20), tick=False):
        field.api("PATCH", f"/task/{Task.objects.get(title='t2').pk}", {"status": "DONE"})
    gallery = field.api("GET", "/tasks-gallery?limit=20").json()["tasks"]
    assert [sorted(item) for item in gallery["data"]] == [
        sorted(["_id", "flow", "hubId", "status", "startTime", "endTime", "foto_0_url", "title", "flowId",
                "assignedVehicle"])
    ]  # fmt: skip
    assert (gallery["total_estimate"], gallery["page_processed"], gallery["countProcessed"]) == ("1", "1", 1)
    ongoing = field.api("GET", "/tasks-gallery?status=ONGOING&batchId=t3").json()["tasks"]["data"]
    assert [item["foto_0_url"] for item in ongoing] == ["https://x/t3.jpg"]
    assert field.api("GET", "/tasks-gallery?batchId=other").json()["tasks"]["data"] == []
    chosen = field.api("GET", "/tasks-gallery?fields=foto_0_url,assignee,nothing").json()["tasks"]["data"][0]
    assert chosen == {"_id": chosen["_id"], "foto_0_url": "https://x/t2.jpg", "assignee": ["agent@example.com"],
                      "assignedVehicle": None}  # fmt: skip


def test_tracking_counts_a_hub_by_person(field: Yard) -> None:
    span = f"hubId={field.hub.pk}&timeFrom=2026-03-01 00:00:00&timeTo=2026-03-05 00:00:00"
    figures = field.api("GET", f"/tasks/tracking?{span}").json()
    assert (figures["doneTotal"], figures["ongoingTotal"], figures["taskTotal"]) == (1, 1, 2)
    assert figures["counting"]["agent@example.com"] == {"doneTask": 1, "ongoingTask": 1, "distance": 0, "duration": 0}
    assert field.api("GET", f"/tasks/tracking?{span}&email=nobody@example.com").json()["taskTotal"] == 0
    for missing in ("hubId", "timeFrom", "timeTo"):
        query = "&".join(part for part in span.split("&") if not part.startswith(missing))
        response = field.api("GET", f"/tasks/tracking?{query}")
        assert response.json() == {"status": False, "message": f"The {missing} field is required."}
