"""Shipments: create, list, view, change, delete, cancel, and buy the label."""

from dataclasses import replace
from typing import Any

from integrations.sandbox import clock
from integrations.sandbox.easyship import labels, rates, shipment_book
from integrations.sandbox.easyship.answers import (
    Problem,
    envelope,
    fail,
    listing,
    missing,
    select_window,
    single,
    success,
)
from integrations.sandbox.easyship.documents import DEFAULT_LINKS, draw
from integrations.sandbox.easyship.drafts import Draft
from integrations.sandbox.easyship.schemas.parameters import SHIPMENT_MOMENTS
from integrations.sandbox.easyship.shipment_book import KIND
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call

NO_RATES = "Sorry, we couldn't find any shipping solutions based on the information provided."
UNCANCELLABLE = "This Shipment cannot be cancelled. Please contact our support."
LABEL_STATES_TO_CANCEL = (
    "pending",
    "generated",
    "printed",
    "failed",
    "technical_failed",
    "reported",
)
DELIVERY_STATES_TO_CANCEL = ("not_created", "pending", "info_received", "expired")
PRINTING_COLUMNS = ("format", "label", "commercial_invoice", "packing_slip")


def create(call: Call) -> Response:
    """Create, choose a service, buy the label if told to; 202 when part of it failed."""
    content = Draft(call.turn, call.body, {}, []).content()
    quotation = _quote(call, content)
    chosen = _choose(call.body, quotation)
    stored = shipment_book.new(call.turn, content, chosen.rates, _best(chosen))
    stored.unavailable = quotation.unavailable
    shipment_book.save(call.turn, stored)
    errors = _buy_if_told(call, stored) if chosen.rates else [NO_RATES]
    if call.turn.faults.strike("cancelled-create", "easyship", stored.reference or stored.id):
        labels.end_cancel(call.turn, stored)
    return _answer(call, stored, 201, errors)


def _quote(call: Call, content: Json) -> rates.Quotation:
    reference = content["order_data"]["platform_order_number"] or "create"
    consignment = rates.consignment_of(
        content,
        content["parcels"],
        content["origin_address"],
        content["destination_address"],
        reference,
    )
    return rates.quote(call.turn, consignment)


def _choose(body: Json, quotation: rates.Quotation) -> rates.Quotation:
    """Only the chosen service's rate; all of them when none is chosen or fallback is allowed."""
    settings = body.get("courier_settings") or {}
    wanted = settings.get("courier_service_id")
    named = settings.get("courier_service_name")
    if not (wanted or named):
        return quotation
    fitting = [
        rate
        for rate in quotation.rates
        if rate["courier_service"]["id"] == wanted
        or (not wanted and rate["courier_service"]["name"] == named)
    ]
    if not fitting and not settings.get("allow_fallback"):
        fail("invalid_content", rates.NO_SOLUTION)
    return replace(quotation, rates=fitting or quotation.rates)


def _best(quotation: rates.Quotation) -> Json | None:
    if not quotation.rates:
        return None
    service = quotation.rates[0]["courier_service"]
    return {name: value for name, value in service.items() if name != "logo"}


def _buy_if_told(call: Call, stored: Stored) -> list[str]:
    settings = call.body.get("shipping_settings") or {}
    if not settings.get("buy_label"):
        return []
    synchronous = bool(settings.get("buy_label_synchronous"))
    printing = settings.get("printing_options") or {}
    return labels.buy(call.turn, stored, printing, synchronous=synchronous)


def _answer(call: Call, stored: Stored, status: int, errors: list[str]) -> Response:
    shown = shipment_book.render(call.turn, stored)
    unavailable = {"unavailable_couriers": stored.unavailable}
    if errors:
        partial = {"status": "partial_success", "errors": errors}
        return single(call, "shipment", shown, 202, **partial, **unavailable)
    return single(call, "shipment", shown, status, **unavailable)


