"""Staff read and edit how orders are routed."""

from routing.admin.decisions import RoutingDecisionAdmin
from routing.admin.rulesets import RulesetAdmin
from routing.admin.simulations import SimulationAdmin

__all__ = ["RoutingDecisionAdmin", "RulesetAdmin", "SimulationAdmin"]
