"""Rows out of a file, in constant memory."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import orjson
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.api.errors import Invalid
from core.api.parsers import json_parse
from flows.fields.vocabulary import components_of
from flows.models import Flow
from tasks.transfer import REASON, ROW, format_of

Row = dict[str, Any] | Invalid
# Between the options of a select in one cell.
_SEPARATOR = ";"


@dataclass
class Source:
    """An open file: its columns (none for JSON lines), its rows, and how far they are read, out of `size`.

    Rows are {column: value} without empty cells; an Invalid stands for a line that is no row.
    """

    columns: list[str]
    rows: Iterator[Row]
    size: int
    position: Callable[[], int]


def source_open(path: Path) -> Source:
    """Raises Invalid for a format or an encoding that is not supported, OSError for a file that cannot be read."""
    return {".csv": _csv_open, ".xlsx": _xlsx_open, ".jsonl": _jsonl_open}[format_of(path)](path)


def body_reader(flow: Flow, hubs: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A function that makes the body of a task from a row, as the API takes it.

    Columns are the keys of the API; ids or titles of the flow's components; and `hub`, a name in `hubs` {name: id}.
    """
    components = {item["id"]: item for item in components_of(flow.pages)}
    titles = {str(item.get("title") or "").strip().lower(): key for key, item in components.items()}

    def body(row: dict[str, Any]) -> dict[str, Any]:
        values = {}
        for name, value in row.items():
            if name in {ROW, REASON}:
                continue
            key = name if name in components else titles.get(name.strip().lower(), name)
            if isinstance(value, str) and "\x00" in value:
                raise Invalid(f"The {key} field holds a NUL character.", field=key)
            values[key] = _value(components.get(key), value)
        if isinstance(values.get("hub"), str):
            values["hubId"] = hubs.get(values.pop("hub"), "")
        return {**values, "flow": flow.name}

    return body


def _csv_open(path: Path) -> Source:
    binary = path.open("rb")
    text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
    except UnicodeDecodeError:
        raise Invalid(f"{path.name} is not UTF-8 text") from None
    delimiter = max(",;\t", key=first.count)
    columns = next(csv.reader([first], delimiter=delimiter), [])
    lines = csv.reader(text, delimiter=delimiter)
    return Source(columns, (_row(columns, cells) for cells in lines), path.stat().st_size, partial(_position, text))


def _position(text: "io.TextIOWrapper[io.BufferedReader]") -> int:
    return text.buffer.tell()


def _xlsx_open(path: Path) -> Source:
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise Invalid(f"{path.name} cannot be read as a workbook") from None
    lines = sheet.iter_rows(values_only=True)
    columns = ["" if name is None else str(name) for name in next(lines, ())]
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for cells in lines:
            read += 1
            yield _row(columns, map(_cell, cells))

    return Source(columns, rows(), (sheet.max_row or 1) - 1, lambda: read)


def _jsonl_open(path: Path) -> Source:
    binary = path.open("rb")
    return Source([], (_line(line) for line in binary if line.strip()), path.stat().st_size, binary.tell)


def _line(line: bytes) -> Row:
    try:
        row = json_parse(line)
    except Invalid as error:
        return error
    return row if isinstance(row, dict) else Invalid("The line is no JSON object.")


def _row(columns: list[str], cells: Iterable[Any]) -> dict[str, Any]:
    return {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell not in (None, "")}


def _cell(value: Any) -> Any:
    """A spreadsheet's dates as the API's text, its whole numbers without a fraction."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _value(component: dict[str, Any] | None, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("'"):
        value = value[1:]
    component = component or {}
    kind = component.get("component")
    if kind == "select" and _SEPARATOR in value and value not in component.get("options", ()):
        return [part.strip() for part in value.split(_SEPARATOR) if part.strip()]
    if kind in {"list", "bill"} and value.startswith("["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value
