"""Sending, and what became of it, over the API."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from core.models import AuditEvent
from integrations.models import Dispatch
from integrations.services import send_order
from integrations.tracking.timeline import record_events
from orders.models import Order, OrderStatus, TrackingEvent
from tests.factories import (
    DispatchFactory,
    DocumentFactory,
    OrderEventFactory,
    OrderFactory,
    ShipmentFactory,
    StockLevelFactory,
    UserFactory,
)
from tests.integrations.inbound_case import parcel, scan
from tests.orders.api import ORDERS, errors_of, token_client

pytestmark = pytest.mark.django_db
DISPATCHES = "/api/v1/dispatches"


@pytest.fixture
def api():
    return token_client("dispatch:read", "dispatch:write")


def post(client, order, action, body=None, **more):
    pk = getattr(order, "pk", order)
    return client.post(f"{ORDERS}/{pk}/{action}", body or {}, format="json", **more)


def cost(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# --- send, resend, cancel -------------------------------------------------------------------------


def test_a_routed_order_is_promised_to_its_platform(api):
    order = OrderFactory(routed=True)

    answer = post(api, order, "send")

    body = answer.json()
    (dispatch,) = body["dispatches"]
    assert (answer.status_code, body["status"]) == (202, "sending")
    assert (dispatch["kind"], dispatch["state"], dispatch["platform"]) == (
        "create",
        "waiting",
        "veeqo",
    )
    assert dispatch["next_attempt_at"] is not None
    assert body["sentence"] == f"To be sent to Veeqo as {dispatch['reference']}."
    assert order.dispatches.get().correlation_id == answer["X-Correlation-ID"]


def test_a_refusal_is_a_problem_with_the_next_step(api):
    early, sent = OrderFactory(ready=True), OrderFactory(routed=True)
    send_order(sent)

    too_early, again = post(api, early, "send"), post(api, sent, "resend", {"reason": "lost"})

    assert (too_early.status_code, too_early.json()["code"]) == (409, "not_ready_to_send")
    assert "Route it first" in too_early.json()["detail"]
    assert (again.status_code, again.json()["code"]) == (409, "still_alive")
    assert not early.dispatches.exists()


def test_a_key_in_a_body_that_takes_none_is_refused_in_a_whole_sentence(api):
    answer = post(api, OrderFactory(routed=True), "send", {"carrier": "ups"})

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["message"] == "There is no such field here. None is taken."


def test_the_same_key_sends_once(api):
    order = OrderFactory(routed=True)

    first = post(api, order, "send", headers={"Idempotency-Key": "k-1"})
    second = post(api, order, "send", headers={"Idempotency-Key": "k-1"})
    other = post(api, order, "send", headers={"Idempotency-Key": "k-2"})

    assert first.json() == second.json()
    assert (first.status_code, second.status_code, other.status_code) == (202, 202, 409)
    assert order.dispatches.count() == 1


def test_what_never_left_us_is_called_back_at_once_and_sent_again(api):
    order = OrderFactory(routed=True)
    StockLevelFactory(warehouse=order.warehouse, product=order.lines.get().product, on_hand=9)
    send_order(order)

    cancelled = post(api, order, "cancel", {"reason": "wrong box"})
    resent = post(api, order, "resend", {"reason": "right box"})

    assert cancelled.status_code == 202
    assert [one["state"] for one in cancelled.json()["dispatches"]] == ["done", "cancelled"]
    assert cancelled.json()["sentence"].startswith("No platform holds it any more")
    assert resent.status_code == 202
    assert resent.json()["dispatches"][0]["generation"] == 2
    assert resent.json()["dispatches"][0]["reason"] == "right box"


def test_the_order_is_cancelled_as_well_where_that_is_said(api):
    order = OrderFactory(routed=True)
    send_order(order)

    answer = post(api, order, "cancel", {"reason": "changed her mind", "cancel_order": True})

    assert answer.json()["status"] == "cancelled"
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED


def test_what_the_platform_holds_is_promised_to_be_cancelled(api):
    shipment = parcel()
    DispatchFactory(order=shipment.order, kind="label", state="done", remote_id="R1")

    answer = post(api, shipment.order, "cancel", {"reason": "wrong box"})

    assert answer.json()["sentence"].startswith("To be cancelled at Veeqo as ")
    assert answer.json()["dispatches"][0]["reason"] == "wrong box"


@pytest.mark.parametrize("action", ["send", "resend", "cancel"])
def test_an_order_that_is_not_there_is_404(api, action):
    for pk in ("0", "999999999", "9" * 18, "9" * 30, "-1", "x", "1e3", "%00"):
        answer = post(api, pk, action, {"reason": "why"} if action != "send" else {})
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("send", {"force": True}, "force"),
        ("resend", {}, "reason"),
        ("resend", {"reason": "  "}, "reason"),
        ("resend", {"reason": "a\x00b"}, "reason"),
        ("resend", {"reason": "x" * 301}, "reason"),
        ("resend", {"reason": 5}, "reason"),
        ("cancel", {"reason": "why", "cancel_order": "yes"}, "cancel_order"),
        ("cancel", {"reason": "why", "cancel_order": 1}, "cancel_order"),
        ("cancel", {"reason": ["why"]}, "reason"),
    ],
)
def test_a_bad_body_names_its_field_and_does_nothing(api, action, body, field):
    order = OrderFactory(routed=True)

    answer = post(api, order, action, body)

    assert (answer.status_code, set(errors_of(answer))) == (400, {field})
    assert not order.dispatches.exists()


@pytest.mark.parametrize("body", ["[]", "[1]", "null", '"x"', "7", "{", "\ud800", "[[[[]]]]"])
def test_no_body_breaks_it(api, body):
    order = OrderFactory(routed=True)
    raw = body.encode("utf-8", "surrogatepass")

    for action in ("resend", "cancel"):
        answer = api.post(f"{ORDERS}/{order.pk}/{action}", raw, content_type="application/json")
        assert answer.status_code == 400
    assert not order.dispatches.exists()


def test_reading_and_writing_are_scopes_of_their_own():
    order, reader = OrderFactory(routed=True), token_client("dispatch:read", "orders:write")
    writer = token_client("dispatch:write")

    for action in ("send", "resend", "cancel"):
        assert post(reader, order, action, {"reason": "why"}).status_code == 403
    for address in (DISPATCHES, f"{ORDERS}/{order.pk}/shipments", f"{ORDERS}/{order.pk}/events"):
        assert writer.get(address).status_code == 403
        assert APIClient().get(address).status_code == 401
    assert not Dispatch.objects.exists()


def test_nothing_is_changed_by_get(api):
    order = OrderFactory(routed=True)

    for action in ("send", "resend", "cancel"):
        assert api.get(f"{ORDERS}/{order.pk}/{action}").status_code in (403, 405)
    assert not order.dispatches.exists()


# --- shipments and documents ----------------------------------------------------------------------


def test_a_shipment_has_its_papers_and_its_journey(api):
    shipment = parcel(tracking_url="https://track.example/1Z", cost="12.50", currency="USD")
    paper = DocumentFactory(shipment=shipment)
    record_events(shipment, [scan(30, "in_transit", "Departed hub"), scan(9, "collected")])

    (shown,) = api.get(f"{ORDERS}/{shipment.order_id}/shipments").json()["shipments"]

    assert (shown["reference"], shown["state"]) == (shipment.reference, "shipped")
    assert (shown["cost"], shown["currency"], shown["platform"]) == ("12.50", "USD", "veeqo")
    assert shown["tracking_url"] == "https://track.example/1Z"
    assert [one["code"] for one in shown["tracking_events"]] == ["collected", "in_transit"]
    (document,) = shown["documents"]
    assert (document["media_type"], document["size"]) == (paper.media_type, paper.size)
    assert api.get(document["url"]).content == paper.content


def test_an_address_of_another_kind_is_not_handed_on(api):
    shipment = parcel(tracking_url="javascript:alert(1)")

    (shown,) = api.get(f"{ORDERS}/{shipment.order_id}/shipments").json()["shipments"]

    assert shown["tracking_url"] == ""


def test_more_parcels_cost_no_more_queries(api):
    few, many = parcel(), parcel()
    for generation in range(2, 6):
        other = ShipmentFactory(order=many.order, generation=generation, state="cancelled")
        DocumentFactory.create_batch(2, shipment=other)
        record_events(other, [scan(n, "in_transit") for n in range(3)])
    addresses = [f"{ORDERS}/{one.order_id}/shipments" for one in (few, many)]
    cost(api, addresses[0])

    assert cost(api, addresses[0]) == cost(api, addresses[1])


def test_a_paper_is_handed_out_as_a_file_and_on_the_record(api):
    paper = DocumentFactory()
    address = f"{ORDERS}/{paper.shipment.order_id}/documents/{paper.pk}"

    answer = api.get(address, headers={"Accept": "application/pdf"})

    assert (answer.status_code, answer.content) == (200, paper.content)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{paper.shipment.reference}-label.pdf"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert AuditEvent.objects.filter(action="download_document").count() == 1


def test_a_paper_of_another_order_is_not_found(api):
    paper, other = DocumentFactory(), OrderFactory()

    for pk in (paper.pk, "0", "9" * 18, "9" * 30, "x", "1;2"):
        answer = api.get(f"{ORDERS}/{other.pk}/documents/{pk}", headers={"Accept": "image/png"})
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
    assert not AuditEvent.objects.filter(action="download_document").exists()


def test_a_person_needs_the_permission_for_each_part():
    shipment = parcel()
    paper = DocumentFactory(shipment=shipment)
    record_events(shipment, [scan(9, "collected")])
    looker, client = UserFactory(), APIClient()
    looker.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_shipment", "view_orderevent"])
    )
    client.force_authenticate(looker)
    order = f"{ORDERS}/{shipment.order_id}"

    (shown,) = client.get(f"{order}/shipments").json()["shipments"]

    assert (shown["documents"], shown["tracking_events"]) == ([], [])
    kinds = {one["kind"] for one in client.get(f"{order}/events").json()["results"]}
    assert kinds >= {"status"}
    assert "scan" not in kinds
    assert client.get(f"{order}/documents/{paper.pk}").status_code == 403
    assert client.get(DISPATCHES).status_code == 403
    assert post(client, shipment.order, "send").status_code == 403


# --- events ---------------------------------------------------------------------------------------


def told(shipment):
    """Learnt later than all before, whenever it happened."""
    record_events(shipment, [scan(n, "in_transit", f"Stop {n}") for n in (30, 9, 20)])


def test_history_and_scans_are_one_list_in_the_order_we_learnt_them(api):
    shipment = parcel()
    told(shipment)

    body = api.get(f"{ORDERS}/{shipment.order_id}/events").json()

    shown = body["results"]
    assert [one["recorded_at"] for one in shown] == sorted(one["recorded_at"] for one in shown)
    scans = [one for one in shown if one["kind"] == "scan"]
    assert {one["message"] for one in scans} == {"Stop 30", "Stop 9", "Stop 20"}
    assert scans[0]["shipment"] == shipment.reference
    assert {"sending", "sent", "shipped"} <= {one["to_status"] for one in shown}
    assert body["next"] is None


def test_pages_hold_every_event_once_and_news_follow_the_last_cursor(api):
    shipment = parcel()
    told(shipment)
    # All in one moment: only their keys tell them apart.
    TrackingEvent.objects.filter(shipment=shipment)._raw_delete("default")
    moment = timezone.now() - timedelta(hours=1)
    TrackingEvent.objects.bulk_create(
        TrackingEvent(
            shipment=shipment, at=moment, received_at=moment, code="in_transit", digest=f"{n:064}"
        )
        for n in range(7)
    )
    for _ in range(2):
        OrderEventFactory(order=shipment.order, at=moment)
    address = f"{ORDERS}/{shipment.order_id}/events"
    whole = [one["id"] for one in api.get(address).json()["results"]]

    seen, page = [], f"{address}?page_size=2"
    while page:
        body = api.get(page).json()
        seen += [one["id"] for one in body["results"]]
        page = body["next"]
    record_events(shipment, [scan(1, "announced", "Late news")])
    news = api.get(f"{address}?cursor={body['cursor']}").json()["results"]

    assert len(whole) > 7
    assert seen == whole
    assert [one["message"] for one in news] == ["Late news"]


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "é", "fHx8", "MjAyNi0wMS0wMXwwfDE=", "A" * 5000, "OTk5OTk5fDB8MQ=="]
)
def test_a_made_up_cursor_is_not_found(api, cursor):
    order = OrderFactory()

    assert api.get(f"{ORDERS}/{order.pk}/events?cursor={cursor}").status_code == 404


def test_odd_parameters_are_named_or_ignored(api):
    order = OrderFactory()
    address = f"{ORDERS}/{order.pk}/events"

    assert errors_of(api.get(f"{address}?sort=at")) == {"sort": "invalid"}
    for size in ("0", "-1", "x", "99999999999", "", "1e9"):
        assert api.get(f"{address}?page_size={size}").status_code == 200
    for name in ("events", "shipments", "documents/1"):
        assert api.get(f"{ORDERS}/{'9' * 18}/{name}").status_code == 404


# --- dispatches -----------------------------------------------------------------------------------


def test_the_queue_is_listed_with_what_it_waits_for(api):
    stuck = DispatchFactory(
        state="needs_help",
        error_code="price_above_estimate",
        error="It costs more.",
        platform_words="31.20",
        attempts=3,
        asked={"price": "31.20"},
    )
    newest = DispatchFactory(state="done")

    shown = api.get(DISPATCHES).json()["results"]

    assert [one["id"] for one in shown] == [newest.pk, stuck.pk]
    assert (shown[1]["error"], shown[1]["platform_words"]) == ("It costs more.", "31.20")
    assert (shown[1]["attempts"], shown[1]["asked"]) == (3, {"price": "31.20"})
    assert (shown[1]["next_attempt_at"], shown[1]["order"]) == (None, stuck.order.number)
    assert api.get(f"{DISPATCHES}/{stuck.pk}").json() == shown[1]


def test_filters_narrow_it(api):
    wanted = DispatchFactory(
        platform="easyship", state="needs_help", kind="label", error_code="refused", error="No."
    )
    DispatchFactory(state="done")

    for query in (
        "state=needs_help&state=unknown",
        "platform=easyship",
        "kind=label",
        f"order={wanted.order_id}",
        "error_code=refused",
    ):
        found = api.get(f"{DISPATCHES}?{query}").json()["results"]
        assert [one["id"] for one in found] == [wanted.pk], query


@pytest.mark.parametrize(
    "query",
    [
        "state=lost",
        "platform=dhl",
        "kind=%00",
        "order=x",
        "order=-1",
        "order=1.5",
        "order=1e400",
        "order=99999999999999999999999",
        "order=NaN",
        "error_code=%00",
        f"error_code={'x' * 41}",
        "status=done",
    ],
)
def test_a_bad_filter_is_named(api, query):
    answer = api.get(f"{DISPATCHES}?{query}")

    assert (answer.status_code, set(errors_of(answer))) == (400, {query.partition("=")[0]})


def test_a_longer_list_costs_no_more_queries(api):
    DispatchFactory()
    cost(api, DISPATCHES)
    few = cost(api, DISPATCHES)
    DispatchFactory.create_batch(6)

    assert cost(api, DISPATCHES) == few
    assert Order.objects.count() == 7


@pytest.mark.parametrize("query", ["cursor=x", "cursor=cD14", "page_size=x", "page_size=100000"])
def test_odd_pages_break_nothing(api, query):
    assert api.get(f"{DISPATCHES}?{query}").status_code in (200, 404)
