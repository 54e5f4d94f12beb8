"""A batch of orders on its way through routing: what is loaded once, decided in memory."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from routing.codec import document, frame_of, state_of, to_json
from routing.decision import decide
from routing.effects import PreparedRules
from routing.facts import Network
from routing.models import NetworkSnapshot, Ruleset
from routing.prepared import PreparedNetwork
from routing.result import Decision
from routing.services.network import load_network, load_stock
from routing.services.orders import Loaded
from routing.services.rules import rules_of
from warehouses.models import CarrierService, StockLevel, Warehouse


@dataclass(slots=True)
class Decided:
    """An order with its decision and the stock and loads that it saw.

    `approval` says in the history that a person stands by it, whatever routing doubts; `columns`
    are what the stored row says besides.
    """

    loaded: Loaded
    decision: Decision
    state: Network
    approval: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Chosen, and no person has to look first."""
        doubted = self.decision.needs_review and not self.approval
        return self.decision.chosen is not None and not doubted


@dataclass(slots=True)
class Batch:
    """Everything a batch shares. `levels` maps (warehouse, SKU in capitals) to a stock level."""

    ruleset: Ruleset
    rules: PreparedRules
    network: PreparedNetwork
    now: datetime
    warehouses: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    levels: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, orders: Sequence[Loaded], ruleset: Ruleset, now: datetime) -> "Batch":
        """Load rules and network for these orders, in a fixed number of queries."""
        skus = {line.key for loaded in orders for line in loaded.facts.lines}
        levels = StockLevel.objects.filter(
            product__order_lines__order__in=[loaded.order.pk for loaded in orders]
        ).order_by()
        rows = levels.values_list("pk", "warehouse__code", "product__sku").distinct()
        return cls(
            ruleset,
            PreparedRules.of(rules_of(ruleset)),
            PreparedNetwork(load_network(skus, now)),
            now,
            warehouses=dict(Warehouse.objects.values_list("code", "pk")),
            services=dict(CarrierService.objects.values_list("code", "pk")),
            levels={(code, sku.upper()): pk for pk, code, sku in rows},
        )

    def decide(self, loaded: Loaded, approval: str = "", **columns: Any) -> Decided:
        """Decide one order; what it is given is no longer there for the next."""
        state = state_of(self.network.inputs_of(loaded.facts))
        decision = decide(loaded.facts, self.network, self.rules, self.now)
        decided = Decided(loaded, decision, state, approval, columns)
        if decided.is_settled:
            self.network.take(decided.decision)
        return decided

    def put_back(self, decided: Decided) -> None:
        if decided.is_settled:
            self.network.put_back(decided.decision)

    def look_again(self, orders: Sequence[Loaded]) -> None:
        """Take the stock of these orders' SKUs as the database has it now."""
        skus = {line.key for loaded in orders for line in loaded.facts.lines}
        for (warehouse, sku), stock in load_stock(skus).items():
            self.network.set_stock(warehouse, sku, stock)

    def wanted_levels(self, decided: Decided) -> dict[int, int]:
        """Units wanted of each stock level."""
        wanted: dict[int, int] = {}
        for row in decided.decision.allocations:
            level = self.levels[row.warehouse, row.sku.upper()]
            wanted[level] = wanted.get(level, 0) + row.quantity
        return wanted

    def snapshot(self) -> NetworkSnapshot:
        """The network without its stock, stored once for all that saw the same."""
        content = document(frame_of(self.network.network))
        digest = hashlib.sha256(to_json(content).encode()).hexdigest()
        found, _is_new = NetworkSnapshot.objects.defer("content").get_or_create(
            content_hash=digest, defaults={"content": content}
        )
        return found
