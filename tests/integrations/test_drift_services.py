"""What a person decides about drift, and what it does on both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEvent
from integrations.drift.settling import push_finding, take_up_pushes
from integrations.errors import (
    CannotAdopt,
    CannotPush,
    InHand,
    NeedsAReason,
    NotInFuture,
    NotOpen,
)
from integrations.models import Dispatch, DriftFinding
from integrations.platforms.errors import Unavailable
from integrations.platforms.veeqo.adapter import Veeqo
from integrations.services import adopt_drift, heed_drift, ignore_drift, push_drift, send_order
from orders.models import Order, OrderStatus, Reservation, Shipment
from tests.factories import (
    DispatchFactory,
    DriftFindingFactory,
    OrderFactory,
    ShipmentFactory,
    StockLevelFactory,
)
from tests.integrations.dispatch_case import make_due, work
from tests.integrations.drift_case import behind, found, order_there, reconciled, sent
from warehouses.models import StockLevel

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("platform", ["veeqo", "easyship"])
WHY = "Customer called"


def only():
    return DriftFinding.objects.get()


def told(order):
    return list(order.events.filter(kind="drift").order_by("id").values_list("message", flat=True))


def pushed(finding):
    """A push as a worker carries it out."""
    push_drift(finding, WHY)
    finding.refresh_from_db()
    assert finding.state == "settling"
    push_finding(finding.pk)
    finding.refresh_from_db()
    return finding


# --- Adopt ----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("what", ["cancel", "remove"])
def test_adopting_a_cancellation_sends_the_order_back(case, acting, platform, what):
    order, shipment = sent(case.start(), platform)
    behind(case, shipment, what)
    reconciled(platform)

    adopt_drift(only(), WHY)

    order.refresh_from_db()
    shipment.refresh_from_db()
    assert (order.status, shipment.state) == (OrderStatus.READY, "cancelled")
    assert set(Reservation.objects.values_list("state", flat=True)) == {"released"}
    assert (only().state, only().settled, only().acted_by) == ("resolved", "adopted", acting)
    assert told(order)[-1].endswith(f": {WHY}")
    assert reconciled(platform).open == 0


def test_what_has_left_the_building_does_not_go_back(acting):
    shipment = ShipmentFactory(state="shipped")
    finding = DriftFindingFactory(
        kind="cancelled_there", field="state", shipment=shipment, order=shipment.order
    )

    for act, refusal in ((adopt_drift, CannotAdopt), (push_drift, CannotPush)):
        with pytest.raises(refusal, match="On its way"):
            act(finding, WHY)
    assert only().state == "open"


def test_what_was_sent_again_meanwhile_is_not_given_up_by_an_old_finding(case, acting):
    order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "cancel")
    reconciled("veeqo")
    behind(case, shipment, "remove")
    reconciled("veeqo")
    cancelled = DriftFinding.objects.get(kind="cancelled_there")
    push_drift(DriftFinding.objects.get(kind="missing_there"), WHY)
    work("veeqo")

    for act, refusal in ((adopt_drift, CannotAdopt), (push_drift, CannotPush)):
        with pytest.raises(refusal, match="cancelled here by now"):
            act(cancelled, WHY)

    order.refresh_from_db()
    assert order.status == OrderStatus.SENT
    assert reconciled("veeqo").open == 0


def test_adopting_an_address_writes_it_into_the_order(case, acting):
    order, shipment = sent(case.start(), "veeqo")
    moved = {"address1": "9 Idaho St", "address2": "Rear", "city": "Elko"}
    behind(case, shipment, "edit", changes={"deliver_to": moved})
    reconciled("veeqo")

    for finding in DriftFinding.objects.all():
        adopt_drift(finding, WHY)

    version = order.version
    order.refresh_from_db()
    assert (order.address_1, order.address_2, order.city) == ("9 Idaho St", "Rear", "Elko")
    assert order.status == OrderStatus.SENT
    assert order.version > version
    assert order.events.filter(kind="edit").count() == 2
    assert reconciled("veeqo").open == 0


def test_adopting_a_price_writes_what_the_label_really_cost(case, acting):
    _order, shipment = sent(case.start(), "easyship")
    behind(case, shipment, "edit", changes={"price": "99.99"})
    reconciled("easyship")

    adopt_drift(only(), WHY)

    shipment.refresh_from_db()
    assert str(shipment.cost) == "99.99"
    assert reconciled("easyship").open == 0


def test_after_a_restored_backup_what_is_there_is_taken_over(case, acting):
    """The order is as it was before it was sent; sending it finds it, and buys nothing twice."""
    order, shipment = sent(case.start(), "veeqo")
    Shipment.objects.all().delete()
    Dispatch.objects.all().delete()
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.ROUTED)
    reconciled("veeqo")
    assert only().kind == "only_there"

    adopt_drift(only(), WHY)
    work("veeqo")

    again = Shipment.objects.get()
    assert (again.remote_id, again.tracking_number) == (
        shipment.remote_id,
        shipment.tracking_number,
    )
    assert case.references("veeqo")[shipment.reference]["labels_bought"] == 1
    assert only().order == order
    assert reconciled("veeqo").open == 0


NEVER_ADOPTED = [
    ("lines", "MUG", "what the customer ordered"),
    ("warehouse", "warehouse", "reserved at our warehouse"),
    ("duplicate", "order", "cannot both be ours"),
    ("reference", "reference", "ours stays"),
    ("price", "order_total", "ours to say"),
    ("cancelled_there", "label", "only its label is not"),
    ("only_there", "order", "no order of ours"),
]


@pytest.mark.parametrize(("kind", "field", "words"), NEVER_ADOPTED)
def test_what_cannot_be_adopted_says_why(acting, kind, field, words):
    shipment = ShipmentFactory()
    finding = DriftFindingFactory(
        kind=kind, field=field, shipment=shipment, order=shipment.order, reference="PHONE-1"
    )

    with pytest.raises(CannotAdopt, match=words):
        adopt_drift(finding, WHY)
    assert (only().state, only().acted_at) == ("open", None)
    assert told(shipment.order) == []


# --- Push -----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("what", ["cancel", "remove"])
def test_what_was_cancelled_there_is_sent_again_under_a_new_reference(case, acting, platform, what):
    order, shipment = sent(case.start(), platform)
    behind(case, shipment, what)
    reconciled(platform)

    push_drift(only(), WHY)
    work(platform)

    order.refresh_from_db()
    new = Shipment.objects.exclude(state="cancelled").get()
    assert order.status == OrderStatus.SENT
    assert new.reference == shipment.reference[:-1] + "2"
    assert Reservation.objects.filter(state="open").count() == 1
    assert only().settled == "pushed"
    assert reconciled(platform).open == 0


def test_without_stock_nothing_is_sent_again_and_nothing_is_given_up(case, acting):
    order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "cancel")
    reconciled("veeqo")
    StockLevel.objects.update(on_hand=0, reserved=0)
    StockLevelFactory(warehouse=order.warehouse)
    Reservation.objects.all().delete()

    with pytest.raises(Exception, match="MUG-BLU"):
        push_drift(only(), WHY)

    shipment.refresh_from_db()
    assert (shipment.state, only().state) == ("labelled", "open")


@BOTH
def test_the_extra_one_is_cancelled_there_and_ours_is_not(case, acting, platform):
    order, shipment = sent(case.start(), platform)
    twin = behind(case, shipment, "duplicate")["created"]
    reconciled(platform)

    finding = pushed(only())

    assert (finding.remote_id, finding.state, finding.settled) == (twin, "resolved", "pushed")
    assert case.references(platform)[shipment.reference]["live"] == 1
    assert "It agrees now." in told(order)[-1]
    assert reconciled(platform).open == 0


@BOTH
def test_what_is_only_there_is_cancelled_there(case, acting, platform):
    stray = order_there(case.start(), platform, "XD-0000ZZZ-1")
    reconciled(platform)

    finding = pushed(only())

    assert (finding.remote_id, finding.settled) == (stray, "pushed")
    assert case.references(platform)["XD-0000ZZZ-1"]["live"] == 0
    assert AuditEvent.objects.filter(action="drift_push").exists()


def test_what_our_shipment_goes_by_is_never_cancelled_as_an_extra(case, acting):
    _order, shipment = sent(case.start(), "veeqo")
    finding = DriftFindingFactory(
        kind="duplicate",
        field="order",
        remote_id=shipment.remote_id,
        reference=shipment.reference,
        order=shipment.order,
    )

    pushed(finding)

    assert "is what our shipment goes by" in finding.error
    assert case.references("veeqo")[shipment.reference]["live"] == 1


def test_the_last_live_one_is_never_cancelled_as_an_extra(case, acting):
    stray = order_there(case.start(), "veeqo", "XD-0000ZZZ-1")
    finding = DriftFindingFactory(
        kind="duplicate", field="order", remote_id=stray, reference="XD-0000ZZZ-1"
    )

    pushed(finding)

    assert "the only live one left" in finding.error
    assert case.references("veeqo")["XD-0000ZZZ-1"]["live"] == 1


def without_label(case, platform):
    """An order that is there, and whose label waits for a person."""
    case.start(faults=f"dear:1:9@{platform}")
    order, *_ = case.sent(platform, estimated_cost="1.00"), None
    work(platform)
    shipment = Shipment.objects.get()
    assert (shipment.state, Dispatch.objects.live().get().state) == ("created", "needs_help")
    return order, shipment


@BOTH
def test_before_the_label_an_address_is_told_again(case, acting, platform):
    _order, shipment = without_label(case, platform)
    there = {"veeqo": "deliver_to", "easyship": "destination_address"}[platform]
    behind(case, shipment, "edit", changes={there: {"city": "Elko"}})
    reconciled(platform)

    finding = pushed(DriftFinding.objects.get(kind="address"))

    assert (finding.state, finding.settled) == ("resolved", "pushed")
    assert reconciled(platform).open == 0


def test_before_the_label_an_order_is_moved_back_to_our_warehouse(case, acting):
    _order, shipment = without_label(case, "veeqo")
    behind(case, shipment, "edit", changes={"warehouse": "NV"})
    reconciled("veeqo")

    assert pushed(only()).settled == "pushed"
    assert found() == []


NEVER_PUSHED = [
    ("veeqo", "address", "city", "label is bought"),
    ("veeqo", "warehouse", "warehouse", "label is bought"),
    ("veeqo", "lines", "MUG", "cannot be changed there by us"),
    ("veeqo", "price", "order_total", "cannot be changed there by us"),
    ("veeqo", "price", "label_cost", "Adopt it"),
    ("veeqo", "reference", "reference", "cannot be changed there by us"),
    ("veeqo", "cancelled_there", "label", "bought once"),
]


@pytest.mark.parametrize(("platform", "kind", "field", "words"), NEVER_PUSHED)
def test_what_cannot_be_pushed_says_why(acting, platform, kind, field, words):
    shipment = ShipmentFactory(platform=platform, remote_shipment_id="7")
    finding = DriftFindingFactory(
        platform=platform, kind=kind, field=field, shipment=shipment, order=shipment.order
    )

    with pytest.raises(CannotPush, match=words):
        push_drift(finding, WHY)
    assert only().state == "open"


def test_easyship_takes_no_other_warehouse(acting):
    shipment = ShipmentFactory(platform="easyship")
    finding = DriftFindingFactory(
        platform="easyship", kind="warehouse", shipment=shipment, order=shipment.order
    )

    with pytest.raises(CannotPush, match="no other address"):
        push_drift(finding, WHY)


def test_a_refused_push_is_a_persons_again_and_a_lost_one_is_taken_up(
    case, acting, monkeypatch, django_capture_on_commit_callbacks
):
    stray = order_there(case.start(), "veeqo", "XD-0000ZZZ-1")
    reconciled("veeqo")
    real = Veeqo.cancel

    def away(self, *_given):
        raise Unavailable("no answer")

    monkeypatch.setattr(Veeqo, "cancel", away)
    finding = pushed(only())
    assert (finding.state, "no answer" in finding.error) == ("settling", True)
    DriftFinding.objects.update(acted_at=timezone.now() - timedelta(minutes=3))
    monkeypatch.setattr(Veeqo, "cancel", real)
    with django_capture_on_commit_callbacks() as queued:
        assert take_up_pushes() == 1
    assert len(queued) == 1

    push_finding(finding.pk)
    push_finding(finding.pk)

    assert (only().remote_id, only().settled) == (stray, "pushed")


def test_nothing_is_pushed_while_a_dispatch_is_at_work(case, acting):
    order, shipment = sent(case.start(), "veeqo")
    behind(case, shipment, "duplicate")
    reconciled("veeqo")
    lease = {"lease_token": "t", "lease_until": timezone.now() + timedelta(minutes=1)}
    DispatchFactory(
        order=order, kind="cancel", reference=shipment.reference, state="sending", **lease
    )

    with pytest.raises(InHand):
        push_drift(only(), WHY)
    with pytest.raises(InHand):
        adopt_drift(only(), WHY)


# --- Ignore ---------------------------------------------------------------------------------------


def test_every_answer_needs_a_reason_and_an_open_finding(acting):
    finding = DriftFindingFactory()
    later = timezone.now() + timedelta(days=1)
    acts = [
        lambda reason: adopt_drift(finding, reason),
        lambda reason: push_drift(finding, reason),
        lambda reason: ignore_drift(finding, later, reason),
    ]
    for act in acts:
        with pytest.raises(NeedsAReason):
            act("  ")
    DriftFinding.objects.update(state="resolved", settled="agreed", settled_at=timezone.now())
    for act in acts:
        with pytest.raises(NotOpen):
            act(WHY)


def test_ignoring_ends_on_a_day_to_come(acting):
    order = OrderFactory()
    finding = DriftFindingFactory(order=order)

    with pytest.raises(NotInFuture):
        ignore_drift(finding, timezone.now(), WHY)
    ignore_drift(finding, timezone.now() + timedelta(days=1), WHY)

    now = timezone.now()
    assert not DriftFinding.objects.waiting(now).exists()
    assert DriftFinding.objects.waiting(now + timedelta(days=2)).exists()
    heed_drift(finding)
    assert DriftFinding.objects.waiting(now).exists()
    assert [message.rpartition(": ")[2] for message in told(order)] == [WHY, "no longer ignored"]


def test_a_sent_order_is_still_sent_once_after_all_this(case, acting):
    """The order page's own button refuses while the platform holds it."""
    order, _shipment = sent(case.start(), "veeqo")
    make_due()
    with pytest.raises(Exception, match="cannot be sent"):
        send_order(order)
