"""Asking for parcels in rounds, against the sandbox over HTTP."""

import json
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from integrations.models import ApiCall, SyncCursor, WebhookEvent
from integrations.tracking.following import follow_parcels, parcels_to_ask
from integrations.tracking.jobs import follow_platform
from orders.models import OrderStatus, Shipment, TrackingEvent
from tests.factories import ShipmentFactory
from tests.integrations.inbound_case import (
    body_of,
    deliver,
    process_all,
    shipped,
    truth,
)
from warehouses.models import StockMovement

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("platform", ["veeqo", "easyship"])


@BOTH
def test_a_parcel_is_followed_to_its_door(case, platform):
    _order, shipment = shipped(case.start(), platform)
    case.control("advance", hours=13)
    follow_parcels(platform)
    assert truth(shipment)[:2] == ("shipped", "shipped")

    case.control("advance", hours=24 * 30)
    first, again = follow_parcels(platform), follow_parcels(platform)

    assert truth(shipment) == ("delivered", "delivered", "", ["consumed"])
    assert (first.news, again.news, again.is_complete) == (1, 0, True)
    assert shipment.tracking_events.count() >= 5
    assert StockMovement.objects.filter(kind="consume").count() == 1
    call_command("prove_stock")


@BOTH
def test_its_questions_are_logged_with_one_id_and_with_the_order_they_are_about(case, platform):
    order, _shipment = shipped(case.start(), platform)
    ApiCall.objects.all().delete()

    follow_parcels(platform)
    follow_parcels(platform, anew=True)

    first, second = ApiCall.objects.order_by("id")
    assert (first.order, second.order) == (order, order)
    assert first.correlation_id
    assert first.correlation_id != second.correlation_id


# Veeqo has no word for a lost parcel but “contact support”, and calls what is late delayed.
TROUBLE = [
    ("veeqo", "returned", "returned", "came back"),
    ("veeqo", "lost", "exception", "is held up"),
    ("easyship", "exception", "exception", "is held up"),
    ("easyship", "returned", "returned", "came back"),
    ("easyship", "lost", "lost", "is lost"),
]


@pytest.mark.parametrize(("platform", "step", "state", "words"), TROUBLE)
def test_trouble_becomes_a_problem_with_its_reason(case, platform, step, state, words):
    _order, shipment = shipped(case.start(), platform)
    case.control("track", platform=platform, reference=shipment.reference, step="collected")
    case.control("track", platform=platform, reference=shipment.reference, step=step)

    follow_parcels(platform)

    found, status, problem, goods = truth(shipment)
    assert (found, status, goods) == (state, "problem", ["consumed"])
    assert words in problem


def test_a_parcel_that_is_only_late_needs_nobody(case):
    _order, shipment = shipped(case.start(), "veeqo")
    case.control("track", platform="veeqo", reference=shipment.reference, step="collected")
    case.control("track", platform="veeqo", reference=shipment.reference, step="exception")

    follow_parcels("veeqo")

    assert truth(shipment)[1] == "shipped"
    assert shipment.tracking_events.filter(code="delayed").exists()


def test_the_window_holds_what_may_still_have_news(db):
    now = timezone.now()
    for state in ("created", "labelled", "shipped", "exception", "lost", "returned", "cancelled"):
        ShipmentFactory(state=state, remote_shipment_id=state)
    ShipmentFactory(state="labelled", remote_shipment_id="")
    ShipmentFactory(state="labelled", remote_shipment_id="old", created_at=now - timedelta(days=61))
    for hours in (1, 7):
        ShipmentFactory(
            state="delivered",
            remote_shipment_id=f"delivered{hours}",
            delivered_at=now - timedelta(hours=hours),
        )

    asked = parcels_to_ask("veeqo", now).values_list("remote_shipment_id", flat=True)

    expected = {"created", "labelled", "shipped", "exception", "lost", "delivered1"}
    assert set(asked) == expected


def test_a_round_goes_on_where_it_stopped(case):
    parcels = [shipped(case.start() if n == 0 else case, "veeqo")[1] for n in range(3)]
    case.control("advance", hours=24 * 30)
    first = follow_parcels("veeqo", seconds=0)
    SyncCursor.objects.update(position=parcels[0].pk)

    rest = follow_parcels("veeqo")

    assert (first.asked, rest.asked, rest.is_complete) == (0, 2, True)
    assert [truth(parcel)[0] for parcel in parcels] == ["labelled", "delivered", "delivered"]
    assert follow_parcels("veeqo").asked >= 1
    assert truth(parcels[0])[0] == "delivered"


