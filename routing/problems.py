"""Why a decision has no candidate, or needs a person: code, sentence, next step. Pure."""

from collections.abc import Iterator, Sequence

from routing.case import Case
from routing.effects import BrokenRule, Effects
from routing.geography import US_STATES
from routing.result import Candidate, Problem, Wish
from routing.sentences import gate_sentence

NAMED = 3
"""How many closed gates a sentence names."""


def blocking_problems(case: Case, candidates: Sequence[Candidate]) -> list[Problem]:
    """What stands in the way when no candidate passed every gate; never empty then."""
    found = [
        *_of_the_lines(case),
        *_of_the_address(case),
        *_of_the_network(case),
        *_contradictions(case.effects),
        *_of_the_pin(case),
    ]
    short = list(_shortages(case)) or list(_scattered(case, candidates))
    return found or short or [_no_service(candidates)]


def _block(code: str, sentence: str, next_step: str) -> Problem:
    return Problem(code, sentence, next_step, is_blocking=True)


def _of_the_lines(case: Case) -> Iterator[Problem]:
    lines = case.order.lines
    if not lines:
        yield _block("no_lines", "The order has no lines.", "Add what the customer ordered.")
    for sku in sorted({line.sku for line in lines if not line.is_known}):
        step = "Correct the SKU, or add the product to the catalogue."
        yield _block("product_unknown", f"{sku} is no product of ours.", step)
    for line in lines:
        if line.quantity < 1:
            sentence = f"Line {line.position} asks for {line.quantity} units."
            yield _block("quantity_missing", sentence, "Enter a quantity of 1 or more.")
    for sku in sorted({line.sku for line in lines if line.is_known and not line.weight_grams}):
        step = "Enter the product's weight in grams, then route again."
        yield _block("weight_unknown", f"{sku} has no weight, so no carrier can be priced.", step)


def _of_the_address(case: Case) -> Iterator[Problem]:
    if len(case.country) != 2:
        step = "Enter the destination country."
        yield _block("country_missing", "The order has no destination country.", step)
    if case.country != "US":
        return
    if case.state not in US_STATES:
        named = f"“{case.state}” is not a US state or territory."
        step = "Enter two letters as in NV; for another country, correct the country."
        yield _block("state_unknown", named if case.state else "The order has no state.", step)
    if not case.order.postal_code.strip():
        yield _block("zip_missing", "The order has no ZIP code.", "Enter the ZIP code.")


def _of_the_network(case: Case) -> Iterator[Problem]:
    if not case.network.warehouses:
        yield _block("no_warehouses", "There is no warehouse.", "Add a warehouse and its stock.")
    elif not any(place.is_active for place in case.network.warehouses):
        step = "Switch a warehouse on under Warehouses."
        yield _block("warehouses_inactive", "Every warehouse is switched off.", step)
    if not case.network.services:
        yield _block("no_services", "There is no carrier service.", "Add carriers and services.")
    if not case.rules.in_order():
        sentence = f"Ruleset {case.rules.version} has no active rule."
        yield _block("ruleset_empty", sentence, "Publish a ruleset with rules, then route again.")


def _contradictions(effects: Effects) -> Iterator[Problem]:
    for target, required in sorted(effects.required.items()):
        allowed = frozenset.intersection(*(codes for codes, _ in required))
        barred = effects.forbidden.get(target, [])
        allowed -= frozenset[str]().union(*(codes for codes, _ in barred))
        if not allowed:
            names = " and ".join(f"“{rule}”" for _, rule in required + barred)
            sentence = f"The rules leave no {target}: {names} contradict each other here."
            yield _block("rules_contradict", sentence, "Correct one of these rules.")


def _of_the_pin(case: Case) -> Iterator[Problem]:
    places = {place.code for place in case.network.warehouses}
    services = {service.code for service in case.network.services}
    for pin, known, kind in (
        (case.order.pinned_warehouse, places, "warehouse"),
        (case.order.pinned_service, services, "service"),
    ):
        if pin and pin not in known:
            sentence = f"The order is pinned to {kind} {pin}, which does not exist."
            yield _block("pin_impossible", sentence, "Unpin it or pin another.")


