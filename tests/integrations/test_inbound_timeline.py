"""A parcel's scans, in whatever order they come."""

import itertools
import random

import pytest
from django.core.management import call_command

from integrations.tracking.links import safe_link
from integrations.tracking.timeline import record_events, settle_order
from orders.models import OrderStatus, TrackingEvent
from tests.integrations.inbound_case import parcel, scan, truth
from warehouses.models import StockMovement

pytestmark = pytest.mark.django_db

START = [scan(1, "announced"), scan(9, "collected"), scan(12, "in_transit")]
HAPPY = [*START, scan(50, "out_for_delivery"), scan(54, "delivered", "Left at the door")]
GONE = ["consumed"]


def test_a_parcel_goes_from_sent_over_shipped_to_delivered():
    shipment = parcel()

    record_events(shipment, START)
    assert truth(shipment) == ("shipped", "shipped", "", GONE)
    record_events(shipment, HAPPY)

    assert truth(shipment) == ("delivered", "delivered", "", GONE)
    assert shipment.shipped_at == START[1].at
    assert shipment.delivered_at == HAPPY[-1].at
    call_command("prove_stock")


def test_an_announcement_alone_moves_nothing():
    shipment = parcel()

    record_events(shipment, START[:1])

    assert truth(shipment) == ("labelled", "sent", "", ["open"])


def test_the_same_scans_again_change_nothing():
    shipment = parcel()
    record_events(shipment, HAPPY)
    events = shipment.order.events.count()

    again = record_events(shipment, HAPPY)

    assert not again.is_news
    assert TrackingEvent.objects.count() == len(HAPPY)
    assert shipment.order.events.count() == events
    assert StockMovement.objects.filter(kind="consume").count() == 1


def test_every_order_of_telling_ends_in_the_same_truth():
    story = [scan(9, "collected"), scan(20, "exception", "Storm"), scan(30, "in_transit")]
    for ending in (scan(54, "delivered"), scan(20, "returning"), scan(35, "lost")):
        ends = set()
        for told in itertools.islice(itertools.permutations([*story, ending]), 0, None, 3):
            shipment = parcel()
            for each in told:
                record_events(shipment, [each])
            state, status, problem, goods = truth(shipment)
            ends.add((state, status, bool(problem), *goods))
        assert len(ends) == 1, ends


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        ("exception", "exception", "is held up: Storm. Ask the carrier"),
        ("returning", "exception", "is on its way back: Storm."),
        ("returned", "returned", "came back: Storm."),
        ("lost", "lost", "is lost: Storm. Claim it"),
    ],
)
def test_trouble_makes_the_order_a_problem_that_says_why(code, state, words):
    shipment = parcel()

    record_events(shipment, [*START, scan(30, code, "Storm.")])

    found, status, problem, goods = truth(shipment)
    assert (found, status, goods) == (state, "problem", GONE)
    assert words in problem
    assert shipment.tracking_number in problem
    shown = shipment.order.events.filter(to_status="shipped")
    assert shown.exists(), "the history must say that it left"


def test_trouble_that_passes_needs_nobody():
    shipment = parcel()
    record_events(shipment, [*START, scan(30, "exception", "Storm")])

    record_events(shipment, [scan(40, "in_transit")])

    assert truth(shipment) == ("shipped", "shipped", "", GONE)


def test_trouble_before_the_parcel_left_keeps_its_goods_reserved():
    shipment = parcel()

    record_events(shipment, [scan(1, "announced"), scan(2, "exception", "Label rejected")])

    assert truth(shipment)[1::2] == ("problem", ["open"])


def test_a_reason_that_changes_is_told():
    shipment = parcel()
    record_events(shipment, [*START, scan(30, "exception", "Storm")])

    record_events(shipment, [scan(90, "lost", "Not found")])

    assert "is lost: Not found" in truth(shipment)[2]


def test_a_problem_of_another_kind_stays_a_persons():
    shipment = parcel()
    shipment.order.move_to(OrderStatus.PROBLEM, problem="The customer disputes the price.")

    record_events(shipment, HAPPY)
    record_events(shipment, HAPPY)

    state, status, problem, goods = truth(shipment)
    assert (state, status, goods) == ("delivered", "problem", GONE)
    assert problem == "The customer disputes the price."
    assert shipment.order.events.filter(kind="tracking").count() == 1


def test_a_delivered_parcel_never_goes_back():
    shipment = parcel()
    record_events(shipment, HAPPY)

    record_events(shipment, [scan(60, "in_transit"), scan(61, "exception")], said="exception")

    assert truth(shipment)[:2] == ("delivered", "delivered")


def test_an_older_answer_does_not_undo_a_newer_one():
    shipment = parcel()
    record_events(shipment, [*START, scan(30, "exception"), scan(40, "in_transit")])

    record_events(shipment, [*START, scan(30, "exception")], said="exception")

    assert truth(shipment)[0] == "shipped"


def test_what_the_platform_says_of_the_whole_counts_where_scans_are_silent():
    shipment, silent = parcel(), parcel()

    record_events(shipment, [*START, scan(30, "exception", "Gone")], said="lost", words="Lost")
    record_events(silent, [], said="in_transit")

    assert truth(shipment)[0] == "lost"
    assert truth(silent) == ("shipped", "shipped", "", GONE)


def test_a_cancelled_shipment_stays_cancelled():
    shipment = parcel(state="cancelled")

    record_events(shipment, HAPPY)

    assert truth(shipment)[:2] == ("cancelled", "sent")
    assert shipment.tracking_events.count() == len(HAPPY)


def test_an_order_that_was_still_sending_follows_later():
    shipment = parcel()
    order = shipment.order
    order.move_to(OrderStatus.PROBLEM, problem="In doubt.")
    order.move_to(OrderStatus.SENDING)
    record_events(shipment, HAPPY)
    assert truth(shipment)[:2] == ("delivered", "sending")
    order.move_to(OrderStatus.SENT, problem="")

    settle_order(shipment)

    assert truth(shipment) == ("delivered", "delivered", "", GONE)


def test_parcels_told_in_pieces_end_like_told_at_once():
    chance = random.Random(7)  # noqa: S311 — repeatable
    for _ in range(10):
        story = [*HAPPY[: chance.randint(1, 5)]]
        pieces = [[each] for each in story] + [story[:2]]
        chance.shuffle(pieces)
        piecewise, whole = parcel(), parcel()
        for piece in pieces:
            record_events(piecewise, piece)
        record_events(whole, story)
        assert truth(piecewise) == truth(whole)
    call_command("prove_stock")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//example.com/x", "ftp://a/b", "http://", "", "x"],
)
def test_only_web_addresses_become_links(address):
    assert safe_link(address) == ""


def test_a_web_address_is_kept_as_it_is():
    assert safe_link(" https://track.example/1Z?a=b ") == "https://track.example/1Z?a=b"
