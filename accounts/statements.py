"""Statements that are made once and run many times.

On a path that every request takes, the ORM needs several times as long to put a statement together as the database
needs to run it. `Prepared` keeps the statement of a queryset, `row_insert` and `row_update` keep those of a model's
rows; what comes out are the same instances, dicts or tuples. PostgreSQL also keeps its plan (setting
PREPARED_STATEMENTS).

The statements are built from the models like any other: no table or column is spelled here or by the callers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)


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
        return value if self.prepare is None else self.prepare(value, _database())

    def get_group_by_cols(self) -> list[Any]:
        return []


class Prepared:
    """A queryset made by `make` at its first use. No prefetches; slices, `.values()` and locks as everywhere.

    Every call is one query: its rows come as `make`'s queryset would give them.
    """

    def __init__(self, make: Callable[[], models.QuerySet]) -> None:
        self.make = make

    def all(self, **given: Any) -> list[Any]:
        """The rows, with a value for every Given."""
        # Weak: a statement that its owner drops must not live on in every connection.
        plans = vars(_database()).setdefault("prepared_plans", WeakKeyDictionary())
        plan = plans.get(self)
        if plan is None:
            plan = plans[self] = _Plan(self.make())
        return plan.rows(given)

    def first(self, **given: Any) -> Any | None:
        """The first row, or None."""
        rows = self.all(**given)
        return rows[0] if rows else None


class PreparedIn:
    """A queryset over lists of keys: `PreparedIn(lambda keys: Hub.objects.filter(pk__in=keys))`.

    A list is one value to the database: its length doesn't change the statement.
    """

    def __init__(self, make: Callable[..., models.QuerySet]) -> None:
        self.make = make
        self.statements: dict[tuple[type | None, ...], Prepared] = {}

    def all(self, *lists: Sequence[Any] | None, **given: Any) -> list[Any]:
        """The rows of these keys in the queryset's order; without a query for an empty list.

        The keys are in the database's form; a list that is None is None for `make`, too.
        """
        if any(keys is not None and not keys for keys in lists):
            return []
        shape = tuple(None if keys is None else type(keys[0]) for keys in lists)
        if shape not in self.statements:
            places = [kind and _GivenKeys(f"keys_{number}", kind) for number, kind in enumerate(shape)]
            self.statements[shape] = Prepared(lambda: self.make(*places))
        return self.statements[shape].all(**given, **{f"keys_{number}": keys for number, keys in enumerate(lists)})


class _GivenKeys(Given):
    """The place of a list of values of a kind: what stands behind IN."""

    def __init__(self, name: str, kind: type) -> None:
        super().__init__(name)
        self.kind = kind

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return "(SELECT value FROM json_each(%s))", [self]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        return f"(SELECT unnest(%s::{_ARRAYS[self.kind]}))", [self]

    def value(self, values: dict[str, Any]) -> Any:
        keys = list(values[self.name])
        return keys if _database().vendor == "postgresql" else orjson.dumps(keys).decode()


_ARRAYS = {str: "text[]", int: "bigint[]", UUID: "uuid[]"}


class _Plan:
    """A queryset with its statement, for one connection (that is, for one thread)."""

    def __init__(self, queryset: models.QuerySet) -> None:
        self.queryset = queryset
        self.given: dict[str, Any] = {}
        self.database = _database()
        compiler = queryset.query.get_compiler(using=self.database.alias)
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
            values[place] = step(values[place], expression, self.database)
        return tuple(values)


def _moment(value: datetime | str | None, *_: Any) -> datetime | None:
    # SQLite hands out moments without their zone, which is always UTC, and those of expressions as text.
    if value is None:
        return None
    # `replace(tzinfo=UTC)` takes ten times as long.
    return _EPOCH + ((datetime.fromisoformat(value) if isinstance(value, str) else value) - _NAIVE_EPOCH)


def _json(value: Any, *_: Any) -> Any:
    return None if value is None else orjson.loads(value)


# Django's converters of moments (SQLite) and JSON, and quicker ones that give the same.
_QUICK: dict[Any, Callable] = {
    SQLite.ops_class.convert_datetimefield_value: _moment,
    models.JSONField.from_db_value: _json,
}


class _SQLiteCursor(SQLiteCursorWrapper):
    """Django's own, which puts the places of a statement into SQLite's style once and not at every run."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        return _in_sqlite_style(query)


