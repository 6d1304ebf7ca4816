"""GET, POST, PUT and DELETE of links."""

from itertools import pairwise
from typing import Any

import pytest

from core.models import JournalEntry
from gantt import services
from gantt.models import Link, TempId
from tests.conftest import World
from tests.gantt.conftest import Chart


@pytest.fixture
def ids(chart: Chart) -> dict[str, int]:
    ids = {name: chart.add(name) for name in "abcd"}
    ids["a1"] = chart.add("a1", ids["a"])
    ids["a11"] = chart.add("a11", ids["a1"])
    return ids


def test_the_widgets_bodies(chart: Chart, ids: dict[str, int]) -> None:
    body = {"id": "temp://1795187042657", "source": ids["a"], "target": ids["b"], "type": "s2s", "$p": "", "$x1": 0}
    answer = chart.post("/links", body)
    assert (chart.status, list(answer)) == (200, ["id"])
    link = answer["id"]
    assert chart.get("/links") == [{"id": link, "source": ids["a"], "target": ids["b"], "type": "s2s"}]
    whole = {
        "id": link, "source": ids["b"], "target": ids["c"], "type": "e2e", "$p": "", "$pl": 0, "$x1": 0, "$x2": 0,
        "$y1": 0, "$y2": 0, "lag": 2,
    }  # fmt: skip
    assert chart.put(f"/links/{link}", whole) == {"id": link}
    assert chart.get("/links") == [{"id": link, "source": ids["b"], "target": ids["c"], "type": "e2e", "lag": 2}]
    assert chart.delete(f"/links/{link}") == {}
    assert chart.status == 200
    assert chart.get("/links") == []


@pytest.mark.parametrize("kind", ["e2s", "s2s", "e2e", "s2e"])
@pytest.mark.parametrize("lag", [None, 0, 2, -1.5])
def test_all_types_with_and_without_lag(chart: Chart, ids: dict[str, int], kind: str, lag: float | None) -> None:
    chart.post("/links", {"source": ids["a"], "target": str(ids["b"]), "type": kind, "lag": lag})
    (link,) = chart.get("/links")
    assert (link["type"], link.get("lag")) == (kind, lag)
    assert ("lag" in link) == (lag is not None)


def test_a_missing_type_is_finish_to_start(chart: Chart, ids: dict[str, int]) -> None:
    chart.post("/links", {"source": ids["a"], "target": ids["b"]})
    assert chart.get("/links")[0]["type"] == "e2s"


def test_a_link_may_join_summaries_and_milestones(chart: Chart) -> None:
    chart.link(chart.add(type="summary"), chart.add(type="milestone"))
    assert len(chart.get("/links")) == 1


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ("a", "a", "e2s"), ("a", "b", "e2s"), ("b", "a", "e2s"), ("b", "a", "s2e"), ("c", "a", "e2s"),
        ("c", "a", "s2s"),
        ("a", "a1", "e2s"), ("a11", "a", "s2s"), ("a1", "a11", "e2e"),
    ],
)  # fmt: skip
def test_itself_twice_cycles_and_ancestors_are_409(
    chart: Chart, ids: dict[str, int], source: str, target: str, kind: str
) -> None:
    chart.link(ids["a"], ids["b"])
    chart.link(ids["b"], ids["c"])
    other = chart.link(ids["d"], ids["c"])
    body = {"source": ids[source], "target": ids[target], "type": kind}
    for answer in (chart.post("/links", body), chart.put(f"/links/{other}", body)):
        assert (chart.status, list(answer)) == (409, ["error"])
    assert Link.objects.count() == 3


def test_another_type_between_the_same_two_is_fine(chart: Chart, ids: dict[str, int]) -> None:
    chart.link(ids["a"], ids["b"], "e2s")
    chart.link(ids["a"], ids["b"], "s2s")
    assert len(chart.get("/links")) == 2


def test_a_link_may_be_turned_round(chart: Chart, ids: dict[str, int]) -> None:
    """The cycle that it closes with itself is none."""
    link = chart.link(ids["a"], ids["b"])
    chart.put(f"/links/{link}", {"source": ids["b"], "target": ids["a"]})
    assert chart.status == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"type": "f2s"}, 400),
        ({"type": 5}, 400),
        ({"type": ["e2s"]}, 400),
        ({"lag": "2"}, 400),
        ({"lag": True}, 400),
        ({"lag": 1e9}, 400),
        ({"source": None}, 400),
        ({"target": 0}, 400),
        ({"source": []}, 400),
        ({"target": 1.5}, 400),
        ({"source": 999999}, 404),
        ({"target": 999999}, 404),
        ({"target": "x"}, 404),
        ({"target": 2**63}, 404),
        ({"target": "temp://1795187042699"}, 404),
    ],
)
def test_it_refuses_bad_values(chart: Chart, ids: dict[str, int], change: dict[str, Any], status: int) -> None:
    link = chart.link(ids["a"], ids["b"])
    before = chart.get("/links")
    answer = chart.post("/links", {"source": ids["c"], "target": ids["d"], "type": "e2s", **change})
    assert (chart.status, list(answer)) == (status, ["error"])
    answer = chart.put(f"/links/{link}", change)
    assert (chart.status, list(answer)) == (status, ["error"])
    assert chart.get("/links") == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": None, "target": None, "type": "e2s"}, {"id": "temp://1795187042657", "source": None, "target": 1},
        {"id": "temp://1795187042657", "source": 1, "type": "e2s"}, {"id": 7, "source": None, "target": None},
    ],
)  # fmt: skip
def test_missing_ends_are_400(chart: Chart, ids: dict[str, int], body: dict[str, Any]) -> None:
    body = {key: ids["a"] if value == 1 else value for key, value in body.items()}
    assert list(chart.post("/links", body)) == ["error"]
    assert chart.status == 400
    assert not Link.objects.exists()


