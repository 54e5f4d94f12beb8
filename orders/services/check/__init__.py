"""Checking orders against the database: load what checks ask, settle what they find."""

from orders.services.check.reading import checked_from_row, facts_of, fingerprint_of
from orders.services.check.rows import finding_rows, status_of
from orders.services.check.settling import check_orders, settle
from orders.services.check.twins import pair_twins
from orders.services.check.world import load_world

__all__ = [
    "check_orders",
    "checked_from_row",
    "facts_of",
    "finding_rows",
    "fingerprint_of",
    "load_world",
    "pair_twins",
    "settle",
    "status_of",
]
