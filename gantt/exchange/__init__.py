"""Import and export of projects: MS Project XML, CSV and JSON over one neutral plan. The readers are free of Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import document, mspdi_read, mspdi_write, table
from .plan import MAX_FILE_BYTES, Plan, PlanError


@dataclass(frozen=True, slots=True)
class Format:
    """`suffix` of file names, what the browser is told, and the two functions."""

    name: str
    suffix: str
    content_type: str
    read: Callable[[bytes], Plan]
    write: Callable[[Plan], bytes]


FORMATS = {
    "mspdi": Format("mspdi", ".xml", "application/xml", mspdi_read.read, mspdi_write.write),
    "csv": Format("csv", ".csv", "text/csv; charset=utf-8", table.read, table.write),
    "json": Format("json", ".json", "application/json", document.read, document.write),
}


def format_of(file_name: str) -> Format:
    """By the end of the file's name. Raises PlanError for a name that says nothing."""
    for each in FORMATS.values():
        if file_name.lower().endswith(each.suffix):
            return each
    suffixes = ", ".join(each.suffix for each in FORMATS.values())
    raise PlanError("", f"The file's name must end in one of {suffixes}.")


def read_plan(data: bytes, kind: Format) -> Plan:
    """Raises PlanError naming the place in the file."""
    if len(data) > MAX_FILE_BYTES:
        raise PlanError("", f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB.")
    return kind.read(data)


__all__ = ["FORMATS", "Format", "Plan", "PlanError", "format_of", "read_plan"]
