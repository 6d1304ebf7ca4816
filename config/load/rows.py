"""The quick way into a table: COPY on PostgreSQL, executemany elsewhere, a commit per chunk."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

CHUNK = 20_000


def rows_insert(template: models.Model, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert one row for each of `rows`, which hold the values of the columns `names`; the others are the template's.

    A column that is no name (`hub_id`, not `hub`) is refused. Values are what a driver takes: text, numbers, booleans,
    None, `moment(…)`, `json_text(…)`, `uuid_text(…)`. Returns the number of rows.
    """
    fields = {field.attname: field for field in template._meta.concrete_fields}
    missing = set(names) - set(fields)
    if missing:
        raise LookupError(f"{template._meta.label} has no {', '.join(sorted(missing))}")
    constant = [
        field
        for name, field in fields.items()
        if name not in names and not (field.primary_key and getattr(template, name) is None)
    ]
    columns = [fields[name].column for name in names] + [field.column for field in constant]
    rest = tuple(_constant(field, template) for field in constant)
    count = 0
    whole = iter(rows)
    while chunk := [(*row, *rest) for row in islice(whole, CHUNK)]:
        with transaction.atomic():
            _insert(template._meta.db_table, columns, chunk)
        count += len(chunk)
    return count


def _constant(field: Any, template: models.Model) -> Any:
    value = field.pre_save(template, add=True)
    if isinstance(field, models.JSONField):
        return None if value is None else json_text(value)
    return field.get_db_prep_save(value, connection)


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            name = connection.ops.quote_name(table)
            cursor.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({marks})", rows)  # noqa: S608  (our own names)


def json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


def uuid_text(value: UUID) -> str:
    return value.hex


@lru_cache(maxsize=200_000)
def moment(epoch: int) -> Any:
    """The second `epoch` as the database's driver takes it."""
    return connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(epoch, UTC))


def numbers_free(model: type[models.Model]) -> int:
    """The first number of a block of ids that nobody has yet. Nobody may write meanwhile."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def counters_catch_up(*given: type[models.Model]) -> None:
    """Ids that were given by hand have not moved the database's own counters."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(given)):
            cursor.execute(statement)


def statistics_refresh() -> None:
    """Let the database look at its tables anew, so that it plans with what is in them now."""
    # PostgreSQL reads an index alone only where VACUUM has noted which rows everybody sees; it runs in no transaction.
    vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuum else "ANALYZE")
