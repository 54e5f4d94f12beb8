"""An order with its 69 keys, and the totals in it."""

from decimal import Decimal

from integrations.sandbox.clock import iso_milliseconds
from integrations.sandbox.identity import digest
from integrations.sandbox.messages import Json, words
from integrations.sandbox.store import Document
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import addresses, channels, customers, delivery_methods
from integrations.sandbox.veeqo.allocation_view import render_allocation
from integrations.sandbox.veeqo.answers import USER_ID, number
from integrations.sandbox.veeqo.catalogue import Catalogue

KIND = "veeqo.order"
ALLOCATION = "veeqo.allocation"
NULL_KEYS = words("""
send_refund_email notes can_pay_by_card buyer_user_id
additional_order_level_taxless_discount_percentage contact_id
business_customer_billing_address_id business_customer_shipping_address_id payment_due_date
payment_terms price_list_id invoice_file_url merged_to_id invoice_sent_ago invoice_viewed_at
updated_by fulfillment_channel_order
""")
FALSE_KEYS = words("""
receipt_printed fulfilled_by_amazon is_amazon_prime is_amazon_premium_order
restock_shipped_items merged_order picked_completely with_duties
""")
ZERO_KEYS = ("total_fees", "shipping_discount", "adjustment_amount", "refund_amount")


class OrderView:
    """Renders the orders of one request."""

    def __init__(self, turn: Turn):
        self._turn = turn
        self._catalogue = Catalogue(turn)
        self._channels: dict[int, Json] = {}

    def render(self, document: Document) -> Json:
        order, stamp = document.body, iso_milliseconds(document.created)
        allocations = self._turn.tx.children(ALLOCATION, order["id"])
        return {
            "id": order["id"],
            **dict.fromkeys(NULL_KEYS),
            **dict.fromkeys(FALSE_KEYS, False),
            **dict.fromkeys(ZERO_KEYS, 0),
            "created_at": stamp,
            "invoice_date": stamp,
            "updated_at": iso_milliseconds(document.updated),
            "status": document.status,
            "currency_code": self._turn.world.account.currency,
            **_own_columns(order),
            **_totals(order),
            **self._parties(order),
            **self._contents(order, allocations),
            "can_be_shipped": document.status == "awaiting_fulfillment",
        }

    def _parties(self, order: Json) -> Json:
        account = self._turn.world.account
        user = {"id": USER_ID, "login": account.veeqo_user, "email": account.veeqo_email}
        customer = self._turn.tx.get(customers.KIND, order["customer_id"])
        billing = customer["billing"] if customer else None
        return {
            "created_by": user,
            "cancelled_by": user if order.get("cancelled_at") else None,
            "deliver_to": addresses.as_shipping(order["deliver_to"]),
            "billing_address": addresses.as_billing(billing or order["deliver_to"]),
            "customer": customers.render(customer) if customer else None,
            "channel": self._channel(order["channel_id"]),
            "delivery_method": delivery_methods.inside_order(
                self._turn, order["delivery_method_id"]
            ),
        }

    def _channel(self, number_of_channel: int) -> Json | None:
        if number_of_channel not in self._channels:
            stored = self._turn.tx.get(channels.KIND, number_of_channel)
            if stored is None:
                return None
            self._channels[number_of_channel] = channels.render(self._turn, stored)
        return self._channels[number_of_channel]

    def _contents(self, order: Json, allocations: list[Json]) -> Json:
        tags = (self._turn.tx.get("veeqo.tag", tag) for tag in order["tag_ids"])
        return {
            "tags": [tag for tag in tags if tag],
            "allocations": [
                render_allocation(self._turn, self._catalogue, stored) for stored in allocations
            ],
            "allocated_completely": is_allocated(order, allocations),
            "line_items": [self._line(line) for line in order["lines"]],
            "returns": [],
        }

    def _line(self, line: Json) -> Json:
        sellable = self._catalogue.sellable(line["sellable_id"])
        amounts = ("price_per_unit", "tax_rate", "taxless_discount_per_unit")
        return {
            **{name: value for name, value in line.items() if name != "sellable_id"},
            **{name: number(line[name]) for name in amounts},
            "title": sellable["full_title"],
            "sellable": sellable,
        }


def is_allocated(order: Json, allocations: list[Json]) -> bool:
    """Whether the allocations hold every unit of every line."""
    return not open_units(order, allocations)


def open_units(order: Json, allocations: list[Json]) -> dict[int, int]:
    """Sellable to units ordered and not yet allocated; cancelled orders want none."""
    wanted: dict[int, int] = {}
    for line in order["lines"]:
        wanted[line["sellable_id"]] = wanted.get(line["sellable_id"], 0) + line["quantity"]
    for allocation in allocations:
        for line in allocation["lines"]:
            wanted[line["sellable_id"]] = wanted.get(line["sellable_id"], 0) - line["quantity"]
    return {sellable: units for sellable, units in wanted.items() if units > 0}


def _own_columns(order: Json) -> Json:
    checksum = digest(order["customer_id"], order["deliver_to"]["zip"]).hex()
    return {
        "number": order["number"],
        "sales_record_number": order["number"],
        "cancel_reason": order.get("cancel_reason"),
        "cancelled_at": order.get("cancelled_at"),
        "shipped_at": order.get("shipped_at"),
        "due_date": order["due_date"],
        "dispatch_date": order["dispatch_date"],
        "send_notification_email": order["send_notification_email"],
        "international": order["deliver_to"]["country"] not in (None, "US"),
        "picked_status": "unpicked",
        "mergable_checksum": checksum[:8],
        "mergeable_id": checksum[8:12],
        "payment": order["payment"],
        "employee_notes": order["employee_notes"],
        "customer_note": order["customer_note"],
    }


def _totals(order: Json) -> Json:
    """As in Veeqo's own sample: subtotal after discounts, total with tax and delivery."""
    discounts = net = tax = Decimal(0)
    for line in order["lines"]:
        price, off = Decimal(line["price_per_unit"]), Decimal(line["taxless_discount_per_unit"])
        net += (price - off) * line["quantity"]
        discounts += off * line["quantity"]
        tax += (price - off) * line["quantity"] * Decimal(line["tax_rate"])
    off_order = Decimal(order["discount"])
    tax = Decimal(order["total_tax"]) if order["total_tax"] else tax
    delivery = Decimal(order["delivery_cost"])
    return {
        "subtotal_price": float(net - off_order),
        "total_discounts": float(discounts + off_order),
        "total_tax": float(round(tax, 2)),
        "total_price": float(round(net - off_order + tax + delivery, 2)),
        "delivery_cost": float(delivery),
        "additional_order_level_taxless_discount": float(off_order),
    }
