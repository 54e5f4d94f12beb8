"""Staff read and edit how orders are routed."""

from routing.admin.rulesets import RulesetAdmin
from routing.admin.simulations import SimulationAdmin

__all__ = ["RulesetAdmin", "SimulationAdmin"]
