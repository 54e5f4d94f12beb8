"""Finding the order or shipment a control request is about."""

from integrations.sandbox.control.base import refuse, text_of
from integrations.sandbox.easyship import shipment_book
from integrations.sandbox.easyship.stored import Stored
from integrations.sandbox.messages import Json
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo.order_view import KIND as ORDER
from integrations.sandbox.world import PLATFORMS

KINDS = {"veeqo": ORDER, "easyship": shipment_book.KIND}


def platform_of(body: Json) -> str:
    """The platform a body names."""
    platform = text_of(body, "platform")
    if platform not in PLATFORMS:
        refuse("“platform” must be veeqo or easyship.")
    return platform


def target(turn: Turn, body: Json) -> Document:
    """The order or shipment by “id”, else the latest with that “reference”."""
    kind = KINDS[platform_of(body)]
    if "id" in body:
        found = turn.tx.document(kind, str(body["id"]))
    else:
        reference = text_of(body, "reference")
        rows = turn.tx.select(kind, "reference = ?", [reference], "ORDER BY seq DESC LIMIT 1")
        found = rows[0] if rows else None
    return found or refuse("There is no such order or shipment.")


def stored_shipment(document: Document) -> Stored:
    """The shipment of a document."""
    return Stored(**document.body)
