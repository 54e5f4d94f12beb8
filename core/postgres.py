"""Migration steps that only PostgreSQL understands; SQLite passes over them."""

from typing import Any

from django.db.migrations.operations import RunSQL


class PostgresOnlySQL(RunSQL):
    """Statements that run on PostgreSQL and are a no-op elsewhere."""

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, *states)


def trigram_index(name: str, table: str, column: str) -> PostgresOnlySQL:
    """An index that serves `column__icontains`, which compiles to UPPER(column) LIKE UPPER(…)."""
    return PostgresOnlySQL(
        sql=f"CREATE INDEX {name} ON {table} USING gin (UPPER({column}::text) gin_trgm_ops)",
        reverse_sql=f"DROP INDEX IF EXISTS {name}",
    )
