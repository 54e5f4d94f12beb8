"""Files and pasted tables of orders: rows become orders, and what is odd becomes remarks. Pure."""

from orders.intake.files.entry import read_all, read_file
from orders.intake.files.pasted import read_pasted_table
from orders.intake.files.reading import Reading, ReadOrder

__all__ = ["ReadOrder", "Reading", "read_all", "read_file", "read_pasted_table"]
