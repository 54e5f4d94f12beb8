"""Buying a label with a fresh rate, and the label's file."""

from decimal import Decimal

from integrations.sandbox import journeys
from integrations.sandbox.carriers import carrier_named, tracking_number
from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.documents.label import Label, address_lines
from integrations.sandbox.documents.pdf import label_pdf
from integrations.sandbox.documents.png import label_png
from integrations.sandbox.documents.zpl import label_zpl
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn
from integrations.sandbox.veeqo import addresses, order_book, stock, warehouses
from integrations.sandbox.veeqo.allocation_view import SHIPMENT, live_shipment, render_shipment
from integrations.sandbox.veeqo.allocations import SHIPPED, find
from integrations.sandbox.veeqo.answers import (
    amount,
    flag,
    found,
    not_found,
    ok,
    refuse,
    require,
    text,
    whole,
    wrapped,
)
from integrations.sandbox.veeqo.catalogue import GRAMS_PER_UNIT
from integrations.sandbox.veeqo.rates import CARRIER_CODE, CONFIRMATION, choices, parcel_number
from integrations.sandbox.world import Offer

OPTION_PREFIXES = ("value_added_service__", "additional_input__")
OPTIONAL_EXTRAS = ("liability_amount", "try_inbound_label")
FORMATS = {
    "pdf": ("application/pdf", label_pdf),
    "png": ("image/png", lambda labels: label_png(labels[0])),
    "zpl": ("application/zpl", lambda labels: b"".join(map(label_zpl, labels))),
}
"""JPEG is sold by Veeqo too; the sandbox does not draw it."""


def buy(call: Call) -> Response:
    """Buy the label of a quoted rate; the order is shipped when nothing else is open."""
    require(call.body, "carrier", "shipment")
    given = wrapped(call, "shipment")
    names = (
        "allocation_id remote_shipment_id service_type sub_carrier_id total_net_charge base_rate"
    )
    require(given, *names.split())
    allocation = find(call, whole(given, "allocation_id"))
    if live_shipment(call.turn, allocation["id"]):
        refuse(400, SHIPPED)
    order = order_book.find(call.turn, allocation["order_id"]).body
    if order.get("cancelled_at"):
        refuse(400, "This order is cancelled")
    quote = _quote(call, given, allocation)
    offer = next(o for o in call.turn.world.offers("veeqo") if o.code == quote["code"])
    surcharge = _check_options(given, offer)
    if call.turn.faults.strike("label-fails", "veeqo", order["number"]):
        refuse(400, [f"{offer.carrier} could not create the label: service temporarily refused"])
    total = Decimal(quote["charge"]) + surcharge
    shipment = _ship(call.turn, given, allocation, offer, total)
    _set_out(call.turn, order, allocation, shipment, quote["days"])
    order_book.touch(call.turn, order["id"])
    return ok(_answer(call.turn, order, shipment))


def _quote(call: Call, given: Json, allocation: Json) -> Json:
    """The quote bought, which must be of this parcel, alive, and at its price."""
    quote = allocation["quotes"].get(text(given, "service_type"))
    package = allocation["package"]
    if quote is None or package is None or quote["expires"] <= call.now:
        refuse(400, ["Rate has expired"])
    if given["remote_shipment_id"] != parcel_number(allocation):
        refuse(400, ["Remote shipment is invalid"])
    if call.body["carrier"] != CARRIER_CODE:
        refuse(400, ["Carrier is invalid"])
    for name in ("total_net_charge", "base_rate"):
        if Decimal(amount(given, name)) != Decimal(quote["charge"]):
            refuse(400, [f"{name} does not match the rate"])
    found_quote: Json = quote
    return found_quote


def _check_options(given: Json, offer: Offer) -> Decimal:
    """What the chosen confirmation costs; options must be exactly those of the rate."""
    offered = {value: price for value, _, price in choices(offer)}
    sent = {name: value for name, value in given.items() if name.startswith(OPTION_PREFIXES)}
    if given["sub_carrier_id"] != offer.carrier.upper():
        refuse(400, ["Sub carrier is invalid"])
    if not offered and (sent or any(name in given for name in OPTIONAL_EXTRAS)):
        _refuse_options("this service takes no options")
    if offered and set(sent) != {CONFIRMATION}:
        _refuse_options(f"exactly {CONFIRMATION} must be chosen")
    chosen = text(sent, CONFIRMATION) or ""
    if offered and chosen not in offered:
        _refuse_options(f"{chosen} is not offered")
    return offered[chosen] if offered else Decimal(0)


def _refuse_options(why: str) -> None:
    code = "InvalidRequestException, errorCode: INVALID_VALUE_ADDED_SERVICES"
    refuse(400, [f"{code}, errorMessage: {why}"])


