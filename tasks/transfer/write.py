"""Rows into a file, in constant memory."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.api.errors import Invalid
from tasks.transfer import REASON, ROW, format_of
from tasks.transfer.read import Row

Writer = Callable[[dict[str, Any]], Any]
# A spreadsheet would run what begins like this. Numbers and coordinates begin with a sign, too, and stay.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.])")
# What XML, and so XLSX, has no way to write.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@contextmanager
def writer(path: Path, columns: list[str]) -> Iterator[Writer]:
    """A function that writes a row: all its keys as a JSON line, those of `columns` in a table. Raises Invalid."""
    kind = format_of(path)
    if kind == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Tasks")
        sheet.append(columns)
        yield lambda row: sheet.append([_xlsx_cell(sheet, row.get(name)) for name in columns])
        book.save(path)
    elif kind == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            lines.writerow(columns)
            yield lambda row: lines.writerow([_text(row.get(name)) for name in columns])
    else:
        with path.open("wb") as binary:
            yield lambda row: binary.write(orjson.dumps(row) + b"\n")


class RefusedFile:
    """The file of refused rows: like the source (XLSX as CSV), with row number and reason in front of each."""

    def __init__(self, source: Path, columns: list[str], *, length: int) -> None:
        self.path = source.with_suffix(".refused.jsonl" if format_of(source) == ".jsonl" else ".refused.csv")
        self.columns = [ROW, REASON, *(name for name in columns if name not in {"", ROW, REASON})]
        if self.path.exists():
            # What a killed run wrote after its last finished chunk comes again.
            with self.path.open("r+b") as file:
                file.truncate(length)

    def add(self, refused: list[tuple[int, Row, str]]) -> int:
        """Write (row number, row, reason) each; the length of the file."""
        with self.path.open("a", newline="", encoding="utf-8") as file:
            lines = csv.writer(file)
            if file.tell() == 0 and self.path.suffix == ".csv":
                lines.writerow(self.columns)
            for number, row, reason in refused:
                content = {ROW: number, REASON: reason, **({} if isinstance(row, Invalid) else row)}
                if self.path.suffix == ".csv":
                    lines.writerow([_text(content.get(name)) for name in self.columns])
                else:
                    file.write(orjson.dumps(content).decode() + "\n")
        return self.path.stat().st_size


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ";".join(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"'{text}" if _FORMULA.match(text) else text


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value if isinstance(value, str) else _text(value)
    # An Excel cell holds no more than this.
    cell = WriteOnlyCell(sheet, _CONTROL.sub("", text)[:32_767])
    cell.data_type = "s"
    return cell
