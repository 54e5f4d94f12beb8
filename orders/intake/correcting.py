"""A person corrects what was understood: fields by name, and the lines as they should be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from orders.intake.parsed import ParsedLine, ParsedOrder, Received

ORDER_FIELDS = (
    "number",
    "date",
    "currency",
    "shipping_method",
    "email",
    "phone",
    "wanted_carrier",
    "wanted_state",
    "notes",
)
RECIPIENT_FIELDS = (
    "name",
    "company",
    "address_1",
    "address_2",
    "city",
    "state",
    "postal_code",
    "country",
)
LINE_FIELDS = ("sku", "quantity", "unit_price", "title")
_SAME = {
    "order_number": "number",
    "order_date": "date",
    "recipient_name": "name",
    "recipient": "name",
    "address": "address_1",
    "wanted_warehouse_state": "wanted_state",
    "wanted_service": "wanted_carrier",
}


def field_named(name: str) -> str:
    """The name that a field has here, whatever a remark, finding or column calls it."""
    return _SAME.get(name, name)


def value_of(order: ParsedOrder, field: str) -> str:
    """What an order holds in one of ORDER_FIELDS or RECIPIENT_FIELDS."""
    return str(getattr(order if field in ORDER_FIELDS else order.recipient, field))


def corrected(
    received: Received, changes: Mapping[str, str], lines: Sequence[Mapping[str, str]]
) -> Received:
    """Set the fields and lines; remarks and doubts about what was changed are answered by that.

    A line without SKU and quantity is taken away. Changes the order in place. Raises KeyError for
    a name that is no field.
    """
    changed = _set_fields(received.order, changes) | _set_lines(received.order, lines)
    for name in list(received.order.doubts):
        if field_named(name) in changed:
            del received.order.doubts[name]
    kept = tuple(r for r in received.remarks if field_named(r.field) not in changed)
    return replace(received, remarks=kept)


def _set_fields(order: ParsedOrder, changes: Mapping[str, str]) -> set[str]:
    changed = set()
    for name, value in changes.items():
        if name not in ORDER_FIELDS + RECIPIENT_FIELDS:
            raise KeyError(name)
        target: Any = order if name in ORDER_FIELDS else order.recipient
        if getattr(target, name) != value:
            setattr(target, name, value)
            changed.add(name)
    return changed


def _set_lines(order: ParsedOrder, lines: Sequence[Mapping[str, str]]) -> set[str]:
    given = [(n, line) for n, line in enumerate(lines) if line.get("sku") or line.get("quantity")]
    old = order.lines
    new = [ParsedLine(**line, row=_row_of(old, n)) for n, line in given]
    changed = {
        name
        for name in LINE_FIELDS
        if [getattr(line, name) for line in new] != [getattr(line, name) for line in old]
    }
    order.lines = new
    return changed | ({"lines"} if changed else set())


def _row_of(old: Sequence[ParsedLine], place: int) -> int | None:
    return old[place].row if place < len(old) else None
