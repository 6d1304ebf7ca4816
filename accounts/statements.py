"""Statements that are made once and run many times.

On a path that every request takes, the ORM needs several times as long to put a statement together as the database
needs to run it. `Prepared` keeps the statement of a queryset, `row_insert` and `row_update` keep those of a model's
rows; what comes out are the same instances, dicts or tuples. PostgreSQL also keeps its plan (setting
PREPARED_STATEMENTS).

The statements are built from the models like any other: no table or column is spelled here or by the callers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import orjson
from django.db import connection, models
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

_numbers = count()


class Given(Expression):
    """A place in a queryset that is filled when it runs: `Hub.objects.filter(pk=Given("pk"))`.

    field: turns the value into the database's form, where Python's own form is not it (moments, UUIDs).
    """

    def __init__(self, name: str, field: models.Field | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.prepare: Callable[[Any, Any], Any] | None = field.get_db_prep_value if field else None

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value(self, values: dict[str, Any]) -> Any:
        value = values[self.name]
        return value if self.prepare is None else self.prepare(value, connection)

    def get_group_by_cols(self) -> list[Any]:
        return []


class Prepared:
    """A queryset made by `make` at its first use. No prefetches; slices, `.values()` and locks as everywhere.

    Every call is one query: its rows come as `make`'s queryset would give them.
    """

    def __init__(self, make: Callable[[], models.QuerySet]) -> None:
        self.make = make
        self.number = next(_numbers)

    def all(self, **given: Any) -> list[Any]:
        """The rows, with a value for every Given."""
        plans = vars(connection).setdefault("prepared_plans", {})
        plan = plans.get(self.number)
        if plan is None:
            plan = plans[self.number] = _Plan(self.make())
        return plan.rows(given)

    def first(self, **given: Any) -> Any | None:
        """The first row, or None."""
        rows = self.all(**given)
        return rows[0] if rows else None


class PreparedIn:
    """A queryset over lists of keys: `PreparedIn(lambda keys: Hub.objects.filter(pk__in=keys))`.

    A statement for each power of two is kept; the places that a list leaves over repeat its last key.
    """

    def __init__(self, make: Callable[..., models.QuerySet]) -> None:
        self.make = make
        self.statements: dict[tuple[int | None, ...], Prepared] = {}

    def all(self, *lists: Sequence[Any] | None, **given: Any) -> list[Any]:
        """The rows of these keys in the queryset's order; without a query for an empty list.

        The keys are in the database's form; a list that is None is None for `make`, too.
        """
        if any(keys is not None and not keys for keys in lists):
            return []
        sizes = tuple(None if keys is None else 1 << (len(keys) - 1).bit_length() for keys in lists)
        if sizes not in self.statements:
            places = [size and _GivenKeys(number, size) for number, size in enumerate(sizes)]
            self.statements[sizes] = Prepared(lambda: self.make(*places))
        for number, (keys, size) in enumerate(zip(lists, sizes, strict=True)):
            if keys is not None and size is not None:
                padded = [*keys, *[keys[-1]] * (size - len(keys))]
                given |= {f"key_{number}_{place}": key for place, key in enumerate(padded)}
        return self.statements[sizes].all(**given)


class _GivenKeys(Expression):
    """The places of a list: what stands behind IN."""

    def __init__(self, number: int, size: int) -> None:
        super().__init__()
        self.places = [Given(f"key_{number}_{place}") for place in range(size)]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return f"({', '.join(['%s'] * len(self.places))})", list(self.places)

    def get_group_by_cols(self) -> list[Any]:
        return []


class _Plan:
    """A queryset with its statement, for one connection (that is, for one thread)."""

    def __init__(self, queryset: models.QuerySet) -> None:
        self.queryset = queryset
        self.given: dict[str, Any] = {}
        compiler = queryset.query.get_compiler(using=connection.alias)
        self.sql, self.slots = compiler.as_sql()
        found = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        self.converters = [
            (place, _QUICK.get(getattr(step, "__func__", step), step), expression)
            for place, (steps, expression) in found.items()
            for step in steps
        ]
        # The queryset's iterable asks its query for a compiler, and that one for rows: they are here already.
        compiler.execute_sql = lambda *_, **__: []  # type: ignore[method-assign]
        compiler.results_iter = lambda *_, **__: self.fetched()  # type: ignore[method-assign]
        queryset.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]

    def rows(self, given: dict[str, Any]) -> list[Any]:
        self.given = given
        rows: Any = self.queryset._iterable_class(self.queryset)
        return list(rows)

    def fetched(self) -> Iterator[Sequence[Any]]:
        parameters = [slot.value(self.given) if isinstance(slot, Given) else slot for slot in self.slots]
        with cursor() as rows:
            rows.execute(self.sql, parameters)
            found = rows.fetchall()
        return map(self.converted, found) if self.converters else iter(found)

    def converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, step, expression in self.converters:
            values[place] = step(values[place], expression, connection)
        return tuple(values)


def _moment(value: datetime | str | None, *_: Any) -> datetime | None:
    # SQLite hands out moments without their zone, which is always UTC, and those of expressions as text.
    if value is None:
        return None
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).replace(tzinfo=UTC)


def _json(value: Any, *_: Any) -> Any:
    return None if value is None else orjson.loads(value)


# Django's converters of moments (SQLite) and JSON, and quicker ones that give the same.
_QUICK: dict[Any, Callable] = {
    SQLite.ops_class.convert_datetimefield_value: _moment,
    models.JSONField.from_db_value: _json,
}


def cursor() -> CursorWrapper:
    """A cursor for statements whose text never changes: on PostgreSQL their plans are kept by the server."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.ensure_connection()
    wrapper: Any = connection
    bound: Any = ServerBindingCursor
    return wrapper._prepare_cursor(bound(connection.connection))


def row_insert(row: models.Model) -> None:
    """`row.save(force_insert=True)` without signals; a missing primary key is filled from the database."""
    sql, fields, returning = _insert_statement(type(row), row.pk is None)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with cursor() as rows:
        rows.execute(sql, values)
        if returning:
            (row.pk,) = rows.fetchone()
    row._state.adding, row._state.db = False, connection.alias


def rows_insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model: a single one by its kept statement, many by some long statements."""
    if len(rows) == 1:
        row_insert(rows[0])
    elif rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def row_update(row: models.Model, names: Sequence[str], **where: Any) -> int:
    """Store these columns (attribute names) of the row, where its others have these values; 1, or 0 if they have not.

    The conditional update by which states change: `row_update(task, ["status"], status="ONGOING")`.
    """
    sql, fields, conditions = _update_statement(type(row), tuple(names), tuple(where))
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
    values += [
        field.get_db_prep_value(value, connection) for field, value in zip(conditions, where.values(), strict=True)
    ]
    with cursor() as rows:
        rows.execute(sql, [*values, row.pk])
        return rows.rowcount


@cache
def _insert_statement(model: type[models.Model], keyless: bool) -> tuple[str, list[models.Field], bool]:
    meta: Any = model._meta
    quoted = connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not (keyless and field.primary_key)]
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    return f"{sql} RETURNING {quoted(meta.pk.column)}" if keyless else sql, fields, keyless


@cache
def _update_statement(
    model: type[models.Model], names: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[models.Field], list[models.Field]]:
    meta: Any = model._meta
    quoted = connection.ops.quote_name
    known = {field.attname: field for field in meta.concrete_fields}
    fields, conditions = [known[name] for name in names], [known[name] for name in where]
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    rest = " AND ".join(f"{quoted(field.column)} = %s" for field in [*conditions, meta.pk])
    return f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {rest}", fields, conditions  # noqa: S608
