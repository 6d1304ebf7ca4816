"""GET /tasks and GET /tasks/{id}."""

from datetime import date
from typing import Any

import pytest

from gantt import services
from gantt.models import Project, Task
from tests.conftest import World
from tests.gantt.conftest import Chart


def test_an_empty_project_is_an_empty_array(chart: Chart) -> None:
    assert chart.get("/tasks") == []


def test_a_row_has_all_keys_that_the_widget_reads(chart: Chart) -> None:
    row = chart.add(
        "Survey", start="2024-04-02 00:00:00", end="2024-04-05 00:00:00", progress=33.4, color="red", open=True
    )
    assert chart.get("/tasks") == [
        {
            "id": row, "text": "Survey", "start": "2024-04-02 00:00:00", "end": "2024-04-05 00:00:00", "duration": 3,
            "progress": 33.4, "parent": 0, "type": "task", "lazy": False, "open": True, "details": "", "color": "red",
        }
    ]  # fmt: skip


def test_rows_come_depth_first_in_the_order_of_each_parent(chart: Chart) -> None:
    one, two = chart.add("1"), chart.add("2")
    chart.add("2.1", two)
    first = chart.add("1.1", one)
    chart.add("1.2", one)
    chart.add("1.1.1", first)
    assert chart.outline() == "1\n  1.1\n    1.1.1\n  1.2\n2\n  2.1"


def test_the_rows_below_a_row_come_without_the_row(chart: Chart) -> None:
    top = chart.add("top")
    child = chart.add("child", top)
    leaf = chart.add("leaf", child)
    chart.add("other")
    assert [(row["id"], row["parent"]) for row in chart.get(f"/tasks/{top}")] == [(child, top), (leaf, child)]
    assert chart.get(f"/tasks/{leaf}") == []


@pytest.mark.parametrize(
    "row", ["999999", "0", "temp://1795188523429", "x", "1e3", "-1", "9" * 30, "1/2", "%F0%9F%98%80"]
)
def test_an_unknown_id_is_404(chart: Chart, row: str) -> None:
    assert list(chart.get(f"/tasks/{row}")) == ["error"]
    assert chart.status == 404


def test_a_task_without_dates_is_drawn_at_the_projects_start(chart: Chart, plan: Project) -> None:
    Task.objects.create(organization=plan.organization, project=plan, text="someday", type="summary")
    Task.objects.create(organization=plan.organization, project=plan, text="some point", type="milestone", position=1)
    someday, point = chart.get("/tasks")
    assert (someday["start"], someday["end"], someday["duration"]) == ("2024-04-01 00:00:00", "2024-04-02 00:00:00", 1)
    assert (point["start"], point["duration"]) == ("2024-04-01 00:00:00", 0)
    assert "end" not in point
    assert not Task.objects.exclude(start=None).exists()


def test_a_length_of_no_whole_days_goes_out_as_an_end_with_duration_0(chart: Chart) -> None:
    chart.add(start="2024-04-02 08:00:00", end="2024-04-02 12:00:00")
    (row,) = chart.get("/tasks")
    assert (row["start"], row["end"], row["duration"]) == ("2024-04-02 08:00:00", "2024-04-02 12:00:00", 0)


def test_kept_keys_never_hide_the_rows_own(chart: Chart, plan: Project) -> None:
    extra = {"id": 5, "lazy": True, "parent": 9, "start": "x", "mine": {"a": [1, None]}}
    Task.objects.create(organization=plan.organization, project=plan, text="t", extra=extra)
    (row,) = chart.get("/tasks")
    assert row["id"] != 5
    assert (row["lazy"], row["parent"], row["start"]) == (False, 0, "2024-04-01 00:00:00")
    assert row["mine"] == {"a": [1, None]}


@pytest.mark.parametrize("count", [1, 60])
def test_it_takes_three_queries_whatever_the_size(
    chart: Chart, plan: Project, count: int, django_assert_num_queries: Any
) -> None:
    top = chart.add("top")
    Task.objects.bulk_create(
        Task(organization=plan.organization, project=plan, parent_id=top, position=number) for number in range(count)
    )
    chart.get("/tasks")
    with django_assert_num_queries(3):  # token, project, rows
        assert len(chart.get("/tasks")) == count + 1


def test_unchanged_projects_answer_304(chart: Chart) -> None:
    chart.add("a")
    for path in ("/tasks", "/links", "/resources", "/assignments"):
        chart.get(path)
        etag = chart.response.headers["ETag"]
        assert etag.startswith('W/"')
        assert chart.response.headers["Cache-Control"] == "no-cache"
        chart.get(path, **{"if-none-match": etag})
        assert chart.status == 304
        assert chart.response.content == b""
        assert chart.response.headers["ETag"] == etag
    chart.add("b")
    assert len(chart.get("/tasks", **{"if-none-match": etag})) == 2
    assert chart.response.headers["ETag"] != etag


