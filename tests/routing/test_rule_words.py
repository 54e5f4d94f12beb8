import pytest

from routing.rule_words import condition_words, outcomes_words
from routing.rules import Condition, Outcome

NAMES = {("carrier", "fedex"): "FedEx", ("carrier", "ups"): "UPS"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("state", "one_of", ("NV", "CA")), "Destination state is one of NV, CA"),
        (Condition("zip", "between", ("90000", "92000")), "ZIP code is between 90000 and 92000"),
        (Condition("value", "at_least", ("500",), "usd"), "Order value is at least 500 USD"),
        (Condition("weight_grams", "at_most", ("900",)), "Weight is at most 900 g"),
        (Condition("hazmat", "is_true"), "Hazmat is true"),
        (Condition("moon", "is", ("full",)), "“moon” (nothing a rule can ask about)"),
    ],
)
def test_a_condition_is_read_as_a_sentence(condition, words):
    assert condition_words(condition) == words


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        (
            [Outcome("prefer", "carrier", ("fedex",)), Outcome("prefer", "carrier", ("ups",), 60)],
            "Prefer carrier FedEx 100 %, UPS 60 %",
        ),
        ([Outcome("require", "warehouse", ("RNO1", "LAX1"))], "Require warehouse RNO1 or LAX1"),
        ([Outcome("set_weights", weights={"cost": 50})], "Set the weights: cost 50"),
        (
            [Outcome("hold", text="Call first"), Outcome("tag", codes=("vip",))],
            "Put on hold: Call first; Tag vip",
        ),
    ],
)
def test_outcomes_are_read_in_one_line(outcomes, words):
    assert outcomes_words(outcomes, NAMES).replace("\N{NO-BREAK SPACE}", " ") == words
