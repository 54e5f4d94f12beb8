from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.errors import AlreadyShipped, CannotMerge, CannotOverride, NotValid, PairDecided
from orders.models import DuplicatePair, Finding, Order
from orders.services import (
    cancel_one,
    cancel_order,
    check_orders,
    edit_order,
    find_duplicates,
    keep_both,
    merge,
    override_finding,
)
from tests.factories import OrderFactory, OrderLineFactory, ProductFactory

pytestmark = pytest.mark.django_db


def twins(count=2, **given):
    made = [OrderFactory(**given) for _ in range(count)]
    check_orders([order.pk for order in made])
    for order in made:
        order.refresh_from_db()
    return made


def only_pair():
    return DuplicatePair.objects.get()


def told(order):
    return list(order.findings.filter(code="possible_duplicate").values_list("state", flat=True))


def test_two_orders_alike_become_a_pair_and_the_newer_names_the_older():
    older, newer = twins()

    assert (only_pair().first, only_pair().second) == (older, newer)
    finding = newer.findings.get()
    assert (finding.code, finding.severity) == ("possible_duplicate", "warning")
    assert f"order {older.number} from manual" in finding.message
    assert newer.events.filter(kind="finding", message__contains=older.number).exists()
    assert not older.findings.exists()


def test_finding_them_again_changes_nothing():
    _older, newer = twins()
    before = list(Finding.objects.values()), newer.events.count()

    assert find_duplicates([newer.pk]) == []

    assert (list(Finding.objects.values()), newer.events.count()) == before
    assert DuplicatePair.objects.count() == 1


def test_three_alike_are_two_pairs():
    first, second, third = twins(3)

    pairs = DuplicatePair.objects.order_by("id").values_list("first", "second")
    assert list(pairs) == [(first.pk, second.pk), (second.pk, third.pk)]


@pytest.mark.parametrize(("days", "found"), [(29, 1), (31, 0)])
def test_only_orders_within_the_window_are_alike(days, found):
    older = OrderFactory(created_at=timezone.now() - timedelta(days=days))

    check_orders([older.pk, OrderFactory().pk])

    assert DuplicatePair.objects.count() == found


def test_the_window_is_a_setting(settings):
    settings.DUPLICATE_WINDOW_DAYS = 60
    older = OrderFactory(created_at=timezone.now() - timedelta(days=45))

    check_orders([older.pk, OrderFactory().pk])

    assert DuplicatePair.objects.exists()


def test_a_cancelled_order_is_nobodys_duplicate():
    (older,) = twins(1)
    cancel_order(older, "Asked.")

    check_orders([OrderFactory().pk])

    assert not DuplicatePair.objects.exists()


def test_cancelling_one_of_them_answers_the_question():
    older, newer = twins()

    cancel_order(older, "Asked.")

    assert not DuplicatePair.objects.exists()
    assert told(newer) == ["resolved"]


def test_a_shipped_order_still_counts():
    older = OrderFactory()
    check_orders([older.pk])
    Order.objects.filter(pk=older.pk).update(status="shipped")

    check_orders([OrderFactory().pk])

    assert only_pair().first == older


def test_an_edit_that_makes_them_differ_drops_the_pair():
    _older, newer = twins()

    edit_order(newer.pk, newer.version, {"recipient_name": "Sam Lee"})

    assert not DuplicatePair.objects.exists()
    assert told(newer) == ["resolved"]


def test_keeping_both_is_remembered(acting):
    older, newer = twins()

    keep_both(only_pair(), " Two gifts. ")
    check_orders([older.pk, newer.pk])
    find_duplicates([older.pk, newer.pk])

    pair = only_pair()
    assert (pair.state, pair.reason, pair.decided_by) == ("kept", "Two gifts.", acting)
    assert told(newer) == ["overridden"]


def test_merging_cancels_the_newer_and_the_older_takes_what_it_lacks():
    older, newer = twins()
    Order.objects.filter(pk=older.pk).update(notes="Ring twice")
    Order.objects.filter(pk=newer.pk).update(email="dana@example.com", notes="Leave at door")
    OrderLineFactory(order=newer, position=2, sku="CAP", product=ProductFactory(sku="CAP"))

    merge(only_pair(), "Clicked twice.")

    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.email, older.notes) == ("dana@example.com", "Ring twice\nLeave at door")
    assert [line.sku for line in older.lines.all()] == ["MUG", "CAP"]
    assert (older.status, newer.status) == ("ready", "cancelled")
    assert told(newer) == ["resolved"]
    said = older.events.get(kind="duplicate")
    assert said.message == f"Merged with order {newer}, taking over email, notes, line 1 × CAP."
    assert "Clicked twice." in newer.events.filter(to_status="cancelled").get().message


def test_merging_into_an_order_that_is_on_its_way_is_refused_whole():
    older, newer = twins()
    Order.objects.filter(pk=older.pk).update(status="shipped")
    Order.objects.filter(pk=newer.pk).update(email="dana@example.com")

    with pytest.raises(CannotMerge, match="can take nothing more"):
        merge(only_pair(), "Clicked twice.")

    newer.refresh_from_db()
    assert (newer.status, only_pair().state) == ("ready", "open")


def test_an_order_on_its_way_that_lacks_nothing_may_keep_its_place():
    older, newer = twins()
    Order.objects.filter(pk=older.pk).update(status="shipped")

    merge(only_pair(), "Clicked twice.")

    newer.refresh_from_db()
    assert newer.status == "cancelled"


@pytest.mark.parametrize("goes", [0, 1])
def test_either_of_them_can_be_cancelled(goes):
    both = twins()

    cancel_one(only_pair(), both[goes], "Asked.")

    for order in both:
        order.refresh_from_db()
    assert (both[goes].status, both[1 - goes].status) == ("cancelled", "ready")
    assert only_pair().state == "cancelled"
    assert told(both[1]) == ["resolved"]


def test_a_shipped_one_cannot_be_cancelled_and_nothing_is_decided():
    older, _newer = twins()
    Order.objects.filter(pk=older.pk).update(status="shipped")

    with pytest.raises(AlreadyShipped):
        cancel_one(only_pair(), older, "Asked.")

    assert only_pair().state == "open"


@pytest.mark.parametrize("decide", [keep_both, merge])
def test_a_pair_is_decided_once(decide):
    twins()
    pair = only_pair()
    keep_both(pair, "Two gifts.")

    with pytest.raises(PairDecided, match="already decided"):
        decide(pair, "Again.")


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "a\x00b"])
def test_a_decision_needs_a_reason(reason):
    twins()

    with pytest.raises(NotValid):
        keep_both(only_pair(), reason)

    assert only_pair().state == "open"


def test_the_finding_is_answered_by_the_pair_only():
    _older, newer = twins()

    with pytest.raises(CannotOverride, match="under Duplicates"):
        override_finding(newer.findings.get(), "Fine.")


def test_fifty_orders_take_as_many_queries_as_two():
    for number in range(26):
        mark = f"{number:064}"
        OrderFactory(fingerprint=mark)
        OrderFactory(fingerprint=mark)
    ids = list(Order.objects.order_by("id").values_list("id", flat=True))

    costs = []
    for asked in (ids[:2], ids[2:]):
        with CaptureQueriesContext(connection) as queries:
            find_duplicates(asked)
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert DuplicatePair.objects.count() == 26