# Bounded: pages of lists have their numbers in the text.
@lru_cache(maxsize=1000)
def _in_sqlite_style(query: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def cursor() -> CursorWrapper:
    """A cursor for statements whose text never changes: on PostgreSQL their plans are kept by the server."""
    database = _database()
    database.close_if_health_check_failed()
    database.ensure_connection()
    if database.vendor == "sqlite":
        return database._prepare_cursor(database.connection.cursor(factory=_SQLiteCursor))
    from django.db.backends.postgresql import base

    return database._prepare_cursor(vars(base)["ServerBindingCursor"](database.connection))


def _database() -> Any:
    # `django.db.connection` looks it up anew for every attribute.
    return connections[DEFAULT_DB_ALIAS]


@contextmanager
def together() -> Iterator[None]:
    """Statements that nobody waits for go to PostgreSQL in one journey; what they raise is raised at the end.

    Inside a transaction, and for statements whose result is not asked for: what `row_update` returns means nothing
    here, and a `row_insert` that has to fetch its key is waited for.
    """
    database = _database()
    if database.vendor != "postgresql":
        yield
        return
    database.ensure_connection()
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def row_insert(row: models.Model, *, keyed: bool = True) -> None:
    """`row.save(force_insert=True)` without signals; a missing primary key is filled from the database if `keyed`."""
    database = _database()
    sql, fields, returning = _insert_statement(type(row), row.pk is None, keyed)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields]
    with cursor() as rows:
        rows.execute(sql, values)
        if returning:
            (row.pk,) = rows.fetchone()
    row._state.adding, row._state.db = False, database.alias


def rows_insert(rows: Sequence[models.Model], *, keyed: bool = True) -> None:
    """Insert new rows of one model: a single one by its kept statement, many by some long statements."""
    if len(rows) == 1:
        row_insert(rows[0], keyed=keyed)
    elif rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def row_update(row: models.Model, names: Sequence[str], **where: Any) -> int:
    """Store these columns (attribute names) of the row, where its others have these values; 1, or 0 if they have not.

    The conditional update by which states change: `row_update(task, ["status"], status="ONGOING")`.
    """
    database = _database()
    sql, fields, conditions = _update_statement(type(row), tuple(names), tuple(where))
    values = [field.get_db_prep_save(field.pre_save(row, add=False), database) for field in fields]
    values += [
        field.get_db_prep_value(value, database) for field, value in zip(conditions, where.values(), strict=True)
    ]
    with cursor() as rows:
        rows.execute(sql, [*values, row.pk])
        return rows.rowcount


@cache
def _insert_statement(model: type[models.Model], keyless: bool, keyed: bool) -> tuple[str, list[models.Field], bool]:
    meta: Any = model._meta
    quoted = _database().ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not (keyless and field.primary_key)]
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    returning = keyless and keyed
    return f"{sql} RETURNING {quoted(meta.pk.column)}" if returning else sql, fields, returning


@cache
def _update_statement(
    model: type[models.Model], names: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[models.Field], list[models.Field]]:
    meta: Any = model._meta
    quoted = _database().ops.quote_name
    known = {field.attname: field for field in meta.concrete_fields}
    fields, conditions = [known[name] for name in names], [known[name] for name in where]
    columns = ", ".join(f"{quoted(field.column)} = %s" for field in fields)
    rest = " AND ".join(f"{quoted(field.column)} = %s" for field in [*conditions, meta.pk])
    return f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {rest}", fields, conditions  # noqa: S608
