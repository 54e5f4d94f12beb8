"""What the findings say together: the address verdict, the proposal, and the keys for comparing."""

from dataclasses import replace
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.checks import CODES, NEVER_OVERRIDDEN, address_key, check_order, fingerprint
from orders.checks.recipient import _US_NUMBER
from orders.services.places import TablePlaces
from tests.factories import CityNameFactory, ZipCentroidFactory
from tests.orders.checked import CLEAN, LINE, MONTREAL, MUG, line, order, with_lines, world

VERDICTS = [
    (CLEAN, "ok"),
    (MONTREAL, "ok"),
    (order(recipient_name=""), "ok"),
    (order(address_1="PO Box 1", wanted_carrier="ups"), "ok"),
    (order(city="Rneo"), "corrected"),
    (order(state="CA"), "corrected"),
    (order(city=""), "corrected"),
    (order(MONTREAL, postal_code="h3a0g4"), "corrected"),
    (order(address_1="", address_2=""), "incomplete"),
    (order(address_1="Liberty St", address_2=""), "incomplete"),
    (order(postal_code=""), "incomplete"),
    (order(country=""), "incomplete"),
    (order(address_1="", state="CA"), "incomplete"),
    (order(postal_code="89599"), "unverifiable"),
    (order(city="Sparks"), "unverifiable"),
    (order(country="XX"), "unverifiable"),
    (order(city="Sparks", country="US", phone="nonsense"), "unverifiable"),
]


@pytest.mark.parametrize(("checked", "verdict"), VERDICTS, ids=repr)
def test_the_address_gets_one_verdict(checked, verdict):
    assert check_order(checked, world()).address_verdict == verdict


def test_the_proposal_says_before_and_after_of_every_field():
    verdict = check_order(order(state="TX", city="Renno", email="d@gmial.com"), world())

    assert verdict.proposal == {
        "state": ("TX", "NV"),
        "city": ("Renno", "Reno"),
        "email": ("d@gmial.com", "d@gmail.com"),
    }


@pytest.mark.parametrize(
    "checked",
    [checked for checked, verdict in VERDICTS if verdict == "corrected"],
    ids=repr,
)
def test_an_accepted_proposal_leaves_nothing_to_correct(checked):
    proposal = check_order(checked, world()).proposal

    after = replace(checked, **{name: change.after for name, change in proposal.items()})

    assert check_order(after, world()).address_verdict == "ok"


def test_a_vouched_address_is_ok_and_the_rest_is_still_checked():
    checked = order(state="CA", recipient_name="")
    vouched = world(vouched=frozenset({address_key(checked)}))

    verdict = check_order(checked, vouched)

    assert (verdict.address_verdict, verdict.proposal) == ("ok", {})
    assert [one.code for one in verdict.found] == ["recipient_missing"]


@pytest.mark.parametrize(
    "same",
    [
        {"address_1": "140 LIBERTY STREET"},
        {"address_1": "140 Liberty St.", "address_2": "#4"},
        {"address_1": "140 Liberty St Apt 4", "address_2": ""},
        {"city": "RENO "},
        {"postal_code": "89501-1234"},
        {"state": "nv"},
        {"recipient_name": "Someone Else", "company": "Byrne Looms"},
    ],
    ids=repr,
)
def test_one_address_has_one_key_however_it_is_written(same):
    assert address_key(order(**same)) == address_key(CLEAN)


@pytest.mark.parametrize(
    "other",
    [
        {"address_1": "141 Liberty St"},
        {"address_2": "Apt 5"},
        {"city": "Sparks"},
        {"postal_code": "89502"},
        {"country": "CA"},
    ],
    ids=repr,
)
def test_another_address_has_another_key(other):
    assert address_key(order(**other)) != address_key(CLEAN)


@pytest.mark.parametrize(
    "same",
    [
        {"number": "N-2", "source": "manual"},
        {"recipient_name": "DANA  REYES"},
        {"address_1": "140 Liberty Street"},
        {"phone": "", "email": "", "city": "Rneo", "state": ""},
        {"lines": (replace(LINE, position=9, sku="mug ", unit_price=None),)},
    ],
    ids=repr,
)
def test_the_same_order_sent_twice_has_one_fingerprint(same):
    assert fingerprint(order(**same)) == fingerprint(CLEAN)


