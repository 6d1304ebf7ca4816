"""Kept connections to PostgreSQL are looked at without asking, and made anew where the server has ended them."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")


@pytest.fixture
def other():
    """A connection of its own, which the test may lose."""
    copy = connections.create_connection("default")
    copy.ensure_connection()
    yield copy
    copy.close()


@pytest.mark.django_db(transaction=True)
def test_a_quiet_connection_is_usable_without_a_query(other):
    with CaptureQueriesContext(other) as queries:
        assert other.is_usable()
    assert len(queries) == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_ended_is_made_anew(other):
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    assert not other.is_usable()
    other.health_check_enabled = True
    other.health_check_done = False
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() != (pid,)


@pytest.mark.django_db(transaction=True)
def test_a_closed_connection_is_not_usable(other):
    other.connection.close()
    assert not other.is_usable()


@pytest.mark.django_db(transaction=True)
def test_a_request_after_the_servers_restart_meets_a_new_connection(world, client):
    headers = {"authorization": f"Bearer {world.token(world.owner)}"}
    assert client.get("/api/v3/tasks", headers=headers).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()
    # As it is at the beginning of a request.
    connection.health_check_enabled, connection.health_check_done = True, False
    assert client.get("/api/v3/tasks", headers=headers).status_code == 200
