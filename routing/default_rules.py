"""The merchant's habits as a first ruleset. Pure."""

from routing.rules import FORBID, PREFER, Condition, Outcome, Rule, Rules

PREFERENCES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("NV", ("fedex", "ups")),
    ("CA", ("dhl", "ups")),
    ("NY", ("ups", "dhl")),
    ("FL", ("usps", "ups")),
    ("TX", ("ups", "fedex")),
)
"""Destination state → the carriers liked there, the first one best."""

ELSEWHERE = "ups"
FIRST, SECOND = 100, 60
NAMES = {"fedex": "FedEx", "ups": "UPS", "dhl": "DHL", "usps": "USPS"}

OFFSHORE = ("AK", "HI", "PR", "GU", "VI", "AS", "MP")


def default_rules(version: int = 1) -> Rules:
    """Preferences by destination state, and what the carriers' own tables cannot say."""
    rules = [_liked(state, carriers) for state, carriers in PREFERENCES]
    rules += [_elsewhere(), _no_hazmat_offshore(), _no_hazmat_by_post_to_the_military()]
    numbered = (
        Rule(10 * number, rule.name, rule.conditions, rule.outcomes)
        for number, rule in enumerate(rules, start=1)
    )
    return Rules(version, tuple(numbered))


def _liked(state: str, carriers: tuple[str, str]) -> Rule:
    first, second = carriers
    return Rule(
        0,
        f"{state}: {NAMES[first]}, then {NAMES[second]}",
        (Condition("state", "is", (state,)),),
        (
            Outcome(PREFER, "carrier", (first,), FIRST),
            Outcome(PREFER, "carrier", (second,), SECOND),
        ),
    )


def _elsewhere() -> Rule:
    states = tuple(state for state, _ in PREFERENCES)
    return Rule(
        0,
        f"Elsewhere: {NAMES[ELSEWHERE]}",
        (Condition("state", "none_of", states),),
        (Outcome(PREFER, "carrier", (ELSEWHERE,), FIRST),),
    )


def _no_hazmat_offshore() -> Rule:
    """FedEx Ground takes hazmat within the contiguous states only (see docs/demo-world.md)."""
    return Rule(
        0,
        "No hazmat by FedEx Ground beyond the contiguous states",
        (Condition("hazmat", "is_true"), Condition("state", "one_of", OFFSHORE)),
        (Outcome(FORBID, "service", ("fedex-ground",)),),
    )


def _no_hazmat_by_post_to_the_military() -> Rule:
    """The post serves these addresses, but with no hazmat (see docs/demo-world.md)."""
    return Rule(
        0,
        "No hazmat by post to the military",
        (Condition("hazmat", "is_true"), Condition("military", "is_true")),
        (Outcome(FORBID, "carrier", ("usps",)),),
    )