def view(call: Call) -> Response:
    """GET /shipments/{id}, its papers in the format asked for."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    asked = {name: call.request.first(name) for name in PRINTING_COLUMNS}
    printing = {**DEFAULT_LINKS, **{name: value for name, value in asked.items() if value}}
    printing["format"] = printing["format"].lower()
    return single(call, "shipment", shipment_book.render(call.turn, stored, printing))


def list_shipments(call: Call) -> Response:
    """GET /shipments, newest first, never counted."""
    where, values = _filters(call)
    documents, more = select_window(call, KIND, where, values)
    shown = [
        shipment_book.render(call.turn, Stored(**document.body), DEFAULT_LINKS)
        for document in documents
    ]
    return envelope(call, "shipments", shown, more=more, count=None)


def _filters(call: Call) -> tuple[str, list[Any]]:
    where: list[str] = ["status != 'deleted'"]
    values: list[Any] = []

    def among(column: str, wanted: list[str]) -> None:
        if wanted:
            where.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)

    among("id", call.request.listed("easyship_shipment_id"))
    for name, column in (("platform_order_number", "reference"), ("shipment_state", "status")):
        if given := call.request.first(name):
            among(column, [given])
    for name in ("label_state", "pickup_state", "delivery_state", "warehouse_state"):
        among(f"json_extract(body, '$.shipment.{name}')", call.request.listed(name))
    for end in ("origin", "destination"):
        column = f"json_extract(body, '$.shipment.{end}_address.country_alpha2')"
        among(column, call.request.listed(f"{end}_country_alpha2"))
    if given := call.request.first("return"):
        where.append("json_extract(body, '$.shipment.return') = ?")
        values.append(int(given == "true"))
    for text, bound in _moments(call):
        where.append(text)
        values.append(bound)
    if lag := call.turn.faults.search_lag("easyship"):
        where.append("created <= ?")
        values.append(call.now - lag)
    return " AND ".join(where), values


def _moments(call: Call) -> list[tuple[str, str]]:
    """Bounds on times; one that cannot be read is refused."""
    bounds = []
    for name in SHIPMENT_MOMENTS:
        given = call.request.first(name)
        if not given:
            continue
        at = clock.parse(given.replace(" ", "+", 1) if "T" in given else given)
        if at is None:
            fail("invalid_url_param", f'Invalid date format for {name} filter ("{given}").')
        column, sign = name.rsplit("_", 1)
        mark = ">=" if sign == "from" else "<="
        bounds.append(
            (f"json_extract(body, '$.shipment.{column}') {mark} ?", clock.iso_seconds(at))
        )
    return bounds


def update(call: Call) -> Response:
    """Change what is told, quote again, and buy the label if told to."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    if stored.shipment["label_state"] not in labels.BUYABLE_STATES:
        fail("invalid_content", "Shipments with generated labels cannot be updated")
    content = Draft(call.turn, call.body, stored.shipment, []).content()
    quotation = _quote(call, content)
    body = call.body
    if not (body.get("courier_settings") or {}) and stored.shipment["courier_service"]:
        kept = {"courier_service_id": stored.shipment["courier_service"]["id"]}
        body = {**body, "courier_settings": {**kept, "allow_fallback": True}}
    chosen = _choose(body, quotation)
    stored.shipment |= {**content, "rates": chosen.rates, "courier_service": _best(chosen)}
    stored.unavailable = quotation.unavailable
    shipment_book.save(call.turn, stored)
    _buy_if_told(call, stored)
    shown = shipment_book.render(call.turn, stored)
    return single(call, "shipment", shown, 200, unavailable_couriers=stored.unavailable)


def delete(call: Call) -> Response:
    """Only without a label; otherwise, oddly, the shipment is not found."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    if stored.shipment["label_state"] != "not_created":
        missing("Shipment")
    stored.shipment["shipment_state"] = "deleted"
    shipment_book.save(call.turn, stored)
    return success(call, "Shipment successfully deleted")


def cancel(call: Call) -> Response:
    """Only with a label that has not travelled yet."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    shipment = stored.shipment
    allowed = (
        shipment["shipment_state"] == "created"
        and shipment["label_state"] in LABEL_STATES_TO_CANCEL
        and shipment["delivery_state"] in DELIVERY_STATES_TO_CANCEL
    )
    if not allowed:
        fail("invalid_content", UNCANCELLABLE)
    labels.begin_cancel(call.turn, stored)
    return success(call, "Shipment successfully cancelled")


def buy_label(call: Call) -> Response:
    """Buy the label at once; 201 also when the carrier refuses it, so look at label_state."""
    stored = shipment_book.find(call.turn, call.params["shipment_id"])
    if wanted := call.body.get("courier_service_id"):
        _change_service(call, stored, wanted)
    labels.buy(call.turn, stored, call.body.get("printing_options") or {}, synchronous=True)
    shown = shipment_book.render(call.turn, stored)
    return single(call, "shipment", shown, 201, unavailable_couriers=stored.unavailable)


def _change_service(call: Call, stored: Stored, wanted: str) -> None:
    quotation = _quote(call, stored.shipment)
    settings = {"courier_settings": {"courier_service_id": wanted}}
    chosen = _choose(settings, quotation)
    stored.shipment |= {"rates": chosen.rates, "courier_service": _best(chosen)}


def list_unavailable(call: Call) -> Response:
    """GET /shipments/{id}/unavailable_couriers: why services were left out."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    return listing(call, "unavailable_couriers", stored.unavailable)


def invoice(call: Call) -> Response:
    """The commercial invoice as PDF."""
    stored = shipment_book.find(call.turn, call.params["easyship_shipment_id"])
    shipment = stored.shipment
    if call.request.first("document_type") != "commercial_invoice":
        raise Problem("invalid_url_param", ["document_type can't be blank"])
    if shipment["shipment_state"] != "created" or not shipment["label_paid_at"]:
        fail(
            "invalid_request",
            "The shipment has been canceled or the label hasn't been purchased.",
        )
    size = call.request.first("page_size", "A4")
    content = draw(stored, "commercial_invoice", "pdf", size)
    return Response(200, content, {"Content-Type": "application/pdf"})


def document(call: Call) -> Response:
    """A paper by its link; fetching the label marks it printed."""
    where = "json_extract(body, '$.uuid') = ?"
    rows = call.tx.select(KIND, where, [call.params["uuid"]])
    stored = Stored(**rows[0].body) if rows else missing("Shipment")
    if stored.shipment["label_state"] not in ("generated", "printed"):
        missing("Shipping document")
    category = call.params["category"]
    if category not in ("label", "packing_slip"):
        missing("Shipping document")
    if category == "label":
        stored.shipment["label_state"] = "printed"
        shipment_book.save(call.turn, stored)
    content = draw(stored, category, "pdf", call.request.first("page_size", "4x6"))
    return Response(200, content, {"Content-Type": "application/pdf"})
