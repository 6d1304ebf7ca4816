"""Random gestures in Chromium: whatever is done on the page, a fresh GET shows the same rows in the same order."""

import random

import pytest

from gantt.models import Task
from tests.conftest import World
from tests.gantt.chart.browser import Chart, Open, plan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

# One gesture on rows chosen by two random numbers; true when the widget would offer it.
GESTURE = """([kind, a, b, text]) => {
  const {api, provider} = window.chart, rows = [];
  const walk = tasks => (tasks || []).forEach(task => { rows.push(task); walk(task.data); });
  walk(api.getState().tasks.getBranch(0));
  const one = rows[a % rows.length], other = rows[b % rows.length], mode = ["before", "after", "child"][b % 3];
  const holds = (top, row) => top.id === row.id || (top.data || []).some(child => holds(child, row));
  const apart = !holds(one, other) && !holds(other, one);
  const gestures = {
    add: () => api.exec("add-task", {target: one.id, mode, task: {text}}),
    rename: () => api.exec("update-task", {id: one.id, task: {text}}),
    progress: () => api.exec("update-task", {id: one.id, task: {progress: b % 101}}),
    move: () => !holds(one, other) && api.exec("move-task", {id: one.id, target: other.id, mode}),
    indent: () => api.exec("indent-task", {id: one.id, mode: b % 2 === 0}),
    copy: () => rows.length < 60 && !holds(one, other)
      && api.exec("copy-task", {id: one.id, target: other.id, mode: b % 2 ? "after" : "before"}),
    remove: () => rows.length > 6 && api.exec("delete-task", {id: one.id}),
  };
  gestures[kind]();
}"""
KINDS = ["add", "rename", "progress", "move", "move", "indent", "copy", "copy", "remove"]


def play(chart: Chart, seed: int, gestures: int, pause: float) -> None:
    chance = random.Random(seed)
    for nth in range(gestures):
        kind = chance.choice(KINDS)
        chart.page.evaluate(GESTURE, [kind, chance.randrange(1000), chance.randrange(1000), f"{kind} {nth}"])
        if pause:
            chart.page.wait_for_timeout(pause)


@pytest.mark.parametrize("seed", [1, pytest.param(range(2, 60), marks=pytest.mark.soak)])
def test_a_burst_of_gestures_on_our_page(world: World, open_chart: Open, seed: int | range) -> None:
    for each in [seed] if isinstance(seed, int) else seed:
        rows = plan(world, f"plan-{each}")
        chart = open_chart(world.planner, f"plan-{each}")
        play(chart, each, gestures=25, pause=0)
        assert chart.wait_until(lambda chart=chart: chart.status() != "saving", 30)
        assert chart.page.get_by_role("alert").all_inner_texts() == [], f"seed {each}"
        chart.assert_same_everywhere()
        assert not Task.objects.filter(project=rows.project, hidden=True).exists()
        chart.page.close()


@pytest.mark.parametrize("seed", [pytest.param(range(1, 20), marks=pytest.mark.soak)])
def test_gestures_at_a_users_pace_on_the_bare_page(world: World, open_chart: Open, seed: int | range) -> None:
    for each in [seed] if isinstance(seed, int) else seed:
        plan(world, f"plan-{each}")
        chart = open_chart(world.planner, f"plan-{each}", ours=False)
        play(chart, each, gestures=12, pause=700)
        chart.assert_same_everywhere()
        chart.page.close()
