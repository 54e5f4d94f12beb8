"""Buying labels: paid, generated now or a little later, or refused by the carrier."""

from decimal import Decimal

from integrations.sandbox import journeys
from integrations.sandbox.carriers import carrier_named, tracking_number
from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship import account, events, shipment_book
from integrations.sandbox.easyship.answers import fail
from integrations.sandbox.easyship.documents import link
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Action, Turn

BUYABLE_STATES = ("not_created", "failed", "technical_failed")
GENERATING = "easyship.label.generating"
FINISHING = "easyship.label.finishing"
CANCELLING = "easyship.cancelling"
REFUSAL = "The carrier could not create the label: the service is temporarily unavailable."
REFUSAL_CODE = "1019000"


def buy(turn: Turn, stored: Stored, printing: Json, *, synchronous: bool) -> list[str]:
    """
    Pay for the label of the chosen service and have it generated.

    Returns the errors of a label that failed at once; raises Problem when it cannot be bought.
    """
    shipment = stored.shipment
    if shipment["label_state"] not in BUYABLE_STATES or shipment["shipment_state"] != "created":
        fail("invalid_content", f"Shipments not found or labels already requested: {stored.id}")
    rate = shipment_book.chosen_rate(stored)
    if rate is None:
        fail("invalid_content", f"Shipments not ready to be shipped: {stored.id}")
    account.charge(turn, stored.id, Decimal(str(rate["total_charge"])))
    stored.printing = printing
    shipment["label_paid_at"] = iso_seconds(turn.now)
    shipment["label_state"] = "pending"
    shipment["last_failure_http_response_messages"] = []
    if synchronous:
        return finish(turn, stored)
    half = turn.options.label_seconds / 2
    turn.schedule(turn.now + half, GENERATING, {"id": stored.id})
    turn.schedule(turn.now + 2 * half, FINISHING, {"id": stored.id})
    shipment_book.save(turn, stored)
    return []


def finish(turn: Turn, stored: Stored) -> list[str]:
    """The carrier's answer: a label and a parcel on its way, or a refusal."""
    shipment = stored.shipment
    if turn.faults.strike("label-fails", "easyship", stored.reference or stored.id):
        shipment["label_state"] = "failed"
        failure = {"code": REFUSAL_CODE, "content": REFUSAL}
        shipment["last_failure_http_response_messages"] = [failure]
        account.refund(turn, stored.id, account.REFUND_ON_FAILURE)
        shipment_book.save(turn, stored)
        events.label_failed(turn, stored)
        return [REFUSAL]
    shipment["label_state"] = "generated"
    shipment["label_generated_at"] = iso_seconds(turn.now)
    shipment["delivery_state"] = "pending"
    _give_number(turn, stored)
    shipment_book.save(turn, stored)
    events.label_created(turn, stored, link(turn, stored, "label", "4x6"))
    _set_out(turn, stored)
    return []


def _give_number(turn: Turn, stored: Stored) -> None:
    carrier = stored.shipment["courier_service"]["umbrella_name"]
    serial = turn.ids.number("easyship.tracking_number")
    stored.status = "Label Ready"
    stored.tracking_id = turn.ids.uuid()
    stored.shipment["trackings"] = [
        {
            "handler": carrier_named(carrier).slug,
            "leg_number": 1,
            "tracking_number": tracking_number(carrier, serial),
            "local_tracking_number": None,
            "alternate_tracking_number": None,
            "tracking_state": "active",
        }
    ]


def _set_out(turn: Turn, stored: Stored) -> None:
    rate = shipment_book.chosen_rate(stored) or {}
    end = journeys.outcome(turn, "easyship", stored.reference or stored.id)
    stages = journeys.plan(
        _place(stored.shipment["origin_address"]),
        _place(stored.shipment["destination_address"]),
        rate["max_delivery_time"],
        end,
    )
    journeys.begin(turn, "easyship", stored.id, stages)


def _place(address: Json) -> journeys.Place:
    return journeys.Place(
        address["city"] or "", address["state"] or "", address["country_alpha2"] or "US"
    )


def _generate(turn: Turn, body: Json, due: float) -> None:
    stored = shipment_book.seek(turn, body["id"])
    if stored and stored.shipment["label_state"] == "pending":
        stored.shipment["label_state"] = "generating"
        shipment_book.save(turn, stored)


def _finish_later(turn: Turn, body: Json, due: float) -> None:
    stored = shipment_book.seek(turn, body["id"])
    if stored is None or stored.shipment["shipment_state"] != "created":
        return
    if stored.shipment["label_state"] in ("pending", "generating"):
        finish(turn, stored)


def begin_cancel(turn: Turn, stored: Stored) -> None:
    """Start what ends in a cancelled shipment, a void label and a refund."""
    stored.shipment["shipment_state"] = "cancelling"
    shipment_book.save(turn, stored)
    turn.schedule(turn.now + turn.options.label_seconds / 2, CANCELLING, {"id": stored.id})


def end_cancel(turn: Turn, stored: Stored) -> None:
    """Cancel a shipment for good: label void, money back, journey over."""
    stored.shipment["shipment_state"] = "cancelled"
    stored.status = "Cancelled"
    if stored.shipment["label_state"] not in ("not_created", "failed", "technical_failed"):
        stored.shipment["label_state"] = "voided"
    account.refund(turn, stored.id, account.REFUND_ON_CANCEL)
    journeys.abandon(turn, "easyship", stored.id)
    shipment_book.save(turn, stored)
    events.cancelled(turn, stored)


def _cancel_later(turn: Turn, body: Json, due: float) -> None:
    stored = shipment_book.seek(turn, body["id"])
    if stored and stored.shipment["shipment_state"] == "cancelling":
        end_cancel(turn, stored)


ACTIONS: dict[str, Action] = {
    GENERATING: _generate,
    FINISHING: _finish_later,
    CANCELLING: _cancel_later,
}
"""What the agenda runs for labels."""
