import pytest

from orders.errors import AlreadyShipped, AtPlatform, ChangedMeanwhile, IllegalStep
from orders.models import Order, OrderStatus, Reservation
from orders.services import cancel_order, consume_reservations, reserve_lines
from orders.stock_proof import prove_stock
from tests.factories import OrderFactory, ShipmentFactory, WarehouseFactory
from tests.warehouses.stock import everything, numbers

pytestmark = pytest.mark.django_db


def test_cancelling_frees_what_was_reserved():
    reno = WarehouseFactory(stock={"MUG": 5})
    order = OrderFactory(routed=True, warehouse=reno, lines={"MUG": 2})
    reserve_lines(order, reno)

    cancel_order(order, "The customer changed her mind.")

    assert order.status == OrderStatus.CANCELLED
    assert numbers(reno) == (5, 0)
    assert Reservation.objects.get().state == "released"
    assert prove_stock().ok


def test_history_tells_why():
    order = OrderFactory()

    cancel_order(order, "Sold out at the maker.")

    event = order.events.get()
    assert (event.to_status, event.message) == ("cancelled", "Sold out at the maker.")


@pytest.mark.parametrize("status", ["new", "needs_review", "ready", "routed", "sending", "sent"])
def test_an_order_can_be_cancelled_until_it_ships(status):
    order = OrderFactory(routed=True, status=status)

    cancel_order(order, "Asked.")

    assert order.status == OrderStatus.CANCELLED


def test_what_a_platform_holds_is_cancelled_there_first():
    shipment = ShipmentFactory(order=OrderFactory(routed=True, status=OrderStatus.SENT))

    with pytest.raises(AtPlatform, match=f"is at Veeqo as {shipment.reference}"):
        cancel_order(shipment.order, "Asked.")

    shipment.state = "cancelled"
    shipment.save()
    cancel_order(shipment.order, "Asked.")


@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_what_has_left_is_not_cancelled(status):
    order = OrderFactory(routed=True, status=status)

    with pytest.raises(AlreadyShipped, match="has left the building"):
        cancel_order(order, "Asked.")

    assert Order.objects.get().status == status
    assert not order.events.exists()


def test_a_problem_after_shipping_is_not_cancelled():
    reno = WarehouseFactory(stock={"MUG": 5})
    order = OrderFactory(routed=True, warehouse=reno)
    reserve_lines(order, reno)
    for step in (OrderStatus.SENDING, OrderStatus.SENT, OrderStatus.SHIPPED):
        order.move_to(step)
    consume_reservations(order)
    order.move_to(OrderStatus.PROBLEM, problem="Lost by the carrier.")
    before = everything(), order.events.count()

    with pytest.raises(AlreadyShipped):
        cancel_order(order, "Asked.")

    assert Order.objects.get().status == OrderStatus.PROBLEM
    assert (everything(), order.events.count()) == before


def test_a_cancelled_order_is_not_cancelled_again():
    order = OrderFactory()
    cancel_order(order, "Asked.")

    with pytest.raises(IllegalStep):
        cancel_order(order, "Asked.")

    assert order.events.count() == 1


def test_an_order_that_shipped_meanwhile_is_not_cancelled():
    order = OrderFactory(routed=True, status="sent")
    Order.objects.update(status="shipped")

    with pytest.raises(ChangedMeanwhile):
        cancel_order(order, "Asked.")

    assert Order.objects.get().status == OrderStatus.SHIPPED
