"""Imports and exports of files: dry runs, refused rows, interruptions, and what a spreadsheet must not run."""

import csv
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook, load_workbook

from core.models import JournalEntry
from tasks.counts import counts_of
from tasks.models import Task, TaskImport
from tasks.services import imports
from tests.tasks.conftest import Yard
from tests.tasks.factories import FlowFactory, component

SELECT = {"component": "select", "id": "tags", "title": "Tags", "options": ["A", "B"], "visible": True}
NAME = component("name", title="Customer name", required=True, showAs="title")
PAGES = [{"id": "page0", "enabled": True, "components": [NAME, component("amount", "Numeric"), SELECT]}]


@pytest.fixture
def order(yard: Yard) -> Yard:
    FlowFactory(organization=yard.world.organization, name="Order", pages=PAGES)
    return yard


def run(command: str, *args: Any, **options: Any) -> None:
    call_command(command, *map(str, args), user="owner@example.com", verbosity=0, **options)


def imported(path: Path, **options: Any) -> None:
    assert options.setdefault("flow", "Order")
    run("import_tasks", path, hub="Jakarta", **options)


def table(path: Path, *rows: list[Any]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    elif path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        lines = [{name: value for name, value in zip(rows[0], row, strict=True) if value} for row in rows[1:]]
        path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


ROWS = [
    ["Customer name", "amount", "tags", "hub", "startTime", "assignee", "refId", "anything"],
    ["Toko", "12.5", "A;B", "", "2026-05-01 08:00:00", "", "R-1", "kept"],
    ["Warung", "", "A", "Depo Barat", "", "", "", ""],
    ["", "3", "", "", "", "", "R-3", ""],
    ["Apotek", "x", "", "", "", "", "", ""],
    ["Bengkel", "4", "", "", "", "agent@example.com", "", ""],
    ["Salon", "", "", "Nowhere", "", "", "", ""],
]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_it_imports_rows_as_if_they_had_been_posted(order: Yard, tmp_path: Path, ending: str) -> None:
    rows = ROWS if ending == "csv" else [[12.5 if cell == "12.5" else cell for cell in row] for row in ROWS]
    imported(table(tmp_path / f"tasks.{ending}", *rows))
    tasks = list(Task.objects.order_by("id"))
    assert [(task.title, task.status, task.hub.name) for task in tasks] == [
        ("Toko", "UNASSIGNED", "Jakarta"), ("Warung", "UNASSIGNED", "Depo Barat"), ("Bengkel", "ONGOING", "Jakarta"),
    ]  # fmt: skip
    assert tasks[0].values == {"name": "Toko", "amount": 12.5, "tags": ["A", "B"], "anything": "kept"}
    assert (tasks[0].ref_id, tasks[0].start_time.isoformat()) == ("R-1", "2026-05-01T08:00:00+00:00")
    assert JournalEntry.objects.filter(verb="create", source="command", object_type="tasks.task").count() == 3
    assert sum(counts_of(order.world.organization).values()) == 3
    refused = refused_rows(tmp_path)
    assert [(int(row["_row"]), row["_reason"]) for row in refused] == [
        (3, "The name field is required."),
        (4, "The amount must be a number."),
        (6, "The hubId field is required."),
    ]
    assert refused[0]["refId"] == "R-3"


def refused_rows(folder: Path) -> list[dict[str, Any]]:
    path = next(folder.glob("*.refused.*"))
    if path.suffix == ".jsonl":
        return [orjson.loads(line) for line in path.read_bytes().splitlines()]
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_of_refused_rows_can_be_mended_and_imported(order: Yard, tmp_path: Path) -> None:
    imported(table(tmp_path / "tasks.csv", *ROWS))
    path = tmp_path / "tasks.refused.csv"
    path.write_text(path.read_text().replace(",x,", ",5,"))
    imported(path)
    assert Task.objects.filter(title="Apotek", values__amount=5).count() == 1


def test_a_dry_run_stores_nothing_but_tells_what_would_be_refused(order: Yard, tmp_path: Path) -> None:
    imported(table(tmp_path / "tasks.csv", *ROWS), dry_run=True)
    assert not Task.objects.exists()
    assert not TaskImport.objects.exists()
    assert not JournalEntry.objects.filter(object_type="tasks.task").exists()
    assert len(refused_rows(tmp_path)) == 3


def test_an_interrupted_import_goes_on_exactly_where_it_stopped(
    order: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 2)
    rows = [["Customer name"], *([f"C{number}"] if number % 3 else ["'"] for number in range(1, 8))]
    path = table(tmp_path / "tasks.csv", *rows)
    real, calls = imports.tasks_create, []

    def dying(**kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            real(**kwargs)
            raise KeyboardInterrupt
        return real(**kwargs)

    monkeypatch.setattr(imports, "tasks_create", dying)
    with pytest.raises(KeyboardInterrupt):
        imported(path)
    assert TaskImport.objects.get().position == 4
    imported(path)
    assert list(Task.objects.order_by("id").values_list("title", flat=True)) == ["C1", "C2", "C4", "C5", "C7"]
    assert [row["_row"] for row in refused_rows(tmp_path)] == ["3", "6"]
    with pytest.raises(CommandError, match="was imported on"):
        imported(path)
    imported(path, again=True)
    assert Task.objects.count() == 10


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("tasks.txt", b"", "none of"),
        ("tasks.csv", b"\xff\xfe\x00", "UTF-8"),
        ("tasks.csv", b"name\n" + b"a row that is long enough\n" * 400 + b"\xff\n", "UTF-8"),
        ("tasks.xlsx", b"no zip", "cannot be read"),
        ("missing.csv", None, "No such file"),
    ],
)
def test_an_unusable_file_is_told_in_one_line(
    order: Yard, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=message):
        imported(tmp_path / name)


