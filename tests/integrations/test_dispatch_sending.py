"""From a routed order to its label, against the real sandbox."""

import pytest

from integrations.models import ApiCall
from integrations.services import cancel_at_platform, resend_order
from orders.models import OrderStatus
from tests.integrations.dispatch_case import work

pytestmark = pytest.mark.django_db(transaction=True)
both = pytest.mark.parametrize("platform", ["veeqo", "easyship"])


@both
def test_a_routed_order_becomes_a_shipment_with_its_label(platform, case):
    case.start()
    order = case.sent(platform)
    assert order.status == OrderStatus.SENDING

    work(platform)

    order.refresh_from_db()
    shipment = order.shipments.get()
    assert (order.status, shipment.state) == (OrderStatus.SENT, "labelled")
    assert shipment.tracking_number
    assert shipment.cost > 0
    label = shipment.documents.get(kind="label")
    assert bytes(label.content).startswith(b"%PDF-")
    assert label.size == len(label.content)
    there = case.references(platform)[shipment.reference]
    assert (there["live"], there["labels_bought"]) == (1, 1)
    assert set(order.dispatches.values_list("kind", "state")) == {
        ("create", "done"),
        ("label", "done"),
    }


@both
def test_cancelled_there_it_is_ready_again_and_resent_under_a_new_reference(platform, case):
    case.start()
    order = case.sent(platform)
    work(platform)
    first = order.shipments.get()

    cancel_at_platform(order, "Wrong colour")
    work(platform)

    order.refresh_from_db()
    first.refresh_from_db()
    assert (order.status, first.state) == (OrderStatus.READY, "cancelled")
    assert case.references(platform).get(first.reference, {"live": 0})["live"] == 0

    order.move_to(OrderStatus.ROUTED)
    resend_order(order, "Right colour now")
    work(platform)

    second = order.shipments.get(generation=2)
    assert second.reference == first.reference[:-1] + "2"
    assert case.references(platform)[second.reference]["labels_bought"] == 1


@both
def test_every_call_is_in_the_log_with_the_click_that_caused_it(platform, case, acting):
    case.start()
    order = case.sent(platform)

    work(platform)

    calls = ApiCall.objects.filter(order=order)
    assert {"find", "create", "label", "document"} <= set(calls.values_list("purpose", flat=True))
    assert set(calls.values_list("correlation_id", flat=True)) == {"click-0001"}
    assert set(calls.values_list("outcome", flat=True)) == {"ok"}
