"""Pasted text is understood with the product's own ZIP table and catalogue."""

from orders.intake.files import read_pasted_table
from orders.intake.parsed import Understanding
from orders.intake.paste.reading import read_paste
from orders.services.intake.catalogue import known_skus
from orders.services.places import TablePlaces


def understand(text: str) -> Understanding:
    """Read the text; nothing is written. Never raises for anything that can be typed."""
    return read_paste(text, TablePlaces(), known_skus(), table_reader=read_pasted_table)
