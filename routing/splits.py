"""A shipment in several parcels, for orders that no single warehouse can ship whole. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice, permutations

from routing.case import Case
from routing.facts import LineFacts, WarehouseFacts
from routing.ranking import best_candidate
from routing.result import Allocation, Candidate

Plan = Mapping[str, Mapping[str, int]]
"""Warehouse → SKU → units."""

MOST_PLANS = 240
"""Plans tried for one number of parcels; more only makes the wait longer."""

HANDFULS = 24
"""Steps in which the units of one SKU are spread evenly."""

SHOWN = 10


OPENED_BY_SPLITTING = frozenset(
    {"stock", "weight", "length", "girth", "rate", "hazmat", "batteries"}
)
"""Gates that a part of the order may pass where the whole does not."""


def split_candidates(case: Case, whole: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Splits into the fewest parcels that work, ranked by cost and then by codes.

    `whole` are the failed whole-order candidates.
    """
    hopeful = {candidate.warehouse for candidate in whole if _may_help(case, candidate)}
    places = {place.code: place for place in case.network.warehouses if place.code in hopeful}
    parts = Parts(case, places)
    for parcels in range(2, case.rules.max_parcels + 1):
        for ways in (drawn_plans, levelled_plans):
            plans = ways(case, sorted(places), parcels)
            found = [_candidate(parts, plan) for plan in islice(plans, MOST_PLANS)]
            if ranked := _ranked([candidate for candidate in found if candidate]):
                return ranked
    return ()


def _may_help(case: Case, candidate: Candidate) -> bool:
    if any(gate.name not in OPENED_BY_SPLITTING for gate in candidate.failed_gates):
        return False
    place = candidate.warehouse
    return any(case.network.stock_of(place, sku).available for sku in case.demand)


