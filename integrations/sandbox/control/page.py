"""The page that shows what the sandbox holds. Everything in it is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from integrations.sandbox import clock, statistics, webhooks
from integrations.sandbox.control.base import Command, refuse
from integrations.sandbox.control.reports import waiting
from integrations.sandbox.documents.pdf import label_pdf
from integrations.sandbox.easyship import addresses, products, shipment_book
from integrations.sandbox.easyship.documents import label_of
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.fault_kinds import FAULT_KINDS, SCENARIOS
from integrations.sandbox.messages import Json, Response, page_response
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import warehouses
from integrations.sandbox.veeqo.allocation_view import SHIPMENT
from integrations.sandbox.veeqo.catalogue import SELLABLE, Catalogue
from integrations.sandbox.veeqo.labels import drawn_label
from integrations.sandbox.veeqo.order_view import ALLOCATION
from integrations.sandbox.veeqo.order_view import KIND as ORDER

SHOWN = 50
STYLE = """
body{font:14px/1.45 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:0 24px 48px;
color:#1d2733;background:#f6f7f9}
h1{font-size:22px;margin:24px 0 4px}h2{font-size:16px;margin:28px 0 8px}
p{margin:4px 0;color:#51606f}
.wrap{overflow-x:auto;background:#fff;border:1px solid #dde3ea;border-radius:8px}
table{border-collapse:collapse;width:100%}th,td{padding:6px 12px;text-align:left;
border-bottom:1px solid #edf0f4;white-space:nowrap}th{font-weight:600;color:#51606f;
font-size:12px}tr:last-child td{border-bottom:0}td.n{text-align:right;
font-variant-numeric:tabular-nums}.mark{background:#fff3cd;border:1px solid #f0d98c;
border-radius:8px;padding:8px 12px;color:#6b5300}code{font-size:13px}
nav a{margin-right:14px}a{color:#1758a8}
"""


def show(command: Command) -> Response:
    """The page."""
    with command.sandbox.turn() as turn:
        sections = [
            _faults(command),
            _statistics(command, turn),
            _warehouses(turn),
            _products(turn),
            _orders(turn),
            _shipments(turn),
            _deliveries(turn),
            _requests(turn),
        ]
    return page_response(200, _document("".join(sections)))


def _document(body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Platform sandbox</title><style>{STYLE}</style></head><body>"
        "<h1>Platform sandbox</h1>"
        '<p class="mark">Pretended Veeqo and Easyship. Nothing here ships, and no money moves.</p>'
        f"{body}</body></html>"
    )


class Markup(str):
    """HTML that is safe already: made here, with its contents escaped."""


def table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[object]], note: str = ""
) -> str:
    """A section with a table; cells are escaped unless they are Markup."""
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    empty = f'<tr><td colspan="{len(heads)}">Nothing yet.</td></tr>'
    return (
        f"<h2>{escape(title)}</h2>{f'<p>{escape(note)}</p>' if note else ''}"
        f'<div class="wrap"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body or empty}</tbody></table></div>"
    )


def _cell(value: object) -> str:
    if isinstance(value, Markup):
        return f"<td>{value}</td>"
    shown = "" if value is None else escape(str(value))
    return f'<td class="n">{shown}</td>' if isinstance(value, int | float) else f"<td>{shown}</td>"


def _faults(command: Command) -> str:
    faults = command.sandbox.faults
    rows = [
        (str(fault), faults.struck[fault.kind.name], fault.kind.text) for fault in faults.active
    ]
    known = f"Faults: {', '.join(FAULT_KINDS)}. Scenarios: {', '.join(SCENARIOS)}."
    return table("Active faults", ("Fault", "Struck", "What it does"), rows, known)


def _statistics(command: Command, turn: Turn) -> str:
    report = command.sandbox.counts.report(turn.tx)
    rows = [
        (
            name,
            entry["requests"],
            ", ".join(f"{status}: {n}" for status, n in sorted(entry["by_status"].items())),
            entry["refused_by_limit"],
            entry["most_in_one_second"],
            entry["most_in_one_minute"],
        )
        for name, entry in report.items()
    ]
    heads = ("Platform", "Requests", "By status", "Over the limit", "Most in 1 s", "Most in 60 s")
    left = waiting(turn.tx)
    ahead = sum(left["actions"].values())
    note = f"Still ahead: {ahead} actions, {left['deliveries']} webhook deliveries."
    return table("Requests", heads, rows, note)


def _warehouses(turn: Turn) -> str:
    rows = [
        ("Veeqo", w["id"], w["name"], f"{w['city']}, {w['region']} {w['post_code']}")
        for w in turn.tx.bodies(warehouses.KIND)
    ]
    rows += [
        ("Easyship", a["id"], a["company_name"], f"{a['city']}, {a['state']} {a['postal_code']}")
        for a in turn.tx.bodies(addresses.KIND)
    ]
    return table("Warehouses and addresses", ("Platform", "Id", "Name", "Place"), rows)


def _products(turn: Turn) -> str:
    catalogue = Catalogue(turn)
    mirrored = {row["identifier"]: row["id"] for row in turn.tx.bodies(products.KIND)}
    rows = []
    for document in turn.tx.select(SELLABLE, tail=f"ORDER BY seq LIMIT {SHOWN}"):
        sellable = catalogue.sellable(document.body["id"])
        levels = ", ".join(
            f"{e['warehouse']['name']} {e['available_stock_level']}/{e['physical_stock_level']}"
            for e in sellable["stock_entries"]
        )
        sku = sellable["sku_code"]
        rows.append((sku, sellable["full_title"], sellable["id"], mirrored.get(sku), levels))
    heads = ("SKU", "Title", "Veeqo sellable", "Easyship product", "Free / there (Veeqo)")
    return table("Products and stock", heads, rows, f"{turn.tx.count(SELLABLE)} in all.")


def _orders(turn: Turn) -> str:
    documents = turn.tx.select(ORDER, tail=f"ORDER BY seq DESC LIMIT {SHOWN}")
    rows = [_order_row(turn, document) for document in documents]
    heads = ("Number", "Id", "Status", "To", "Labels", "Created")
    return table("Veeqo: orders", heads, rows, f"{turn.tx.count(ORDER)} in all.")


def _order_row(turn: Turn, document: Document) -> tuple[object, ...]:
    address = document.body["deliver_to"]
    live = turn.tx.bodies(
        SHIPMENT, "status = 'live' AND json_extract(body, '$.order_id') = ?", [int(document.id)]
    )
    links = [
        link("veeqo", s["id"], s["tracking_number"] or "shipped") if s["bought"] else "by hand"
        for s in live
    ]
    return (
        document.reference,
        int(document.id),
        document.status,
        f"{address['city']}, {address['state']}",
        Markup(" ".join(links)),
        clock.iso_seconds(document.created),
    )


def link(platform: str, number: object, text: object) -> Markup:
    """A link to the label's PDF."""
    return Markup(
        f'<a href="/label?platform={platform}&amp;id={escape(str(number))}">{escape(str(text))}</a>'
    )


def _shipments(turn: Turn) -> str:
    documents = turn.tx.select(shipment_book.KIND, tail=f"ORDER BY seq DESC LIMIT {SHOWN}")
    rows = [_shipment_row(document) for document in documents]
    heads = ("Number", "Id", "State", "Label", "Delivery", "Service", "To", "Tracking", "Created")
    total = turn.tx.count(shipment_book.KIND)
    return table("Easyship: shipments", heads, rows, f"{total} in all.")


def _shipment_row(document: Document) -> tuple[object, ...]:
    shipment: Json = document.body["shipment"]
    address, service = shipment["destination_address"], shipment["courier_service"] or {}
    numbers = [tracking["tracking_number"] for tracking in shipment["trackings"]]
    return (
        document.reference,
        document.id,
        shipment["shipment_state"],
        shipment["label_state"],
        shipment["delivery_state"],
        service.get("name"),
        f"{address['city']}, {address['state']}",
        Markup(" ".join(link("easyship", document.id, number) for number in numbers)),
        shipment["created_at"],
    )


def _deliveries(turn: Turn) -> str:
    rows = [
        (
            row["event"],
            row["resource"],
            "forged" if row["forged"] else "",
            row["state"],
            row["attempts"],
            row["answer"],
        )
        for row in webhooks.recent(turn.tx, SHOWN)
    ]
    heads = ("Event", "About", "", "State", "Attempts", "Last answer")
    return table("Webhooks sent", heads, rows)


def _requests(turn: Turn) -> str:
    rows = [
        (
            clock.iso_milliseconds(row["at"]),
            row["platform"],
            row["method"],
            row["path"],
            row["status"] or "no answer",
            row["fault"],
            row["milliseconds"],
        )
        for row in statistics.recent(turn.tx, SHOWN)
    ]
    heads = ("At", "Platform", "Method", "Path", "Status", "Fault", "ms")
    return table("Latest requests", heads, rows)


def label(command: Command) -> Response:
    """The label of a shipment as PDF, for the page's links."""
    platform, number = command.request.first("platform"), command.request.first("id")
    with command.sandbox.turn() as turn:
        content = _label_bytes(turn, platform, number)
    return Response(200, content, {"Content-Type": "application/pdf"})


def _label_bytes(turn: Turn, platform: str, number: str) -> bytes:
    shipment = turn.tx.get(SHIPMENT, number)
    if platform == "veeqo" and shipment and shipment["bought"] and _is_held(turn, shipment):
        return label_pdf([drawn_label(turn, shipment)])
    body = turn.tx.get(shipment_book.KIND, number)
    if platform == "easyship" and body and body["shipment"]["trackings"]:
        return label_pdf([label_of(Stored(**body))])
    return refuse("There is no such label.")


def _is_held(turn: Turn, shipment: Json) -> bool:
    """Whether the order and the allocation of a shipment are still there."""
    allocation = turn.tx.get(ALLOCATION, shipment["allocation_id"])
    return allocation is not None and turn.tx.get(ORDER, shipment["order_id"]) is not None