def test_an_etag_costs_no_reading_of_rows(chart: Chart, django_assert_num_queries: Any) -> None:
    chart.add("a")
    chart.get("/tasks")
    etag = chart.response.headers["ETag"]
    with django_assert_num_queries(2):  # token, project
        chart.get("/tasks", **{"if-none-match": f'"other", {etag}'})


def test_every_kind_of_write_changes_the_etag(chart: Chart) -> None:
    def etag() -> str:
        chart.get("/tasks")
        return chart.response.headers["ETag"]

    a, b = chart.add("a"), chart.add("b")
    seen = {etag()}
    for write in (
        lambda: chart.put(f"/tasks/{a}", {"text": "c"}),
        lambda: chart.put(f"/tasks/{a}", {"operation": "move", "mode": "down"}),
        lambda: chart.put(f"/tasks/{a}", {"operation": "copy", "mode": "after", "target": b}),
        lambda: chart.link(a, b),
        lambda: chart.delete(f"/tasks/{a}"),
    ):
        write()
        assert etag() not in seen
        seen.add(etag())


class TestLazyBranches:
    @pytest.fixture
    def lazy(self, world: World, chart: Chart, plan: Project) -> dict[str, int]:
        services.project_update(actor=world.actor(), project=plan, lazy=True)
        ids = {"open": chart.add("open", open=True), "closed": chart.add("closed"), "empty": chart.add("empty")}
        ids["shown"] = chart.add("shown", ids["open"])
        ids["nested"] = chart.add("nested", ids["closed"], open=True)
        ids["deep"] = chart.add("deep", ids["nested"])
        ids["deeper"] = chart.add("nested closed", ids["nested"])
        ids["deepest"] = chart.add("deepest", ids["deeper"])
        return ids

    def test_rows_below_a_closed_row_are_left_out(self, chart: Chart, lazy: dict[str, int]) -> None:
        rows = {row["text"]: row["lazy"] for row in chart.get("/tasks")}
        assert rows == {"open": False, "shown": False, "closed": True, "empty": False}

    def test_they_come_when_it_is_opened_down_to_the_next_closed_one(self, chart: Chart, lazy: dict[str, int]) -> None:
        rows = {row["text"]: row["lazy"] for row in chart.get(f"/tasks/{lazy['closed']}")}
        assert rows == {"nested": False, "deep": False, "nested closed": True}

    def test_a_client_cannot_set_the_flag(self, chart: Chart, lazy: dict[str, int]) -> None:
        chart.put(f"/tasks/{lazy['closed']}", {"lazy": False})
        chart.put(f"/tasks/{lazy['empty']}", {"lazy": True})
        rows = {row["text"]: row["lazy"] for row in chart.get("/tasks")}
        assert (rows["closed"], rows["empty"]) == (True, False)

    def test_links_come_with_their_rows(self, chart: Chart, lazy: dict[str, int]) -> None:
        shown = chart.link(lazy["shown"], lazy["empty"])
        across = chart.link(lazy["shown"], lazy["deep"])
        inside = chart.link(lazy["deep"], lazy["deeper"])
        far = chart.link(lazy["deep"], lazy["deepest"], "s2s")
        hidden = chart.link(lazy["deepest"], lazy["empty"])
        assert [link["id"] for link in chart.get("/links")] == [shown]
        assert [link["id"] for link in chart.get(f"/links/{lazy['closed']}")] == [across, inside, far]
        assert [link["id"] for link in chart.get(f"/links/{lazy['deeper']}")] == [far, hidden]

    def test_the_setting_off_sends_everything(self, world: World, chart: Chart, plan: Project, lazy: Any) -> None:
        services.project_update(actor=world.actor(), project=plan, lazy=False)
        rows = chart.get("/tasks")
        assert len(rows) == 8
        assert not any(row["lazy"] for row in rows)


def test_other_projects_are_reached_by_name(world: World, chart: Chart, chart_for: Any) -> None:
    services.project_create(actor=world.actor(), name="Other", slug="other", start=date(2024, 1, 1))
    other = chart_for(world.planner, "/gantt/other")
    row = other.add("there")
    assert chart.get("/tasks") == []
    assert [found["id"] for found in other.get("/tasks")] == [row]
    chart.get(f"/tasks/{row}")
    assert chart.status == 404
    assert chart_for(world.planner, "/gantt/nothing").get("/tasks") == {"error": "project nothing not found"}


def test_an_organization_without_projects_is_told_so(world: World, chart_for: Any) -> None:
    nobody = chart_for(world.planner)
    assert nobody.get("/tasks") == {"error": "this organization has no default project"}
    assert nobody.status == 404