def _ranked(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    alike: dict[tuple[str, str], Candidate] = {}
    for candidate in sorted(found, key=_order_of_splits):
        # The same parcels with other units in them are no other choice.
        alike.setdefault((candidate.warehouse, candidate.service), candidate)
    best = list(alike.values())[:SHOWN]
    return tuple(replace(candidate, rank=rank) for rank, candidate in enumerate(best, start=1))


def _order_of_splits(candidate: Candidate) -> tuple[object, ...]:
    cents = candidate.cents
    rows = [_plain(row) for row in candidate.allocations]
    return cents is None, cents or 0, candidate.warehouse, candidate.service, rows


def _plain(row: Allocation) -> tuple[int, str, str, int]:
    return row.position, row.sku, row.warehouse, row.quantity


def drawn_plans(case: Case, places: Sequence[str], parcels: int) -> Iterator[Plan]:
    """Ways to draw the demand from that many warehouses in turn, each giving its fair minimum."""
    seen: set[tuple[object, ...]] = set()
    for places_used in _covering(case, places, parcels):
        for order in permutations(places_used):
            plan = _draw(case, order)
            key = tuple((place, tuple(sorted(plan[place].items()))) for place in sorted(plan))
            if key not in seen and _is_fair(case, plan):
                seen.add(key)
                yield plan


def levelled_plans(case: Case, places: Sequence[str], parcels: int) -> Iterator[Plan]:
    """For what is too heavy when drawn in turn: the load spread evenly over the warehouses."""
    for places_used in _covering(case, places, parcels):
        plan = _level(case, places_used)
        if _is_fair(case, plan):
            yield plan


def _covering(case: Case, places: Sequence[str], parcels: int) -> Iterator[tuple[str, ...]]:
    return (used for used in combinations(places, parcels) if _covers(case, used))


def _covers(case: Case, places: Sequence[str]) -> bool:
    return all(
        sum(case.network.stock_of(place, sku).available for place in places) >= units
        for sku, units in case.demand.items()
    )


def _draw(case: Case, places: Sequence[str]) -> dict[str, dict[str, int]]:
    """A SKU whole from the first warehouse that has it whole, the others from each in turn."""
    plan: dict[str, dict[str, int]] = {place: {} for place in places}
    for sku, units in case.demand.items():
        whole = next((place for place in places if _available(case, place, sku) >= units), None)
        for place in [whole] if whole else places:
            taken = min(units, _available(case, place, sku))
            if taken:
                plan[place][sku] = taken
                units -= taken
    _top_up(case, plan)
    return plan


def _level(case: Case, places: Sequence[str]) -> dict[str, dict[str, int]]:
    """Heavy units first, each handful to the warehouse with the lightest load that has them."""
    plan: dict[str, dict[str, int]] = {place: {} for place in places}
    load = dict.fromkeys(places, 0)
    grams = {line.key: line.weight_grams or 0 for line in case.order.lines}
    for sku in sorted(case.demand, key=lambda sku: (-grams[sku], sku)):
        left = case.demand[sku]
        handful = -(-left // HANDFULS)
        while left:
            spare = {
                place: _available(case, place, sku) - plan[place].get(sku, 0) for place in places
            }
            place = min((load[place], place) for place in places if spare[place] > 0)[1]
            taken = min(handful, left, spare[place])
            plan[place][sku] = plan[place].get(sku, 0) + taken
            load[place] += taken * grams[sku]
            left -= taken
    _top_up(case, plan)
    return plan


def _top_up(case: Case, plan: dict[str, dict[str, int]]) -> None:
    """Move units from the larger parts until each has the ruleset's minimum, where stock allows."""
    least = max(1, case.rules.smallest_part_units)
    for place in sorted(plan):
        for donor in sorted(plan, key=lambda code: (-sum(plan[code].values()), code)):
            if donor == place:
                continue
            for sku in sorted(plan[donor]):
                missing = least - sum(plan[place].values())
                spare = sum(plan[donor].values()) - least
                room = _available(case, place, sku) - plan[place].get(sku, 0)
                moved = max(0, min(missing, spare, room, plan[donor][sku]))
                _move(plan, donor, place, sku, moved)


def _move(plan: dict[str, dict[str, int]], donor: str, place: str, sku: str, units: int) -> None:
    if not units:
        return
    plan[place][sku] = plan[place].get(sku, 0) + units
    plan[donor][sku] -= units
    if not plan[donor][sku]:
        del plan[donor][sku]


def _is_fair(case: Case, plan: Plan) -> bool:
    least = max(1, case.rules.smallest_part_units)
    return all(sum(units.values()) >= least for units in plan.values())


def _available(case: Case, place: str, sku: str) -> int:
    return case.network.stock_of(place, sku).available


class Parts:
    """The best candidate for each part; plans share many, and each is weighed once."""

    def __init__(self, case: Case, places: Mapping[str, WarehouseFacts]) -> None:
        self.case = case
        self.places = places
        self._known: dict[tuple[object, ...], Candidate | None] = {}

    def best(self, place: str, lines: list[LineFacts]) -> Candidate | None:
        key = (place, *((line.position, line.quantity) for line in lines))
        if key not in self._known:
            self._known[key] = _part(self.case, self.places[place], lines)
        return self._known[key]


def _candidate(parts: Parts, plan: Plan) -> Candidate | None:
    """The plan with the best service for each part; None if a part finds none."""
    shares = _by_line(parts.case.order.lines, plan)
    found = []
    for place in sorted(plan):
        part = parts.best(place, shares[place])
        if part is None:
            return None
        found.append(part)
    return _joined(found)


def _by_line(lines: Sequence[LineFacts], plan: Plan) -> dict[str, list[LineFacts]]:
    """Turn units by SKU into parts of order lines, in the order of lines and warehouses."""
    left = {place: dict(units) for place, units in plan.items()}
    shares: dict[str, list[LineFacts]] = {place: [] for place in plan}
    for line in sorted(lines, key=lambda line: line.position):
        wanted = line.quantity
        for place in sorted(plan):
            units = min(wanted, left[place].get(line.key, 0))
            if units:
                shares[place].append(replace(line, quantity=units))
                left[place][line.key] -= units
                wanted -= units
    return shares


def _part(case: Case, place: WarehouseFacts, lines: list[LineFacts]) -> Candidate | None:
    best = best_candidate(case.with_lines(tuple(lines)), place)
    if best is None:
        return None
    rows = (Allocation(line.position, line.sku, place.code, line.quantity) for line in lines)
    return replace(best, allocations=tuple(rows))


def _joined(parts: Sequence[Candidate]) -> Candidate:
    """The parts as one candidate; its score is theirs, weighed by units."""
    units = [sum(row.quantity for row in part.allocations) for part in parts]
    points = sum((part.score_bp or 0) * share for part, share in zip(parts, units, strict=True))
    rows = sorted((row for part in parts for row in part.allocations), key=_plain)
    return Candidate(
        warehouse="+".join(part.warehouse for part in parts),
        carrier="+".join(part.carrier for part in parts),
        service="+".join(part.service for part in parts),
        platform="+".join(part.platform for part in parts),
        score_bp=points // sum(units),
        allocations=tuple(rows),
        parts=tuple(replace(part, rank=1) for part in parts),
    )
