from dataclasses import replace

import pytest

from routing.default_rules import default_rules
from routing.rule_changes import ruleset_changes
from routing.rules import Outcome, Rule

DEFAULT = default_rules()
FIRST, *OTHERS = DEFAULT.rules
NEW = Rule(5, "VIP", (), (Outcome("tag", codes=("vip",)),))
NAMES = {("carrier", "fedex"): "FedEx"}

CASES = [
    (DEFAULT, []),
    (replace(DEFAULT, rules=(*DEFAULT.rules, NEW)), ["New: “VIP”. Every order: Tag vip."]),
    (replace(DEFAULT, threshold=75), ["Confidence below which a person reviews: 60 → 75."]),
    (
        replace(DEFAULT, state_preferences=("CA",)),
        ["Preferred states of warehouses: NV, CA → CA."],
    ),
    (
        replace(DEFAULT, weights=DEFAULT.weights | {"cost": 90}),
        ["Weight of cost: 20 → 90."],
    ),
    (
        replace(DEFAULT, rules=tuple(OTHERS)),
        [
            "Gone: “NV: FedEx, then UPS”. Destination state is NV: "
            "Prefer carrier FedEx 100 %, ups 60 %."
        ],
    ),
    (
        replace(DEFAULT, rules=(replace(FIRST, position=900), *OTHERS)),
        ["The order of the rules is another one."],
    ),
]


@pytest.mark.parametrize(("after", "sentences"), CASES)
def test_each_difference_is_one_sentence(after, sentences):
    told = ruleset_changes(DEFAULT, after, NAMES)

    assert [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in told] == sentences


def test_a_changed_rule_is_told_before_and_after():
    switched_off = replace(DEFAULT, rules=(replace(FIRST, is_active=False), *OTHERS))

    (sentence,) = ruleset_changes(DEFAULT, switched_off, NAMES)

    assert sentence.startswith("Changed: “NV: FedEx, then UPS”. Before: ")
    assert sentence.endswith("(switched off).")


def test_a_renumbered_ruleset_says_the_same():
    renumbered = tuple(replace(rule, position=rule.position * 7) for rule in DEFAULT.rules)

    assert ruleset_changes(DEFAULT, replace(DEFAULT, rules=renumbered), NAMES) == []
