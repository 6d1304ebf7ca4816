"""The lists of to-dos, at the same cost for a thousand and for millions of rows.

A to-do can be in a caller's list for one of several reasons: it names nobody, or him, or one of his groups, or he has
settled it. Asked in one condition, a database would look at every row of the workspace; so each reason is a query of
its own that walks along its index (`soc.models.list_indexes`) and ends after as many rows as the page can need.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from time import monotonic
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Q, QuerySet, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from accounts.models import User
from core.statements import Given, PreparedIn, cursor
from soc.models import Todo, Workspace
from soc.selectors.todos import group_ids

# The vendor's offset ends at 9,999 and a page at 100 rows: nobody can read further.
REACHABLE = 10_099
# A list of twice that many rows is not counted again for some seconds: it can't have shrunk by half meanwhile.
LONG = 2 * REACHABLE
LONG_FOR = 5
LONG_LISTS = 1000
_long: dict[tuple[Any, ...], float] = {}

DATES = {"created": "create_time", "updated": "update_time", "due": "due_date"}
TEXTS = {"name": "name", "note": "notes", "creator_name": "creator_name"}
# Spelled out in the statement: an index of the waiting ones serves only who is seen to ask for them.
WAITING = Q(status=RawSQL("'waiting'", ()))


@dataclass(frozen=True, slots=True)
class TodoFilter:
    """What a list of to-dos is narrowed to; dates include their ends, texts match anywhere in any case."""

    handled: bool = False
    business_type: str = ""
    name: str = ""
    note: str = ""
    creator_name: str = ""
    from_date: datetime | None = None
    to_date: datetime | None = None
    sort_key: str = "create_time"
    descending: bool = True


class TodoPage(NamedTuple):
    """Some rows of a list, and how many rows it has as far as its last page can reach.

    rows: TaskInfo's columns, with approve_user__guid, approve_user__name and approve_group__name, and with the dates
    `created`, `updated` and `due` as the database writes them (ISO 8601, UTC).
    """

    total: int
    rows: list[Any]


def todo_page(*, user: User, workspace: Workspace, wanted: TodoFilter, offset: int, limit: int) -> TodoPage:
    """Rows `offset` to `offset + limit` of what waits for the user, or was handled by him or as he was asked to.

    A search for a text looks at rows in the order of the list until it has found enough of them; for a rare text that
    is all of them, once. Two queries.
    """
    groups = group_ids(user)
    narrowed = {name: value for name in NARROWING if (value := getattr(wanted, name))}
    shape = _Shape(wanted.handled, workspace.is_open, len(groups), wanted.sort_key, wanted.descending, tuple(narrowed))
    given = narrowed | {"workspace": workspace.pk, "user": user.pk}
    given |= {f"group_{number}": pk for number, pk in enumerate(groups)}
    if narrowed.keys() & TEXTS:
        ids = _ids(shape, given, 0, REACHABLE)
        total, ids = len(ids), ids[offset : offset + limit]
    elif _is_long(shape, given):
        total, ids = REACHABLE, _ids(shape, given, offset, limit)
    else:
        total, ids = _counted_ids(shape, given, offset, limit)
    rows = {row.id: row for row in _ROWS.all(ids)}
    return TodoPage(total, [rows[pk] for pk in ids if pk in rows])


NARROWING = ("business_type", *TEXTS, "from_date", "to_date")
_ROWS = PreparedIn(
    lambda keys: Todo.objects.filter(pk__in=keys)
    .order_by()
    # Dates as text: drivers need longer to make moments of them than for all other columns.
    .annotate(**{name: Cast(column, TextField()) for name, column in DATES.items()})
    .values_list(
        "id", "aopengine_task_id", "name", "description", "creator_id", "creator_name", "modifier_id", "modifier_name",
        "approver", "definition_key", "notes", "action_id", "action_version_id", "action_instance_id",
        "view_parameters", "handle_parameters", "review_comments", "business_type", "related_object", "due_handle",
        "status", "approve_user__guid", "approve_user__name", "approve_group__name", *DATES, named=True,
    )
)  # fmt: skip


class _Shape(NamedTuple):
    """What makes the statement of a list, without the values in it."""

    handled: bool
    is_open: bool
    groups: int
    sort_key: str
    descending: bool
    narrowed: tuple[str, ...]


class _Statement(NamedTuple):
    sql: str
    slots: Sequence[Any]


class _Part(NamedTuple):
    """The to-dos that are in the list for one reason, without those that have an earlier reason to be in it.

    Both statements are cut in two where the number of rows to look at belongs.
    """

    listed: tuple[str, str]
    counted: tuple[str, str]
    listed_slots: Sequence[Any]
    counted_slots: Sequence[Any]


def _ids(shape: _Shape, given: dict[str, Any], offset: int, limit: int) -> list[str]:
    listed = _listed(shape, offset, limit)
    return [row[0] for row in _run(_Statement(listed.sql.format("id"), listed.slots), given)]


def _counted_ids(shape: _Shape, given: dict[str, Any], offset: int, limit: int) -> tuple[int, list[str]]:
    """How many rows the list has, up to REACHABLE, and the ids of a page."""
    listed, counted = _listed(shape, offset, limit), _counted(shape)
    found = _run(_Statement(listed.sql.format(f"id, ({counted.sql})"), [*counted.slots, *listed.slots]), given)
    total = found[0][1] if found else _run(counted, given)[0][0] if offset else 0
    if total >= LONG:
        _remember_long(shape, given)
    return min(total, REACHABLE), [row[0] for row in found]


def _is_long(shape: _Shape, given: dict[str, Any]) -> bool:
    return _long.get((shape, *given.values()), 0) > monotonic()


def _remember_long(shape: _Shape, given: dict[str, Any]) -> None:
    if len(_long) >= LONG_LISTS:
        _long.clear()
    _long[shape, *given.values()] = monotonic() + LONG_FOR


def _listed(shape: _Shape, offset: int, limit: int) -> _Statement:
    """A page of the list, with a place for what is to be read of it."""
    parts = _parts(shape)
    # No part gives more rows to the page than the list has until the page's end.
    sql = " UNION ALL ".join(f" {offset + limit} ".join(part.listed) for part in parts)
    way = "DESC" if shape.descending else "ASC"
    order = f"{shape.sort_key} {way}, id {way} LIMIT {limit} OFFSET {offset}"
    slots = [slot for part in parts for slot in part.listed_slots]
    return _Statement(f"SELECT {{}} FROM ({sql}) AS listed ORDER BY {order}", slots)  # noqa: S608


def _counted(shape: _Shape) -> _Statement:
    """How many rows the list has, up to LONG.

    Right although each part is cut off there: what a part leaves out has been counted with an earlier one.
    """
    parts = _parts(shape)
    sql = " UNION ALL ".join(f" {LONG} ".join(part.counted) for part in parts)
    slots = [slot for part in parts for slot in part.counted_slots]
    return _Statement(f"SELECT COUNT(*) FROM ({sql} LIMIT {LONG}) AS counted", slots)  # noqa: S608


def _run(statement: _Statement, given: dict[str, Any]) -> list[Any]:
    parameters = [slot.value(given) if isinstance(slot, Given) else slot for slot in statement.slots]
    with cursor() as rows:
        rows.execute(statement.sql, parameters)
        return rows.fetchall()


@lru_cache(maxsize=256)
def _parts(shape: _Shape) -> tuple[_Part, ...]:
    todos = Todo.objects.filter(_narrowed(shape), workspace=Given("workspace"))
    way = "-" if shape.descending else ""
    todos = todos.order_by(f"{way}{shape.sort_key}", f"{way}id")
    return tuple(_part(shape, todos.filter(reason), earlier) for reason, earlier in _reasons(shape))


def _part(shape: _Shape, todos: QuerySet, earlier: Q | None) -> _Part:
    rest = " AS part"
    if earlier is not None:
        todos = todos.annotate(again=Case(When(earlier, then=Value(1)), default=Value(0)))
        rest = " AS part WHERE again = 0"
    extra = ("again",) if earlier is not None else ()
    listed, listed_slots = _compiled(todos.values_list("id", shape.sort_key, *extra))
    # In an order, though nobody sees it: without one a database may read the table instead of the index.
    counted = todos.order_by("create_time", "id").annotate(one=Value(1))
    counted, counted_slots = _compiled(counted.values_list("one", *extra))
    return _Part(
        (f"SELECT id, {shape.sort_key} FROM ({listed} LIMIT", f"){rest}"),  # noqa: S608
        (f"SELECT one FROM ({counted} LIMIT", f"){rest}"),  # noqa: S608
        listed_slots,
        counted_slots,
    )


def _compiled(todos: QuerySet) -> tuple[str, Sequence[Any]]:
    return todos.query.get_compiler(using=connection.alias).as_sql()


def _reasons(shape: _Shape) -> Iterable[tuple[Q, Q | None]]:
    """(why a to-do is in the list, which of these are in it for an earlier reason)"""
    unnamed = Q(approve_user=None, approve_group=None)
    him = Q(approve_user=Given("user"))
    groups = [Q(approve_group=Given(f"group_{number}")) for number in range(shape.groups)]
    if shape.is_open:
        yield unnamed, None
    yield him, None
    for group in groups:
        yield group, him
    if shape.handled:
        earlier = reduce(or_, groups, him)
        yield Q(handled_by=Given("user")), earlier | unnamed if shape.is_open else earlier


def _narrowed(shape: _Shape) -> Q:
    moment = Todo._meta.get_field("create_time")
    conditions = {
        "business_type": Q(business_type=Given("business_type")),
        "from_date": Q(create_time__gte=Given("from_date", moment)),
        "to_date": Q(create_time__lte=Given("to_date", moment)),
        **{name: Q(**{f"{column}__icontains": Given(name)}) for name, column in TEXTS.items()},
    }
    state = ~WAITING if shape.handled else WAITING
    return reduce(lambda narrowed, name: narrowed & conditions[name], shape.narrowed, state)
