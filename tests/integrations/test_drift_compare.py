"""What counts as a difference, and what a platform's silence means: no database, no network."""

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.dispatching.references import is_our_reference, order_id_of, reference_of
from integrations.drift.compare import compare
from integrations.drift.strays import Known, concerns_us, judge_stray
from integrations.drift.values import Ours
from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import (
    Label,
    LabelState,
    RemoteLine,
    RemoteOrder,
    RemoteState,
)

HOME = AddressValue(
    name="Dana Reyes",
    line_1="120 Mill Street",
    line_2="Apt 4",
    city="Reno",
    state="NV",
    postal_code="89501",
    country="US",
)
HOUSE = AddressValue(line_1="1 Dock Rd", city="Ontario", state="CA", postal_code="91761")
OURS = Ours(
    remote_id="41",
    reference="XD-0000001-1",
    recipient=HOME,
    has_label=True,
    tracking_number="1Z9",
    units={"MUG": 2},
    skus={"77": "MUG"},
    warehouse="ONT1",
    warehouse_remote_id="501",
    origins=(HOUSE,),
    places={"501": "ONT1", "502": "RNO1"},
    goods=Decimal("24.00"),
    currency="USD",
    cost=Decimal("8.16"),
    cost_currency="USD",
)
THEIRS = RemoteOrder(
    remote_id="41",
    reference="XD-0000001-1",
    state=RemoteState.SHIPPED,
    recipient=HOME,
    warehouse_remote_ids=("501",),
    lines=(RemoteLine("MUG", 2, product_remote_id="77"),),
    total=Decimal("24.00"),
    currency="USD",
    label=Label("9", LabelState.READY, cost=Decimal("8.1600"), currency="USD"),
)


def differences(ours=OURS, **theirs):
    remote = replace(THEIRS, **theirs)
    return [(each.kind.value, each.field) for each in compare(ours, remote).differences]


def home(**changes):
    return {"recipient": replace(HOME, **changes)}


SAME = [
    {},
    home(name="DANA  REYES", city="reno"),
    home(line_1="120 Mill Street Apt 4", line_2=""),
    home(line_1="120 Mill Street,", line_2="Apt. 4"),
    home(postal_code="89501-1234"),
    home(state="Nevada"),
    home(state=""),
    home(phone="+1555", email="other@example.com", company="Other"),
    {"lines": (RemoteLine("mug", 1), RemoteLine("MUG", 1))},
    {"lines": (RemoteLine("MUG-OLD-NAME", 2, product_remote_id="77"),)},
    {"total": Decimal("25.92"), "tax": Decimal("1.92")},
    {"total": Decimal("28.00"), "delivery": Decimal("4.00")},
    {"total": None, "currency": ""},
    {"label": replace(THEIRS.label, cost=None, currency="")},
    {"recipient": None},
    {"lines": (RemoteLine("MUG", None),)},
    {"state": RemoteState.UNKNOWN},
]


@pytest.mark.parametrize("theirs", SAME)
def test_what_means_the_same_is_no_difference(theirs):
    assert differences(**theirs) == []


DIFFERENT = [
    (home(name="Kim Park"), [("address", "recipient_name")]),
    (home(line_1="9 Idaho St"), [("address", "street")]),
    (
        home(city="Elko", postal_code="89801"),
        [("address", "city"), ("address", "postal_code")],
    ),
    (home(state="CA"), [("address", "state")]),
    (home(country="CA"), [("address", "country")]),
    ({"lines": (RemoteLine("MUG", 3),)}, [("lines", "MUG")]),
    ({"lines": ()}, [("lines", "MUG")]),
    ({"lines": (RemoteLine("MUG", 2), RemoteLine("CAP", 1))}, [("lines", "CAP")]),
    ({"warehouse_remote_ids": ("502",)}, [("warehouse", "warehouse")]),
    ({"warehouse_remote_ids": ("501", "502")}, [("warehouse", "warehouse")]),
    ({"warehouse_remote_ids": ()}, [("warehouse", "warehouse")]),
    ({"origin": replace(HOUSE, postal_code="89506")}, [("warehouse", "warehouse")]),
    ({"total": Decimal("30.00")}, [("price", "order_total")]),
    ({"currency": "CAD"}, [("price", "order_currency")]),
    ({"label": replace(THEIRS.label, cost=Decimal(9))}, [("price", "label_cost")]),
    ({"label": replace(THEIRS.label, currency="CAD")}, [("price", "label_currency")]),
    ({"reference": "XD-0000002-1"}, [("reference", "reference")]),
    ({"state": RemoteState.CANCELLED}, [("cancelled_there", "state")]),
    ({"state": RemoteState.CANCELLING}, [("cancelled_there", "state")]),
    ({"state": RemoteState.REFUNDED}, [("cancelled_there", "state")]),
    ({"label": None}, [("cancelled_there", "label")]),
    (
        {"label": replace(THEIRS.label, state=LabelState.VOIDED)},
        [("cancelled_there", "label")],
    ),
]


