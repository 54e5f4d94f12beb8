"""Staff read and edit how orders are routed."""

from routing.admin.decisions import RoutingDecisionAdmin

__all__ = ["RoutingDecisionAdmin"]
