"""How many queries each route costs, the credential's included; a route that is not in the table fails."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flows.api.urls import urlpatterns
from flows.models import Flow
from flows.services import flow_create, flow_update
from tests.flows.factories import FlowFactory, pages
from tests.flows.test_operations import OPERATIONS, filled, ids
from tests.hubs.calls import call
from tests.hubs.routes import asked, served

__all__ = ["ids"]

# Two of a write are its BEGIN and COMMIT (here savepoints).
COUNTS = {
    "GET /flows": 3,
    "GET /flow/{flow}": 2,
    "POST /flow": 8,
    "PUT /flow/{flow}": 12,
    "DELETE /flow/{flow}": 9,
    "PUT /flow-reorder": 14,
    "GET /flow-logs": 3,
    "PUT /flow/{flow}/restore/{log}": 13,
    "POST /flows/check-version": 2,
    "GET /flow-fields": 2,
    "GET /flow-components": 2,
    "GET /flow/Visit/fields": 2,
    "GET /flow/Visit/task": 4,
}
# A row of a reordering stands for itself, in a savepoint of its own: it may fail without the others.
EACH_REORDERED = 11
LISTS = [
    ("GET", "/flows?limit=50", None),
    ("GET", "/flow-logs?limit=50", None),
    ("GET", "/flow-fields", None),
    ("GET", "/flow-components", None),
    ("POST", "/flows/check-version", {"flows": [], "allFlow": True}),
]


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: f"{row[0]} {row[1]}")
def test_every_request_takes_so_many_queries(
    client_for: Any, world: Any, ids: dict[str, str], django_assert_num_queries: Any, row: Any
) -> None:
    method, path, body, status, _ = row
    client = client_for(world.owner)
    call(client, "GET", "/user")
    with django_assert_num_queries(COUNTS[f"{method} {path}"]):
        assert call(client, method, path.format(**ids), filled(body, ids))[0] == status


def test_every_route_is_in_the_table() -> None:
    assert asked(tuple(key.split(" ", 1)) for key in COUNTS) == served(urlpatterns)


@pytest.mark.parametrize(("method", "path", "body"), LISTS)
def test_a_longer_list_takes_no_more_queries(world: Any, client_for: Any, method: str, path: str, body: Any) -> None:
    client = client_for(world.owner)
    more_flows(world, 1)
    few = queries(client, method, path, body)
    more_flows(world, 6)
    assert queries(client, method, path, body) == few


def test_a_flow_more_to_reorder_takes_queries_of_its_own(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    more_flows(world, 6)
    rows = [{"flowId": pk} for pk in Flow.objects.values_list("pk", flat=True)]
    few = queries(client, "PUT", "/flow-reorder", {"data": rows[:1]})
    assert queries(client, "PUT", "/flow-reorder", {"data": rows}) == few + 5 * EACH_REORDERED


def more_flows(world: Any, count: int) -> None:
    """Flows with two logs each."""
    for _ in range(count):
        name = FlowFactory.build(organization=None).name
        flow = flow_create(actor=world.actor(), name=name, pages=pages())
        flow_update(actor=world.actor(), flow=flow, name=name, pages=pages())


def queries(client: Any, method: str, path: str, body: Any) -> int:
    call(client, "GET", "/user")
    with CaptureQueriesContext(connection) as found:
        assert call(client, method, path, body)[0] == 200
    return len(found)