def test_an_outage_ends_the_run_and_loses_no_place(case):
    _order, shipment = shipped(case.start(), "veeqo")
    case.control("advance", hours=24 * 30)
    case.faults("500@veeqo")

    failed = follow_parcels("veeqo")

    assert (failed.asked, failed.is_complete) == (0, False)
    assert "failing" in SyncCursor.objects.get().last_error
    case.faults("none")
    assert follow_parcels("veeqo").is_complete
    assert truth(shipment)[0] == "delivered"


def test_one_unknown_parcel_stops_no_other(case):
    shipped(case.start(), "veeqo")
    first = Shipment.objects.get()
    Shipment.objects.update(remote_shipment_id="999999")
    _order, second = shipped(case, "veeqo")
    case.control("advance", hours=24 * 30)

    followed = follow_parcels("veeqo")

    assert followed.is_complete
    assert followed.unknown + followed.failed == 1
    assert (truth(first)[0], truth(second)[0]) == ("labelled", "delivered")


def test_fifty_parcels_of_easyship_cost_one_question(case):
    shipped(case.start(), "easyship")
    ShipmentFactory.create_batch(3, platform="easyship", remote_shipment_id="ESUS999")
    before = ApiCall.objects.count()

    followed = follow_parcels("easyship")

    assert (followed.asked, followed.unknown) == (4, 3)
    assert ApiCall.objects.count() == before + 1


def test_two_runs_do_not_ask_the_same(case):
    case.start()
    SyncCursor.objects.create(
        platform="veeqo",
        subject="tracking",
        lease_token="other",
        lease_until=timezone.now() + timedelta(minutes=1),
    )

    assert follow_parcels("veeqo").error == "Another run is asking already."
    SyncCursor.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert follow_parcels("veeqo").is_complete


def test_a_job_queues_itself_until_the_round_is_over(case, django_capture_on_commit_callbacks):
    shipped(case.start(), "veeqo")

    with django_capture_on_commit_callbacks() as queued:
        follow_platform("veeqo")

    assert queued == []


def test_the_command_hears_of_everything(case, capsys, client):
    _order, shipment = shipped(case.start(), "easyship")
    deliver(client, body_of(shipment.remote_shipment_id))
    case.control("advance", hours=24 * 30)

    call_command("track", "--json")
    told = json.loads(capsys.readouterr().out)
    call_command("track", "--platform", "veeqo")

    assert told["easyship"]["webhooks"]["done"] == 1
    assert told["veeqo"]["is_complete"]
    assert "Veeqo: 0 parcels asked about" in capsys.readouterr().out
    assert truth(shipment)[1] == OrderStatus.DELIVERED


def test_two_hundred_disorderly_deliveries_end_in_the_ordered_truth(case, client):
    """30 % twice, 20 % in another order, 10 % forged, processed in between at random."""
    chance = random.Random(11)  # noqa: S311 — repeatable
    case.start()
    parcels = [shipped(case, "easyship")[1] for _ in range(8)]
    statuses = ["Shipped", "Exception", "In Transit to Customer", "Out for Delivery", "Delivered"]
    hints = [
        (parcel, f"{status} {n}") for parcel in parcels for n in range(5) for status in statuses
    ]
    answers = []
    for number, (parcel, status) in enumerate(_disorderly(hints, chance)):
        if number % 40 == 20:
            case.control("advance", hours=30)
            process_all()
        forged = chance.random() < 0.1
        said = body_of(parcel.remote_shipment_id, status)
        answer = deliver(client, said, **({"secret": "webh_forged"} if forged else {}))
        answers.append((forged, answer.status_code))
    case.control("advance", hours=24 * 30)
    deliver(client, body_of(parcels[0].remote_shipment_id, "the last"))
    process_all()
    follow_parcels("easyship")

    assert set(answers) == {(True, 401), (False, 200)}
    assert len(answers) >= 200
    assert not WebhookEvent.objects.exclude(state="done").exists()
    assert {truth(parcel)[:2] for parcel in parcels} == {("delivered", "delivered")}
    for parcel in parcels:
        times = list(parcel.tracking_events.values_list("at", flat=True))
        assert times == sorted(times)
    digests = TrackingEvent.objects.values_list("shipment", "digest")
    assert len(set(digests)) == len(digests)
    assert StockMovement.objects.filter(kind="consume").count() == len(parcels)
    call_command("prove_stock")


def _disorderly(hints, chance):
    places = [
        (at + (chance.randint(5, 30) if chance.random() < 0.2 else 0), hint)
        for at, hint in enumerate(hints)
        for _ in range(2 if chance.random() < 0.3 else 1)
    ]
    return [hint for _, hint in sorted(places, key=lambda place: place[0])]
