"""The account and its credit: a ledger of charges and refunds."""

from decimal import Decimal

from integrations.sandbox.clock import iso_seconds
from integrations.sandbox.easyship import addresses
from integrations.sandbox.easyship.answers import envelope, fail, select_window, single
from integrations.sandbox.messages import Json, Response
from integrations.sandbox.turn import Call, Turn

RECORD = "easyship.record"
BALANCE = "easyship.balance"
REFUND_ON_CANCEL = "Refund after Cancellation"
REFUND_ON_FAILURE = "Refund (100%)"


def balance(turn: Turn) -> Decimal:
    """In the account's currency."""
    return Decimal(turn.tx.setting(BALANCE, str(turn.world.account.easyship_balance)))


def charge(turn: Turn, shipment_id: str, amount: Decimal) -> None:
    """Pay for a label. Refuses with 402 when the balance is short."""
    if amount > balance(turn):
        fail(
            "payment_required",
            "We were unable to generate a label as you do not have enough funds on your account.",
        )
    _book(turn, shipment_id, amount, None)


def refund(turn: Turn, shipment_id: str, kind: str) -> None:
    """Give back what was charged for a shipment."""
    records = turn.tx.children(RECORD, shipment_id)
    paid = sum((Decimal(str(record["amount"])) for record in records), Decimal(0))
    if paid > 0:
        _book(turn, shipment_id, -paid, kind)


def _book(turn: Turn, shipment_id: str, amount: Decimal, kind: str | None) -> None:
    turn.tx.set_setting(BALANCE, str(balance(turn) - amount))
    record: Json = {
        "id": turn.ids.uuid(),
        "adjustment_type": kind,
        "amount": float(amount),
        "description": None,
        "payment_recipient": "Easyship",
        "settled_at": iso_seconds(turn.now),
        "easyship_shipment_id": shipment_id,
    }
    if kind is None:
        del record["adjustment_type"]
    turn.tx.add(RECORD, record["id"], record, parent=shipment_id)


def _credit(turn: Turn) -> Json:
    amount = float(balance(turn))
    currency = turn.world.account.currency
    return {"balance": amount, "available_balance": amount, "currency": currency}


def view(call: Call) -> Response:
    """GET /account."""
    account = call.turn.world.account
    content: Json = {
        "name": account.company,
        "easyship_company_id": account.easyship_company_id,
        "credit": _credit(call.turn),
        "payment_sources": [],
    }
    billing = [a for a in call.tx.bodies(addresses.KIND) if a["default_for"]["billing"]]
    if billing:
        content["billing_address"] = billing[0]
    return single(call, "account", content)


def view_credit(call: Call) -> Response:
    """GET /account/credit."""
    return single(call, "credit", _credit(call.turn))


def list_shipment_records(call: Call) -> Response:
    """GET /shipments/{id}/transaction_records: charges and refunds."""
    shipment_id = call.params["easyship_shipment_id"]
    if call.tx.get("easyship.shipment", shipment_id) is None:
        fail("resource_not_found", "The Shipment was not found")
    documents, more = select_window(call, RECORD, "parent = ?", [shipment_id])
    rows = [document.body for document in documents]
    return envelope(call, "transaction_records", rows, more=more, count=None)
