"""docs/coverage.md: what it says about operations, routes and tests."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.management.commands import coverage_table
from config.management.commands.coverage_table import Operation, address, row, shape


def test_names_of_parameters_do_not_matter():
    assert shape("/task/{taskId}/assign/") == shape("/task/{id}/assign")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('client.put(f"/api/v3/task/{task.pk}/assign")', True),
        ("PUT, '/task/T1/assign'", True),
        ('client.put(f"/api/v3/task/{task.pk}")', False),
        ('client.put(f"/api/v3/subtask/{task.pk}/assign")', False),
        ('client.put(f"/api/v3/task/{task.pk}/assign/other")', False),
    ],
)
def test_an_address_is_found_in_the_text_of_a_test(text, found):
    assert bool(address("/task/{id}/assign").search(text)) is found


def test_a_row_names_the_route_and_the_modules_that_call_it():
    modules = {"a.py": 'put(f"/x/{n}")', "b.py": 'get(f"/x/{n}")', "c.py": ""}

    line = row(Operation("PUT", "/x/{id}"), "/base", {("PUT", "/base/x/{}"): "/base/x/{row}"}, modules)

    assert line == "| PUT `/x/{id}` | `/base/x/{row}` | a.py |"


def test_an_operation_without_route_is_shown_as_such():
    assert row(Operation("PUT", "/x"), "", {}, {}) == "| PUT `/x` | – | |"


def test_every_operation_stands_in_the_file_once():
    for _, _, operations in coverage_table.vendor_operations():
        assert len(operations) == len(set(operations))


def test_check_fails_where_the_file_is_old(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(coverage_table, "table", lambda: "new")
    monkeypatch.setattr(coverage_table, "BASE", tmp_path)
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="coverage_table"):
        call_command("coverage_table", "--check")

    call_command("coverage_table")

    call_command("coverage_table", "--check", stdout=StringIO())
