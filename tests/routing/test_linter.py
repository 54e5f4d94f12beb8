import pytest

from routing.linter import lint
from routing.rules import FORBID, HOLD, PREFER, REQUIRE, TAG, Condition, Outcome, Rule, Rules
from tests.routing import world

TAGGED = (Outcome(TAG, codes=("seen",)),)


def rule(position, *conditions, outcomes=TAGGED, stop=False):
    made = tuple(
        Condition(field, operator, tuple(values)) for field, operator, *values in conditions
    )
    return Rule(position, f"R{position}", made, tuple(outcomes), stop)


def findings(*rules, network=None):
    now = world.NOW if network else None
    return [(found.code, found.positions) for found in lint(Rules(1, rules), network, now)]


def test_the_default_ruleset_is_above_reproach():
    assert lint(world.rules(), world.network(), world.NOW) == []


@pytest.mark.parametrize(
    "conditions",
    [
        [("state", "is", "NV"), ("state", "is", "CA")],
        [("state", "one_of", "NV", "CA"), ("state", "none_of", "CA", "NV")],
        [("quantity", "at_least", "10"), ("quantity", "at_most", "9")],
        [("hazmat", "is_true"), ("hazmat", "is_false")],
        [("zip", "starts_with", "895"), ("zip", "between", "90000", "99999")],
        [("tags", "has_all", "vip"), ("tags", "has_none", "VIP", "gift")],
    ],
)
def test_a_rule_whose_conditions_exclude_each_other_can_never_match(conditions):
    assert findings(rule(1, *conditions)) == [("never_matches", (1,))]


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ([], [("state", "is", "NV")]),
        ([("state", "one_of", "NV", "CA")], [("state", "is", "NV"), ("hazmat", "is_true")]),
        ([("zip", "starts_with", "89")], [("zip", "between", "89100", "89200")]),
        ([("zip", "starts_with", "890", "891")], [("zip", "between", "89050", "89150")]),
        ([("quantity", "at_least", "2")], [("quantity", "between", "3", "5")]),
        ([("tags", "has_any", "vip", "gift")], [("tags", "has_all", "gift", "rush")]),
        ([("state", "is_not", "NV")], [("state", "none_of", "NV", "CA")]),
    ],
)
def test_a_rule_behind_a_wider_one_that_stops_is_shadowed(wide, narrow):
    assert findings(rule(1, *wide, stop=True), rule(2, *narrow)) == [("shadowed", (1, 2))]
    assert findings(rule(1, *wide), rule(2, *narrow)) == []
    assert findings(rule(1, *narrow, stop=True), rule(2, *wide)) == []


def test_a_rule_that_requires_what_it_forbids_contradicts_itself():
    both = [Outcome(REQUIRE, "carrier", ("ups",)), Outcome(FORBID, "carrier", ("ups", "dhl"))]
    assert findings(rule(1, outcomes=both)) == [("contradicts_itself", (1,))]


def test_two_rules_that_require_different_warehouses_of_one_order_contradict():
    west = [Outcome(REQUIRE, "warehouse", ("RNO1",))]
    east = [Outcome(REQUIRE, "warehouse", ("ABE1",))]
    nevada, hazmat = ("state", "is", "NV"), ("hazmat", "is_true")
    assert findings(rule(1, nevada, outcomes=west), rule(2, hazmat, outcomes=east)) == [
        ("contradiction", (1, 2))
    ]
    california = ("state", "is", "CA")
    assert findings(rule(1, nevada, outcomes=west), rule(2, california, outcomes=east)) == []


def test_rules_on_prefixes_of_a_source_may_meet_rules_on_the_source():
    west = [Outcome(REQUIRE, "warehouse", ("RNO1",))]
    east = [Outcome(REQUIRE, "warehouse", ("ABE1",))]
    one = rule(1, ("source", "starts_with", "api:"), outcomes=west)
    other = rule(2, ("source", "is", "api:bridge"), outcomes=east)
    assert findings(one, other) == [("contradiction", (1, 2))]


def test_places_that_the_rules_leave_without_a_candidate_are_named():
    air = [Outcome(REQUIRE, "service", ("ups-3-day-select",))]
    found = lint(Rules(1, (rule(1, outcomes=air),)), world.network(), world.NOW)
    unserved = [each for each in found if each.code == "unserved"]
    assert unserved[0].positions == (1,)
    assert "AK" in unserved[0].sentence


def test_a_code_that_does_not_exist_is_named():
    lost = [Outcome(PREFER, "carrier", ("pigeon",))]
    assert findings(rule(1, outcomes=lost), network=world.network()) == [("unknown_code", (1,))]


def test_an_invalid_rule_and_an_empty_ruleset_are_findings():
    assert findings(rule(1, outcomes=[Outcome(HOLD)])) == [("rule_invalid", (1,))]
    assert findings() == [("ruleset_empty", ())]