@pytest.mark.parametrize(("theirs", "found"), DIFFERENT)
def test_each_field_that_differs_is_named(theirs, found):
    assert differences(**theirs) == found


def test_both_values_are_said_as_staff_read_them():
    remote = replace(THEIRS, warehouse_remote_ids=("502", "900"))
    (difference,) = compare(OURS, remote).differences

    assert (difference.ours, difference.theirs) == ("ONT1", "900, RNO1")


def test_a_place_kept_by_the_platform_for_our_warehouse_counts_as_it():
    other = replace(HOUSE, postal_code="91758")

    assert differences(replace(OURS, origins=(HOUSE, other)), origin=other) == []


def test_what_is_unknown_there_is_missing_and_nothing_else_is_judged():
    comparison = compare(OURS, None)

    assert [each.kind for each in comparison.differences] == ["missing_there"]
    assert not comparison.clears("address", "city")


def test_a_refund_after_the_parcel_has_left_is_no_quarrel():
    assert differences(replace(OURS, has_left=True), state=RemoteState.REFUNDED) == []
    assert differences(replace(OURS, has_left=True), label=None) == []


def test_what_we_cancelled_must_not_be_alive_there():
    over = replace(OURS, is_over=True)

    assert differences(over) == [("only_there", "order")]
    assert differences(over, state=RemoteState.CANCELLED) == []
    assert compare(over, None).clears("address", "city")


@pytest.mark.parametrize(
    ("theirs", "kind", "name"),
    [
        ({"recipient": None}, "address", "city"),
        ({"lines": (RemoteLine("MUG", None),)}, "lines", "MUG"),
        ({"lines": (RemoteLine("", 2),)}, "lines", "MUG"),
        ({"label": None}, "price", "label_cost"),
        ({"total": None}, "price", "order_total"),
        ({"currency": ""}, "price", "order_currency"),
        ({"label": replace(THEIRS.label, currency="")}, "price", "label_currency"),
        ({"state": RemoteState.UNKNOWN}, "cancelled_there", "state"),
        ({"state": RemoteState.CANCELLED}, "address", "city"),
    ],
)
def test_what_the_platform_did_not_say_clears_nothing(theirs, kind, name):
    assert not compare(OURS, replace(THEIRS, **theirs)).clears(kind, name)
    assert compare(OURS, THEIRS).clears(kind, name)


def test_a_field_that_still_differs_is_not_cleared_by_one_that_agrees():
    comparison = compare(OURS, replace(THEIRS, **home(city="Elko")))

    assert not comparison.clears("address", "city")
    assert comparison.clears("address", "street")


STRAYS = [
    (Known(), ("only_there", "")),
    (Known(has_row=True), ("only_there", "cancelled")),
    (Known(held="41", is_held_alive=True, has_row=True), ("duplicate", "41")),
    (Known(held="41", has_row=True), ("only_there", "41, over there")),
    (Known(has_row=True, waits_for_help=True, alive=2), ("duplicate", "none chosen yet")),
    (Known(has_row=True, waits_for_help=True, alive=1), None),
]


@pytest.mark.parametrize(("known", "expected"), STRAYS)
def test_an_order_there_that_no_shipment_goes_by(known, expected):
    found = judge_stray(THEIRS, known).differences

    assert [(each.kind.value, each.ours) for each in found] == ([expected] if expected else [])
    for over in (None, replace(THEIRS, state=RemoteState.CANCELLED)):
        assert judge_stray(over, known).clears("duplicate", "order")


def test_only_our_scheme_and_our_store_concern_us():
    foreign = replace(THEIRS, reference="SHOP-1001", store="7")

    assert not concerns_us(foreign, frozenset({"42"}))
    assert not concerns_us(replace(foreign, store=""), frozenset())
    assert concerns_us(foreign, frozenset({"7"}))
    assert concerns_us(replace(foreign, reference="XD-0000001-1"), frozenset())


def test_a_reference_leads_back_to_its_order():
    for order_id in (1, 33, 10**6, 2**62):
        assert order_id_of(reference_of(order_id, 2)) == order_id
    assert is_our_reference("XD-0000011-1-2")
    for foreign in ("", "XD-1", "XD-0000011", "xd-0000011-1", "XD-0000O11-1", "AXD-0000011-1"):
        assert order_id_of(foreign) is None
