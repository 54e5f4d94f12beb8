"""What stops for a person, told with the next step; against the real sandbox."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import AuditEvent
from integrations.dispatching.connections import platform_named
from integrations.dispatching.request_log import delete_old_calls
from integrations.models import ApiCall, Dispatch, DispatchAttempt, RemoteId
from integrations.services import (
    approve_dispatch,
    cancel_at_platform,
    map_remote_id,
    pause_platform,
    resend_order,
    resume_platform,
    retry_dispatch,
    send_order,
)
from integrations.tracking.following import follow_parcels
from orders.errors import AlreadyShipped
from orders.models import Document, Order, OrderEvent, OrderStatus
from orders.services import cancel_order, place_hold, release_hold
from tests.factories import ApiCallFactory, ProductFactory
from tests.integrations.dispatch_case import work

pytestmark = pytest.mark.django_db(transaction=True)
both = pytest.mark.parametrize("platform", ["veeqo", "easyship"])


def the_dispatch(order):
    return order.dispatches.live().get()


def test_a_missing_mapping_waits_for_a_person_and_is_replayed_once_mapped(case):
    case.start()
    order = case.routed("veeqo")
    theirs = RemoteId.objects.get(kind="warehouse").theirs
    RemoteId.objects.filter(kind="warehouse").delete()
    send_order(order)
    work("veeqo")
    stuck = the_dispatch(order)
    assert (stuck.state, stuck.missing) == ("needs_help", "warehouse:ONT1")
    order.refresh_from_db()
    assert "Map it once" in order.problem
    assert not ApiCall.objects.filter(order=order).exists()

    map_remote_id(platform="veeqo", kind="warehouse", ours="ONT1", theirs=theirs)
    work("veeqo")

    order.refresh_from_db()
    assert order.status == OrderStatus.SENT


@both
def test_a_refused_label_shows_the_platforms_words_and_ours(platform, case):
    case.start("label-fails")
    order = case.sent(platform)

    work(platform)

    stuck = the_dispatch(order)
    assert (stuck.kind, stuck.state) == ("label", "needs_help")
    assert stuck.platform_words
    assert stuck.platform_words.rstrip(".") in stuck.error
    order.refresh_from_db()
    assert (order.status, order.problem) == (OrderStatus.PROBLEM, stuck.error)

    case.faults("")
    retry_dispatch(stuck)
    work(platform)

    order.refresh_from_db()
    assert order.status == OrderStatus.SENT


def test_a_label_dearer_than_expected_is_bought_after_a_yes(case):
    case.start()
    order = case.sent("veeqo", estimated_cost=Decimal("1.00"), estimated_currency="USD")
    work("veeqo")
    stuck = the_dispatch(order)
    assert stuck.error_code == "price_above_estimate"
    assert case.references("veeqo")[stuck.reference]["labels_bought"] == 0

    approve_dispatch(stuck, "The customer waits")
    work("veeqo")

    assert case.references("veeqo")[stuck.reference]["labels_bought"] == 1


def test_an_order_created_as_cancelled_goes_on_under_a_new_reference(case):
    case.start("cancelled-create")
    order = case.sent("veeqo")
    work("veeqo")
    assert the_dispatch(order).error_code == "cancelled_there"

    case.faults("")
    order.refresh_from_db()
    resend_order(order, "It was born cancelled")
    work("veeqo")

    assert order.shipments.get().generation == 2


def test_an_order_of_somebody_else_under_our_reference_is_not_taken_for_ours(case):
    case.start()
    order = case.sent("veeqo")
    work("veeqo")
    reference = order.shipments.get().reference
    stranger = case.routed("veeqo", postal_code="10001", city="New York", state="NY")
    send_order(stranger)
    Dispatch.objects.filter(order=stranger).update(reference=reference)

    work("veeqo")

    assert the_dispatch(stranger).error_code == "not_ours"
    assert not stranger.shipments.exists()


def test_goods_that_are_spelt_otherwise_there_are_still_ours(case):
    case.start()
    product = ProductFactory(sku="OUR-MUG", hs_code="732394")
    order = case.routed("veeqo", lines={product.sku: 1})
    theirs = platform_named("veeqo").list_products().items[0]
    map_remote_id(platform="veeqo", kind="product", ours="OUR-MUG", theirs=theirs.remote_id)

    send_order(order)
    work("veeqo")

    order.refresh_from_db()
    assert (order.status, theirs.sku == "OUR-MUG") == (OrderStatus.SENT, False)


def test_a_hold_placed_later_keeps_the_label_from_being_bought(case):
    case.start()
    order = case.sent("veeqo")
    hold = place_hold(order, hold_type="fraud", reason="Check the card")
    work("veeqo", seconds=0.3)
    assert the_dispatch(order).error_code == "on_hold"
    assert case.references("veeqo") == {}

    release_hold(hold)
    work("veeqo")

    order.refresh_from_db()
    assert order.status == OrderStatus.SENT


def test_a_paused_platform_is_not_called(case):
    case.start()
    order = case.sent("veeqo")
    pause_platform("veeqo", "Contract talks")
    calls = ApiCall.objects.count()

    assert work("veeqo").attempts == 0

    assert ApiCall.objects.count() == calls
    resume_platform("veeqo")
    work("veeqo")
    order.refresh_from_db()
    assert order.status == OrderStatus.SENT


def test_a_platform_that_is_down_is_only_probed_and_then_used_again(case):
    case.settings.DISPATCH = case.settings.DISPATCH | {"circuit_failures": 2, "probe_every": 0.5}
    case.start()
    case.routed("veeqo")
    orders = [case.sent("veeqo") for _ in range(4)]
    case.faults("500")
    before = ApiCall.objects.count()
    work("veeqo", seconds=1.6)
    tried = ApiCall.objects.count() - before
    assert 2 <= tried <= 6

    case.faults("")
    work("veeqo")

    for order in orders:
        order.refresh_from_db()
        assert order.status == OrderStatus.SENT


def test_a_missing_contact_is_lent_by_the_warehouse_and_said_so(case):
    case.start()
    order = case.sent("easyship", phone="", email="")

    work("easyship")

    order.refresh_from_db()
    assert order.status == OrderStatus.SENT
    told = order.events.filter(message__contains="the carrier gets that of ONT1")
    assert told.count() == 2


def test_a_parcel_on_its_way_is_not_cancelled(case):
    case.start()
    order = case.sent("easyship")
    work("easyship")
    case.control("advance", hours=48)
    order.refresh_from_db()

    cancel_at_platform(order, "Too late")
    work("easyship")

    stuck = the_dispatch(order)
    assert (stuck.kind, stuck.state) == ("cancel", "needs_help")
    assert "on its way" in stuck.platform_words
    assert "ends by itself with the first scan" in stuck.error
    assert "send it again" not in stuck.error

    order.refresh_from_db()
    assert order.status == OrderStatus.PROBLEM
    follow_parcels("easyship")
    order.refresh_from_db()
    stuck.refresh_from_db()
    assert (order.status, order.problem) in [(OrderStatus.SHIPPED, ""), (OrderStatus.DELIVERED, "")]
    assert stuck.state == "cancelled"
    with pytest.raises(AlreadyShipped):
        cancel_at_platform(order, "Once more")


@both
def test_no_secret_and_no_person_is_kept_anywhere_but_in_the_order(platform, case):
    """Canaries in every personal field and in the key; a refused label quotes some of them."""
    case.start("label-fails")
    canaries = {
        "recipient_name": "Canaryname Quetzal",
        "company": "Canary Looms",
        "phone": "+13125550177",
        "email": "canary@quetzal.example",
        "address_1": "77 Canary Wharf",
    }
    order = case.sent(platform, **canaries)
    work(platform)
    case.faults("")
    retry_dispatch(the_dispatch(order))
    work(platform)

    kept = "".join(
        str(row)
        for model in (ApiCall, DispatchAttempt, Dispatch, OrderEvent, AuditEvent)
        for row in model.objects.values()
    )
    secrets = [case.settings.VEEQO_API_KEY, case.settings.EASYSHIP_API_TOKEN]
    assert Document.objects.exists()
    assert ApiCall.objects.filter(purpose="create").exists()
    assert [word for word in (*canaries.values(), *secrets, "Quetzal") if word in kept] == []


def test_the_request_log_is_emptied_by_class():
    now = timezone.now()
    for kind, days in (("read", 13), ("read", 15), ("failure", 89), ("write", 91)):
        ApiCallFactory(retention=kind, at=now - timedelta(days=days))

    assert delete_old_calls(now) == 2
    assert sorted(ApiCall.objects.values_list("retention", flat=True)) == ["failure", "read"]


def test_the_command_says_what_it_did(case, capsys):
    case.start()
    case.sent("veeqo")

    call_command("dispatch", "--until-idle", "--platform", "veeqo")

    assert "Veeqo: 2 attempts, 2 done, 0 need help, 0 left." in capsys.readouterr().out


def test_checking_the_platforms_says_what_works_and_what_does_not(case, capsys):
    case.start()
    call_command("check_platforms")
    said = capsys.readouterr().out
    assert "Connection and key: Connected to the account" in said
    assert "fails" not in said

    case.settings.EASYSHIP_API_TOKEN = "wrong"
    with pytest.raises(CommandError, match="Easyship: see above"):
        call_command("check_platforms")
    assert "does not accept our key" in capsys.readouterr().out


def test_our_pace_stays_under_the_platforms_limit(case):
    """20 calls a second and 5 at once are allowed there; we take 18 and 4."""
    case.start(veeqo_rate=(20.0, 5.0))
    order = case.routed("veeqo")
    case.settings.VEEQO_CALLS_PER_SECOND, case.settings.VEEQO_BURST = 18.0, 4.0
    case.control("statistics/reset")
    for each in (order, case.routed("veeqo")):
        send_order(each)

    work("veeqo")

    assert case.statistics()["veeqo"]["refused_by_limit"] == 0
    assert Order.objects.filter(status=OrderStatus.SENT).count() == 2


def test_an_order_cancelled_while_it_waits_is_not_sent(case):
    case.start()
    order = case.sent("veeqo")
    cancel_order(order, "Asked.")

    work("veeqo")

    assert order.dispatches.get().state == "cancelled"
    assert case.references("veeqo") == {}


def test_after_too_many_failures_in_a_row_a_person_is_asked(case):
    case.settings.DISPATCH = case.settings.DISPATCH | {"most_setbacks": 3}
    case.start()
    order = case.sent("veeqo")
    case.faults("500")

    work("veeqo")

    stuck = the_dispatch(order)
    assert (stuck.state, stuck.error_code) == ("needs_help", "unavailable")
    assert stuck.error.endswith("failed 3 times in a row. Look at the platform's page, then retry.")


@pytest.mark.parametrize("command", ["dispatch", "reconcile"])
def test_ctrl_c_ends_a_command_with_a_sentence(command, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    module = f"integrations.management.commands.{command}"
    monkeypatch.setattr(f"{module}.work_until_idle", interrupted, raising=False)
    monkeypatch.setattr(f"{module}.reconcile_platform", interrupted, raising=False)

    with pytest.raises(CommandError, match=r"^Stopped"):
        call_command(command)
