"""The chart in Chromium, with the real widget: our page, and the vendor's bare page with its own RestDataProvider."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from gantt.baselines.services import baseline_set
from gantt.models import Link, Project, Task
from tests.conftest import World
from tests.gantt.chart.browser import FIRST, GAP, Chart, Open, box_of, plan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

# --- gestures: each is made on both pages ---


def add_by_the_button(chart: Chart, rows: SimpleNamespace) -> None:
    chart.page.get_by_role("button", name="New task").click()


def add_below_a_task(chart: Chart, rows: SimpleNamespace) -> None:
    # Not by the mouse: without the vendor's icon font the button of the bare page has no size.
    chart.row(rows.visit.pk).locator("[data-action=add-task]").dispatch_event("click")


def rename_in_the_editor(chart: Chart, rows: SimpleNamespace) -> None:
    chart.bar(rows.report.pk).dblclick()
    name = chart.page.locator(".wx-gantt-editor input").first
    name.fill("Final report")
    name.blur()


def drag_a_bar(chart: Chart, rows: SimpleNamespace) -> None:
    chart.drag_bar(rows.measuring.pk, at=60, by=130)


def resize_a_bar(chart: Chart, rows: SimpleNamespace) -> None:
    chart.drag_bar(rows.visit.pk, at=-3, by=130)


def set_the_progress(chart: Chart, rows: SimpleNamespace) -> None:
    bar = chart.bar(rows.visit.pk)
    bar.hover()
    box = box_of(bar.locator(".wx-progress-marker"))
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    chart.drag(middle, (middle[0] + 60, middle[1]))


def reorder_a_row(chart: Chart, rows: SimpleNamespace) -> None:
    box, goal = box_of(chart.row(rows.report.pk)), box_of(chart.row(rows.visit.pk))
    chart.drag((box["x"] + 80, box["y"] + 18), (goal["x"] + 80, goal["y"] + 4), hold=600)


def from_the_menu(*texts: str) -> Callable[[Chart, int], None]:
    def choose(chart: Chart, task: int) -> None:
        if not chart.ours:
            # The bare page's menu goes by the rows that were selected before the right click.
            chart.bar(task).click()
        for text in texts:
            chart.bar(task).click(button="right")
            chart.page.locator(".wx-menu").get_by_text(text, exact=True).click()

    return choose


def indent(chart: Chart, rows: SimpleNamespace) -> None:
    from_the_menu("Indent")(chart, rows.walls.pk)


def outdent(chart: Chart, rows: SimpleNamespace) -> None:
    from_the_menu("Outdent")(chart, rows.walls.pk)


def copy_a_leaf(chart: Chart, rows: SimpleNamespace) -> None:
    from_the_menu("Copy", "Paste")(chart, rows.measuring.pk)


def copy_a_branch(chart: Chart, rows: SimpleNamespace) -> None:
    from_the_menu("Copy", "Paste")(chart, rows.survey.pk)


def delete_a_branch(chart: Chart, rows: SimpleNamespace) -> None:
    from_the_menu("Delete")(chart, rows.survey.pk)


def link_two_bars(chart: Chart, rows: SimpleNamespace) -> None:
    for task, side in ((rows.visit, "right"), (rows.report, "left")):
        chart.bar(task.pk).hover()
        chart.bar(task.pk).locator(f".wx-link.wx-{side}").click()


def change_and_delete_a_link(chart: Chart, rows: SimpleNamespace) -> None:
    links = {link.source_id: link.pk for link in Link.objects.filter(project=rows.project)}
    chart.do("update-link", id=links[rows.visit.pk], link={"type": "s2s"})
    chart.do("delete-link", id=links[rows.report.pk])


def many_at_once(chart: Chart, rows: SimpleNamespace) -> None:
    # The bare page sends its writes side by side: the order of several new rows would be chance.
    for nth in range(4 if chart.ours else 1):
        chart.do("add-task", target=rows.build.pk, mode="child", task={"text": f"Step {nth}"})
    chart.do("update-task", id=rows.walls.pk, task={"text": "High walls", "progress": 33.4})
    chart.do("delete-task", id=rows.handover.pk)


Gesture = Callable[[Chart, SimpleNamespace], None]
# Each story is played on a project of its own, so that the rows of the next gesture stay in sight.
STORIES: dict[str, tuple[Gesture, ...]] = {
    "bars": (
        rename_in_the_editor,
        drag_a_bar,
        resize_a_bar,
        set_the_progress,
        link_two_bars,
        change_and_delete_a_link,
    ),
    "rows": (add_by_the_button, add_below_a_task, reorder_a_row, indent, outdent),
    "branches": (copy_a_leaf, copy_a_branch, many_at_once, delete_a_branch),
}


@pytest.mark.parametrize("ours", [True, False], ids=["our page", "bare page"])
@pytest.mark.parametrize("story", STORIES)
def test_after_every_gesture_a_fresh_get_is_what_the_page_shows(
    world: World, open_chart: Open, subtests: pytest.Subtests, story: str, ours: bool
) -> None:
    rows = plan(world)
    chart = open_chart(world.planner, ours=ours)
    for gesture in STORIES[story]:
        with subtests.test(gesture=gesture.__name__):
            make_and_compare(gesture, chart, rows)
    shown = chart.page_tree()
    chart.page.reload()
    chart.page.wait_for_selector(".wx-bars [data-id]")
    assert chart.page_tree() == shown


def make_and_compare(gesture: Gesture, chart: Chart, rows: SimpleNamespace) -> None:
    before = (chart.page_tree(), chart.page_links())
    gesture(chart, rows)
    assert chart.wait_until(lambda: (chart.page_tree(), chart.page_links()) != before), "nothing happened"
    if chart.ours:
        chart.wait_saved()
    chart.assert_same_everywhere()


# --- what the bare page does not do ---


def test_gestures_on_rows_that_are_not_saved_yet_arrive_in_order(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    chart.page.evaluate(
        """async ([survey, build, walls]) => {
          const {api} = window.chart;
          const add = (target, text) => api.exec("add-task", {target, mode: "child", task: {text}});
          add(build, "Top");
          const id = api.getTask(build).data.at(-1).id;
          add(id, "Below");
          api.exec("add-link", {link: {source: walls, target: id, type: "e2s"}});
          api.exec("copy-task", {id, target: walls, mode: "before"});
          api.exec("copy-task", {id: survey, target: build, mode: "after"});
          api.exec("move-task", {id: survey, target: build, mode: "after"});
          for (let n = 0; n < 6; n++) api.exec("move-task", {id, target: walls, mode: n % 2 ? "after" : "before"});
        }""",
        [rows.survey.pk, rows.build.pk, rows.walls.pk],
    )
    chart.wait_saved()
    chart.assert_same_everywhere()
    assert Task.objects.filter(project=rows.project, text="Below").count() == 2


def test_a_failed_write_is_told_and_sent_again(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    chart.page.route("**/tasks/**", lambda route: route.fulfill(status=503, json={"error": "the database is away"}))
    chart.do("delete-task", id=rows.handover.pk)
    chart.do("move-task", id=rows.visit.pk, target=rows.report.pk, mode="after")
    failure = chart.page.get_by_role("alert")
    expect(failure).to_contain_text("not saved. The database is away.")
    assert chart.status() == "failed"
    assert Task.objects.filter(pk=rows.handover.pk).exists()

    chart.page.unroute("**/tasks/**")
    chart.page.get_by_role("button", name="Retry").click()
    chart.wait_saved()
    expect(failure).to_have_count(0)
    chart.assert_same_everywhere()


def test_a_lost_connection_loses_nothing(world: World, open_chart: Open, context: BrowserContext) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    context.set_offline(True)
    chart.do("add-task", target=rows.build.pk, mode="child", task={"text": "Written on a train"})
    expect(chart.page.get_by_role("alert")).to_contain_text("The server did not answer.")
    context.set_offline(False)
    chart.page.get_by_role("button", name="Retry").click()
    chart.wait_saved()
    chart.assert_same_everywhere()
    assert Task.objects.filter(project=rows.project, text="Written on a train").count() == 1


def test_what_the_server_refuses_is_undone_by_a_reload(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    before = chart.page_tree()
    chart.do("update-task", id=rows.visit.pk, task={"progress": 500})
    expect(chart.page.get_by_role("alert")).to_contain_text("Your last change is not saved.")
    expect(chart.page.get_by_role("button", name="Retry")).to_have_count(0)
    assert chart.page_tree() != before
    with chart.page.expect_navigation():
        chart.page.get_by_role("button", name="Reload").click()
    chart.page.wait_for_selector(".wx-bars [data-id]")
    assert chart.page_tree() == before
    chart.assert_same_everywhere()


def test_a_link_that_the_server_refuses_does_not_stay(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    before = chart.page_links()
    chart.do("add-link", link={"source": rows.report.pk, "target": rows.visit.pk, "type": "e2s"})
    expect(chart.page.get_by_role("alert")).to_contain_text(
        "Your last change is not saved. A link from task “Report” to task “Visit” would close a cycle."
    )
    assert chart.page_links() == before
    chart.page.get_by_role("button", name="Dismiss").click()
    chart.wait_saved()
    chart.assert_same_everywhere()


def test_leaving_with_unsaved_changes_asks_first(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    asked: list[str] = []
    chart.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    chart.page.route("**/tasks/**", lambda route: route.abort())
    chart.bar(rows.visit.pk).click()
    chart.do("delete-task", id=rows.handover.pk)
    expect(chart.page.get_by_role("alert")).to_be_visible()
    chart.page.close(run_before_unload=True)
    chart.wait_until(lambda: bool(asked))
    assert asked == ["beforeunload"]


def test_a_viewer_only_looks(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.viewer)
    before = chart.page_tree()
    writes: list[str] = []
    chart.page.on("request", lambda request: writes.append(request.method) if request.method != "GET" else None)
    assert chart.status() == "readonly"
    expect(chart.page.get_by_role("button", name="New task")).to_have_count(0)
    chart.drag_bar(rows.measuring.pk, at=60, by=130)
    chart.bar(rows.measuring.pk).click()
    chart.page.keyboard.press("Control+d")
    chart.do("delete-task", id=rows.survey.pk)
    chart.bar(rows.measuring.pk).dblclick()
    expect(chart.page.locator(".wx-gantt-editor")).to_contain_text("Measuring")
    assert chart.page_tree() == before
    assert writes == []


def test_an_agent_changes_tasks_but_neither_adds_nor_deletes(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.agent)
    expect(chart.page.get_by_role("button", name="New task")).to_have_count(0)
    before = len(chart.page_tree())
    chart.do("delete-task", id=rows.survey.pk)
    chart.do("copy-task", id=rows.visit.pk, target=rows.visit.pk, mode="after")
    assert len(chart.page_tree()) == before
    chart.do("update-task", id=rows.visit.pk, task={"progress": 80})
    chart.assert_same_everywhere()
    chart.wait_saved()
    assert Task.objects.get(pk=rows.visit.pk).progress == 80


def test_every_task_leads_to_its_row_in_the_console(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    link = chart.row(rows.visit.pk).get_by_title("Open in the console")
    assert link.get_attribute("href") == f"/admin/gantt/task/{rows.visit.pk}/change/"
    chart.do("add-task", target=rows.visit.pk, mode="after", task={"text": "Brand new"})
    chart.wait_saved()
    new = Task.objects.get(text="Brand new")
    expect(chart.page.locator(f'a[href="/admin/gantt/task/{new.pk}/change/"]')).to_have_count(1)


def test_it_zooms_from_hours_to_years_and_remembers(world: World, open_chart: Open) -> None:
    plan(world)
    chart = open_chart(world.planner)
    scale = chart.page.locator(".wx-scale")
    marks = {"Hour": "08:00", "Day": "March 2026", "Week": "Week 10", "Month": "Mar", "Quarter": "Q1", "Year": "2026"}
    for name, mark in marks.items():
        button = chart.page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(scale).to_contain_text(mark)
    chart.page.reload()
    expect(chart.page.get_by_role("button", name="Year", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_search_leaves_matches_and_what_is_above_them(world: World, open_chart: Open) -> None:
    plan(world)
    chart = open_chart(world.planner)
    names = chart.page.locator(".wx-table-container .wx-row .wx-text")
    expect(names).to_have_count(8)
    chart.page.get_by_role("searchbox").fill("WALL")
    expect(names).to_have_text(["Build", "Walls"])
    expect(chart.page.locator(".chart-found")).to_have_text("1")
    chart.page.get_by_role("searchbox").fill("")
    expect(names).to_have_count(8)


def colour(chart: Chart, task: Task) -> str:
    return str(chart.bar(task.pk).evaluate("bar => getComputedStyle(bar).backgroundColor"))


def test_the_critical_path_is_coloured_and_follows_changes(world: World, open_chart: Open) -> None:
    rows = plan(world)
    side = Task.objects.create(
        organization=world.organization,
        project=rows.project,
        text="Aside",
        position=GAP * 50,
        start=FIRST,
        end=FIRST + timedelta(days=1),
        duration=1,
    )
    chart = open_chart(world.planner)
    plain = colour(chart, side)
    chart.page.get_by_role("button", name="Critical path").click()
    assert chart.wait_until(lambda: colour(chart, rows.walls) != plain)
    assert colour(chart, side) == plain
    chart.do("update-task", id=side.pk, task={"duration": 60, "end": None, "start": None} | {"text": "Aside"})
    chart.page.get_by_role("button", name="Critical path").click()
    assert chart.wait_until(lambda: colour(chart, rows.walls) == plain)


def test_where_there_is_no_critical_path_the_page_says_why(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    chart.page.get_by_role("button", name="Critical path").click()
    chart.do("move-task", id=rows.walls.pk, target=rows.footing.pk, mode="child")
    chart.wait_saved()
    alert = chart.page.get_by_role("alert")
    expect(alert).to_contain_text("There is no critical path. Links and summaries close a cycle")
    expect(alert).to_contain_text("“Walls”")
    chart.page.get_by_role("button", name="Dismiss").click()
    expect(alert).to_have_count(0)
    expect(chart.page.get_by_role("button", name="Critical path")).to_have_attribute("aria-pressed", "false")


def test_a_baseline_is_drawn_below_the_bars(world: World, open_chart: Open) -> None:
    rows = plan(world)
    baseline_set(actor=world.actor(world.planner, "gantt"), project=rows.project, name="As agreed")
    Task.objects.filter(pk=rows.visit.pk).update(start=FIRST + timedelta(days=2), end=FIRST + timedelta(days=5))
    chart = open_chart(world.planner)

    def strip(name: str) -> str:
        return str(chart.bar(rows.visit.pk).evaluate(f"bar => getComputedStyle(bar, '::after').{name}"))

    assert strip("content") == "none"
    chart.page.get_by_label("Baseline").select_option("As agreed")
    assert chart.wait_until(lambda: strip("content") != "none")
    day = box_of(chart.bar(rows.visit.pk))["width"] / 3
    assert float(strip("left").removesuffix("px")) == pytest.approx(-2 * day, abs=2)
    assert float(strip("width").removesuffix("px")) == pytest.approx(3 * day, abs=2)


def test_summaries_show_what_the_server_rolled_up(world: World, open_chart: Open) -> None:
    rows = plan(world, summaries=Project.Summaries.AUTO)
    chart = open_chart(world.planner)
    chart.do("update-task", id=rows.visit.pk, task={"progress": 90})
    chart.wait_saved()
    chart.assert_same_everywhere()
    shown = {row[0]: row[-1] for row in chart.page_tree()}
    assert shown[rows.survey.pk] > 0


def test_rows_of_a_closed_branch_are_loaded_on_opening(world: World, open_chart: Open) -> None:
    rows = plan(world, lazy=True)
    Task.objects.filter(pk=rows.survey.pk).update(open=False)
    chart = open_chart(world.planner)
    assert "Visit" not in str(chart.page_tree())
    chart.row(rows.survey.pk).locator("[data-action=open-task]").click()
    expect(chart.bar(rows.visit.pk)).to_be_visible()


def test_a_link_between_two_closed_branches_comes_once(world: World, open_chart: Open) -> None:
    rows = plan(world, lazy=True)
    Task.objects.filter(pk__in=(rows.survey.pk, rows.build.pk)).update(open=False)
    chart = open_chart(world.planner)
    for branch, below in ((rows.survey, rows.visit), (rows.build, rows.walls)):
        chart.row(branch.pk).locator("[data-action=open-task]").click()
        expect(chart.bar(below.pk)).to_be_visible()
    known = [[link.source_id, link.target_id, link.type] for link in Link.objects.filter(project=rows.project)]
    assert chart.page_links() == sorted(known, key=str)


def test_a_copied_branch_keeps_the_lags_of_its_links(world: World, open_chart: Open) -> None:
    rows = plan(world)
    Link.objects.filter(source=rows.footing).update(lag=2)
    chart = open_chart(world.planner)
    chart.do("copy-task", id=rows.build.pk, target=rows.build.pk, mode="after")
    chart.wait_saved()
    chart.assert_same_everywhere()
    assert [link.get("lag") for link in chart.server("links")] == [None, None, None, 2, 2]
    assert chart.page.evaluate("window.chart.api.getState().links.map(link => link.lag ?? 0)") == [0, 0, 0, 2, 2]


def test_a_branch_that_can_not_be_loaded_is_told(world: World, open_chart: Open) -> None:
    rows = plan(world, lazy=True)
    Task.objects.filter(pk=rows.survey.pk).update(open=False)
    chart = open_chart(world.planner)
    chart.page.route("**/tasks/*", lambda route: route.fulfill(status=500, json={"error": "request id 1"}))
    chart.row(rows.survey.pk).locator("[data-action=open-task]").click()
    expect(chart.page.get_by_role("alert")).to_contain_text("The rows below could not be loaded.")


def test_it_follows_the_consoles_theme_without_losing_work(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    theme = chart.page.locator("#chart-root > .wx-theme")
    expect(theme).to_have_class(re.compile("wx-willow-theme"))
    chart.do("update-task", id=rows.visit.pk, task={"text": "Kept"})
    chart.page.evaluate("localStorage.setItem('adminTheme', '\"dark\"'); dispatchEvent(new Event('storage'))")
    expect(theme).to_have_class(re.compile("wx-willow-dark-theme"))
    expect(chart.bar(rows.visit.pk)).to_contain_text("Kept")
    chart.page.reload()
    expect(theme).to_have_class(re.compile("wx-willow-dark-theme"))


def test_nothing_is_fetched_from_elsewhere_and_no_icon_is_empty(world: World, open_chart: Open) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    foreign: list[str] = []
    complaints: list[str] = []
    chart.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    chart.page.on("request", lambda request: foreign.append(request.url))
    chart.page.reload()
    expect(chart.bar(rows.visit.pk)).to_be_visible()
    chart.bar(rows.visit.pk).dblclick()
    expect(chart.page.locator(".wx-gantt-editor")).to_be_visible()
    assert [url for url in foreign if not url.startswith((chart.origin, "data:"))] == []
    assert complaints == []
    empty = chart.page.evaluate(
        """() => [...document.querySelectorAll('[class*="wxi-"]')]
          .filter(icon => !getComputedStyle(icon).getPropertyValue("--icon")).map(icon => icon.className)"""
    )
    assert empty == []


def test_a_page_whose_session_has_ended_goes_on_after_the_next_log_in(
    world: World, open_chart: Open, context: BrowserContext
) -> None:
    rows = plan(world)
    chart = open_chart(world.planner)
    context.clear_cookies()
    chart.do("delete-task", id=rows.handover.pk)
    expect(chart.page.get_by_role("alert")).to_contain_text("not saved")
    assert Task.objects.filter(pk=rows.handover.pk).exists()
    open_chart(world.planner)
    chart.page.get_by_role("button", name="Retry").click()
    chart.wait_saved()
    assert not Task.objects.filter(pk=rows.handover.pk).exists()


def open_page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    return page


def test_without_a_session_the_page_leads_to_the_log_in(
    context: BrowserContext, live_server: Any, world: World
) -> None:
    plan(world)
    page = open_page(context, f"{live_server.url}/gantt/plan/")
    assert page.url.endswith("/admin/login/?next=/gantt/plan/")
