from datetime import date
from decimal import Decimal

import pytest

from routing.conditions import FIELDS, KINDS, OPERATORS, compile_condition
from routing.decision import decide
from routing.effects import PreparedRules
from routing.rules import (
    FORBID,
    HOLD,
    PREFER,
    REQUIRE,
    REVIEW,
    SET_WEIGHTS,
    TAG,
    Condition,
    Outcome,
    Rule,
    Rules,
)
from routing.validation import validate_conditions, validate_outcomes, validate_rule
from tests.routing import world

TODAY = date(2027, 3, 2)
ORDER = world.order(
    "89501",
    world.line("MUG", 3),
    world.line("PERFUME", 1, position=2),
    source="shopify",
    tags=("VIP", "gift"),
    wanted_carrier="ups",
    promise_date=date(2027, 3, 5),
)


@pytest.mark.parametrize(
    ("field", "operator", "values", "holds"),
    [
        ("country", "is", ["US"], True),
        ("country", "is_not", ["us"], False),
        ("state", "one_of", ["NV", "CA"], True),
        ("state", "none_of", ["NV"], False),
        ("zip", "starts_with", ["894", "895"], True),
        ("zip", "starts_with", ["1"], False),
        ("zip", "between", ["89000", "89999"], True),
        ("zip", "between", ["90000", "90999"], False),
        ("source", "starts_with", ["shop"], True),
        ("tags", "has_any", ["vip", "rush"], True),
        ("tags", "has_all", ["vip", "rush"], False),
        ("tags", "has_none", ["rush"], True),
        ("sku", "has_any", ["mug"], True),
        ("category", "has_all", ["tableware", "scent"], True),
        ("weight_grams", "at_least", ["1560"], True),
        ("weight_grams", "at_most", ["1559"], False),
        ("quantity", "between", ["4", "9"], True),
        ("quantity", "is", ["3"], False),
        ("hazmat", "is_true", [], True),
        ("battery", "is_true", [], False),
        ("po_box", "is_false", [], True),
        ("military", "is_false", [], True),
        ("wanted_carrier", "is", ["UPS"], True),
        ("wanted_service", "is", ["ups-ground"], False),
        ("promise_days", "at_most", ["3"], True),
        ("promise_days", "at_most", ["2"], False),
    ],
)
def test_a_condition_asks_what_it_says(field, operator, values, holds):
    ask = compile_condition(Condition(field, operator, tuple(values)))
    assert ask(ORDER, TODAY) is holds


def test_a_value_condition_holds_only_in_its_own_currency():
    ask = compile_condition(Condition("value", "at_least", ("103.50",), currency="USD"))
    assert ORDER.value == Decimal("103.50")
    assert ask(ORDER, TODAY)
    assert not ask(world.order("89501", currency="EUR"), TODAY)


def test_a_figure_the_order_lacks_answers_no_to_every_limit():
    unknown = world.order("89501", world.line("MUG", unit_price=None, weight_grams=None))
    for field, currency in (("value", "USD"), ("weight_grams", ""), ("promise_days", "")):
        for operator in ("at_least", "at_most"):
            assert not compile_condition(Condition(field, operator, ("5",), currency))(
                unknown, TODAY
            )


def test_a_zip_condition_never_matches_an_address_abroad():
    ask = compile_condition(Condition("zip", "between", ("10000", "19999")))
    assert not ask(world.order("", country="DE", postal_code="10115"), TODAY)


@pytest.mark.parametrize("country", ["ES", "IT"])
def test_a_region_abroad_with_the_letters_of_a_state_is_not_that_state(country):
    cadiz_or_cagliari = world.order("", country=country, state="CA", postal_code="11001")
    rules = PreparedRules.of(world.rules()).effects_on(cadiz_or_cagliari, TODAY)
    assert [rule.name for rule in rules.applied] == ["Elsewhere: UPS"]


def test_a_territory_counts_as_a_state_however_it_is_written():
    ask = compile_condition(Condition("state", "is", ("PR",)))
    assert ask(world.order("00901", country="PR", state=""), TODAY)
    assert ask(world.order("00901", country="US", state="PR"), TODAY)


