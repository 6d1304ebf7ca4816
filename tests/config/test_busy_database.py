"""A database that is busy or gone for a moment is a 503 in the vendor's shape, which says when to try again."""

import sqlite3
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts import selectors
from config.management.commands.seed_demo import demo_load
from core.models import JournalEntry
from tests.config.test_hostile_input import DOORS, send

BODIES = {
    "mileapp": b'{"flow": "Visit", "hubId": "634e98498ce07d29474a7e29", "field1": "a", "field2": "b"}',
    "onlyoffice": b'{"title": "Call", "deadline": "2030-04-10T06:30:00Z", "categoryid": %d}',
    "secmaster": b'{"action": "ADD_COMMENT", "comment": "seen"}',
    "gantt": b'{"text": "Renamed"}',
}


@pytest.fixture
def demo(transactional_db: None) -> dict[str, Any]:
    return demo_load()


@pytest.mark.parametrize("vendor", DOORS)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has one lock for all writers")
def test_a_writer_that_gets_no_lock_is_told_to_try_again(demo, vendor):
    body = BODIES[vendor]
    body = body % demo[vendor]["category_id"] if vendor == "onlyoffice" else body
    connection.cursor().execute("PRAGMA busy_timeout = 50")
    before = JournalEntry.objects.count()
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = send(demo, vendor, body)
    finally:
        other.close()
        connection.cursor().execute("PRAGMA busy_timeout = 20000")
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert set(answer.json()) >= DOORS[vendor][3]
    assert JournalEntry.objects.count() == before
    assert send(demo, vendor, body).status_code in {200, 201}


@pytest.mark.parametrize("vendor", DOORS)
def test_a_database_out_of_reach_is_told_as_such(demo, vendor, monkeypatch):
    def gone(*_: Any) -> None:
        raise OperationalError("database is locked: server closed the connection unexpectedly")

    monkeypatch.setattr(selectors, "_read", gone)
    answer = send(demo, vendor, BODIES[vendor])
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert set(answer.json()) >= DOORS[vendor][3]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL calls a missing table a programming error")
def test_a_missing_table_is_a_bug_and_no_passing_trouble(demo, monkeypatch):
    def missing(*_: Any) -> None:
        raise OperationalError("no such table: accounts_accesstoken")

    monkeypatch.setattr(selectors, "_read", missing)
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {demo['mileapp']['token']}"})
    assert client.get("/api/v3/tasks").status_code == 500
