"""Every warehouse × service of a case as a candidate, gated, weighed and ranked. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from routing.case import Case
from routing.factors import (
    Offer,
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
    has_policy,
    shape_of,
)
from routing.lanes import home_zone, lane_of
from routing.parcels import Parcel
from routing.result import Allocation, Candidate, Factor, Gate

Gates = tuple[Gate, ...]


class ServiceSide:
    """What a service says to a parcel, wherever it starts; the same for orders of one shape."""

    __slots__ = ("billable_grams", "gates", "parcel", "service", "shut")

    def __init__(self, service: ServiceFacts, gates: Gates, parcel: Parcel) -> None:
        self.service = service
        self.parcel = parcel
        self.gates = gates
        self.shut = count_shut(gates)
        self.billable_grams = parcel.billable_grams(service.dimensional_divisor)

    def under(self, policy: Gates) -> "ServiceSide":
        """The same side with what rules, wishes and pins add."""
        return ServiceSide(self.service, self.gates + policy, self.parcel)


@dataclass(slots=True)
class Contender:
    """A candidate while it is weighed; `offer` is None where a gate failed, `shut` how many did."""

    warehouse: WarehouseFacts
    service: ServiceFacts
    gates: Gates
    offer: Offer | None
    shut: int
    factors: tuple[Factor, ...] = ()
    score_bp: int = 0


def rank_candidates(
    case: Case, warehouses: Iterable[WarehouseFacts] | None = None
) -> tuple[Candidate, ...]:
    """All candidates (of these warehouses), the best first and the failed ones last."""
    field = list(_contenders(case, warehouses))
    ranked = [_candidate(case, each, rank) for rank, each in enumerate(_weighed(case, field), 1)]
    return (*ranked, *_failed(case, field))


def best_candidate(case: Case, warehouse: WarehouseFacts) -> Candidate | None:
    """The first that rank_candidates would name, if it passes every gate."""
    able = _weighed(case, list(_contenders(case, [warehouse])))
    return _candidate(case, able[0], 1) if able else None


def _weighed(case: Case, field: list[Contender]) -> list[Contender]:
    """Those that pass every gate with their factors, the best first."""
    able = [contender for contender in field if contender.offer]
    standing = standing_of(case, [cast("Offer", contender.offer) for contender in able])
    shared = {
        place.code: warehouse_factors(case, place)
        for place in {contender.warehouse.code: contender.warehouse for contender in able}.values()
    }
    for contender in able:
        offer = cast("Offer", contender.offer)
        of_offer = offer_factors(case, offer, standing)
        contender.factors = shared[offer.warehouse] + of_offer
        contender.score_bp = sum([factor.points_bp for factor in contender.factors])
    able.sort(key=_order)
    return able


def order_gates(case: Case) -> Gates:
    return tuple(chain.from_iterable(check(case) for check in ORDER_GATES))


def warehouse_gates(case: Case, warehouse: WarehouseFacts) -> Gates:
    return tuple(chain.from_iterable(check(case, warehouse) for check in WAREHOUSE_GATES))


def service_gates(case: Case, service: ServiceFacts) -> Gates:
    return tuple(chain.from_iterable(check(case, service) for check in SERVICE_GATES))


def policy_gates(case: Case, service: ServiceFacts) -> Gates:
    return tuple(chain.from_iterable(check(case, service) for check in POLICY_GATES))


def _contenders(
    case: Case, warehouses: Iterable[WarehouseFacts] | None = None
) -> Iterator[Contender]:
    of_order, sides = order_gates(case), _service_sides(case)
    for warehouse in case.network.warehouses if warehouses is None else warehouses:
        home = home_zone(case, warehouse)
        common = of_order + warehouse_gates(case, warehouse)
        common_shut = count_shut(common)
        for side in sides:
            service = side.service
            lane = lane_of(case, warehouse, service, home, side.billable_grams)
            shut = common_shut + side.shut + lane.shut
            offer = None
            if not shut and lane.estimate:
                offer = Offer(warehouse.code, service.carrier, service.code, lane.estimate)
            yield Contender(warehouse, service, common + side.gates + lane.gates, offer, shut)


def _service_sides(case: Case) -> Sequence[ServiceSide]:
    memory, key = case.network.memory(case.now), ("services", *shape_of(case))
    if key not in memory:
        memory[key] = [
            ServiceSide(service, service_gates(case, service), case.parcel)
            for service in case.network.services
        ]
    sides = cast("Sequence[ServiceSide]", memory[key])
    if not has_policy(case):
        return sides
    return [side.under(policy_gates(case, side.service)) for side in sides]


def _order(contender: Contender) -> tuple[object, ...]:
    """Score, then the warehouse's priority, price, days, codes."""
    offer = cast("Offer", contender.offer)
    estimate = offer.estimate
    price_and_days = (estimate.cents, estimate.days)
    codes = (offer.warehouse, offer.service)
    return -contender.score_bp, contender.warehouse.priority, *price_and_days, *codes


def _failed(case: Case, field: list[Contender]) -> list[Candidate]:
    """Those nearest to passing first."""
    failed = [contender for contender in field if not contender.offer]
    failed.sort(key=_nearness)
    return [_candidate(case, contender) for contender in failed]


def _nearness(contender: Contender) -> tuple[int, str, str]:
    return contender.shut, contender.warehouse.code, contender.service.code


def _candidate(case: Case, contender: Contender, rank: int | None = None) -> Candidate:
    service, offer = contender.service, contender.offer
    carrier = case.network.carriers.get(service.carrier)
    return Candidate(
        warehouse=contender.warehouse.code,
        carrier=service.carrier,
        service=service.code,
        platform=carrier.platform if carrier else "",
        gates=contender.gates,
        factors=contender.factors,
        score_bp=contender.score_bp if offer else None,
        rank=rank,
        estimate=offer.estimate if offer else None,
    )


def count_shut(gates: Iterable[Gate]) -> int:
    """How many failed."""
    return sum([not gate.passed for gate in gates])


def allocate_whole(case: Case, warehouse: str) -> tuple[Allocation, ...]:
    """Every line from one warehouse."""
    return tuple(
        Allocation(line.position, line.sku, warehouse, line.quantity)
        for line in sorted(case.order.lines, key=lambda line: line.position)
    )
