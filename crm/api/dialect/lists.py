"""Paging, sorting and filtering of lists: always from the query string, on any verb.

Two kinds of lists exist. Most are sorted, filtered and cut here, by the names of their members
(`List.of_objects`); the task and contact lists do all of that in the database and only hand over
one page and the total.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.http import QueryDict

from core.api.errors import Invalid
from crm.api.dialect.dates import moment_parse
from crm.text import text_checked

MOST = 1000
MOST_WORDS = 32
INDEX = re.compile(r"\[\d*\]$", re.ASCII)
Item = dict[str, Any]


@dataclass(frozen=True)
class ListOptions:
    """What the query string says about a list; `count` is at most, and by default, 1000."""

    count: int
    start: int
    sort_by: str
    descending: bool
    filter_by: str
    filter_op: str
    filter_values: tuple[str, ...]
    updated_since: datetime | None
    item_type: str
    fields: frozenset[str]

    @classmethod
    def of(cls, query: QueryDict, zone: tzinfo) -> "ListOptions":
        given: dict[str, list[str]] = {}
        for name, values in query.lists():
            given.setdefault(INDEX.sub("", name).lower(), []).extend(values)

        def pieces(name: str) -> list[str]:
            # One value with commas is a list; a scalar takes the first piece.
            values = given.get(name, [])
            return [text_checked(piece, field=name) for piece in (values[0].split(",") if len(values) == 1 else values)]

        def first(name: str) -> str:
            return next(iter(pieces(name)), "")

        since = first("updatedsince")
        return cls(
            count=min(number(first("count"), MOST), MOST),
            start=number(first("startindex"), 0),
            sort_by=first("sortby").lower(),
            descending=first("sortorder") == "descending",
            filter_by=first("filterby").lower(),
            filter_op=first("filterop").lower(),
            filter_values=tuple(pieces("filtervalue")),
            updated_since=moment_parse(since, zone) if since else None,
            item_type=first("type"),
            fields=frozenset(name.strip().lower() for name in pieces("fields") if name.strip()),
        )

    @property
    def search(self) -> str:
        """The text that self-paging lists search for: everything up to the first comma, 32 words at most."""
        text = next(iter(self.filter_values), "")
        if len(text.split()) > MOST_WORDS:
            raise Invalid(f"filterValue: at most {MOST_WORDS} words.", code="argument")
        return text

    def chosen(self, item: Any) -> Any:
        """The members of a payload object that `fields` asks for."""
        if not self.fields or not isinstance(item, dict):
            return item
        return {name: value for name, value in item.items() if name.lower() in self.fields}


@dataclass(frozen=True)
class List:
    """One page of a list: its items, the rows of all pages (None: not sent), and the index of a next page."""

    items: list[Item]
    total: int | None = None
    next_index: int | None = None

    @classmethod
    def page(cls, items: list[Item], total: int, options: ListOptions) -> "List":
        """A page that the database cut; the vendor's nextIndex is one too far."""
        more = options.count and options.start + len(items) < total
        return cls(items, total, options.start + options.count + 1 if more else None)

    @classmethod
    def of_objects(cls, items: list[Item], options: ListOptions, item_type: str) -> "List":
        """Sorts, filters and cuts a list that is complete; `total` is sent only if it is longer than a page."""
        # No type that is listed this way has a member `updated`, so none can be newer.
        if options.updated_since or options.item_type not in ("", item_type):
            items = []
        if options.filter_by and options.filter_values and all(options.filter_values):
            items = [item for item in items if _matches(item, options)]
        if options.sort_by:
            items = sorted(items, key=lambda item: _sortable(member(item, options.sort_by)), reverse=options.descending)
        page = items[options.start : options.start + options.count]
        if len(items) <= options.count:
            return cls(page)
        return cls.page(page, len(items), options)


OPERATIONS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, piece: piece.lower() in text.lower(),
    "equals": lambda text, piece: piece.lower() == text.lower(),
    "startswith": lambda text, piece: text.lower().startswith(piece.lower()),
    "endswith": lambda text, piece: text.lower().endswith(piece.lower()),
    "present": lambda text, piece: piece in text,
}


def number(text: str, default: int) -> int:
    """An unsigned number of at most 18 digits, which any database can skip; the default for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else default


def member(item: Item, name: str) -> Any:
    return next((value for key, value in item.items() if key.lower() == name), None)


def _matches(item: Item, options: ListOptions) -> bool:
    value = member(item, options.filter_by)
    if value is None:
        return False
    text = str(value).lower() if isinstance(value, bool) else str(value)
    operation = OPERATIONS.get(options.filter_op, OPERATIONS["equals"])
    return any(operation(text, piece) for piece in options.filter_values)


def _sortable(value: Any) -> tuple[bool, float, str]:
    """Missing members first, then numbers, then texts in one case; objects have no order."""
    if isinstance(value, int | float):
        return True, value, ""
    return value is not None, 0, value.casefold() if isinstance(value, str) else ""
