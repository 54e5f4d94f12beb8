from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.platforms import reading
from integrations.platforms.errors import Unintelligible, Unsendable
from integrations.platforms.numbers import as_number
from integrations.platforms.outbound import AddressValue, Reference
from integrations.platforms.remote import TrackingCode, TrackingEvent


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, "12"),
        (12.5, "12.5"),
        (Decimal("12.50"), "12.50"),
        ("12.50", "12.50"),
        ("$11.80", "11.80"),
        ("US$ 1,234.50", "1234.50"),
        ("9.10 USD", "9.10"),
        ("-3", "-3"),
        (".5", "0.5"),
    ],
)
def test_money_is_read_from_numbers_and_strings(value, number):
    assert reading.decimal({"price": value}, "price") == Decimal(number)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "",
        "free",
        "1.2.3",
        "1-2",
        [],
        {},
        10**13,
        "1e400",
        float("inf"),
        Decimal("NaN"),
        "9" * 100,
        "١٢",
    ],
)
def test_what_is_no_money_is_nothing(value):
    assert reading.decimal({"price": value}, "price") is None


@pytest.mark.parametrize(
    ("value", "found"), [(7, "7"), ("7", "7"), (Decimal("7.0"), "7"), (" a ", "a")]
)
def test_ids_come_as_numbers_or_strings(value, found):
    assert reading.identifier({"id": value}, "id", "It") == found


@pytest.mark.parametrize("value", [None, True, "", " ", 1.5, [], {}])
def test_what_is_no_id_is_said_to_be_missing(value):
    with pytest.raises(Unintelligible, match="The order has no id"):
        reading.identifier({"id": value}, "id", "The order")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2018-01-19T18:11:06.820Z", datetime(2018, 1, 19, 18, 11, 6, 820_000, UTC)),
        ("2025-06-14T07:59:59+01:00", datetime(2025, 6, 14, 6, 59, 59, tzinfo=UTC)),
        ("2026-08-23T18:12:32", datetime(2026, 8, 23, 18, 12, 32, tzinfo=UTC)),
        ("2026-08-23", datetime(2026, 8, 23, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("soon", None),
        (1764356160, None),
        (None, None),
    ],
)
def test_times_are_read_as_utc(value, moment):
    assert reading.moment({"at": value}, "at") == moment


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("FedEx", "fedex"),
        ("FEDEX", "fedex"),
        ("UPS", "ups"),
        ("amazon_shipping_v2__UPS", "ups"),
        ("USPS", "usps"),
        ("DHL eCommerce", "dhl"),
        ("Groups", "groups"),
        ("Royal Mail", "royal mail"),
        ("", ""),
    ],
)
def test_carriers_have_one_word(words, code):
    assert reading.carrier_code(words) == code


def test_measures_come_in_our_units():
    assert reading.scaled({"weight": "0.3404"}, "weight", Decimal(1000)) == 340
    assert reading.scaled({"weight": 0}, "weight", Decimal(1000)) is None
    assert reading.scaled({"weight": -1}, "weight", Decimal(1000)) is None


def test_a_single_object_counts_as_a_list_of_one():
    assert reading.members({"charges": {"id": 1}}, "charges") == [{"id": 1}]
    assert reading.members({"charges": [{"id": 1}, 7, None]}, "charges") == [{"id": 1}]
    assert reading.members({}, "charges") == []


def test_text_can_be_stored_in_any_database():
    assert reading.text({"name": "a\x00b\ud800"}, "name") == "ab?"


def test_every_sentence_of_an_error_is_found_in_order():
    assert reading.sentences({"a": ["one", {"b": "two"}], "c": 3, "d": " "}) == ["one", "two"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(JSON)
def test_the_optional_readers_never_fail(value):
    record = {"it": value}
    for read in (
        reading.text,
        reading.decimal,
        reading.whole,
        reading.moment,
        reading.child,
        reading.members,
        reading.flag,
        reading.optional_identifier,
    ):
        read(record, "it")
    reading.sentences(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9))
def test_money_survives_as_a_json_number(value):
    assert Decimal(repr(as_number(value))) == value


def test_a_number_that_would_lose_digits_is_not_sent():
    with pytest.raises(Unsendable, match="too many digits"):
        as_number(Decimal("0.12345678901234567890"))


@pytest.mark.parametrize("text", ["", "abc", "a b c d", "OPS_1234", "-OPS-1", "x" * 61, "OPS-é12"])
def test_what_a_search_could_take_apart_is_no_reference(text):
    with pytest.raises(ValueError, match="cannot be a reference"):
        Reference(text)


def test_a_street_is_the_same_however_its_lines_are_broken():
    one = AddressValue(line_1="1200 Northwest Avenue", line_2="Building 7")
    other = AddressValue(line_1="1200 Northwest", line_2=" Avenue  Building 7")

    assert one.street == other.street


def test_the_same_scan_has_the_same_digest_in_every_process():
    at = datetime(2026, 9, 16, tzinfo=UTC)
    event = TrackingEvent(at, TrackingCode.IN_TRANSIT, "In transit", "Reno")

    assert event.digest.startswith("493143f097b70d33")
    assert event.digest != TrackingEvent(at, TrackingCode.DELIVERED, "In transit", "Reno").digest
    assert len({event, TrackingEvent(at, TrackingCode.IN_TRANSIT, "In transit", "Reno")}) == 1
