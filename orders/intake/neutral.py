"""What was understood, as plain JSON and back: for commands, the API and stored import rows."""

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from orders.intake.parsed import (
    ParsedLine,
    ParsedOrder,
    Recipient,
    Remark,
    Severity,
    Span,
    Understanding,
)

# Where it was read and why it is doubted says nothing about what the source wants.
_CONTENT = (
    "number",
    "date",
    "currency",
    "shipping_method",
    "email",
    "phone",
    "wanted_carrier",
    "wanted_state",
    "promise_date",
    "notes",
)


def order_as_json(order: ParsedOrder) -> dict[str, Any]:
    return asdict(order)


def order_from_json(stored: dict[str, Any]) -> ParsedOrder:
    """The reverse of order_as_json; unknown keys are ignored, so that older rows stay readable."""
    known = {field.name for field in fields(ParsedOrder)}
    values = {name: value for name, value in stored.items() if name in known}
    values["recipient"] = Recipient(**stored.get("recipient", {}))
    values["lines"] = [ParsedLine(**line) for line in stored.get("lines", [])]
    values["spans"] = {
        name: [Span(**span) for span in spans] for name, spans in stored.get("spans", {}).items()
    }
    return ParsedOrder(**values)


def remark_as_json(remark: Remark) -> dict[str, Any]:
    return {
        "row": remark.row,
        "field": remark.field,
        "severity": remark.severity.value,
        "code": remark.code,
        "message": remark.message,
    }


def remark_from_json(stored: dict[str, Any]) -> Remark:
    return Remark(**{**stored, "severity": Severity(stored["severity"])})


def content_hash(order: ParsedOrder) -> str:
    """SHA-256 of what the source says, whatever rows it came on."""
    content = {name: getattr(order, name) for name in _CONTENT}
    content["recipient"] = asdict(order.recipient)
    content["lines"] = [
        [line.sku, line.quantity, line.unit_price, line.title] for line in order.lines
    ]
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def answer_of(order: ParsedOrder) -> dict[str, Any]:
    """One order of the neutral answer that commands and the API print."""
    spans = {
        name: [[span.start, span.end] for span in found] for name, found in order.spans.items()
    }
    return {
        "number": order.number,
        "date": order.date,
        "currency": order.currency,
        "shipping_method": order.shipping_method,
        "email": order.email,
        "phone": order.phone,
        "recipient": asdict(order.recipient),
        "lines": [asdict(line) for line in order.lines],
        "rows": order.rows,
        "wanted_carrier": order.wanted_carrier,
        "wanted_warehouse_state": order.wanted_state,
        "notes": order.notes,
        "text": order.text,
        "spans": spans,
        "doubts": order.doubts,
    }


def answer_of_all(understood: Understanding) -> dict[str, Any]:
    """The whole neutral answer; `rejected` counts the rows that became no order."""
    taken = {row for order in understood.orders for row in order.rows}
    refused = {
        remark.row
        for remark in understood.remarks
        if remark.severity == "error" and remark.row is not None and remark.row not in taken
    }
    return {
        "format": understood.format,
        "orders": [answer_of(order) for order in understood.orders],
        "findings": [remark_as_json(remark) for remark in understood.remarks],
        "rejected": len(refused),
    }
