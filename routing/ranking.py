"""Every warehouse × service of a case as a candidate, gated, weighed and ranked. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from routing.case import Case
from routing.factors import (
    Offer,
    Standing,
    offer_factors,
    standing_of,
    warehouse_factors,
)
from routing.facts import ServiceFacts, WarehouseFacts
from routing.gates import (
    ORDER_GATES,
    POLICY_GATES,
    SERVICE_GATES,
    WAREHOUSE_GATES,
    shape_of,
)
from routing.lanes import home_zone, lane_of
from routing.result import Allocation, Candidate, Factor, Gate

Gates = tuple[Gate, ...]


@dataclass(slots=True)
class Contender:
    """A candidate before it is weighed; `offer` is None where a gate failed."""

    warehouse: WarehouseFacts
    service: ServiceFacts
    gates: Gates
    offer: Offer | None


def rank_candidates(
    case: Case, warehouses: Iterable[WarehouseFacts] | None = None
) -> tuple[Candidate, ...]:
    """All candidates (of these warehouses), the best first and the failed ones last."""
    field = list(_contenders(case, warehouses))
    offers = [contender.offer for contender in field if contender.offer]
    standing = standing_of(case, offers)
    shared = {place.code: () for place in case.network.warehouses} | {
        place.code: warehouse_factors(case, place)
        for place in {c.warehouse.code: c.warehouse for c in field if c.offer}.values()
    }
    able = [_able(case, c, standing, shared[c.warehouse.code]) for c in field if c.offer]
    able.sort(key=lambda pair: pair[0])
    ranked = [replace(candidate, rank=rank) for rank, (_, candidate) in enumerate(able, start=1)]
    return (*ranked, *_failed(case, field))


def order_gates(case: Case) -> Gates:
    return tuple(chain.from_iterable(check(case) for check in ORDER_GATES))


def warehouse_gates(case: Case, warehouse: WarehouseFacts) -> Gates:
    return tuple(chain.from_iterable(check(case, warehouse) for check in WAREHOUSE_GATES))


def service_gates(case: Case, service: ServiceFacts) -> tuple[Gates, bool]:
    """The gates of a service and whether all are passed; remembered for orders of one shape."""
    memory, key = case.network.memory(case.now), ("service", service.code, *shape_of(case))
    if key not in memory:
        gates = tuple(chain.from_iterable(check(case, service) for check in SERVICE_GATES))
        memory[key] = (gates, _passed(gates))
    return cast("tuple[Gates, bool]", memory[key])


def policy_gates(case: Case, service: ServiceFacts) -> Gates:
    return tuple(chain.from_iterable(check(case, service) for check in POLICY_GATES))


def _contenders(
    case: Case, warehouses: Iterable[WarehouseFacts] | None = None
) -> Iterator[Contender]:
    of_order = order_gates(case)
    services = [_service_side(case, service) for service in case.network.services]
    for warehouse in case.network.warehouses if warehouses is None else warehouses:
        home = home_zone(case, warehouse)
        common = of_order + warehouse_gates(case, warehouse)
        is_able = _passed(common)
        for service, gates, service_is_able in services:
            lane = lane_of(case, warehouse, service, home)
            offer = None
            if is_able and service_is_able and lane.estimate:
                offer = Offer(warehouse.code, service.carrier, service.code, lane.estimate)
            yield Contender(warehouse, service, common + gates + lane.gates, offer)


def _service_side(case: Case, service: ServiceFacts) -> tuple[ServiceFacts, Gates, bool]:
    gates, is_able = service_gates(case, service)
    policy = policy_gates(case, service)
    return service, gates + policy, is_able and _passed(policy)


def _able(
    case: Case, contender: Contender, standing: Standing, shared: tuple[Factor, ...]
) -> tuple[tuple[object, ...], Candidate]:
    """A candidate with its sort key: score, the warehouse's priority, price, days, codes."""
    offer = cast("Offer", contender.offer)
    factors = shared + offer_factors(case, offer, standing)
    score = sum(factor.points_bp for factor in factors)
    estimate = offer.estimate
    key = (
        -score,
        contender.warehouse.priority,
        estimate.cents,
        estimate.days,
        offer.warehouse,
        offer.service,
    )
    return key, replace(_plain(case, contender), factors=factors, score_bp=score, estimate=estimate)


def _failed(case: Case, field: list[Contender]) -> list[Candidate]:
    """Those nearest to passing first."""
    failed = [_plain(case, contender) for contender in field if not contender.offer]
    return sorted(failed, key=lambda c: (len(c.failed_gates), c.warehouse, c.service))


def _plain(case: Case, contender: Contender) -> Candidate:
    service = contender.service
    carrier = case.network.carriers.get(service.carrier)
    return Candidate(
        warehouse=contender.warehouse.code,
        carrier=service.carrier,
        service=service.code,
        platform=carrier.platform if carrier else "",
        gates=contender.gates,
    )


def _passed(gates: Iterable[Gate]) -> bool:
    return all(gate.passed for gate in gates)


def allocate_whole(case: Case, warehouse: str) -> tuple[Allocation, ...]:
    """Every line from one warehouse."""
    return tuple(
        Allocation(line.position, line.sku, warehouse, line.quantity)
        for line in sorted(case.order.lines, key=lambda line: line.position)
    )
