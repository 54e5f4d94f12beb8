"""Orders and rules in the database, for tests of routing's services and pages."""

from orders.models import Order
from routing.models import RoutingDecision, RuleCondition, RuleOutcome, Ruleset, RulesetState
from tests.factories import CarrierFactory, CarrierServiceFactory, OrderFactory
from tests.factories import network as network_in_database

network = network_in_database
CERTAIN = {"phone": "+14155550142", "email": "dana@example.com", "address_verdict": "ok"}


def ready(lines=None, **changes):
    """An order with nothing to doubt; ready({"MUG": 2}, wanted_carrier=…)."""
    return OrderFactory(ready=True, lines=lines or {"MUG": 1}, **(CERTAIN | changes))


def two_houses(reno=100, portland=100):
    """Two warehouses with mugs, served by UPS Ground; Reno is liked best."""
    there = {"state": "OR", "city": "Portland", "latitude": "45.52", "longitude": "-122.68"}
    return network({"MUG": reno}), network({"MUG": portland}, code="PDX1", **there)


def fedex(*places):
    """FedEx Ground collects at these warehouses as well."""
    CarrierFactory(code="fedex", name="FedEx", platform="easyship")
    carried = CarrierServiceFactory(code="fedex-ground", carrier=CarrierFactory(code="fedex"))
    for place in places:
        network({}, code=place.code, service="fedex-ground")
    return carried


def rule(*outcomes, position=1, name="House rule", conditions=()):
    """rule({"action": "hold", "text": "Look"}) is added to the ruleset in force."""
    ruleset = Ruleset.objects.get(state=RulesetState.PUBLISHED)
    row = ruleset.rules.create(position=position, name=name)
    for outcome in outcomes:
        RuleOutcome.objects.create(rule=row, **outcome)
    for condition in conditions:
        RuleCondition.objects.create(rule=row, **condition)
    return row


def current(order):
    return RoutingDecision.objects.get(order=order, is_current=True)


def again(order):
    return Order.objects.get(pk=order.pk)