def _ship(turn: Turn, given: Json, allocation: Json, offer: Offer, total: Decimal) -> Json:
    """Store the shipment; its units leave the warehouse."""
    stamp = iso_milliseconds(turn.now)
    number = turn.ids.number(SHIPMENT, 72001)
    tracking = tracking_number(offer.carrier, number - 72000)
    package = allocation["package"]
    shipment = {
        "id": number,
        "created_at": stamp,
        "updated_at": stamp,
        "allocation_id": allocation["id"],
        "order_id": allocation["order_id"],
        "carrier_id": carrier_named(offer.carrier).veeqo_number,
        "weight": round(package["weight"] * GRAMS_PER_UNIT[package["weight_unit"]], 2),
        "service_type": text(given, "service_type"),
        "service_name": offer.name,
        "short_service_name": offer.name,
        "service_carrier_name": offer.carrier,
        "sub_carrier_id": offer.carrier.upper(),
        "notify_customer": flag(given, "notify_customer") is True,
        "update_remote_order": flag(given, "update_remote_order"),
        "tracking_number": tracking,
        "tracking_id": turn.ids.number("veeqo.tracking_number", 81001),
        "tracking_url": f"{turn.base_url}/veeqo/track/{tracking}",
        "label_url": f"/shipping/labels?shipment_ids[]={number}",
        "charges": {"unit": turn.world.account.currency, "value": float(total)},
        "bought": True,
        "status": "created",
        "times": {},
        "events": [],
    }
    store(turn, shipment, allocation)
    return shipment


def store(turn: Turn, shipment: Json, allocation: Json) -> None:
    """Keep a shipment and let its units leave the warehouse."""
    parent = str(allocation["id"])
    turn.tx.add(
        SHIPMENT,
        shipment["id"],
        shipment,
        parent=parent,
        status="live",
        reference=shipment["tracking_number"] or "",
    )
    for line in allocation["lines"]:
        stock.hand_over(turn, line["sellable_id"], allocation["warehouse_id"], line["quantity"])


def _set_out(turn: Turn, order: Json, allocation: Json, shipment: Json, days: int) -> None:
    warehouse = found(turn.tx.get(warehouses.KIND, allocation["warehouse_id"]))
    address = order["deliver_to"]
    origin = journeys.Place(
        warehouse["city"] or "", warehouse["region"] or "", warehouse["country"] or ""
    )
    goal = journeys.Place(address["city"] or "", address["state"] or "", address["country"] or "")
    end = journeys.outcome(turn, "veeqo", order["number"])
    journeys.begin(turn, "veeqo", str(shipment["id"]), journeys.plan(origin, goal, days, end))


def _answer(turn: Turn, order: Json, shipment: Json) -> Json:
    content = render_shipment(turn, shipment)
    if turn.faults.strike("loose", "veeqo", order["number"]):
        content["tracking_number"] = shipment["tracking_number"]
        del content["label_url"]
    return content


def file(call: Call) -> Response:
    """The label's file in the format of the path, or of the query."""
    form = call.params.get("ext") or call.request.first("format")
    numbers = call.request.listed("shipment_ids")
    labels = [_label(call.turn, number) for number in numbers]
    if not labels:
        not_found()
    if not form:
        return ok({"labels_count": len(labels)})
    if form not in FORMATS:
        not_found()
    content_type, draw = FORMATS[form]
    wanted = call.request.headers.get("accept", "*/*")
    if content_type not in wanted and "*/*" not in wanted:
        refuse(400, f"Accept must be {content_type}")
    return Response(200, draw(labels), {"Content-Type": content_type})


def _label(turn: Turn, shipment_number: str) -> Label:
    shipment = turn.tx.get(SHIPMENT, shipment_number)
    if shipment is None or not shipment["bought"]:
        not_found()
    return drawn_label(turn, shipment)


def drawn_label(turn: Turn, shipment: Json) -> Label:
    """What is printed on the label of a bought shipment."""
    order = order_book.find(turn, shipment["order_id"]).body
    allocation = found(turn.tx.get("veeqo.allocation", shipment["allocation_id"]))
    warehouse = found(turn.tx.get(warehouses.KIND, allocation["warehouse_id"]))
    address = order["deliver_to"]
    town = f"{address['city'] or ''} {address['state'] or ''} {address['zip'] or ''}"
    return Label(
        carrier=shipment["service_carrier_name"],
        service=shipment["service_name"],
        tracking_number=shipment["tracking_number"],
        reference=order["number"],
        sender=address_lines(
            warehouse["name"],
            warehouse["address_line_1"],
            warehouse["address_line_2"],
            f"{warehouse['city']} {warehouse['region'] or ''} {warehouse['post_code']}",
        ),
        receiver=address_lines(
            addresses.full_name(address),
            address["company"],
            address["address1"],
            address["address2"],
            town,
            address["country"],
        ),
        weight_grams=shipment["weight"],
    )
