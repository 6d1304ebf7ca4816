"""How many statements each request of the protocol takes; a route that is not in the table fails."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gantt.api.planning import ROUTES
from gantt.api.urls import routes
from tests.conftest import World
from tests.gantt.requests import REQUESTS, filled

METHODS = ("get", "post", "put", "delete")


@pytest.mark.parametrize("request_key", REQUESTS, ids=" ".join)
def test_every_request_takes_so_many_statements(
    chart_for: Any, world: World, sample: dict[str, int], request_key: tuple[str, str, str]
) -> None:
    method, path, _ = request_key
    count, body = REQUESTS[request_key]
    owner = chart_for(world.owner, "/gantt/plan")
    owner.get("/tasks")
    with CaptureQueriesContext(connection) as queries:
        owner.send(method, "/" + path.format(**sample), filled(body, sample))
    assert owner.status in {200, 201, 204}
    assert len(queries) == count, "\n".join(query["sql"] for query in queries)


def test_every_route_is_in_the_table() -> None:
    views = {str(each.pattern): each.callback.view_class for each in routes("")}
    views |= {end: view.view_class for end, view in ROUTES}
    served = {
        (method, path.partition("/")[0], "/" in path)
        for path, view in views.items()
        for method in METHODS
        if hasattr(view, method)
    }
    assert served == {(method, path.partition("/")[0], "/" in path) for method, path, _ in REQUESTS}
