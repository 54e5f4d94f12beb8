"""From what was understood to an order and its lines, not yet written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from orders.checks import Found
from orders.intake.neutral import content_hash
from orders.intake.parsed import ParsedLine, ParsedOrder, Received, Remark, Severity
from orders.models import Order, OrderLine
from orders.services.intake.facts import Facts, words_of
from warehouses.services.checks import MAX_QUANTITY

# An order that has such an error cannot be written as the source meant it.
_BLOCKING = frozenset({"order_number", "quantity", "status", "file", "header", "row"})
_LONGEST = {
    column.name: column.max_length
    for column in [*Order._meta.concrete_fields, *OrderLine._meta.concrete_fields]
    if column.max_length
}
_CENT = Decimal("0.01")
_PRICE_LIMIT = Decimal(10) ** 10


@dataclass(slots=True)
class Candidate:
    """`refusals` say why it cannot be written at all; `found` is what a person should look at."""

    received: Received
    order: Order
    lines: list[OrderLine] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.received.order.number


def candidate_of(received: Received, source: str, facts: Facts) -> Candidate:
    """Build the rows; nothing is cut or replaced without a finding that says so."""
    parsed = received.order
    candidate = Candidate(received, Order(source=source, number=parsed.number))
    candidate.refusals += [r.message for r in received.remarks if is_blocking(r)]
    _take_number(candidate, parsed)
    _take_texts(candidate, parsed)
    _take_wishes(candidate, parsed, facts)
    candidate.order.order_date = _date(parsed.date)
    candidate.order.promise_date = _date(parsed.promise_date)
    candidate.order.original_text = parsed.text.replace("\x00", "")
    candidate.order.content_hash = content_hash(parsed)
    for position, line in enumerate(parsed.lines, start=1):
        _take_line(candidate, line, position, facts)
    return candidate


def is_blocking(remark: Remark) -> bool:
    return remark.severity is Severity.ERROR and remark.field in _BLOCKING


def _take_number(candidate: Candidate, parsed: ParsedOrder) -> None:
    longest = _LONGEST["number"]
    if not parsed.number:
        candidate.refusals.append("The order has no number. Give it one.")
    elif len(parsed.number) > longest:
        candidate.refusals.append(
            f"The order number has {len(parsed.number)} characters; at most {longest} fit."
        )


def _take_texts(candidate: Candidate, parsed: ParsedOrder) -> None:
    recipient = parsed.recipient
    texts = {
        "recipient_name": recipient.name,
        "company": recipient.company,
        "phone": parsed.phone,
        "email": parsed.email,
        "address_1": recipient.address_1,
        "address_2": recipient.address_2,
        "city": recipient.city,
        "state": recipient.state,
        "postal_code": recipient.postal_code,
        "country": recipient.country,
        "currency": parsed.currency,
        "shipping_method": parsed.shipping_method,
        "notes": parsed.notes,
    }
    for name, text in texts.items():
        setattr(candidate.order, name, _fitting(candidate, name, text))


def _fitting(candidate: Candidate, name: str, text: str, line: int | None = None) -> str:
    """The text as the column can hold it; the whole stays in the original text."""
    text = text.replace("\x00", "")
    longest = _LONGEST.get(name)
    if longest is None or len(text) <= longest:
        return text
    message = f"The {name.replace('_', ' ')} has {len(text)} characters; only {longest} fit."
    step = "Shorten it; the whole is kept in the original text."
    candidate.found.append(
        Found("too_long", Severity.ERROR, name, message, step, {"given": text[:2000]}, line)
    )
    return text[:longest]


def _take_wishes(candidate: Candidate, parsed: ParsedOrder, facts: Facts) -> None:
    order = candidate.order
    order.wanted_service = facts.services.get(words_of(parsed.shipping_method))
    if parsed.wanted_carrier:
        order.wanted_carrier = facts.carriers.get(words_of(parsed.wanted_carrier))
        order.wanted_service = order.wanted_service or facts.services.get(
            words_of(parsed.wanted_carrier)
        )
        if not (order.wanted_carrier or order.wanted_service):
            candidate.found.append(_unknown_carrier(parsed.wanted_carrier, facts))
    state = parsed.wanted_state.strip().upper()
    if len(state) <= 2:
        order.wanted_warehouse_state = state
    else:
        candidate.found.append(_unknown_state(parsed.wanted_state))


def _unknown_carrier(wanted: str, facts: Facts) -> Found:
    names = ", ".join(sorted({carrier.name for carrier in facts.carriers.values()}))
    return Found(
        "unknown_carrier",
        Severity.ERROR,
        "wanted_carrier",
        f"The order wants “{wanted}”, which is no carrier we know.",
        f"Choose one of {names}, or clear the wish." if names else "Add the carrier, or clear it.",
        {"given": wanted},
        None,
    )


def _unknown_state(wanted: str) -> Found:
    return Found(
        "unknown_warehouse_state",
        Severity.ERROR,
        "wanted_warehouse_state",
        f"The order wants to leave from “{wanted}”, which is no two-letter state.",
        "Choose the state of one of our warehouses, or clear the wish.",
        {"given": wanted},
        None,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _take_line(candidate: Candidate, line: ParsedLine, position: int, facts: Facts) -> None:
    quantity = _quantity(line.quantity)
    if quantity is None:
        if not candidate.refusals:
            given = f"“{line.quantity}”" if line.quantity else "missing"
            candidate.refusals.append(
                f"Line {position} ({line.sku or 'no SKU'}): the quantity is {given}; "
                f"it must be a whole number from 1 to {MAX_QUANTITY:,}."
            )
        return
    candidate.lines.append(
        OrderLine(
            position=position,
            sku=_fitting(candidate, "sku", line.sku, position),
            product=facts.products.get(line.sku.upper()),
            title=_fitting(candidate, "title", line.title, position),
            quantity=quantity,
            unit_price=_price(candidate, line, position),
        )
    )


def _quantity(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    return int(text) if 0 < int(text) <= MAX_QUANTITY else None


def _price(candidate: Candidate, line: ParsedLine, position: int) -> Decimal | None:
    try:
        given = Decimal(line.unit_price) if line.unit_price else None
    except InvalidOperation:
        given = Decimal("NaN")
    if given is None or (given.is_finite() and 0 <= given < _PRICE_LIMIT):
        return _rounded(candidate, given, position)
    candidate.found.append(
        Found(
            "price_unusable",
            Severity.ERROR,
            "unit_price",
            f"Line {position}: “{line.unit_price}” is no price.",
            "Enter the price of one piece.",
            {"given": line.unit_price},
            position,
        )
    )
    return None


def _rounded(candidate: Candidate, given: Decimal | None, position: int) -> Decimal | None:
    if given is None or given == (rounded := given.quantize(_CENT)):
        return given
    candidate.found.append(
        Found(
            "price_rounded",
            Severity.WARNING,
            "unit_price",
            f"Line {position}: the price {given} was rounded to {rounded}.",
            "Correct the price if the rounding matters.",
            {"given": str(given)},
            position,
        )
    )
    return rounded


def remarks_as_found(remarks: Iterable[Remark], line_of_row: dict[int, int]) -> list[Found]:
    """What the reader noticed, as findings of the order; line fields point at their line."""
    return [
        Found(
            remark.code,
            remark.severity,
            remark.field,
            remark.message,
            "",
            {"row": remark.row},
            line_of_row.get(remark.row or 0) if remark.field in _LINE_FIELDS else None,
        )
        for remark in remarks
        if not is_blocking(remark)
    ]


_LINE_FIELDS = frozenset({"sku", "quantity", "unit_price", "title"})
