"""How many queries each route costs, the credential's included; a route that is not in the table fails."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hubs.api.urls import urlpatterns
from tests.factories import UserFactory
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory, TeamFactory
from tests.hubs.routes import asked, served
from tests.hubs.test_operations import OPERATIONS, filled, ids

__all__ = ["ids"]

# Two of a write are its BEGIN and COMMIT (here savepoints).
COUNTS = {
    "GET /hubs": 4,
    "GET /hub/{hub}/": 4,
    "POST /hub": 10,
    "PUT /hub/{hub}": 11,
    "DELETE /hub/{empty_hub}": 18,
    "GET /users": 6,
    "GET /user": 6,
    "GET /user/{user}": 6,
    "GET /user/email/agent@example.com": 6,
    "PATCH /user": 23,
    "PUT /user/{user}": 26,
    "PATCH /user/{user}": 24,
    "DELETE /member/{user}": 18,
    "GET /members/locked": 2,
    "POST /member/unlock": 9,
    "POST /member/reset-password": 18,
    "GET /teams": 3,
    "GET /team/{team}": 2,
    "POST /team": 10,
    "PUT /team/{team}/": 12,
    "DELETE /team/{empty_team}/": 9,
    "GET /roles": 2,
    "GET /role/{role}": 2,
}
LISTS = ("/hubs", "/hubs?limit=50&byUser=true", "/users", "/users?q=user&hubId={hub}", "/members/locked", "/teams")


@pytest.mark.parametrize("row", OPERATIONS, ids=lambda row: f"{row[0]} {row[1]}")
def test_every_request_takes_so_many_queries(
    world: Any, client_for: Any, ids: dict[str, str], django_assert_num_queries: Any, row: Any
) -> None:
    method, path, body, status, _ = row
    client = client_for(world.owner)
    call(client, "GET", "/user")
    with django_assert_num_queries(COUNTS[f"{method} {path}"]):
        assert call(client, method, path.format(**ids), body and filled(body, ids))[0] == status


def test_every_route_is_in_the_table() -> None:
    rows = [tuple(key.split(" ", 1)) for key in COUNTS]
    assert asked(rows) == served(urlpatterns)
    assert set(COUNTS) == {f"{row[0]} {row[1]}" for row in OPERATIONS}


@pytest.mark.parametrize("path", LISTS)
def test_a_longer_list_takes_no_more_queries(world: Any, client_for: Any, ids: dict[str, str], path: str) -> None:
    client = client_for(world.owner)
    path = path.format(**ids)
    more_of_everything(world, ids)
    few = queries(client, path)
    for _ in range(5):
        more_of_everything(world, ids)
    assert queries(client, path) == few


def more_of_everything(world: Any, ids: dict[str, str]) -> None:
    """Another user, locked out, in a new hub, in a new team and at the hub of `ids`, and the owner at the new hub."""
    user = UserFactory(organization=world.organization, group="Agent")
    hub = HubFactory(organization=world.organization, users=[user, world.owner])
    TeamFactory(hub=hub, users=[user])
    user.hubs.add(ids["hub"])
    AccessAttempt.objects.create(
        username=user.email,
        ip_address="192.0.2.1",
        failures_since_start=settings.AXES_FAILURE_LIMIT,
        attempt_time=timezone.now(),
    )


def queries(client: Any, path: str) -> int:
    call(client, "GET", path)
    with CaptureQueriesContext(connection) as found:
        assert call(client, "GET", path)[0] == 200
    return len(found)
