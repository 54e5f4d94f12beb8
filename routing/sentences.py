"""A decision in plain English, made from its data whenever somebody reads it. Pure."""

from collections.abc import Callable, Mapping

from routing.result import Candidate, ConfidencePart, Decision, Factor, Gate

# {w} warehouse, {s} service, {c} subject, {v} measured value, {l} limit.
_FAILED: Mapping[str, str] = {
    "lines": "The order has no lines.",
    "product": "{c} is no product of ours.",
    "quantity": "{c} is ordered with {v}.",
    "address": "The address is not usable: {v}, and it needs {l}.",
    "ruleset": "The ruleset has no active rule.",
    "warehouse_active": "{w} is switched off.",
    "capacity": "{w} has {v}, its capacity is {l}.",
    "stock": "{w} has {v} of {c}{kept}.",
    "warehouse_rules": "Rule “{c}” allows {l}, and this is {v}.",
    "warehouse_wish": "The order asks for a warehouse in {l}; {w} is in {v}.",
    "warehouse_pin": "The order is pinned to {l}.",
    "carrier_active": "Carrier {c} is switched off.",
    "service_active": "{s} is switched off.",
    "po_box": "{s} does not deliver to PO boxes.",
    "military": "{s} does not deliver to APO, FPO and DPO.",
    "hazmat": "{s} takes no hazmat.",
    "batteries": "{s} takes no lithium batteries.",
    "business": "{s} delivers to homes only, and this is a business.",
    "weight": "The parcel weighs {v}; {s} takes {l}.",
    "length": "The parcel's longest side is {v}; {s} takes {l}.",
    "girth": "Length plus girth is {v}; {s} takes {l}.",
    "carrier_rules": "Rule “{c}” allows {l}, and this is {v}.",
    "service_rules": "Rule “{c}” allows {l}, and this is {v}.",
    "carrier_wish": "The order asks for carrier {l}.",
    "service_wish": "The order asks for {l}.",
    "service_pin": "The order is pinned to {l}.",
    "pickup": "Carrier {c} does not collect at {w}.",
    "destination": "{s} from {w} does not go to {v}; it serves {l}.",
    "rate": "{s} has no price there: {v}, and it needs {l}.",
}
_CONFIDENCE: Mapping[str, str] = {
    "margin": "Lead over the second",
    "address": "Address",
    "contact": "Contact details",
    "stock": "Stock count",
    "estimates": "Estimates",
}


SHUT_NAMED = 5


def gate_sentence(candidate: Candidate, gate: Gate) -> str:
    """Why the gate is closed, or what was measured where it is open."""
    if gate.passed:
        subject = f" ({gate.subject})" if gate.subject else ""
        return f"{_words(gate.name)}{subject}: {gate.value}, {gate.limit}."
    return _FAILED.get(gate.name, "{v}, limit {l}.").format(
        w=candidate.warehouse,
        s=candidate.service,
        c=gate.subject,
        v=gate.value,
        l=gate.limit,
        kept="" if gate.limit.endswith(" 0") else f"; {gate.limit} is kept back",
    )


def factor_sentence(candidate: Candidate, factor: Factor) -> str:
    """What was measured and the points it brought."""
    measured = _MEASURED.get(factor.name, _plain_number)(candidate, factor)
    return f"{measured} {factor.points:.1f} of {factor.weight} points."


def confidence_sentence(part: ConfidencePart) -> str:
    name = _CONFIDENCE.get(part.name, _words(part.name))
    return f"{name}: {part.found} ({part.percent} of 100, weight {part.weight})."


def reasons(decision: Decision) -> list[str]:
    """The decision in a few sentences, the choice first."""
    said = [*_choice(decision), *_rules(decision), *_strongest(decision), *_wishes(decision)]
    said += _shut(decision)
    said += [f"On hold: {reason}" for reason in decision.holds]
    return said + [f"{problem.sentence} {problem.next_step}" for problem in decision.problems]


def headline(decision: Decision) -> str:
    """The first of the reasons: the choice, or else the rules."""
    return next(iter([*_choice(decision), *_rules(decision)]))


def money(cents: int | None, currency: str) -> str:
    return "no price" if cents is None else f"{cents // 100}.{cents % 100:02} {currency}"


