"""Bytes to rows of text: CSV, TSV, spreadsheets and HTML tables, within limits. Pure."""

from orders.intake.tables.limits import DEFAULT_LIMITS, Limits
from orders.intake.tables.opening import open_tables
from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.rows import Row, Table, head

__all__ = ["DEFAULT_LIMITS", "FileRefused", "Limits", "Row", "Table", "head", "open_tables"]
