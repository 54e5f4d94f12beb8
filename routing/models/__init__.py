"""The rules that staff write, and every decision made by them."""

from routing.models.decisions import DecisionKind, NetworkSnapshot, OverrideReason, RoutingDecision
from routing.models.rulesets import (
    Rule,
    RuleCondition,
    RuleOutcome,
    Ruleset,
    RulesetState,
)
from routing.models.simulations import Simulation, SimulationRow, SimulationState

__all__ = [
    "DecisionKind",
    "NetworkSnapshot",
    "OverrideReason",
    "RoutingDecision",
    "Rule",
    "RuleCondition",
    "RuleOutcome",
    "Ruleset",
    "RulesetState",
    "Simulation",
    "SimulationRow",
    "SimulationState",
]