def _choice(decision: Decision) -> list[str]:
    best = decision.chosen
    if best is None:
        return []
    if best.is_split:
        parcels = " and ".join(f"{part.warehouse} by {part.service}" for part in best.parts)
        price = money(best.cents, best.currency)
        return [f"No warehouse can ship it whole; {len(best.parts)} parcels: {parcels}, {price}."]
    price = money(best.cents, best.currency)
    return [
        f"{best.warehouse} by {best.service}, {price}, there on {best.arrives_on}.",
        _lead(decision),
    ]


def _lead(decision: Decision) -> str:
    second, margin = decision.runner_up, decision.margin_bp
    if second is None or margin is None:
        return _pins(decision) or "No other candidate passes every gate."
    return f"{margin / 10_000:.1f} points ahead of {second.warehouse} by {second.service}."


def _pins(decision: Decision) -> str:
    """That a person's pin, and not the gates alone, left only this candidate."""
    gates = decision.chosen.gates if decision.chosen else ()
    pins = [gate.limit for gate in gates if gate.name in ("warehouse_pin", "service_pin")]
    return f"A person pinned the order to {' with '.join(pins)}." if pins else ""


def _rules(decision: Decision) -> list[str]:
    if not decision.applied_rules:
        return ["No rule applied."]
    return [
        "Rules applied: " + ", ".join(f"“{rule.name}”" for rule in decision.applied_rules) + "."
    ]


def _strongest(decision: Decision) -> list[str]:
    """The factors of the choice, those that brought most first."""
    best = decision.chosen
    if best is None:
        return []
    said = []
    for parcel in best.parcels:
        which = f"Parcel from {parcel.warehouse}: " if best.is_split else ""
        factors = sorted(parcel.factors, key=lambda factor: -factor.points_bp)
        said += [which + factor_sentence(parcel, factor) for factor in factors if factor.points_bp]
    return said


def _wishes(decision: Decision) -> list[str]:
    return [
        f"The wish for {wish.kind.replace('_', ' ')} {wish.wanted} is honoured."
        for wish in decision.wishes
        if wish.is_honoured
    ]


def _shut(decision: Decision) -> list[str]:
    """Why a warehouse was out of the question whatever the service."""
    if decision.chosen is None:
        return []
    by_place: dict[str, list[Candidate]] = {}
    for candidate in decision.candidates:
        if not candidate.is_split:
            by_place.setdefault(candidate.warehouse, []).append(candidate)
    said = []
    for place, candidates in sorted(by_place.items()):
        if any(candidate.is_eligible for candidate in candidates):
            continue
        first, *others = candidates
        common = [
            gate
            for gate in first.failed_gates
            if all(gate in other.failed_gates for other in others)
        ]
        if common:
            said.append(f"Not from {place}: {gate_sentence(first, common[0])}")
    return said[:SHUT_NAMED]


def _geography(candidate: Candidate, factor: Factor) -> str:
    where = "in the destination's state" if factor.value_bp == 10_000 else "in another state"
    far = "at an unknown distance" if factor.raw is None else f"{factor.raw} km away"
    return f"{candidate.warehouse} is {where}, {far}:"


def _cost(candidate: Candidate, factor: Factor) -> str:
    estimate = candidate.estimate
    if factor.raw is None or estimate is None:
        return "The price is in another currency and not compared:"
    kind = "Quoted" if estimate.is_quoted else "Estimated"
    return f"{kind} {money(factor.raw, estimate.currency)} to zone {estimate.zone}:"


def _transit(candidate: Candidate, factor: Factor) -> str:
    return f"There on {candidate.arrives_on}, {_days(factor.raw or 0)} from today:"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _stock(candidate: Candidate, factor: Factor) -> str:
    state = "at or above" if factor.value_bp == 10_000 else "below"
    units = "unit" if factor.raw == 1 else "units"
    return f"{factor.raw} {units} would be left, {state} the reorder point:"


def _load(candidate: Candidate, factor: Factor) -> str:
    orders = "order" if factor.raw == 1 else "orders"
    return f"{candidate.warehouse} has {factor.raw} {orders} today:"


def _preference(candidate: Candidate, factor: Factor) -> str:
    return f"Rules prefer it by {factor.raw} %:"


def _plain_number(candidate: Candidate, factor: Factor) -> str:
    return f"{_words(factor.name)} {factor.raw}:"


_MEASURED: Mapping[str, Callable[[Candidate, Factor], str]] = {
    "geography": _geography,
    "cost": _cost,
    "transit": _transit,
    "stock": _stock,
    "load": _load,
    "preference": _preference,
}


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
