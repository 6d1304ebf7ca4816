"""Copies of a branch as the widget really sends them: row by row, in any order, without places and ends."""

import itertools
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from core.jobs import periodic_run
from gantt.models import CopyGroup, Link, Project, Task, TempId
from tests.conftest import World
from tests.gantt.conftest import Chart, at_once

FIRST = 1795187042642


def temp(number: int) -> str:
    return f"temp://{number}"


class Page:
    """The widget: knows the tree as it loaded it, and makes the requests of a gesture."""

    def __init__(self, chart: Chart) -> None:
        self.rows = chart.get("/tasks")
        self.links = chart.get("/links")

    def below(self, top: int) -> list[int]:
        found: list[int] = []
        for row in self.rows:
            if row["parent"] == top:
                found += [row["id"], *self.below(row["id"])]
        return found

    def copy(self, row: int, target: int, mode: str = "after", number: int = FIRST) -> list[tuple[str, str, Any]]:
        """The requests in the order in which the widget makes them; they arrive in any."""
        below = self.below(row)
        requests = [
            ("put", f"/tasks/{row}", copying(number, target=target, mode=mode)),
            *(
                ("put", f"/tasks/{source}", copying(number + place, target=None, mode="child"))
                for place, source in enumerate(below, start=1)
            ),
        ]
        number += len(below) + 1
        for place, link in enumerate(self.inner_links(below)):
            body = {"id": temp(number + 2 * place), "source": None, "target": None, "type": link["type"]}
            requests.append(("post", "/links", body))
        return requests

    def inner_links(self, below: list[int]) -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        for row in below:
            taken += [link for link in self.links if row in (link["source"], link["target"]) and link not in taken]
        return [link for link in taken if {link["source"], link["target"]} <= set(below)]


def copying(number: int, *, target: int | None, mode: str, lazy: bool = False) -> dict[str, Any]:
    return {"operation": "copy", "id": temp(number), "target": target, "mode": mode, "lazy": lazy}


def send(chart: Chart, requests: list[tuple[str, str, Any]]) -> list[int]:
    ids = []
    for method, path, body in requests:
        answer = getattr(chart, method)(path, body)
        assert chart.status == 200, (path, body, answer)
        ids.append(answer.get("id"))
    return ids


@pytest.fixture
def branch(chart: Chart) -> dict[str, int]:
    """R with two branches below it and links, and Z beside it."""
    ids = {"R": chart.add("R")}
    for name, parent in (("A", "R"), ("A1", "A"), ("A2", "A"), ("B", "R"), ("B1", "B")):
        ids[name] = chart.add(name, ids[parent])
    ids["Z"] = chart.add("Z")
    chart.link(ids["B"], ids["A1"], "s2s", lag=2)
    chart.link(ids["A1"], ids["A2"])
    chart.link(ids["A2"], ids["B1"], "e2e")
    chart.link(ids["Z"], ids["B1"])
    return ids


COPIED = """R
  A
    A1
    A2
  B
    B1
R
  A
    A1
    A2
  B
    B1
Z"""


def copied_links(chart: Chart, old: list[dict[str, Any]]) -> set[tuple[str, str, str, Any]]:
    texts = {row["id"]: row["text"] for row in chart.get("/tasks")}
    known = {link["id"] for link in old}
    return {
        (texts[link["source"]], texts[link["target"]], link["type"], link.get("lag"))
        for link in chart.get("/links")
        if link["id"] not in known
    }