def test_a_link_without_ends_and_with_a_temporary_id_waits_unseen(chart: Chart, ids: dict[str, int]) -> None:
    answer = chart.post("/links", {"id": "temp://1795187042657", "source": None, "target": None, "type": "e2s"})
    assert (chart.status, list(answer)) == (200, ["id"])
    assert chart.get("/links") == []
    chart.put(f"/links/{answer['id']}", {"lag": 1})
    assert chart.status == 400


def test_a_temporary_id_of_a_row_may_be_an_end(chart: Chart, ids: dict[str, int]) -> None:
    row = chart.post("/tasks", {"text": "new", "id": "temp://1795187042600"})["id"]
    chart.post("/links", {"source": ids["a"], "target": "temp://1795187042600"})
    assert chart.get("/links")[0]["target"] == row


@pytest.mark.parametrize("method", ["put", "delete"])
@pytest.mark.parametrize("path", ["999999", "0", "x", "temp://1795188523429"])
def test_an_unknown_link_is_404(chart: Chart, method: str, path: str) -> None:
    assert list(chart.send(method, f"/links/{path}", {})) == ["error"]
    assert chart.status == 404


def test_only_the_temporary_id_of_a_link_names_a_link(chart: Chart, ids: dict[str, int]) -> None:
    chart.post("/tasks", {"text": "new", "id": "temp://1795187042600"})
    link = chart.link(ids["a"], ids["b"], id="temp://1795187042601")
    # As if the new task had the number of the link.
    TempId.objects.filter(kind=TempId.Kind.TASK).update(object_id=link)
    chart.delete("/links/temp://1795187042600")
    assert chart.status == 404
    assert chart.put("/links/temp://1795187042601", {"lag": 3}) == {"id": link}
    assert chart.get("/links")[0]["lag"] == 3
    assert chart.delete("/links/temp://1795187042601") == {}


def test_the_links_of_a_branch_touch_a_row_below_it(chart: Chart, ids: dict[str, int]) -> None:
    inside = chart.link(ids["a1"], ids["b"])
    chart.link(ids["a"], ids["c"])
    chart.link(ids["c"], ids["d"])
    assert [link["id"] for link in chart.get(f"/links/{ids['a']}")] == [inside]
    assert chart.get(f"/links/{ids['d']}") == []
    chart.get("/links/999999")
    assert chart.status == 404


def test_links_do_not_cross_projects(world: World, chart: Chart, chart_for: Any, ids: dict[str, int]) -> None:
    services.project_create(actor=world.actor(), name="Other", slug="other")
    there = chart_for(world.planner, "/gantt/other").add("there")
    link = chart.link(ids["a"], ids["b"])
    chart.post("/links", {"source": ids["a"], "target": there})
    assert chart.status == 404
    chart.put(f"/links/{link}", {"target": there})
    assert chart.status == 404
    chart_for(world.planner, "/gantt/other").delete(f"/links/{link}")
    assert len(chart.get("/links")) == 1


def test_two_thousand_links_in_a_row_are_searched_without_recursion(chart: Chart, plan: Any) -> None:
    from gantt.models import Task

    rows = Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, position=number) for number in range(2000)
    )
    Link.objects.bulk_create(
        Link(organization=plan.organization, project=plan, source=one, target=next_one)
        for one, next_one in pairwise(rows)
    )
    chart.post("/links", {"source": rows[-1].pk, "target": rows[0].pk})
    assert chart.status == 409


def test_the_journal_has_links(chart: Chart, ids: dict[str, int]) -> None:
    link = chart.link(ids["a"], ids["b"])
    chart.put(f"/links/{link}", {"lag": 3})
    chart.delete(f"/links/{link}")
    entries = JournalEntry.objects.filter(object_type="gantt.link").order_by("id")
    assert [entry.verb for entry in entries] == ["create", "update", "delete"]
    assert entries[1].changes == {"lag": [None, 3]}


def test_reading_links_takes_few_queries(chart: Chart, ids: dict[str, int], django_assert_num_queries: Any) -> None:
    chart.link(ids["a"], ids["b"])
    with django_assert_num_queries(4):  # token, project, copied links of this client, links
        chart.get("/links")
