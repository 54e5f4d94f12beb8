"""Whatever happens on our side or on the wire, the platform holds each order once.

A death at any line: test_dispatch_every_line.
"""

import threading
from contextlib import contextmanager

import pytest
import requests
from django.db import connection, transaction

from integrations.dispatching.claims import claim_next
from integrations.dispatching.locks import LockLost, order_lock
from integrations.dispatching.worker import work_on, work_until_idle
from integrations.models import Dispatch, DispatchAttempt
from orders.models import Order, OrderStatus
from tests.integrations.dispatch_case import in_thread, make_due, work

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("platform", ["veeqo", "easyship"])


class Killed(BaseException):
    """The process ends here: no handler of ours may catch it."""


@contextmanager
def killed_at_call(monkeypatch, n, *, after):
    """Dies at the n-th HTTP call, before it is sent or once its answer is there."""
    seen, send = [], requests.Session.request

    def request(*arguments, **options):
        seen.append(1)
        if len(seen) == n and not after:
            raise Killed
        answer = send(*arguments, **options)
        if len(seen) == n:
            raise Killed
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(requests.Session, "request", request)
        yield seen


def die_once(platform, dying):
    """True when the death was reached before the work was done."""
    try:
        with dying:
            work(platform)
    except Killed:
        make_due()
        return True
    return False


def assert_sent_once(case, order, platform):
    order.refresh_from_db()
    told = list(order.dispatches.values_list("kind", "state", "error_code", "error", "setbacks"))
    assert order.status == OrderStatus.SENT, told
    shipment = order.shipments.get()
    there = case.references(platform)[shipment.reference]
    assert (there["created"], there["live"], there["labels_bought"]) == (1, 1, 1)
    assert shipment.documents.filter(kind="label").count() == 1


@both
@pytest.mark.parametrize("faults", ["lossy", "crash-test", "unreadable"])
def test_whatever_the_network_loses_each_order_is_there_once(platform, faults, case):
    case.start()
    case.routed(platform)
    case.faults(faults)
    orders = [case.sent(platform) for _ in range(2)]

    work(platform, seconds=60)

    for order in orders:
        assert_sent_once(case, order, platform)


@both
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(platform, case):
    case.start()
    case.routed(platform)
    order = case.sent(platform)
    patient = case.settings.DISPATCH | {"doubt_waits": (600.0, 600.0, 600.0)}
    hasty, case.settings.DISPATCH = case.settings.DISPATCH, patient
    path = {"veeqo": "veeqo/orders", "easyship": "easyship/2024-09/shipments"}[platform]
    case.faults(f"lost-response@{path}")
    work_until_idle(platform, patience=60)
    dispatch = order.dispatches.get()
    assert (dispatch.state, dispatch.remote_id) == ("unknown", "")

    case.faults("")
    case.settings.DISPATCH = hasty
    make_due()
    work(platform)

    assert_sent_once(case, order, platform)


@both
def test_a_search_that_lags_is_asked_until_the_last_pause_is_over(platform, case):
    case.settings.DISPATCH = case.settings.DISPATCH | {"doubt_waits": (0.3, 0.6, 1.2)}
    case.start()
    case.routed(platform)
    order = case.sent(platform)
    path = {"veeqo": "veeqo/orders", "easyship": "easyship/2024-09/shipments"}[platform]
    case.faults(f"lost-response@{path},search-lag:1:1.2")
    work_until_idle(platform, patience=0)

    case.faults("search-lag:1:1.2")
    work(platform)

    assert_sent_once(case, order, platform)


def test_a_doubted_order_that_is_not_there_is_sent_after_three_look_ups(case):
    case.start()
    order = case.sent("veeqo")
    case.faults("lost-request@veeqo/orders")
    work_until_idle("veeqo", patience=0, seconds=0.01)
    Dispatch.objects.update(doubted_at="2026-01-01T00:00:00Z", state="unknown")
    case.faults("")

    work("veeqo")

    looked = DispatchAttempt.objects.filter(error_code="still_in_doubt").count()
    assert looked == 2  # the third one goes on by itself
    assert_sent_once(case, order, "veeqo")


@both
def test_workers_side_by_side_send_each_order_once(platform, case):
    case.start()
    case.routed(platform)
    orders = [case.sent(platform) for _ in range(4)]

    for worker in [in_thread(lambda: work(platform)) for _ in range(3)]:
        worker.join()
    work(platform)

    for order in orders:
        assert_sent_once(case, order, platform)


@pytest.mark.parametrize("faults", ["429:0.3", "500:0.3"])
def test_a_storm_delays_and_loses_nothing(faults, case):
    case.start()
    case.routed("veeqo")
    case.faults(faults)
    orders = [case.sent("veeqo") for _ in range(2)]

    work("veeqo", seconds=60)

    for order in orders:
        assert_sent_once(case, order, "veeqo")


class Stalled:
    """Stands still just before its first POST is sent, past every check, holding its lock."""

    def __init__(self, patch):
        self.reached, self.go_on = threading.Event(), threading.Event()
        send, seen = requests.Session.request, []

        def request(session, method, *arguments, **options):
            if method == "POST" and not seen:
                seen.append(1)
                self.reached.set()
                assert self.go_on.wait(30)
            return send(session, method, *arguments, **options)

        patch.setattr(requests.Session, "request", request)


def test_a_worker_that_wakes_up_after_its_lease_does_no_harm(case, monkeypatch):
    case.start()
    case.routed("veeqo")
    order = case.sent("veeqo")
    stalled = Stalled(monkeypatch)
    sleeper = in_thread(lambda: work_until_idle("veeqo", patience=0, seconds=20))
    assert stalled.reached.wait(30)
    make_due()

    # The second worker finds the lease expired and the order still locked, and steps back.
    work_until_idle("veeqo", patience=0)
    assert DispatchAttempt.objects.filter(error_code="order_in_hand").exists()
    stalled.go_on.set()
    sleeper.join()
    work("veeqo")

    assert_sent_once(case, order, "veeqo")


def test_a_dispatch_that_kills_its_worker_is_put_aside(case, monkeypatch):
    case.start()
    order = case.sent("veeqo")
    for _ in range(5):
        assert die_once("veeqo", killed_at_call(monkeypatch, 1, after=False))

    work("veeqo")

    dispatch = order.dispatches.get()
    assert (dispatch.state, dispatch.error_code) == ("needs_help", "worker_lost")
    assert "broke off 5 times" in Order.objects.get(pk=order.pk).problem


def test_an_attempt_that_lost_its_lease_writes_nothing(case):
    case.start()
    order = case.sent("veeqo")
    claim = claim_next("veeqo")
    Dispatch.objects.update(lease_token="f" * 32)

    assert work_on(claim) is None

    assert not order.shipments.exists()
    assert case.references("veeqo") == {}


def test_no_call_is_made_inside_a_transaction(case):
    case.start()
    case.sent("veeqo")
    claim = claim_next("veeqo")

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        work_on(claim)

    assert case.references("veeqo") == {}


def test_two_workers_cannot_hold_one_order():
    answers = []

    def other():
        with order_lock(7) as lock, order_lock(8) as free:
            answers.append((lock is None, free is None))

    with order_lock(7):
        in_thread(other).join()
    in_thread(other).join()

    assert answers == [(True, False), (False, False)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the lock of SQLite is a file")
def test_a_lock_is_known_to_be_gone_with_its_connection():
    with order_lock(7) as lock:
        lock.check()
        connection.close()
        connection.ensure_connection()

        with pytest.raises(LockLost):
            lock.check()
