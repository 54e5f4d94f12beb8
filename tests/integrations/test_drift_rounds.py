"""Rounds against the sandbox over HTTP: what is found, what is left alone, what clears what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.dispatching import connections
from integrations.drift.jobs import reconcile_now, reconcile_part
from integrations.drift.run import due_shipments, reconcile_platform
from integrations.models import (
    Dispatch,
    DriftFinding,
    DriftLook,
    PlatformHealth,
    Reconciliation,
)
from integrations.platforms.errors import Refused, Unavailable
from integrations.platforms.veeqo import lookups
from integrations.platforms.veeqo.adapter import Veeqo
from integrations.services import cancel_at_platform, ignore_drift, pause_platform
from orders.models import OrderEvent
from tests.factories import DispatchFactory, ShipmentFactory
from tests.integrations.dispatch_case import work
from tests.integrations.drift_case import (
    behind,
    found,
    order_there,
    our_world,
    reconciled,
    sent,
    their_world,
)

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("platform", ["veeqo", "easyship"])
ELKO = {
    "veeqo": {"deliver_to": {"city": "Elko"}},
    "easyship": {"destination_address": {"city": "Elko"}},
}


@BOTH
def test_an_agreeing_world_opens_nothing_and_is_left_as_it_is(case, platform):
    case.start(speed=1.0)  # no parcel moves meanwhile
    for _ in range(2):
        sent(case, platform)
    ours, theirs, events = our_world(), their_world(case), OrderEvent.objects.count()

    first, second = reconciled(platform), reconciled(platform)

    assert found() == []
    assert theirs
    assert (first.looked, first.agreed, second.looked) == (2, 2, 2)
    assert (our_world(), their_world(case)) == (ours, theirs)
    assert OrderEvent.objects.count() == events


EDITS = {
    "veeqo": [
        ({"deliver_to": {"city": "Elko", "zip": "89801"}}, ["city", "postal_code"]),
        ({"quantities": {"MUG-BLU": 5}}, ["MUG-BLU", "order_total"]),
        ({"warehouse": "NV"}, ["warehouse"]),
        ({"price": "9.99"}, ["order_total"]),
        ({"reference": "SOMETHING-ELSE"}, ["reference"]),
        ({"status": "refunded"}, ["state"]),
    ],
    "easyship": [
        ({"destination_address": {"city": "Elko"}}, ["city"]),
        ({"quantities": {"MUG-BLU": 5}}, ["MUG-BLU"]),
        ({"warehouse": "NV"}, ["warehouse"]),
        ({"price": "99.99"}, ["label_cost"]),
        ({"reference": "SOMETHING-ELSE"}, ["reference"]),
    ],
}


@BOTH
def test_every_field_changed_there_is_one_finding_and_stays_one(case, platform):
    """Each change comes on top of the last; a refund outweighs them all."""
    _order, shipment = sent(case.start(), platform)
    before, expected = our_world(), set()
    for changes, fields in EDITS[platform]:
        case.control("edit", platform=platform, id=shipment.remote_id, changes=changes)
        new = set(fields) - expected
        expected |= new

        told, again = reconciled(platform), reconciled(platform)

        assert set(DriftFinding.objects.values_list("field", flat=True)) == expected
        assert (told.opened, again.opened) == (len(new), 0), changes
        assert again.still_open == len(expected)
    assert DriftFinding.objects.unsettled().count() == len(expected)
    assert set(DriftFinding.objects.values_list("shipment", flat=True)) == {shipment.pk}
    assert our_world() == before


@BOTH
def test_a_finding_is_history_once_a_look_agrees(case, platform):
    _order, shipment = sent(case.start(), platform)
    behind(case, shipment, "edit", changes=ELKO[platform])
    reconciled(platform)
    there = {"veeqo": "deliver_to", "easyship": "destination_address"}[platform]
    behind(case, shipment, "edit", changes={there: {"city": "San Francisco"}})

    told = reconciled(platform)

    finding = DriftFinding.objects.get()
    assert (told.resolved, told.open) == (1, 0)
    assert (finding.state, finding.settled) == ("resolved", "agreed")
    assert (finding.ours, finding.theirs) == ("San Francisco", "Elko")


@BOTH
def test_twice_there_then_cancelled_there_then_gone(case, platform):
    order, shipment = sent(case.start(), platform)
    twin = behind(case, shipment, "duplicate")["created"]
    reconciled(platform)

    finding = DriftFinding.objects.get()
    assert (finding.kind, finding.ours) == ("duplicate", shipment.remote_id)
    assert finding.theirs.startswith(twin)
    assert (finding.remote_id, finding.order, finding.shipment) == (twin, order, shipment)
    case.control("cancel", platform=platform, id=twin)
    assert (reconciled(platform).resolved, found()) == (1, [])

    case.control("cancel", platform=platform, id=shipment.remote_id)
    reconciled(platform)
    ((kind, field, ours, theirs),) = found()
    assert (kind, field, ours) == ("cancelled_there", "state", "live")
    assert "cancelled" in theirs

    case.control("remove", platform=platform, id=shipment.remote_id)
    reconciled(platform)
    missing = ("missing_there", "order", shipment.remote_id, "unknown there")
    assert missing in found()


@BOTH
def test_there_and_not_here(case, platform):
    """By the name we would have given it, or because nobody else fills that store."""
    case.start()
    named = order_there(case, platform, "XD-0000ZZZ-1")
    by_hand = order_there(case, platform, "PHONE-1")

    reconciled(platform)
    reconciled(platform)

    rows = DriftFinding.objects.order_by("reference")
    assert [(row.kind, row.remote_id) for row in rows] == [
        ("only_there", by_hand),
        ("only_there", named),
    ]
    assert {row.order for row in rows} == {None}


def test_orders_of_other_shops_are_nobodys_business(case):
    case.start()
    order_there(case, "veeqo", "SHOP-1", channel="Northmill Shop")
    order_there(case, "easyship", "SHOP-1", shop="Shopify")

    reconciled("veeqo")
    reconciled("easyship")

    assert found() == []


@BOTH
def test_what_we_cancelled_is_alive_there_again(case, platform):
    order, shipment = sent(case.start(), platform)
    cancel_at_platform(order, "Customer called")
    work(platform)
    assert reconciled(platform).open == 0
    other = order_there(case, platform, shipment.reference)

    reconciled(platform)

    finding = DriftFinding.objects.get()
    assert (finding.kind, finding.remote_id, finding.ours) == ("only_there", other, "cancelled")
    assert finding.order == order


@BOTH
def test_what_a_dispatch_is_at_work_on_raises_no_alarm_and_clears_none(case, platform):
    _order, shipment = sent(case.start(), platform)
    behind(case, shipment, "edit", changes=ELKO[platform])
    reconciled(platform)
    behind(case, shipment, "cancel")
    dispatch = DispatchFactory(
        order=shipment.order, kind="cancel", platform=platform, reference=shipment.reference
    )
    lease = {"lease_token": "t", "lease_until": timezone.now() + timedelta(minutes=1)}
    for state in ("waiting", "sending", "unknown"):
        Dispatch.objects.filter(pk=dispatch.pk).update(state=state, **lease)

        told = reconciled(platform)

        assert [each[:2] for each in found()] == [("address", "city")]
        assert (told.looked, told.resolved, told.opened) == (0, 0, 0)
        assert told.in_flight > 0


@BOTH
def test_an_order_that_is_just_being_created_raises_no_alarm(case, platform):
    """It is there already, and our worker has not written that down yet."""
    order = case.start().routed(platform)
    case.sent(platform)
    dispatch = Dispatch.objects.get()
    order_there(case, platform, dispatch.reference)

    told = reconciled(platform)

    assert (found(), told.in_flight) == ([], 1)
    assert order.status == "routed"


@BOTH
def test_a_failed_query_never_clears_a_finding(case, platform):
    _order, shipment = sent(case.start(), platform)
    behind(case, shipment, "edit", changes=ELKO[platform])
    first = reconciled(platform)
    before = DriftFinding.objects.values().get()
    for fault in ("500", "html", "truncated", "cut-off", "429"):
        case.faults(f"{fault}@{platform}")

        told = reconcile_platform(platform)

        assert not told.is_success, fault
        assert told.error or told.failed
        assert told.last_success_at == first.last_success_at
        assert DriftFinding.objects.values().get() == before
        PlatformHealth.objects.update(open_until=None, failures=0, slow_until=None)
    case.faults("none")
    assert reconciled(platform, anew=False).open == 1


def test_a_paused_platform_is_not_asked(case):
    sent(case.start(), "veeqo")
    reconciled("veeqo")
    pause_platform("veeqo", "Contract talks")

    told = reconcile_platform("veeqo")

    assert (told.is_success, told.error) == (False, "It may not be called now: see its page.")


def test_one_that_cannot_be_looked_at_is_said_and_stops_no_other(case, monkeypatch):
    (_o, refused), (_p, good) = sent(case.start(), "veeqo"), sent(case, "veeqo")
    for each in (refused, good):
        behind(case, each, "edit", changes=ELKO["veeqo"])
    reconciled("veeqo")
    behind(case, good, "edit", changes={"deliver_to": {"city": "San Francisco"}})
    real = Veeqo.fetch

    def fetch(self, remote_id):
        if remote_id == refused.remote_id:
            raise Refused("not today")
        return real(self, remote_id)

    monkeypatch.setattr(Veeqo, "fetch", fetch)
    told = reconcile_platform("veeqo")

    assert (told.is_complete, told.is_success, told.resolved) == (True, False, 1)
    assert DriftFinding.objects.unsettled().get().shipment == refused
    assert "not today" in Reconciliation.objects.get().remarks


def test_an_outage_between_the_list_and_a_look_is_no_proof_of_anything(case, monkeypatch):
    _order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "edit", changes=ELKO["veeqo"])
    reconciled("veeqo")
    before = DriftFinding.objects.values().get()

    def away(self, _remote_id):
        raise Unavailable("no answer")

    monkeypatch.setattr(Veeqo, "fetch", away)
    told = reconcile_platform("veeqo")

    assert (told.is_complete, "no answer" in told.error) == (False, True)
    assert DriftFinding.objects.values().get() == before


def test_an_unreadable_entry_holds_the_window_open(case, monkeypatch):
    sent(case.start(), "veeqo")
    reconciled("veeqo")
    real = lookups.order_page

    def half(*given):
        page = real(*given)
        return type(page)((), page.next_cursor, ("Page 1 of orders: no id.",))

    until = Reconciliation.objects.get().listed_until
    monkeypatch.setattr(lookups, "order_page", half)
    told = reconcile_platform("veeqo")

    row = Reconciliation.objects.get()
    assert (told.is_success, told.is_complete, told.failed) == (False, True, 2)
    assert row.listed_until == until
    assert "no id" in row.remarks


@BOTH
def test_a_round_that_was_cut_short_is_taken_up_where_it_stopped(case, platform):
    sent(case.start(), platform)
    nothing = reconcile_platform(platform, seconds=0)
    started = Reconciliation.objects.get().started_at
    Reconciliation.objects.update(lease_token="dead", lease_until=timezone.now())

    told = reconcile_platform(platform, anew=False, thorough=False)

    assert (nothing.looked, nothing.is_complete) == (0, False)
    assert (told.looked, told.is_success) == (1, True)
    assert Reconciliation.objects.get().started_at == started


def test_two_runs_do_not_compare_at_once(case):
    case.start()
    row = Reconciliation.objects.create(
        platform="veeqo",
        lease_token="other",
        lease_until=timezone.now() + timedelta(minutes=1),
    )

    assert "Another run" in reconcile_platform("veeqo").error
    Reconciliation.objects.filter(pk=row.pk).update(lease_until=timezone.now())
    assert reconciled("veeqo").is_complete


def test_the_hourly_round_looks_once_a_day_at_what_did_not_change(case):
    _order, shipment = sent(case.start(), "veeqo")
    reconciled("veeqo")
    Reconciliation.objects.update(listed_until=timezone.now() + timedelta(hours=2))

    quiet = reconciled("veeqo", thorough=False)
    DriftLook.objects.update(at=timezone.now() - timedelta(hours=25))
    daily = reconciled("veeqo", thorough=False)

    assert (quiet.looked, daily.looked) == (0, 1)
    assert shipment.drift_look.at > timezone.now() - timedelta(minutes=5)


def test_the_window_holds_what_may_still_matter(db):
    now = timezone.now()
    for state in ("created", "labelled", "shipped", "exception", "lost"):
        ShipmentFactory(reference=state, state=state)
    for hours in (1, 80):
        then = now - timedelta(hours=hours)
        ShipmentFactory(reference=f"over {hours}", state="cancelled", cancelled_at=then)
        ShipmentFactory(reference=f"home {hours}", state="delivered", delivered_at=then)
    ShipmentFactory(reference="old", created_at=now - timedelta(days=61))
    ShipmentFactory(reference="elsewhere", platform="easyship")
    row = Reconciliation(platform="veeqo", started_at=now, is_thorough=True)

    held = set(due_shipments(row).values_list("reference", flat=True))

    assert held == {
        "created",
        "labelled",
        "shipped",
        "exception",
        "lost",
        "over 1",
        "home 1",
    }


def test_ignoring_ends_by_itself_and_when_their_value_changes(case, acting):
    _order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "edit", changes=ELKO["veeqo"])
    reconciled("veeqo")
    later = timezone.now() + timedelta(days=7)
    ignore_drift(DriftFinding.objects.get(), later, "Customer moves")

    assert (reconciled("veeqo").open, reconciled("veeqo").ignored) == (0, 1)
    behind(case, shipment, "edit", changes={"deliver_to": {"city": "Sparks"}})
    assert (reconciled("veeqo").open, DriftFinding.objects.get().theirs) == (1, "Sparks")

    ignore_drift(DriftFinding.objects.get(), later, "Customer moves")
    DriftFinding.objects.update(ignored_until=timezone.now())
    assert reconciled("veeqo").open == 1


def test_jobs_queue_themselves_until_the_round_is_over(
    case, monkeypatch, django_capture_on_commit_callbacks
):
    sent(case.start(), "veeqo")
    monkeypatch.setattr("integrations.drift.jobs._LONGEST_RUN_SECONDS", 0.0)
    with django_capture_on_commit_callbacks() as queued:
        reconcile_now("veeqo")
    assert len(queued) == 1
    assert Reconciliation.objects.get().is_thorough

    monkeypatch.setattr("integrations.drift.jobs._LONGEST_RUN_SECONDS", 20.0)
    with django_capture_on_commit_callbacks() as queued:
        assert reconcile_part("veeqo") == "1 looked at, 0 open findings"
    assert queued == []


def test_every_call_leaves_half_of_the_budget_to_orders(case, monkeypatch):
    _order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "duplicate")
    asked, real = [], connections.wait_for_budget

    def wait(call, *given, in_background, **more):
        asked.append((call.purpose.value, in_background))
        real(call, *given, in_background=in_background, **more)

    monkeypatch.setattr(connections, "wait_for_budget", wait)
    reconciled("veeqo")

    assert {purpose for purpose, _ in asked} >= {"reconcile", "fetch"}
    assert all(in_background for _, in_background in asked)
