"""What is asked before money is spent."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from integrations.dispatching.approval import (
    Expectations,
    NeedsApproval,
    arrival_of,
    check_quote,
    check_weight,
)
from integrations.platforms.outbound import ParcelSpec
from integrations.platforms.remote import Quote
from warehouses.models import CarrierService

FRIDAY = date(2026, 9, 18)
QUOTE = Quote("GND", "ups", "UPS Ground", Decimal("12.50"), "USD")
SERVICE = CarrierService(name="UPS Ground", max_weight_grams=68_000)
EXPECTED = Expectations(Decimal("10.00"), "USD", 25, None, FRIDAY, {})


def test_a_price_at_the_margin_is_bought():
    check_quote(QUOTE, EXPECTED)


def test_a_price_above_the_margin_asks_with_both_numbers():
    with pytest.raises(NeedsApproval, match=r"12\.51.*10\.00") as refused:
        check_quote(replace(QUOTE, total=Decimal("12.51")), EXPECTED)
    assert refused.value.asked == {"price": "12.51", "currency": "USD"}


def test_an_approved_price_is_bought_and_a_higher_one_asks_again():
    expected = replace(EXPECTED, allowed={"price": "20.00", "currency": "USD"})

    check_quote(replace(QUOTE, total=Decimal("20.00")), expected)
    with pytest.raises(NeedsApproval):
        check_quote(replace(QUOTE, total=Decimal("20.01")), expected)


def test_nothing_is_compared_when_nothing_was_estimated():
    check_quote(replace(QUOTE, total=Decimal(999)), replace(EXPECTED, estimate=None))


def test_prices_in_two_currencies_are_not_compared_but_asked():
    with pytest.raises(NeedsApproval, match="estimate was in USD"):
        check_quote(replace(QUOTE, currency="CAD"), EXPECTED)


def test_transit_is_counted_in_business_days():
    assert arrival_of(replace(QUOTE, max_days=2), FRIDAY) == date(2026, 9, 22)
    promised_there = replace(QUOTE, deliver_by=datetime(2026, 9, 19, 12, tzinfo=UTC), max_days=9)
    assert arrival_of(promised_there, FRIDAY) == date(2026, 9, 19)
    assert arrival_of(QUOTE, FRIDAY) is None


def test_a_transit_that_breaks_the_promise_asks():
    late = replace(QUOTE, max_days=2)

    check_quote(late, replace(EXPECTED, promised_on=date(2026, 9, 22)))
    with pytest.raises(NeedsApproval, match="Sep 22; Sep 21 was promised") as refused:
        check_quote(late, replace(EXPECTED, promised_on=date(2026, 9, 21)))
    allowed = replace(EXPECTED, promised_on=date(2026, 9, 21), allowed=refused.value.asked)
    check_quote(late, allowed)


def test_a_promise_that_has_passed_asks_nothing():
    check_quote(replace(QUOTE, max_days=5), replace(EXPECTED, promised_on=date(2026, 9, 17)))


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        (ParcelSpec(70_000, 500, 400, 300), "takes 68,000 g"),
        (ParcelSpec(2, 100, 100, 10), "less than its wrapping"),
        (ParcelSpec(5_000, 100, 100, 10), "more than lead"),
    ],
)
def test_an_implausible_weight_asks(parcel, words):
    with pytest.raises(NeedsApproval, match=words) as refused:
        check_weight(SERVICE, parcel, {})
    check_weight(SERVICE, parcel, refused.value.asked)


def test_a_plausible_weight_does_not_ask():
    check_weight(SERVICE, ParcelSpec(680, 220, 110, 95), {})
