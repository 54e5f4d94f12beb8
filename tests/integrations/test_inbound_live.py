"""The sandbox delivers to a real server, and several workers record at once."""

import statistics
import time

import pytest
import requests
from django.core.management import call_command

from integrations.models import WebhookEvent
from integrations.receiving.processing import process_due
from integrations.sandbox.signing import HEADER, sign
from integrations.tracking.timeline import record_events
from orders.models import TrackingEvent
from tests.integrations.dispatch_case import in_thread
from tests.integrations.inbound_case import (
    ADDRESS,
    SECRET,
    body_of,
    parcel,
    process_all,
    scan,
    shipped,
    truth,
)
from warehouses.models import StockMovement

pytestmark = pytest.mark.django_db(transaction=True)
STORY = [scan(9, "collected"), scan(30, "in_transit"), scan(54, "delivered")]
CHAOS = "webhook-duplicate:0.3,webhook-reordered:0.2:0.4,webhook-forged:0.1"


def genuine(case, patience=15.0):
    """All deliveries once every genuine one was accepted; forged ones are tried for ever."""
    end = time.monotonic() + patience
    while True:
        told = requests.get(f"{case.url}/_control/webhooks?limit=1000", timeout=30).json()
        rows = told["deliveries"]
        if all(row["state"] == "delivered" for row in rows if not row["forged"]):
            return rows
        assert time.monotonic() < end, "the sandbox could not deliver in time"
        time.sleep(0.05)


def test_what_the_sandbox_sends_in_disorder_ends_in_the_ordered_truth(case, live_server):
    case.start(CHAOS, webhook_attempts=10_000, webhook_pause=0.3)
    parcels = [shipped(case, "easyship")[1] for _ in range(4)]
    case.control("webhook", url=f"{live_server.url}{ADDRESS}", secret=SECRET)

    for _ in range(4):
        case.control("advance", hours=40)
        process_due("easyship")
    case.control("advance", hours=24 * 30)
    rows = genuine(case)
    process_all()

    answers = {(row["forged"], row["answer"]) for row in rows if row["answer"]}
    assert answers == {(True, "401"), (False, "200")}
    assert {truth(each)[:2] for each in parcels} == {("delivered", "delivered")}
    assert not WebhookEvent.objects.exclude(state="done").exists()
    call_command("prove_stock")


def test_four_workers_that_record_the_same_change_it_once(db):
    shipment = parcel()
    failures = []

    def record():
        try:
            for _ in range(3):
                record_events(type(shipment).objects.get(pk=shipment.pk), STORY)
        except Exception as error:
            failures.append(error)
            raise

    for thread in [in_thread(record) for _ in range(4)]:
        thread.join()

    assert failures == []
    assert truth(shipment) == ("delivered", "delivered", "", ["consumed"])
    assert TrackingEvent.objects.count() == len(STORY)
    assert StockMovement.objects.filter(kind="consume").count() == 1
    assert shipment.order.events.filter(to_status="delivered").count() == 1


def test_two_deliveries_of_one_event_at_once_are_kept_once(live_server):
    body = body_of("ESUS1")
    headers = {HEADER: sign(SECRET, "CUS000001"), "Content-Type": "application/json"}
    answers, times = [], []

    def send():
        for _ in range(5):
            began = time.perf_counter()
            answer = requests.post(f"{live_server.url}{ADDRESS}", body, headers=headers, timeout=30)
            times.append(time.perf_counter() - began)
            answers.append(answer.status_code)

    for thread in [in_thread(send) for _ in range(4)]:
        thread.join()

    assert statistics.median(times) < 1, "an answer must not wait for a platform"
    assert answers == [200] * 20
    event = WebhookEvent.objects.get()
    assert event.deliveries == 20
