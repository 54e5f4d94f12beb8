"""Easyship's webhooks: proven, kept once, answered at once, believed only after asking."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from integrations.models import ApiCall, WebhookEvent
from integrations.platforms.easyship.webhooks import LARGEST_BODY
from integrations.receiving import rules
from integrations.receiving.processing import process_due, process_webhook
from integrations.receiving.retention import delete_old_events
from integrations.tasks import sweep_webhooks
from tests.factories import WebhookEventFactory
from tests.integrations.inbound_case import (
    ADDRESS,
    HEADER,
    SECRET,
    body_of,
    deliver,
    process_all,
    shipped,
    sign,
    truth,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def only():
    return WebhookEvent.objects.get()


def test_a_delivery_is_kept_as_it_came_and_answered(client):
    body = body_of("ESUS1")

    answer = deliver(client, body, **{"X-Secret-Thing": "hush", "User-Agent": "Easyship"})

    event = only()
    assert answer.status_code == 200
    assert bytes(event.body) == body
    assert (event.source, event.remote_shipment_id) == ("easyship", "ESUS1")
    assert (event.account, event.state) == ("CUS000001", "waiting")
    assert event.headers == {"Content-Type": "application/json", "User-Agent": "Easyship"}


def test_an_address_registered_without_its_slash_works(client):
    headers = {HEADER: sign(SECRET, "CUS000001")}
    address = ADDRESS.rstrip("/")

    answer = client.post(address, body_of("ESUS1"), "application/json", headers=headers)

    assert answer.status_code == 200
    assert only().remote_shipment_id == "ESUS1"


def test_the_same_delivery_again_is_answered_and_kept_once(client):
    for _ in range(3):
        assert deliver(client, body_of("ESUS1")).status_code == 200

    assert only().deliveries == 3


def test_a_forged_delivery_is_refused_without_a_word(client):
    answer = deliver(client, body_of("ESUS1"), secret="webh_other")

    assert (answer.status_code, answer.content) == (401, b"")
    assert client.post(ADDRESS, body_of("ESUS1"), "application/json").status_code == 401
    assert not WebhookEvent.objects.exists()


def test_two_secrets_count_while_one_replaces_the_other(client, settings):
    settings.EASYSHIP_WEBHOOK_SECRET = f"webh_new, {SECRET}"

    assert deliver(client, body_of("ESUS1")).status_code == 200
    assert deliver(client, body_of("ESUS2"), secret="webh_new").status_code == 200
    assert deliver(client, body_of("ESUS3"), secret=f"webh_new, {SECRET}").status_code == 401


def test_only_posts_are_heard_and_no_csrf_token_is_asked(client):
    client.handler.enforce_csrf_checks = True

    assert client.get(ADDRESS).status_code == 405
    assert deliver(client, body_of("ESUS1")).status_code == 200


def test_a_body_too_large_or_too_deep_is_refused(client):
    large = body_of("ESUS1", note="x" * LARGEST_BODY)
    deep = b'{"data": ' + b"[" * 100 + b"]" * 100 + b"}"

    assert deliver(client, large).status_code == 413
    assert deliver(client, deep).status_code == 400
    assert deliver(client, b"[" * 50_000).status_code == 400
    assert deliver(client, b"no json").status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_flood_is_told_to_come_again(client, monkeypatch):
    monkeypatch.setattr(rules, "DELIVERIES_AT_ONCE", 2)
    monkeypatch.setattr(rules, "DELIVERIES_PER_SECOND", 0.001)

    answers = [deliver(client, body_of(f"ESUS{n}")) for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"]


def test_the_answer_costs_a_few_queries_and_calls_nobody(client, django_assert_max_num_queries):
    deliver(client, body_of("ESUS0"))

    with django_assert_max_num_queries(6):
        deliver(client, body_of("ESUS1"))


def test_a_hint_is_not_believed_but_asked_about(client, case):
    _order, shipment = shipped(case.start(), "easyship")
    deliver(client, body_of(shipment.remote_shipment_id, "Delivered", tracking_number="FORGED"))

    process_webhook(only().pk)

    assert truth(shipment)[:2] == ("labelled", "sent")
    assert only().state == "done"
    case.control("track", platform="easyship", reference=shipment.reference, step="delivered")
    deliver(client, body_of(shipment.remote_shipment_id, "Delivered"))
    process_all()
    assert truth(shipment)[:2] == ("delivered", "delivered")


def test_the_same_words_much_later_are_news(client, jobs):
    deliver(client, body_of("ESUS1"))
    process_due("easyship")
    assert only().state == "ignored"
    with jobs() as soon:
        deliver(client, body_of("ESUS1"))
    assert (only().state, len(soon)) == ("ignored", 0)
    WebhookEvent.objects.update(processed_at=timezone.now() - timedelta(minutes=5))

    with jobs() as later:
        deliver(client, body_of("ESUS1"))

    assert (only().state, len(later)) == ("waiting", 1)


def test_many_hints_to_one_parcel_cost_one_question(client, case):
    _order, shipment = shipped(case.start(), "easyship")
    case.control("track", platform="easyship", reference=shipment.reference, step="collected")
    for status in ("Shipped", "Exception", "Out for Delivery", "In Transit to Customer"):
        deliver(client, body_of(shipment.remote_shipment_id, status))
    before = ApiCall.objects.count()

    tally = process_due("easyship")

    assert (tally.done, ApiCall.objects.count() - before) == (4, 1)
    assert truth(shipment)[:2] == ("shipped", "shipped")


def test_a_stranger_is_put_aside_with_the_reason(client):
    deliver(client, body_of("ESUS-not-ours"))
    deliver(client, json.dumps({"event_type": "credit.balance.low", "data": {}}).encode())

    assert process_due("easyship").ignored == 2
    assert set(WebhookEvent.objects.values_list("error", flat=True)) == {"No parcel of ours."}


def test_a_platform_that_is_down_delays_and_loses_nothing(client, case):
    _order, shipment = shipped(case.start(), "easyship")
    deliver(client, body_of(shipment.remote_shipment_id))
    case.faults("500@easyship")

    assert process_due("easyship").later == 1
    event = only()
    assert (event.state, event.attempts) == ("waiting", 1)
    assert "failing" in event.error
    case.faults("none")
    WebhookEvent.objects.update(next_attempt_at=timezone.now())
    assert process_due("easyship").done == 1


def test_after_many_attempts_a_person_is_asked(client, case):
    _order, shipment = shipped(case.start(), "easyship")
    deliver(client, body_of(shipment.remote_shipment_id))
    case.faults("500@easyship")
    WebhookEvent.objects.update(attempts=rules.MOST_ATTEMPTS)

    assert process_due("easyship").failed == 1
    assert only().state == "failed"


def test_a_worker_that_died_loses_nothing(client, jobs):
    event = WebhookEventFactory(
        attempts=1, lease_token="dead", next_attempt_at=timezone.now() - timedelta(seconds=1)
    )

    with jobs() as woken:
        sweep_webhooks()

    assert len(woken) == 1
    process_webhook(event.pk)
    assert only().state == "ignored"


def test_an_event_in_hand_is_not_taken_twice():
    WebhookEventFactory(lease_token="other", next_attempt_at=timezone.now() + timedelta(minutes=1))

    assert process_due("easyship").ignored == 0


def test_staff_process_an_event_again(client, jobs):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    event = WebhookEventFactory(state="failed", error="It was down.", attempts=12)

    with jobs() as woken:
        client.post(reverse("admin:integrations_webhookevent_again", args=[event.pk]))

    assert (only().state, only().attempts, only().error) == ("waiting", 0, "")
    assert len(woken) == 1
    assert AuditEvent.objects.filter(action="process_webhook_again").exists()


def test_the_page_of_an_event_shows_its_body_without_personal_details(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    event = WebhookEventFactory(body=b'{"mail": "dana@example.com", "status": "Delivered"}')

    page = client.get(reverse("admin:integrations_webhookevent_change", args=[event.pk])).text

    assert "Delivered" in page
    assert "dana@example.com" not in page


def test_old_events_go_and_those_that_wait_stay():
    now = timezone.now()
    for state, days in (("done", 31), ("done", 1), ("failed", 31), ("failed", 91), ("waiting", 99)):
        WebhookEventFactory(state=state, last_received_at=now - timedelta(days=days))

    assert delete_old_events(now) == 2
    assert sorted(WebhookEvent.objects.values_list("state", flat=True)) == [
        "done",
        "failed",
        "waiting",
    ]