@pytest.mark.parametrize("seed", range(8))
def test_a_branch_arrives_in_any_order(chart: Chart, branch: dict[str, int], seed: int) -> None:
    page = Page(chart)
    requests = page.copy(branch["R"], branch["R"])
    if seed:
        Random(seed).shuffle(requests)
    ids = send(chart, requests)
    assert len(set(ids)) == len(ids)
    assert chart.outline() == COPIED
    assert copied_links(chart, page.links) == {
        ("B", "A1", "s2s", 2),
        ("A1", "A2", "e2s", None),
        ("A2", "B1", "e2e", None),
    }
    assert not CopyGroup.objects.exists()
    assert not TempId.objects.filter(staged=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_branch_arrives_over_several_connections_at_once(world: World, chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    token = world.token(world.planner)
    at_once([partial(send, Chart(token), [request]) for request in requests])
    assert chart.outline() == COPIED
    assert len(chart.get("/links")) == 7
    assert not CopyGroup.objects.exists()


def test_every_order_of_a_small_branch_gives_the_same(chart: Chart) -> None:
    top = chart.add("R")
    chart.add("A", top)
    chart.add("B", top)
    page = Page(chart)
    for turn, order in enumerate(itertools.permutations(range(3))):
        requests = page.copy(top, top, number=FIRST + 100 * turn)
        send(chart, [requests[place] for place in order])
    assert chart.outline() == "\n".join(["R", "  A", "  B"] * 7)


def test_the_ids_that_were_answered_are_those_of_the_rows(chart: Chart, branch: dict[str, int]) -> None:
    page = Page(chart)
    requests = page.copy(branch["R"], branch["R"])
    ids = send(chart, list(reversed(requests)))[::-1]
    texts = {row["id"]: row["text"] for row in chart.get("/tasks")}
    assert [texts[row] for row in ids[:6]] == ["R", "A", "A1", "A2", "B", "B1"]
    assert set(ids[6:]) <= {link["id"] for link in chart.get("/links")}


def test_nothing_shows_before_its_turn(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    before = chart.outline()
    send(chart, requests[1:])
    assert chart.outline() == before
    assert len(chart.get("/links")) == 4
    send(chart, requests[:1])
    assert chart.outline() == COPIED


def test_a_hidden_row_can_be_changed(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    (row,) = send(chart, requests[1:2])
    chart.put(f"/tasks/{row}", {"text": "A, renamed"})
    assert chart.status == 200
    send(chart, [requests[0], *requests[2:]])
    assert "A, renamed" in chart.outline()


def test_a_hidden_row_can_be_moved_and_deleted(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    moved, _, _, deleted = send(chart, requests[1:5])
    chart.put(f"/tasks/{moved}", {"operation": "move", "target": branch["Z"], "mode": "after"})
    assert chart.status == 200
    chart.delete(f"/tasks/{deleted}")
    assert chart.status == 200
    send(chart, [requests[0], *requests[5:]])
    assert chart.outline().endswith("R\nZ\nA\n  A1\n  A2")


def test_a_lazy_row_is_copied_with_all_below_it_and_nothing_more_is_awaited(
    chart: Chart, branch: dict[str, int]
) -> None:
    requests = [
        ("put", f"/tasks/{branch['A']}", copying(FIRST + 1, target=None, mode="child", lazy=True)),
        ("put", f"/tasks/{branch['B']}", copying(FIRST + 2, target=None, mode="child")),
        ("put", f"/tasks/{branch['R']}", copying(FIRST, target=branch["Z"], mode="before")),
        ("put", f"/tasks/{branch['B1']}", copying(FIRST + 3, target=None, mode="child")),
    ]
    send(chart, requests)
    assert chart.outline() == COPIED


def test_two_branches_at_once_do_not_mix(chart: Chart, branch: dict[str, int]) -> None:
    page = Page(chart)
    first = page.copy(branch["R"], branch["R"])
    second = page.copy(branch["A"], branch["Z"], number=FIRST + 50)
    requests = first + second
    Random(3).shuffle(requests)
    send(chart, requests)
    assert chart.outline() == COPIED + "\nA\n  A1\n  A2"


def test_the_same_numbers_of_two_clients_do_not_mix(
    world: World, chart: Chart, chart_for: Any, branch: dict[str, int]
) -> None:
    other = chart_for(world.owner)
    requests = Page(chart).copy(branch["A"], branch["Z"])
    others = Page(chart).copy(branch["B"], branch["Z"])
    send(chart, requests[1:2])
    send(other, others)
    send(chart, [requests[0], *requests[2:]])
    assert chart.outline().endswith("Z\nA\n  A1\n  A2\nB\n  B1")


def test_two_pages_of_one_user_are_told_apart_by_their_client_id(
    world: World, chart: Chart, chart_for: Any, branch: dict[str, int]
) -> None:
    left, right = chart_for(world.planner, **{"x-client-id": "a"}), chart_for(world.planner, **{"x-client-id": "b"})
    first, second = Page(chart).copy(branch["A"], branch["Z"]), Page(chart).copy(branch["B"], branch["Z"])
    send(left, first[1:])
    send(right, second)
    send(left, first[:1])
    assert chart.outline().endswith("Z\nA\n  A1\n  A2\nB\n  B1")


def test_a_copy_of_a_copy_takes_its_links_along_once_the_page_knows_them(chart: Chart, branch: dict[str, int]) -> None:
    stale = Page(chart)
    requests = stale.copy(branch["A"], branch["Z"])
    (copy, *_) = send(chart, requests)
    # The page has the copied link without ends: it sends nothing for it.
    rows = Page(chart).rows
    page = Page(chart)
    page.rows, page.links = rows, stale.links
    TempId.objects.filter(kind=TempId.Kind.LINK).update(kind=TempId.Kind.ADOPTED)
    send(chart, page.copy(copy, branch["Z"], number=FIRST + 100))
    assert not CopyGroup.objects.exists()
    assert len(chart.get("/links")) == 5
    # It has read the links now.
    page = Page(chart)
    send(chart, page.copy(copy, branch["Z"], number=FIRST + 200))
    assert len(chart.get("/links")) == 6


def test_another_tree_than_the_servers_places_what_has_a_place(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    new = chart.add("new, unknown to the page", branch["R"])
    chart.put(f"/tasks/{new}", {"operation": "move", "mode": "before", "target": branch["A"]})
    send(chart, requests)
    assert chart.outline().endswith("R\n  A\n    A1\n    A2\n  B\n    B1\nZ")


@pytest.mark.parametrize("rows", [3, 60])
def test_an_arrival_costs_the_same_in_a_big_branch(
    chart: Chart, plan: Project, rows: int, django_assert_num_queries: Any
) -> None:
    top = chart.add("R")
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, parent_id=top, position=place) for place in range(rows)
    )
    requests = Page(chart).copy(top, top)
    send(chart, requests[:2])
    # token, project; savepoint, lock, source, copy, journal, note; groups, waiting rows, parent's copy, both rows,
    # last position, place, note, group; release
    with django_assert_num_queries(17):
        send(chart, requests[2:3])
    send(chart, requests[3:])
    assert len(chart.tree()) == 2 * rows + 2


def test_a_leaf_opens_no_group(chart: Chart, branch: dict[str, int]) -> None:
    send(chart, Page(chart).copy(branch["Z"], branch["Z"]))
    assert not CopyGroup.objects.exists()


def test_a_nested_copy_without_a_temporary_id_is_refused(chart: Chart, branch: dict[str, int]) -> None:
    answer = chart.put(f"/tasks/{branch['A']}", {"operation": "copy", "target": None, "mode": "child"})
    assert (chart.status, answer) == (400, {"error": "target must be the id of a task"})


@pytest.mark.parametrize("root", [0, "0"])
def test_a_copy_into_the_root_does_not_wait_unseen(chart: Chart, branch: dict[str, int], root: Any) -> None:
    body = {"operation": "copy", "id": "temp://1795187042642", "target": root, "mode": "child", "lazy": False}
    assert chart.put(f"/tasks/{branch['A']}", body) == {"error": "target must be the id of a task"}
    assert not Task.objects.filter(hidden=True).exists()


def test_a_batch_copies_a_branch_too(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["R"], branch["R"])
    chart.post(
        "/batch", [{"url": path.strip("/"), "method": method.upper(), "data": body} for method, path, body in requests]
    )
    assert chart.status == 200
    assert chart.outline() == COPIED


def test_siblings_of_an_older_provider_are_ordered_by_number(chart: Chart, branch: dict[str, int]) -> None:
    """It waits for the top row and names it as the target, but sends siblings in parallel."""
    (copy,) = send(chart, [("put", f"/tasks/{branch['R']}", copying(FIRST, target=branch["Z"], mode="after"))])
    rows = [chart.add(f"S{number}", branch["Z"]) for number in range(4)]
    for place in (2, 0, 3, 1):
        send(chart, [("put", f"/tasks/{rows[place]}", copying(FIRST + 1 + place, target=copy, mode="child"))])
    assert chart.outline().endswith("R\n  S0\n  S1\n  S2\n  S3")


def test_a_link_out_of_the_branch_is_swallowed_for_who_made_the_copy(
    world: World, chart: Chart, chart_for: Any, branch: dict[str, int]
) -> None:
    (copy,) = send(chart, [("put", f"/tasks/{branch['Z']}", copying(FIRST, target=branch["Z"], mode="after"))])
    for end in ("source", "target"):
        assert chart.post("/links", {end: copy, "type": "e2s"}) == {}
        assert chart.status == 200
    assert len(chart.get("/links")) == 4
    chart_for(world.owner).post("/links", {"source": copy, "type": "e2s"})
    other = chart_for(world.owner)
    assert "error" in other.post("/links", {"source": copy, "type": "e2s"})
    assert other.status == 400
    assert "error" in chart.post("/links", {"source": branch["R"], "type": "e2s"})
    assert chart.status == 400


def test_the_temporary_id_of_a_row_may_stand_in_the_path(world: World, chart: Chart, chart_for: Any) -> None:
    row = chart.post("/tasks", {"task": {"id": temp(FIRST), "text": "new"}, "mode": "child", "target": 0})["id"]
    copy = chart.put(f"/tasks/{temp(FIRST)}", copying(FIRST + 1, target=row, mode="after"))
    assert chart.status == 200
    assert [found["id"] for found in chart.get("/tasks")] == [row, copy["id"]]
    chart.put(f"/tasks/{temp(FIRST + 9)}", {"text": "x"})
    assert chart.status == 404
    other = chart_for(world.owner)
    other.put(f"/tasks/{temp(FIRST)}", {"text": "x"})
    assert other.status == 404


def test_what_stays_unfinished_is_swept_after_an_hour(chart: Chart, branch: dict[str, int], plan: Project) -> None:
    rows = Task.objects.count()
    requests = Page(chart).copy(branch["R"], branch["R"])
    send(chart, requests[1:])
    send(chart, [("put", f"/tasks/{branch['A']}", copying(FIRST + 90, target=None, mode="child", lazy=True))])
    page = chart.get("/tasks")
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        periodic_run()
        assert TempId.objects.count() == len(requests)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        periodic_run()
    assert Task.objects.count() == rows
    assert Link.objects.count() == 4
    assert not TempId.objects.exists()
    assert not CopyGroup.objects.exists()
    assert chart.get("/tasks") == page


def test_a_top_row_that_comes_too_late_stands_alone(chart: Chart, branch: dict[str, int]) -> None:
    requests = Page(chart).copy(branch["A"], branch["Z"])
    send(chart, requests[1:])
    TempId.objects.update(created_at=timezone.now() - timedelta(hours=2))
    send(chart, requests[:1])
    assert chart.outline().endswith("Z\nA")
