"""CSV: a row per task, in the order of the chart; links stand in `predecessors`, keys of the chart's own in `extra`.

A predecessor is `id type lag`, several separated by `;`: `12 e2s 2; 14 s2s`. Without a lag the link is flexible.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from typing import Any

import orjson

from .checks import checked
from .plan import MAX_FILE_BYTES, TASK_FIELDS, Plan, PlanError, PlanLink, PlanTask, end_after, parse_wall

COLUMNS = [
    "id", "parent", "text", "type", "start", "end", "duration", "progress", "open", "details", "predecessors", "extra",
]  # fmt: skip
PREDECESSOR = re.compile(r"(?P<key>\S+)(?:\s+(?P<type>[a-z0-9]+))?(?:\s+(?P<lag>[-+]?[0-9.]+(?:e[-+]?[0-9]+)?))?")
# A spreadsheet takes a cell that begins so for a formula; a quote before it says that it is text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def write(plan: Plan) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    incoming = defaultdict(list)
    for link in plan.links:
        lag = "" if link.lag is None else f" {link.lag!r}"
        incoming[link.target].append(f"{link.source} {link.type}{lag}")
    for task in plan.tasks:
        table.writerow(_row(task, "; ".join(incoming[task.key])))
    return out.getvalue().encode("utf-8-sig")


def _row(task: PlanTask, predecessors: str) -> list[Any]:
    days = (task.end - task.start).total_seconds() / 86_400 if task.start and task.end else 0
    return [
        task.key,
        task.parent or "",
        _guard(task.text),
        _guard(task.type),
        task.start or "",
        task.end or "",
        f"{days:g}",
        repr(task.progress),
        "yes" if task.open else "",
        _guard(task.details),
        predecessors,
        orjson.dumps(task.extra).decode() if task.extra else "",
    ]


# For the whole program, whose other readers have limits of their own: no cell is longer than a file may be.
csv.field_size_limit(MAX_FILE_BYTES)


def read(data: bytes) -> Plan:
    """Raises PlanError naming line and column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"byte {error.start + 1}", "The file is not UTF-8 text.") from None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    plan = Plan()
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if "text" not in header:
            raise PlanError(
                "line 1", f"The first line must name the columns, of {', '.join(COLUMNS)}; text is missing."
            )
        plan.fields = _fields(header)
        for cells in rows:
            if any(cells):
                _read_row(plan, dict(zip(header, cells, strict=False)), rows.line_num)
    except csv.Error as error:
        raise PlanError(f"line {rows.line_num}", f"No CSV: {error}.") from None
    return checked(plan)


def _fields(header: list[str]) -> frozenset[str]:
    """What the columns speak of: dates only with a start, links in `predecessors`."""
    named = {"links" if name == "predecessors" else name for name in header}
    named |= {"end"} if {"start", "duration"} <= named else set()
    return frozenset(named & {*TASK_FIELDS, "links"} - (set() if "start" in named else {"end"}))


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return ";" if header.count(";") > header.count(",") else ","


def _read_row(plan: Plan, row: dict[str, str], line: int) -> None:
    place = f"line {line}"
    key = row.get("id", "").strip() or f"line-{line}"
    start = parse_wall(row.get("start"), f"{place}, start")
    days = _number(row.get("duration") or "0", f"{place}, duration")
    plan.tasks.append(
        PlanTask(
            key=key,
            parent=None if row.get("parent", "").strip() in ("", "0") else row["parent"].strip(),
            text=_unguard(row["text"]),
            type=_unguard(row.get("type", "").strip()) or "task",
            start=start,
            end=parse_wall(row.get("end"), f"{place}, end") or end_after(start, days, place),
            progress=_number(row.get("progress") or "0", f"{place}, progress"),
            details=_unguard(row.get("details", "")),
            open=row.get("open", "").strip().lower() in ("yes", "true", "1"),
            extra=_extra(row.get("extra"), f"{place}, extra"),
            place=place,
            known=True,
        )
    )
    for part in filter(None, map(str.strip, row.get("predecessors", "").split(";"))):
        plan.links.append(_link(part, key, f"{place}, predecessors"))


def _link(part: str, target: str, place: str) -> PlanLink:
    match = PREDECESSOR.fullmatch(part)
    if not match:
        raise PlanError(place, f"{part[:40]!r} is no predecessor such as 12 e2s 2.")
    lag = _number(match["lag"], place) if match["lag"] else None
    return PlanLink(match["key"], target, match["type"] or "e2s", lag, place)


def _number(text: str, place: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise PlanError(place, f"{text[:40]!r} is no number.")
    return number


def _extra(text: str | None, place: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        extra = orjson.loads(text)
    except orjson.JSONDecodeError:
        extra = None
    if not isinstance(extra, dict):
        raise PlanError(place, "Must be a JSON object.")
    return extra


def _guard(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
