"""A service that changes an order without a word in its history cannot be added unnoticed."""

import importlib
import inspect
import pkgutil
from types import FunctionType

import pytest

import orders.services
from orders.models import HoldType, Order, OrderEvent
from orders.services import NewOrder, reserve_lines
from tests.factories import HoldFactory, OrderFactory, TagFactory, WarehouseFactory

pytestmark = pytest.mark.django_db

SHARED = {"orders.services.history"}  # what the use cases are written with, none itself


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


CALLS = {
    "add_note": lambda order, use: use(order, "Called."),
    "cancel_order": lambda order, use: use(order, "Asked."),
    "consume_reservations": lambda order, use: use(order),
    "edit_order": lambda order, use: use(order.pk, order.version, {"city": "Reno"}),
    "place_hold": lambda order, use: use(order, hold_type=HoldType.OTHER, reason="Wait."),
    "record_order": lambda order, use: use(NewOrder(source="manual", number="SO-new")),
    "release_hold": lambda order, use: use(HoldFactory(order=order)),
    "release_reservations": lambda order, use: use(order),
    "reserve_lines": lambda _, use: use(OrderFactory(), WarehouseFactory(stock={"MUG": 1})),
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
