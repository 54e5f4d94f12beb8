"""A small world in the database: one building in Reno, two services, orders to Nevada."""

from datetime import time
from decimal import Decimal

from django.utils import timezone

from orders.models import OrderStatus
from routing.models import Ruleset, RulesetState
from routing.rules import FORBID, PREFER, Condition, Outcome, Rule
from routing.services import rules
from routing.services.route import route_orders
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    OrderFactory,
    PickupCutoffFactory,
    RateCardFactory,
    RulesetFactory,
    WarehouseFactory,
    ZipCentroidFactory,
)

LIKE_UPS = Rule(10, "All by UPS", (), (Outcome(PREFER, "carrier", ("ups",)),))
NO_UPS = Rule(20, "Never UPS", (), (Outcome(FORBID, "carrier", ("ups",)),))
NEVADA_BY_FEDEX = Rule(
    30,
    "Nevada by FedEx",
    (Condition("state", "is", ("NV",)),),
    (Outcome(PREFER, "carrier", ("fedex",), 80),),
)


def build_world(stock=500):
    """UPS and FedEx collect every day; UPS costs 8.40, FedEx 11.00."""
    ZipCentroidFactory()
    warehouse = WarehouseFactory(code="RNO1", stock={"MUG": stock})
    for code, platform, price in (("ups", "veeqo", "8.40"), ("fedex", "easyship", "11.00")):
        carrier = CarrierFactory(code=code, platform=platform)
        service = CarrierServiceFactory(carrier=carrier, code=f"{code}-ground")
        for zone in "2345678":
            RateCardFactory(service=service, zone=zone, up_to_grams=20_000, price=Decimal(price))
        for weekday in range(7):
            PickupCutoffFactory(
                warehouse=warehouse, carrier=carrier, weekday=weekday, local_time=time(17)
            )
    return warehouse


def ruleset(*plain, in_force=False, **columns):
    """A draft with these rules, or one that is in force."""
    if in_force:
        columns |= {"state": RulesetState.PUBLISHED, "number": Ruleset.objects.count() + 1}
    row = RulesetFactory(**columns)
    rules.write_rules(row, plain or [LIKE_UPS])
    return row


def ready_orders(count=1, **columns):
    where = {"city": "Reno", "state": "NV", "postal_code": "89501", "address_verdict": "ok"}
    contact = {"phone": "+17755550100", "email": "dana@example.com"}
    return OrderFactory.create_batch(
        count, status=OrderStatus.READY, **{**where, **contact, **columns}
    )


def routed_orders(count=1, now=None):
    """Orders routed under the ruleset in force."""
    orders = ready_orders(count)
    route_orders([order.pk for order in orders], now=now or timezone.now())
    return orders
