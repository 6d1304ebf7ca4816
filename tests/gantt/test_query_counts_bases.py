"""A request takes as many statements below the other base addresses as below the project's own; the chart page."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gantt.api.planning import ROUTES
from gantt.models import Project
from tests.conftest import World
from tests.gantt.conftest import Chart
from tests.gantt.requests import REQUESTS, filled
from tests.gantt.test_share_links import share

OURS = {path.partition("/")[0] for path, _ in ROUTES}
# The root belongs to the vendor's protocol: our own routes need a name before them.
# Baselines are not for guests.
SHARED = [key for key in REQUESTS if not key[1].startswith("baselines")]
VENDORS = [key for key in REQUESTS if key[1].partition("/")[0] not in OURS]


@pytest.mark.parametrize("request_key", VENDORS, ids=" ".join)
def test_the_default_project_takes_as_many_as_a_named_one(
    chart_for: Any, world: World, sample: dict[str, int], request_key: tuple[str, str, str]
) -> None:
    takes(chart_for(world.owner), sample, request_key)


@pytest.mark.parametrize("request_key", SHARED, ids=" ".join)
def test_a_share_link_takes_as_many_as_a_token(
    world: World, plan: Project, sample: dict[str, int], request_key: tuple[str, str, str]
) -> None:
    takes(share(world, plan)[1], sample, request_key)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_four_queries_for_any_plan(world: World, plan: Project, chart: Chart, count: int) -> None:
    for _ in range(count):
        chart.add("task")
    client = Client()
    client.force_login(world.owner)
    client.get("/gantt/plan/")
    # Session, user, his groups, project.
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/gantt/plan/").status_code == 200
    assert len(queries) == 4


def takes(chart: Chart, sample: dict[str, int], request_key: tuple[str, str, str]) -> None:
    method, path, _ = request_key
    count, body = REQUESTS[request_key]
    chart.get("/tasks")
    with CaptureQueriesContext(connection) as queries:
        chart.send(method, "/" + path.format(**sample), filled(body, sample))
    assert chart.status in {200, 201, 204}
    assert len(queries) == count, "\n".join(query["sql"] for query in queries)
