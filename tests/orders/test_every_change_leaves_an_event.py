"""A service that changes an order without a word in its history cannot be added unnoticed."""

import importlib
import inspect
import pkgutil
from types import FunctionType

import pytest

import orders.services
from orders.models import DuplicatePair, HoldType, Order, OrderEvent
from orders.services import NewOrder, check_orders, reserve_lines
from tests.factories import (
    FindingFactory,
    HoldFactory,
    OrderFactory,
    TagFactory,
    WarehouseFactory,
)

pytestmark = pytest.mark.django_db

# What the use cases are written with, none itself.
SHARED = {
    "orders.services.history",
    "orders.services.reserve_many",
    "orders.services.splits",
}


def services():
    """Every public function written in a module of orders.services."""
    for found in pkgutil.iter_modules(orders.services.__path__, "orders.services."):
        if found.name not in SHARED:
            module = importlib.import_module(found.name)
            yield from (
                thing
                for name, thing in vars(module).items()
                if isinstance(thing, FunctionType)
                and inspect.unwrap(thing).__module__ == found.name
                and not name.startswith("_")
            )


SERVICES = {service.__name__: service for service in services()}


@pytest.fixture
def reno():
    return WarehouseFactory(stock={"MUG": 5})


@pytest.fixture
def order(reno):
    order = OrderFactory()
    reserve_lines(order, reno)
    return order


def twins():
    """Two orders alike, found to be so."""
    ids = [OrderFactory(recipient_name="Sam Lee").pk for _ in range(2)]
    check_orders(ids)
    return DuplicatePair.objects.get()


def alike(order):
    """Like it, and not found out yet."""
    Order.objects.filter(pk=order.pk).update(fingerprint="f" * 64)
    return [OrderFactory(fingerprint="f" * 64).pk]


def misspelt():
    order = OrderFactory(state="California")
    check_orders([order.pk])
    order.refresh_from_db()
    return order


CALLS = {
    "accept_proposal": lambda _, use: use(order := misspelt(), order.version),
    "add_line": lambda order, use: use(order.pk, order.version, {"sku": "CAP", "quantity": 1}),
    "cancel_one": lambda _, use: use(pair := twins(), pair.second, "Ordered twice."),
    "edit_line": lambda _, use: use(OrderFactory().pk, 1, 1, {"quantity": 2}),
    "find_duplicates": lambda order, use: use(alike(order)),
    "keep_both": lambda _, use: use(twins(), "Two gifts."),
    "merge": lambda _, use: use(twins(), "Ordered twice."),
    "override_finding": lambda order, use: use(FindingFactory(order=order, code="odd"), "Fine."),
    "remove_line": lambda _, use: use(OrderFactory().pk, 1, 1),
    "vouch_for_address": lambda order, use: use(order, "I live there."),
    "adopt_address": lambda order, use: use(order, {"city": "Reno"}, "As the platform has it."),
    "add_note": lambda order, use: use(order, "Called."),
    "cancel_order": lambda order, use: use(order, "Asked."),
    "consume_reservations": lambda order, use: use(order),
    "edit_order": lambda order, use: use(order.pk, order.version, {"city": "Reno"}),
    "place_hold": lambda order, use: use(order, hold_type=HoldType.OTHER, reason="Wait."),
    "record_order": lambda order, use: use(NewOrder(source="manual", number="SO-new")),
    "release_hold": lambda order, use: use(HoldFactory(order=order)),
    "release_reservations": lambda order, use: use(order),
    "reserve_lines": lambda _, use: use(OrderFactory(), WarehouseFactory(stock={"MUG": 1})),
    "reserve_route": lambda _, use: use(
        OrderFactory(routed=True, warehouse=WarehouseFactory(stock={"MUG": 1}))
    ),
    "tag_orders": lambda order, use: use([order], TagFactory()),
    "untag_orders": lambda _, use: use([OrderFactory(tags=["gift"])], TagFactory()),
}


def test_every_service_is_tried_here():
    assert set(CALLS) == set(SERVICES)


def test_every_service_is_in_the_packages_own_list():
    assert set(SERVICES) <= set(orders.services.__all__)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_service_leaves_an_event_on_the_order_it_changes(order, name):
    order.refresh_from_db()
    before = dict(Order.objects.values_list("pk", "updated_at"))
    last = OrderEvent.objects.latest("id").pk

    CALLS[name](order, SERVICES[name])

    changed = {
        pk for pk, at in Order.objects.values_list("pk", "updated_at") if before.get(pk) != at
    }
    told = set(OrderEvent.objects.filter(pk__gt=last).values_list("order", flat=True))
    assert changed
    assert told == changed
