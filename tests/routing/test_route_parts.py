"""In which parts a split order ships, as routing keeps it."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order, OrderPart, OrderStatus
from orders.parts import parts_of
from orders.services import release_reservations
from routing.models import OverrideReason
from routing.services.changes import approve_review, override_route, reroute_order, unroute_order
from routing.services.route import route_order, route_orders
from tests.factories import StockLevelFactory
from tests.routing.stored import again, network, ready
from warehouses.models import CarrierService, Product

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses():
    return network({"MUG": 2}, code="RNO1"), network({"MUG": 2, "CAP": 5}, code="PDX1")


def split(order):
    if route_order(order.pk).state == "review":
        approve_review(order)
    order.refresh_from_db()
    return order


def kept(order):
    skus = dict(order.lines.values_list("pk", "sku"))
    return [
        (part.n, part.warehouse.code, {skus[line]: units for line, units in part.units.items()})
        for part in parts_of(order)
    ]


def test_a_split_order_keeps_its_parts_with_units_service_and_price(houses):
    order = split(ready({"MUG": 3, "CAP": 1}))

    assert order.parcels == 2
    assert kept(order) in (
        [(1, "PDX1", {"MUG": 1, "CAP": 1}), (2, "RNO1", {"MUG": 2})],
        [(1, "PDX1", {"MUG": 2, "CAP": 1}), (2, "RNO1", {"MUG": 1})],
    )
    parts = parts_of(order)
    assert order.warehouse == parts[0].warehouse
    assert {part.service.code for part in parts} == {"ups-ground"}
    assert sum(part.estimated_cost for part in parts) == order.estimated_cost > Decimal(0)
    assert {part.estimated_currency for part in parts} == {order.estimated_currency}
    held = {
        (row.level.warehouse.code, row.line.sku): row.quantity
        for line in order.lines.all()
        for row in line.reservations.all()
    }
    told = {(place, sku): units for _n, place, its in kept(order) for sku, units in its.items()}
    assert held == told


def test_a_whole_order_has_no_row_of_a_part_and_is_its_own_part(houses):
    order = split(ready({"MUG": 2}))

    assert (order.parcels, OrderPart.objects.count()) == (1, 0)
    (part,) = parts_of(order)
    assert (part.warehouse, part.service, part.units, str(part)) == (
        order.warehouse,
        order.service,
        None,
        "",
    )


def test_whole_orders_cost_routing_no_statement_more(houses):
    orders = [ready({"CAP": 1}) for _ in range(2)]

    with CaptureQueriesContext(
        connection,
    ) as seen:
        route_orders([order.pk for order in orders])

    assert [row for row in seen.captured_queries if "orderpart" in row["sql"]] == []


def test_unrouting_forgets_the_parts(houses):
    order = split(ready({"MUG": 3}))

    unroute_order(order, "Wait")

    assert (again(order).parcels, OrderPart.objects.count()) == (1, 0)


def test_a_new_decision_replaces_the_parts(houses):
    order = split(ready({"MUG": 3}))
    stock(houses[1], 9)

    reroute_order(order, "New stock")

    assert (again(order).parcels, OrderPart.objects.count()) == (1, 0)


def stock(house, units):
    StockLevelFactory(warehouse=house, product=Product.objects.get(sku="MUG"), on_hand=units)


def test_what_a_platform_gave_back_is_routed_anew_without_its_old_parts(houses):
    """Ready with the parts still known, so that it could be resent as it was."""
    order = split(ready({"MUG": 3}))
    release_reservations(order)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.READY)
    stock(houses[0], 9)

    route_order(order.pk)

    assert (again(order).parcels, OrderPart.objects.count()) == (1, 0)
    assert again(order).status == OrderStatus.ROUTED


def test_an_override_makes_one_part_of_it(houses):
    order = split(ready({"MUG": 3}))
    stock(houses[0], 9)

    override_route(
        order,
        warehouse=houses[0],
        service=CarrierService.objects.get(code="ups-ground"),
        reason=OverrideReason.CONSOLIDATE,
        text="One parcel",
    )

    order = again(order)
    assert (order.parcels, order.warehouse, OrderPart.objects.count()) == (1, houses[0], 0)


def printed(capsys, *arguments):
    call_command("route_orders", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_command_prints_each_part_with_its_lines(houses, capsys):
    ready({"MUG": 3, "CAP": 1}, number="SPLIT")
    ready({"CAP": 2}, number="WHOLE")

    (found,) = printed(capsys, "--order", "SPLIT", "--dry-run")
    (whole,) = printed(capsys, "--order", "WHOLE", "--dry-run")

    assert found["warehouse"] == "PDX1+RNO1"
    assert [part["warehouse"] for part in found["parts"]] == ["PDX1", "RNO1"]
    assert {part["service"] for part in found["parts"]} == {"ups-ground"}
    assert {(part["platform"], part["carrier"]) for part in found["parts"]} == {("veeqo", "ups")}
    units = [(line["sku"], line["quantity"]) for part in found["parts"] for line in part["lines"]]
    assert sum(quantity for sku, quantity in units if sku == "MUG") == 3
    assert sum(quantity for sku, quantity in units if sku == "CAP") == 1
    assert whole["parts"] == [
        {
            "warehouse": whole["warehouse"],
            "platform": "veeqo",
            "carrier": "ups",
            "service": "ups-ground",
            "lines": [{"sku": "CAP", "quantity": 2}],
        }
    ]
