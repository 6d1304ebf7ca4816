"""What an import changes, in sentences: for the command line and the console's preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .merge import Changes, is_new
from .plan import PlanLink, PlanTask

MAX_LINES = 500


def report_lines(changes: Changes, notes: list[str]) -> list[str]:
    """A summary, then a line for each row that is added (+), changed (~) or removed (-), at most MAX_LINES of them."""
    lines = list(_lines(changes))
    shown = lines[:MAX_LINES]
    if len(lines) > MAX_LINES:
        shown.append(f"… and {len(lines) - MAX_LINES:,} more")
    return [summary(changes), *shown, *(f"Note: {note}" for note in notes)]


def summary(changes: Changes) -> str:
    if not changes:
        return "Nothing changes."
    parts = [
        f"{len(getattr(changes, f'{prefix}{state}'))} {state}"
        for prefix in ("", "links_")
        for state in ("added", "changed", "removed")
    ]
    return f"Tasks: {', '.join(parts[:3])}. Links: {', '.join(parts[3:])}."


def _lines(changes: Changes) -> Iterator[str]:
    for name, (old, new) in changes.settings.items():
        yield f"~ project {name}: {_short(old)} → {_short(new)}"
    yield from (f"+ {_task(task)}" for task in changes.added)
    for task, fields in changes.changed:
        told = "; ".join(f"{name}: {_short(old)} → {_short(new)}" for name, (old, new) in fields.items())
        yield f"~ {_task(task)}: {told}"
    yield from (f"- {_task(task)}" for task in changes.removed)
    if changes.reordered:
        yield "~ the order of rows"
    yield from (f"+ link {_link(link)}" for link in changes.links_added)
    yield from (
        f"~ link {_link(link)}: lag {fields['lag'][0]} → {fields['lag'][1]}" for link, fields in changes.links_changed
    )
    yield from (f"- link {_link(link)}" for link in changes.links_removed)
    yield from (f"+ resource {each.name}" for each in changes.resources_added)
    for sign, rows in (
        ("+", changes.assignments_added),
        ("~", changes.assignments_changed),
        ("-", changes.assignments_removed),
    ):
        yield from (f"{sign} assignment of {each.resource} to {each.task}, {each.units:g} %" for each in rows)


def _task(task: PlanTask) -> str:
    name = _short(task.text) or "(no name)"
    return f"new task {name}" if is_new(task.key) else f"task {task.key} {name}"


def _link(link: PlanLink) -> str:
    return f"{link.source} {link.type} {link.target}"


def _short(value: Any) -> str:
    text = "–" if value is None else " ".join(str(value).split()).removesuffix(" 00:00:00")
    return text if len(text) <= 60 else f"{text[:57]}…"