def test_every_field_offers_operators_that_have_words():
    assert {field.kind for field in FIELDS.values()} <= set(KINDS)
    assert all(name in OPERATORS for field in FIELDS.values() for name in field.operators)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            Condition("zip", "between", ("90000", "8999")),
            "ZIP range 90000-8999 ends before it begins",
        ),
        (Condition("zip", "is", ("8950",)), "“8950” is not a ZIP code of five digits"),
        (Condition("planet", "is", ("Mars",)), "“planet” is nothing a rule can ask about"),
        (Condition("hazmat", "at_least", ("1",)), "Hazmat cannot be asked with “is at least”"),
        (Condition("state", "is", ("ZZ",)), "“ZZ” is not a US state"),
        (Condition("country", "is", ("USA",)), "“USA” is not a two-letter country code"),
        (Condition("weight_grams", "at_least", ("heavy",)), "“heavy” is not a whole number"),
        (Condition("quantity", "between", ("9", "2")), "Units range 9-2 ends before it begins"),
        (Condition("value", "at_least", ("10",)), "needs a currency"),
        (Condition("value", "at_least", ("ten",), "USD"), "“ten” is not an amount"),
        (Condition("value", "at_least", ("NaN",), "USD"), "“NaN” is not an amount"),
        (Condition("state", "is", ("NV", "CA")), "takes one value, not 2"),
        (Condition("state", "one_of"), "needs at least one value"),
        (Condition("tags", "has_any", (" ",)), "Tags has an empty value"),
        (Condition("hazmat", "is_true", ("yes",)), "takes no value, not 1"),
    ],
)
def test_a_mistake_in_a_condition_is_named(condition, sentence):
    assert sentence in " ".join(validate_conditions([condition]))


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome("explode"), "“explode” is nothing a rule can do"),
        (Outcome(REQUIRE, "carrier"), "choose at least one carrier"),
        (Outcome(PREFER, "planet", ("Mars",)), "a warehouse, a carrier or a service"),
        (Outcome(PREFER, "carrier", ("ups",), percent=0), "strength from 1 to 100, not 0"),
        (Outcome(SET_WEIGHTS, weights={"luck": 1}), "“luck” is no factor"),
        (Outcome(SET_WEIGHTS, weights={"cost": -1}), "The weight of cost is -1"),
        (Outcome(HOLD), "needs a reason"),
        (Outcome(TAG), "at least one tag"),
    ],
)
def test_a_mistake_in_an_outcome_is_named(outcome, sentence):
    assert sentence in " ".join(validate_outcomes([outcome]))


def test_a_sound_rule_has_no_mistakes():
    assert all(validate_rule(rule) == [] for rule in world.rules().rules)


def ruleset(*outcomes_by_rule, stop_after=None):
    return Rules(
        7,
        tuple(
            Rule(number, f"Rule {number}", outcomes=outcomes, stop=number == stop_after)
            for number, outcomes in enumerate(outcomes_by_rule, start=1)
        ),
    )


def effects(rules):
    return PreparedRules.of(rules).effects_on(ORDER, TODAY)


def test_rules_apply_in_the_order_of_their_positions_until_one_stops():
    tags = [(Outcome(TAG, codes=(f"t{number}",)),) for number in range(1, 4)]
    assert effects(ruleset(*tags)).tags == ["t1", "t2", "t3"]
    assert effects(ruleset(*tags, stop_after=2)).tags == ["t1", "t2"]


def test_a_rule_that_is_switched_off_does_nothing():
    off = Rules(1, (Rule(1, "Off", outcomes=(Outcome(TAG, codes=("x",)),), is_active=False),))
    assert effects(off).tags == []


def test_a_later_rule_sets_the_weights_it_names_and_leaves_the_others():
    rules = ruleset(
        (Outcome(SET_WEIGHTS, weights={"cost": 90, "load": 9}),),
        (Outcome(SET_WEIGHTS, weights={"cost": 50}),),
    )
    assert effects(rules).weights == dict(rules.weights) | {"cost": 50, "load": 9}


def test_holds_tags_and_reviews_reach_the_decision():
    rules = ruleset(
        (
            Outcome(HOLD, text="Wait."),
            Outcome(TAG, codes=("gift",)),
            Outcome(REVIEW, text="Look."),
        )
    )
    decision = decide(ORDER, world.network(), rules, world.NOW)
    assert decision.holds == ("Wait.",)
    assert decision.tags == ("gift",)
    assert "rule_review" in [problem.code for problem in decision.problems]
    assert decision.chosen


def test_every_allowed_candidate_satisfies_all_requirements_and_no_prohibition():
    rules = ruleset(
        (Outcome(REQUIRE, "warehouse", ("RNO1", "ABE1")),),
        (Outcome(FORBID, "carrier", ("fedex",)),),
    )
    decision = decide(world.order("89501"), world.network(), rules, world.NOW)
    able = [row for row in decision.candidates if row.is_eligible]
    assert {row.warehouse for row in able} == {"RNO1", "ABE1"}
    assert "fedex" not in {row.carrier for row in able}


def test_a_rule_that_cannot_be_asked_is_left_out_and_sends_the_order_to_review():
    broken = Rule(
        5, "Broken", (Condition("zip", "between", ("9", "1")),), (Outcome(HOLD, text="x"),)
    )
    rules = world.rules(rules=(*world.rules().rules, broken))
    decision = decide(world.order("89501"), world.network(), rules, world.NOW)
    assert decision.chosen
    assert "rule_broken" in [problem.code for problem in decision.problems]
    assert decision.holds == ()
