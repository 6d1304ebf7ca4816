"""results.md from the figures of all runs, kept in results.json."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
NAMES = {"mileapp": "MileApp", "onlyoffice": "ONLYOFFICE", "secmaster": "SecMaster", "gantt": "SVAR Gantt"}
OPERATIONS = {
    "create": "create",
    "update": "update",
    "read": "read one",
    "page": "page of 50",
    "filter": "filtered",
}
# Operation → (at least so many times as quick as stock, at least this part of the floor's speed).
BARS = {"create": (2.0, 0.5), "update": (2.0, 0.5), "page": (3.0, None)}
GROWTH = {"page": 1.3, "update": 1.3}


def keep(part: str, figures: dict[str, Any], folder: Path = HERE) -> None:
    """Put the figures of one part ("sqlite/1000", "sqlite/chart") in the place of its earlier ones."""
    path = folder / "results.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[part] = figures
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")


def write(folder: Path = HERE) -> str:
    known = json.loads((folder / "results.json").read_text())
    notes = folder / "notes.md"
    text = "\n".join([*_head(known), *_dialects(known), *_growth(known), *_chart(known)]) + "\n"
    if notes.exists():
        text += "\n" + notes.read_text()
    (folder / "results.md").write_text(text)
    return text


def _head(known: dict[str, Any]) -> list[str]:
    runs = sorted({f"{figures['date']} ({figures['machine']})" for figures in known.values()})
    return [
        "# Measurements", "",
        "Written by `make bench`. Milliseconds are medians at the client, over a kept-alive connection to the server",
        "(`make serve`) in another process; the compared sides take turns in a run. Read the ratios: single figures",
        "wander with the machine.", "",
        "*Floor*: a plain Django view that checks a token with one query and saves or reads one row, without journal,",
        "rights or validation. *Stock*: the ModelViewSet of Django REST framework with TokenAuthentication, model",
        "permissions, paging and filter on the same kind of row. Both run in the same server (`benchmarks/peers`).", "",
        *(f"- {run}" for run in runs), "",
    ]  # fmt: skip


def _dialects(known: dict[str, Any]) -> list[str]:
    lines = []
    for database, label in DATABASES.items():
        for part in sorted((key for key in known if _is_size(key, database)), key=lambda key: int(key.split("/")[1])):
            figures = known[part]["ms"]
            lines += [f"## {label}, {int(part.split('/')[1]):,} rows", "", *_table(figures), "", *_bars(figures), ""]
    return lines


def _is_size(key: str, database: str) -> bool:
    return key.startswith(f"{database}/") and key.split("/")[1].isdigit()


def _table(figures: dict[str, dict[str, float]]) -> list[str]:
    sides = [side for side in ("floor", "stock", *NAMES) if side in figures]
    sides += [side for side in figures if side not in sides]
    lines = ["| ms | " + " | ".join(NAMES.get(side, side) for side in sides) + " |", "|---" * (len(sides) + 1) + "|"]
    for operation, label in OPERATIONS.items():
        cells = [_cell(figures, side, operation) for side in sides]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return lines


def _cell(figures: dict[str, dict[str, float]], side: str, operation: str) -> str:
    value, stock = figures[side].get(operation), figures.get("stock", {}).get(operation)
    if value is None:
        return "–"
    if side in {"floor", "stock"} or not stock:
        return f"{value:.2f}"
    return f"{value:.2f} (×{stock / value:.1f})"


def _bars(figures: dict[str, dict[str, float]]) -> list[str]:
    """A line for each bar: who holds it, and by how much others miss it."""
    if "stock" not in figures:
        return []
    lines = ["In brackets: how many times as quick as stock.", ""]
    for operation, (times, part) in BARS.items():
        missed = []
        for side, name in NAMES.items():
            value = figures.get(side, {}).get(operation)
            if value is None:
                continue
            against_stock = figures["stock"][operation] / value
            against_floor = figures["floor"][operation] / value
            if against_stock < times:
                missed.append(f"{name} ×{against_stock:.2f} of stock")
            if part and against_floor < part:
                missed.append(f"{name} {against_floor:.2f} of the floor")
        wanted = f"×{times:g} of stock" + (f" and {part:g} of the floor" if part else "")
        lines.append(
            f"- {OPERATIONS[operation]}, {wanted}: " + ("missed by " + ", ".join(missed) if missed else "held")
        )
    return lines


def _growth(known: dict[str, Any]) -> list[str]:
    lines = [
        "## A million rows against a thousand",
        "",
        "| | " + " | ".join(NAMES.values()) + " |",
        "|---|---|---|---|---|",
    ]
    for database, label in DATABASES.items():
        small, large = known.get(f"{database}/1000"), known.get(f"{database}/1000000")
        if small is None or large is None:
            continue
        for operation in GROWTH:
            cells = [_ratio(large["ms"], small["ms"], side, operation) for side in NAMES]
            lines.append(f"| {label}, {OPERATIONS[operation]} (bar ×1.3) | " + " | ".join(cells) + " |")
        move = [part["moves"] for part in (large, small) if "moves" in part]
        if len(move) == 2:
            lines.append(f"| {label}, move (bar ×1.3) | – | – | – | ×{move[0] / move[1]:.2f} |")
    return [*lines, ""] if len(lines) > 4 else []


def _ratio(large: dict[str, Any], small: dict[str, Any], side: str, operation: str) -> str:
    if operation not in large.get(side, {}) or operation not in small.get(side, {}):
        return "–"
    return f"×{large[side][operation] / small[side][operation]:.2f}"


def _chart(known: dict[str, Any]) -> list[str]:
    lines = []
    for database, label in DATABASES.items():
        part = known.get(f"{database}/chart")
        if part is None:
            continue
        lines += [f"## The chart, {label}", "", "| | ms | against |", "|---|---|---|"]
        lines += [f"| {row['what']} | {row['ms']:.2f} | {row['against']} |" for row in part["rows"]]
        lines.append("")
    return lines
