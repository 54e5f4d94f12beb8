"""A stored decision is made again from its stored inputs."""

from typing import Any, cast

from routing.codec import from_document, joined
from routing.compare import verdict
from routing.decision import decide
from routing.effects import PreparedRules
from routing.facts import Network, OrderFacts
from routing.models import RoutingDecision
from routing.result import Decision
from routing.rules import Rules
from routing.services.rules import rules_of


def decision_of(stored: RoutingDecision) -> Decision:
    """What was decided, as it was stored. Raises UnreadableDocument."""
    decision: Decision = from_document("decision", cast("dict[str, Any]", stored.result))
    return decision


def inputs_of(stored: RoutingDecision) -> tuple[OrderFacts, Network]:
    """The order and the network as the decision saw them. Raises UnreadableDocument."""
    frame = from_document("network", stored.network.content)
    state = from_document("network", stored.stock_facts)
    return from_document("order", stored.order_facts), joined(frame, state)


def decide_again(stored: RoutingDecision, rules: Rules | PreparedRules | None = None) -> Decision:
    """The same inputs under the same rules, or under others. Raises UnreadableDocument."""
    order, network = inputs_of(stored)
    return decide(order, network, rules or rules_of(stored.ruleset), stored.decided_at)


def replay(stored: RoutingDecision) -> str:
    """“identical”, or what differs, one field a line. Raises UnreadableDocument."""
    return verdict(decision_of(stored), decide_again(stored))
