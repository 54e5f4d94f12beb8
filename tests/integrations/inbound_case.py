"""What the tests of the way back share: sent orders, signed deliveries, the end of a journey."""

import json
from datetime import UTC, datetime, timedelta

from integrations.dispatching.connections import platform_named
from integrations.platforms.remote import TrackingCode, TrackingEvent
from integrations.receiving.processing import process_due
from integrations.sandbox.signing import HEADER, sign
from integrations.services import send_order
from integrations.tracking.timeline import record_journey
from orders.models import Order, OrderStatus, Reservation, Shipment
from orders.services import reserve_lines
from tests.factories import OrderFactory, ShipmentFactory, StockLevelFactory
from tests.integrations.dispatch_case import work

SECRET = "sandbox-webhook-secret"
ADDRESS = "/webhooks/easyship/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def scan(hours, code, words="", place="Reno, NV"):
    """One scan so many hours after noon."""
    code = TrackingCode(code)
    return TrackingEvent(
        NOON + timedelta(hours=hours), code, words or code.value.replace("_", " "), place
    )


def parcel(**changes):
    """A sent order with its goods reserved and its label bought, without any platform."""
    order = OrderFactory(routed=True, status=OrderStatus.ROUTED)
    StockLevelFactory(warehouse=order.warehouse, product=order.lines.get().product, on_hand=10)
    reserve_lines(order, order.warehouse)
    for status in (OrderStatus.SENDING, OrderStatus.SENT):
        order.move_to(status)
    values = {"state": "labelled", "remote_shipment_id": f"R{order.pk}", "carrier": "UPS"}
    return ShipmentFactory(order=order, tracking_number=f"1Z{order.pk}", **(values | changes))


def truth(shipment):
    """State of the parcel, status of the order, why, and what became of the reserved goods."""
    shipment.refresh_from_db()
    order = Order.objects.get(pk=shipment.order_id)
    reserved = Reservation.objects.filter(line__order=order).values_list("state", flat=True)
    return shipment.state, order.status, order.problem, sorted(reserved)


def shipped(case, platform):
    """An order that went through the real queue until its label was there."""
    order = case.routed(platform)
    StockLevelFactory(warehouse=order.warehouse, product=order.lines.get().product, on_hand=50)
    reserve_lines(order, order.warehouse)
    send_order(order)
    work(platform)
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT, order.problem
    return order, Shipment.objects.get(order=order)


def fetch(shipment):
    journey = platform_named(shipment.platform).track([shipment.remote_shipment_id])
    return record_journey(shipment, journey[shipment.remote_shipment_id])


def body_of(shipment_id, status="In Transit to Customer", **more):
    event = {
        "event_type": "shipment.tracking.status.changed",
        "resource_type": "shipment",
        "resource_id": shipment_id,
        "data": {"easyship_shipment_id": shipment_id, "status": status} | more,
    }
    return json.dumps(event).encode()


def deliver(client, body, secret=SECRET, **headers):
    """One delivery as Easyship makes it."""
    return client.post(
        ADDRESS,
        body,
        content_type="application/json",
        headers={HEADER: sign(secret, "CUS000001")} | headers,
    )


def process_all(source="easyship"):
    """Batches until nothing more is done."""
    while process_due(source).done:
        pass
