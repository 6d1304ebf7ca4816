"""Both vendor pages send callers to GET /flow/{flowName}/task: what it shows creates a task, whatever the flow."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.flows import strategies
from tests.tasks.conftest import Yard

COUNT = iter(range(1_000_000))
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(QUICK, max_examples=1500)


def the_example_creates_a_task(yard: Yard, pages: list[dict[str, Any]], configurations: Any) -> None:
    # HTTP refuses the one character that no database can store.
    assume("\\u0000" not in json.dumps([pages, configurations]))
    name = f"Flow {next(COUNT)}"
    flow = yard.api("POST", "/flow", {"name": name, "pages": pages, "configurations": configurations})
    assert flow.status_code == 201, flow.content
    example = yard.api("GET", f"/flow/{quote(name)}/task").json()["data"]
    answer = yard.api("POST", "/task", example["bodyRequest"])
    assert answer.status_code == 201, answer.content
    task = answer.json()["task"]
    assert set(example["bodyRequest"]) <= set(task)
    replaced = yard.api("PUT", f"/task/{task['_id']}", example["bodyRequest"])
    assert replaced.status_code == 200, replaced.content
    values = set(task) - {"updatedTime"}
    assert {key: replaced.json()["task"].get(key) for key in values} == {key: task[key] for key in values}


@given(pages=strategies.flow_pages(), configurations=strategies.configurations)
@QUICK
def test_the_example_of_a_flow_creates_a_task(yard: Yard, pages: list[dict[str, Any]], configurations: Any) -> None:
    the_example_creates_a_task(yard, pages, configurations)


@pytest.mark.soak
@given(pages=strategies.flow_pages(), configurations=strategies.configurations)
@LONG
def test_the_example_of_very_many_flows_creates_a_task(
    yard: Yard, pages: list[dict[str, Any]], configurations: Any
) -> None:
    the_example_creates_a_task(yard, pages, configurations)
