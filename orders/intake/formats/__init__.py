"""Which format a header belongs to, and which column holds which of our fields. Pure."""

from orders.intake.formats.fields import FIELDS, Field, label_of
from orders.intake.formats.recognise import Header, find_header, read_header, suggest_mapping
from orders.intake.formats.shops import FORMATS, Format

FORMAT_NAMES = tuple(dict.fromkeys(known.name for known in FORMATS))
"""A shop may have several layouts under one name."""

__all__ = [
    "FIELDS",
    "FORMATS",
    "FORMAT_NAMES",
    "Field",
    "Format",
    "Header",
    "find_header",
    "label_of",
    "read_header",
    "suggest_mapping",
]
