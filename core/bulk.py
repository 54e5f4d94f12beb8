"""Many new rows at once: COPY on PostgreSQL, multi-row INSERT elsewhere."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.db.models.fields.json import JSONField
from psycopg.types.json import Jsonb


def insert_many(rows: Sequence[models.Model]) -> None:
    """Write new rows of one model in the caller's transaction and give them their keys.

    What save() would compute (auto_now, pre_save) is not computed, so models that need it are
    refused. Raises IntegrityError with nothing of them written, and TypeError.
    """
    if not rows:
        return
    model = type(rows[0])
    _check(model)
    if connection.vendor != "postgresql":
        model._base_manager.bulk_create(rows)
        return
    _take_keys(model, rows)
    # COPY goes past Django's own cursor methods, so its errors are translated here.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(_statement(model)) as copy,
    ):
        for values in _plain(model, rows):
            copy.write_row(values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@cache
def _check(model: type[models.Model]) -> None:
    for field in model._meta.local_concrete_fields:
        if type(field).pre_save is not models.Field.pre_save and not isinstance(
            field, models.AutoField | models.DateField | models.TimeField
        ):
            raise TypeError(f"{field} computes its value on saving; use save().")
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            raise TypeError(f"{field} computes its value on saving; use save().")


def _take_keys(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{meta.db_table}"', meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


@cache
def _statement(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in model._meta.local_concrete_fields)
    return f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"


def _plain(model: type[models.Model], rows: Iterable[models.Model]) -> Iterable[list[Any]]:
    """The columns of each row, in the order of the statement, as the driver takes them."""
    fields = model._meta.local_concrete_fields
    names = [field.attname for field in fields]
    wrapped = [index for index, field in enumerate(fields) if isinstance(field, JSONField)]
    packed = [(i, field) for i, field in enumerate(fields) if isinstance(field, models.BinaryField)]
    for row in rows:
        values = [getattr(row, name) for name in names]
        for index in wrapped:
            values[index] = Jsonb(values[index])
        for index, field in packed:
            # As bytes: the driver's own wrapper is for statements, not for COPY.
            values[index] = field.get_prep_value(values[index])
        yield [value.value if isinstance(value, models.Choices) else value for value in values]
