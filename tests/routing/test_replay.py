"""A thousand stored decisions, each made again from what was stored with it."""

from collections import Counter

import pytest

from orders.models import Order, OrderLine, OrderStatus
from routing.compare import IDENTICAL
from routing.models import RoutingDecision
from routing.services.replay import replay
from routing.services.route import route_orders
from tests.routing.stored import CERTAIN, fedex, rule, two_houses
from warehouses.models import Product

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ORDERS = 1_000
PLACES = [
    ("NV", "89501", "Reno"),
    ("OR", "97201", "Portland"),
    ("CA", "94103", "San Francisco"),
    ("NY", "", "New York"),
    ("Narnia", "00000", "Nowhere"),
]
"""Most of them can be shipped to; a missing ZIP code and an unknown state cannot."""


def orders_of_all_kinds():
    """Wishes, places and quantities in all combinations; the shelves do not last for all."""
    wishes = [{}, {}, {"wanted_warehouse_state": "OR"}, {"wanted_warehouse_state": "TX"}]
    orders = Order.objects.bulk_create(
        Order(
            source="replay",
            number=f"REPLAY-{number}",
            status=OrderStatus.READY,
            recipient_name="Dana Reyes",
            address_1="1 Main St",
            country="US",
            state=PLACES[number % 5][0],
            postal_code=PLACES[number % 5][1],
            city=PLACES[number % 5][2],
            **CERTAIN,
            **wishes[number % 4],
        )
        for number in range(ORDERS)
    )
    mug = Product.objects.get(sku="MUG")
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=1, sku="MUG", product=mug, quantity=1 + number % 7)
        for number, order in enumerate(orders)
    )
    return orders


def test_a_thousand_stored_decisions_are_replayed_identical():
    reno, _portland = two_houses(900, 300)
    fedex(reno)
    rule({"action": "prefer", "target": "carrier", "codes": "ups", "percent": 90})
    orders = orders_of_all_kinds()

    states = Counter(one.state for one in route_orders([order.pk for order in orders]))

    assert min(states["routed"], states["review"]) > ORDERS // 10
    stored = RoutingDecision.objects.select_related("ruleset", "network").filter(is_current=True)
    verdicts = Counter(replay(one) for one in stored)
    assert verdicts == {IDENTICAL: ORDERS}