def test_unknown_names_are_told_in_one_line(order: Yard, tmp_path: Path) -> None:
    path = table(tmp_path / "tasks.csv", ["name"], ["x"])
    with pytest.raises(CommandError, match="no flow Nothing"):
        imported(path, flow="Nothing")
    with pytest.raises(CommandError, match="no hub Nowhere"):
        run("import_tasks", path, flow="Order", hub="Nowhere")
    with pytest.raises(CommandError, match="no active user"):
        call_command("import_tasks", path, flow="Order", user="nobody@example.com")
    assert order.world.outsider
    with pytest.raises(CommandError, match="which organization"):
        call_command("import_tasks", path, flow="Order")


def test_lines_that_are_no_objects_and_nul_characters_are_refused(order: Yard, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_bytes(b'{"name": "A"}\n[1]\n{"name": \n{"name": "B\\u0000"}\n{"name": {"x": 1}}\n')
    imported(path)
    assert Task.objects.count() == 1
    assert [row["_row"] for row in refused_rows(tmp_path)] == [2, 3, 4, 5]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_what_is_exported_can_be_imported(order: Yard, tmp_path: Path, ending: str) -> None:
    body = {"flow": "Order", "hubId": order.hub.pk, "name": "Toko", "amount": 5, "tags": ["A", "B"], "refId": "R-1",
            "assignee": ["agent@example.com"], "orderIndex": 7}  # fmt: skip
    first = order.api("POST", "/task", body).json()["task"]
    path = tmp_path / f"out.{ending}"
    run("export_tasks", path)
    imported(path)
    _, second = Task.objects.order_by("id")
    again = order.api("GET", f"/task/{second.pk}").json()["task"]
    for key in ("name", "amount", "tags", "refId", "assignee", "orderIndex", "startTime", "endTime", "status", "title"):
        assert again[key] == first[key], key


def test_an_export_filters_and_runs_no_formula(order: Yard, tmp_path: Path) -> None:
    for name in ("=1+1", "@x", "+cmd", "-6.2,106.8", "plain"):
        order.api("POST", "/task", {"flow": "Order", "hubId": order.hub.pk, "name": name})
    order.task(field1="of another flow")
    run("export_tasks", tmp_path / "out.csv", flow="Order", hub="Jakarta", status="UNASSIGNED")
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["'=1+1", "'@x", "'+cmd", "-6.2,106.8", "plain"]
    run("export_tasks", tmp_path / "out.xlsx", flow="Order")
    sheet = load_workbook(tmp_path / "out.xlsx").active
    column = next(cell.column for cell in sheet[1] if cell.value == "name")
    assert (sheet.cell(2, column).value, sheet.cell(2, column).data_type) == ("=1+1", "s")


def test_tasks_that_were_written_past_the_application_are_counted_anew(order: Yard, capsys: Any) -> None:
    order.task()
    Task.objects.update(status="ONGOING", assigned_time=Task.objects.get().created_time)
    call_command("recount_tasks")
    assert counts_of(order.world.organization) == {"UNASSIGNED": 0, "ONGOING": 1, "DONE": 0}
    assert "Home: 1 tasks" in capsys.readouterr().out


def test_two_imports_of_one_file_do_not_do_it_twice(
    order: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "tasks.csv", ["Customer name"], ["A"], ["B"])
    real = imports.tasks_create

    def overtaken(**kwargs: Any) -> Any:
        TaskImport.objects.update(position=2)
        return real(**kwargs)

    monkeypatch.setattr(imports, "tasks_create", overtaken)
    with pytest.raises(CommandError, match="somebody else"):
        imported(path)
    assert not Task.objects.exists()
