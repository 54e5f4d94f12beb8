"""One order under two rulesets, from the same inputs. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from orders.models import Order
from routing.decision import decide
from routing.effects import PreparedRules
from routing.models import RoutingDecision, Ruleset
from routing.prepared import PreparedNetwork
from routing.result import Decision
from routing.services.network import load_network
from routing.services.orders import load_orders
from routing.services.replay import decide_again
from routing.services.route import ROUTABLE
from routing.services.rules import rules_of


@dataclass(frozen=True, slots=True)
class Tried:
    """`as_of` is the moment of the stock and cut-offs, None for now."""

    before: Decision
    after: Decision
    as_of: datetime | None = None


def try_order(order: Order, first: Ruleset, second: Ruleset) -> Tried:
    """The order under both rulesets.

    An order still to be routed meets today's network. One that is routed already meets what its
    own decision saw: today its own reservation would stand in its way. Raises UnreadableDocument.
    """
    rules = [PreparedRules.of(rules_of(ruleset)) for ruleset in (first, second)]
    stored = _stored(order)
    if stored is not None:
        before, after = (decide_again(stored, one) for one in rules)
        return Tried(before, after, stored.decided_at)
    facts, now = load_orders([order.pk])[0].facts, timezone.now()
    network = PreparedNetwork(load_network({line.key for line in facts.lines}, now))
    before, after = (decide(facts, network, one, now) for one in rules)
    return Tried(before, after)


def _stored(order: Order) -> RoutingDecision | None:
    if order.status in ROUTABLE:
        return None
    current = RoutingDecision.objects.filter(order=order, is_current=True)
    return current.select_related("network", "ruleset").first()
