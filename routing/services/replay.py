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


class Frames:
    """Networks without their stock, each read once however many decisions saw it."""

    def __init__(self) -> None:
        self._known: dict[int, Network] = {}

    def of(self, stored: RoutingDecision) -> Network:
        """Raises UnreadableDocument."""
        if stored.network_id not in self._known:
            self._known[stored.network_id] = from_document("network", stored.network.content)
        return self._known[stored.network_id]


def inputs_of(stored: RoutingDecision, frames: Frames | None = None) -> tuple[OrderFacts, Network]:
    """The order and the network as the decision saw them. Raises UnreadableDocument."""
    frame = (frames or Frames()).of(stored)
    state = from_document("network", stored.stock_facts)
    return from_document("order", stored.order_facts), joined(frame, state)


def decide_again(
    stored: RoutingDecision,
    rules: Rules | PreparedRules | None = None,
    frames: Frames | None = None,
) -> Decision:
    """The same inputs under the same rules, or under others. Raises UnreadableDocument."""
    order, network = inputs_of(stored, frames)
    return decide(order, network, rules or rules_of(stored.ruleset), stored.decided_at)


def replay(stored: RoutingDecision) -> str:
    """“identical”, or what differs, one field a line. Raises UnreadableDocument."""
    return verdict(decision_of(stored), decide_again(stored))