def _shortages(case: Case) -> Iterator[Problem]:
    """SKUs of which all active warehouses together have too few units."""
    active = [place.code for place in case.network.warehouses if place.is_active]
    for sku, units in case.demand.items():
        there = sum(case.network.stock_of(place, sku).available for place in active)
        if there < units:
            sentence = f"{sku}: {there} of {units} units available in all warehouses together."
            step = "Wait for stock, buy more, or ask the customer to take less."
            yield _block("out_of_stock", sentence, step)


def _scattered(case: Case, candidates: Sequence[Candidate]) -> Iterator[Problem]:
    """Enough in all warehouses together, in none alone, and no split the ruleset allows."""
    if case.order.pinned_warehouse or any(_has_the_stock(each) for each in candidates):
        return
    parcels, units = case.rules.max_parcels, case.rules.smallest_part_units
    sentence = (
        f"No warehouse has everything, and no split works with at most {parcels} parcels "
        f"of at least {units} units."
    )
    step = "Move stock to one warehouse, or change the limits in the ruleset."
    yield _block("no_split", sentence, step)


def _has_the_stock(candidate: Candidate) -> bool:
    return all(gate.passed for gate in candidate.gates if gate.name == "stock")


def _no_service(candidates: Sequence[Candidate]) -> Problem:
    """Names what stands in the way of the candidates nearest to passing, each gate once."""
    said: dict[str, str] = {}
    for candidate in candidates:
        for gate in candidate.failed_gates:
            said.setdefault(gate.name, gate_sentence(candidate, gate))
    sentence = " ".join(["No warehouse and service can take it.", *list(said.values())[:NAMED]])
    step = "Change what stands in the way, or override the route by hand."
    return _block("no_candidate", sentence, step)


def review_problems(case: Case, best: Candidate, wishes: Sequence[Wish]) -> Iterator[Problem]:
    """What a person should look at though a candidate was found."""
    yield from (_refused(wish) for wish in wishes if not wish.is_honoured)
    for reason in case.effects.reviews:
        yield Problem("rule_review", reason, "Look at the order, then approve or override.")
    promise, arrives = case.order.promise_date, best.arrives_on
    if promise and arrives and arrives > promise:
        sentence = f"It would arrive on {arrives}, after the promised {promise}."
        yield Problem("promise_late", sentence, "Choose a faster service or tell the customer.")
    lies_in = case.order.zip_state
    if case.country == "US" and lies_in and lies_in != case.state:
        sentence = f"ZIP {case.order.postal_code} lies in {lies_in}, the order says {case.state}."
        yield Problem("state_zip_mismatch", sentence, "Correct the state or the ZIP code.")


def _refused(wish: Wish) -> Problem:
    kind = wish.kind.replace("_", " ")
    sentence = f"The order asks for {kind} {wish.wanted}, which is not possible: {wish.reason}"
    step = "Approve the prepared choice, or ask the customer."
    return Problem("wish_refused", sentence, step)


def broken_rule_problem(rule: BrokenRule) -> Problem:
    sentence = f"Rule {rule.position} “{rule.name}” was left out: {rule.sentence}"
    return Problem("rule_broken", sentence, "Correct the rule and publish the ruleset.")


def doubt_problems(
    confidence: int, threshold: int, candidates: Sequence[Candidate]
) -> Iterator[Problem]:
    """A tie of the best two, or confidence below the ruleset's threshold."""
    if is_tie(candidates):
        first, second = candidates[:2]
        sentence = (
            f"{first.warehouse} with {first.service} and {second.warehouse} with "
            f"{second.service} are equally good."
        )
        step = "Approve the first, or move stock to one warehouse and route again."
        if not first.is_split:
            step = "Choose one; approving takes the first."
        yield Problem("tie", sentence, step)
    if confidence < threshold:
        sentence = f"Confidence is {confidence}, below the ruleset's {threshold}."
        yield Problem("low_confidence", sentence, "Look at its parts, then approve or override.")


def is_tie(candidates: Sequence[Candidate]) -> bool:
    if len(candidates) < 2 or candidates[1].rank is None:
        return False
    first, second = candidates[:2]
    if first.is_split:
        return first.cents == second.cents
    return first.score_bp == second.score_bp