@pytest.mark.parametrize(
    "other",
    [
        {"recipient_name": "Dana Reyez"},
        {"address_2": "Apt 5"},
        {"postal_code": "89502"},
        {"lines": (line(quantity=3),)},
        {"lines": (LINE, line(position=2, sku="CAP"))},
    ],
    ids=repr,
)
def test_another_order_has_another_fingerprint(other):
    assert fingerprint(order(**other)) != fingerprint(CLEAN)


def test_the_order_of_lines_does_not_matter():
    cap = line(position=2, sku="CAP")

    assert fingerprint(with_lines(LINE, cap)) == fingerprint(with_lines(cap, LINE))


@pytest.mark.parametrize("empty", [with_lines(), order(recipient_name="")], ids=["lines", "name"])
def test_an_order_without_lines_or_recipient_is_like_no_other(empty):
    assert fingerprint(empty) == ""


def test_what_can_never_be_overridden_is_known():
    assert set(CODES) >= NEVER_OVERRIDDEN


text = st.one_of(st.text(max_size=30), st.sampled_from(["", "US", "CA", "NV", "89501", "PO Box 1"]))
anything = st.builds(
    order,
    recipient_name=text,
    company=text,
    phone=text,
    email=text,
    address_1=text,
    address_2=text,
    city=text,
    state=text,
    postal_code=text,
    country=st.one_of(st.sampled_from(["US", "CA", "AU", "GB", "PR", "JP", "DE", "ZZ"]), text),
    currency=text,
    wanted_carrier=st.sampled_from(["", "ups", "usps"]),
    lines=st.lists(
        st.builds(
            line,
            position=st.integers(1, 5),
            sku=text,
            quantity=st.one_of(st.none(), st.integers(-5, 10**9)),
            unit_price=st.one_of(st.none(), st.decimals(-10, 10**6, places=2)),
            product=st.sampled_from([None, MUG, replace(MUG, value=Decimal(0), weight_grams=0)]),
        ),
        max_size=3,
        unique_by=lambda made: made.position,
    ).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_whatever_comes_in_is_judged_and_nothing_is_said_twice(checked):
    verdict = check_order(checked, world())

    places = [(one.code, one.field, one.line_position) for one in verdict.found]
    assert len(places) == len(set(places))
    assert {one.code for one in verdict.found} <= set(CODES)
    assert check_order(checked, world()) == verdict
    assert len(address_key(checked)) == 64


@given(st.from_regex(r"\+1[2-9]\d{9}", fullmatch=True))
def test_the_quick_look_at_a_us_number_takes_only_real_ones(number):
    if _US_NUMBER.fullmatch(number):
        assert phonenumbers.is_valid_number(phonenumbers.parse(number))


# --- The table behind the same questions ----------------------------------------------------------


@pytest.fixture
def table(db):
    for code in ("89501", "89502"):
        zip_code = ZipCentroidFactory(zip_code=code, state="NV", city="Reno")
        CityNameFactory(zip_centroid=zip_code, state="NV", key="reno")
    ZipCentroidFactory(zip_code="02139", state="MA", city="Cambridge", other_cities=["Port"])


def test_the_table_knows_zips_and_cities(table):
    places = TablePlaces()

    assert places.of_zip("02139").cities == ("Cambridge", "Port")
    assert places.of_zip("00000") is None
    assert places.zips_of("NV", "RENO") == ("89501", "89502")
    assert places.zips_of("NV", "Elko") == ()


def test_what_was_prepared_is_not_asked_again(table, django_assert_num_queries):
    places = TablePlaces()
    with django_assert_num_queries(2):
        places.prepare([CLEAN, order(postal_code="2139", state="MA"), order(state="Nevada")])

    with django_assert_num_queries(0):
        for checked in (CLEAN, order(postal_code="2139"), order(state="Nevada")):
            check_order(checked, world(places=places))
        places.prepare([CLEAN])


def test_its_memory_is_bounded(table):
    places = TablePlaces(limit=2)
    for code in range(10):
        places.prepare([order(postal_code=f"1000{code}", city=f"City {code}")])

    assert len(places._zips) <= 4
    assert len(places._cities) <= 4
