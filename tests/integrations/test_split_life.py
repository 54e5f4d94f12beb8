"""A split order from routing to its doors, over both platforms of a real sandbox."""

import pytest
from django.core.management import call_command

from integrations.models import RemoteId, RemoteKind
from integrations.services import (
    cancel_at_platform,
    resend_order,
    send_order,
)
from integrations.tracking.following import follow_parcels
from orders.models import OrderStatus
from orders.parts import parts_of
from routing.services.changes import approve_review
from routing.services.route import route_order
from tests.factories import OrderFactory, ProductFactory, network
from tests.integrations.dispatch_case import SERVICES, SKU, work
from tests.integrations.split_case import again, parcel, reserved, status

pytestmark = pytest.mark.django_db(transaction=True)
PLATFORMS = ("veeqo", "easyship")


@pytest.fixture
def order(case):
    """3 mugs: 2 in ONT1, where UPS collects (Veeqo), 1 in RNO1, where FedEx does (Easyship)."""
    case.start(speed=0.001)
    mug = {"weight_grams": 340, "length_mm": 110, "width_mm": 110, "height_mm": 95}
    ProductFactory(sku=SKU, hs_code="732394", **mug)
    case.warehouse()
    for platform in PLATFORMS:
        case.map_all(platform)
    by = {platform: code for platform, (_carrier, code, _name) in SERVICES.items()}
    network({SKU: 2}, code="ONT1", service=by["veeqo"])
    about = {"phone": "+17755550142", "email": "rno1@example.com", "contact_name": "Dana Whitlock"}
    network({SKU: 1}, code="RNO1", service=by["easyship"], **about)
    order = OrderFactory(
        ready=True,
        lines={SKU: 3},
        phone="+13125550111",
        email="dana.reyes@example.com",
        cost_margin_percent=0,
    )
    if route_order(order.pk).state == "review":
        approve_review(order)
    order.refresh_from_db()
    return order


def work_on_all():
    for platform in PLATFORMS:
        work(platform)


def there(case):
    """Reference → (alive, labels bought) over both platforms."""
    known = case.references("veeqo") | case.references("easyship")
    return {name: (row["live"], row["labels_bought"]) for name, row in known.items()}


def reached(case, step, *parcels):
    """Each parcel gets so far, and both platforms are asked."""
    for each in parcels:
        case.control("track", platform=each.platform, reference=each.reference, step=step)
    for platform in PLATFORMS:
        follow_parcels(platform, anew=True)


def accept_any_price(order):
    order.parts.update(estimated_cost=None)


def test_a_split_order_lives_through_all_its_steps(order, case):
    accept_any_price(order)
    parts = {part.warehouse.code: part for part in parts_of(order)}
    assert order.parcels == 2
    assert {code: part.service.carrier.code for code, part in parts.items()} == {
        "ONT1": "ups",
        "RNO1": "fedex",
    }

    # One part fails for good: its label cannot be made.
    send_order(order)
    work("veeqo")
    assert status(order) == OrderStatus.SENDING
    case.faults("label-fails")
    work("easyship")
    failing = parts["RNO1"].n
    assert status(order) == OrderStatus.PROBLEM
    assert order.problem.startswith(f"Part {failing} of 2 from RNO1: ")
    case.faults("")

    # Only that one is cancelled and sent again.
    cancel_at_platform(order, "The label came to nothing", part=failing)
    work("easyship")
    assert "at no platform any more" in again(order).problem
    resend_order(order, "Once more")
    work_on_all()
    assert (status(order), order.problem) == (OrderStatus.SENT, "")
    first, second = parcel(order, 1), parcel(order, 2)
    assert sorted((first.platform, second.platform)) == sorted(PLATFORMS)
    assert sorted((first.generation, second.generation)) == [1, 2]
    live = {name: bought for name, (alive, bought) in there(case).items() if alive}
    assert live == {first.reference: 1, second.reference: 1}

    # The whole is called back: two labels are voided, the stock is free.
    cancel_at_platform(order, "Wrong colour")
    work_on_all()
    assert status(order) == OrderStatus.READY
    assert list(reserved(order).values()) == [["released"], ["released"]]
    assert not any(alive for alive, _bought in there(case).values())

    # … and sent again by the same parts, to the doors.
    resend_order(order, "Right colour")
    work_on_all()
    assert status(order) == OrderStatus.SENT
    first, second = parcel(order, 1), parcel(order, 2)
    reached(case, "collected", first)
    reached(case, "delivered", first)
    assert status(order) == OrderStatus.SHIPPED
    assert sorted(reserved(order).values()) == [["consumed", "released"], ["open", "released"]]
    reached(case, "delivered", second)
    assert status(order) == OrderStatus.DELIVERED
    assert list(reserved(order).values()) == [["consumed", "released"]] * 2
    assert order.shipments.exclude(state="cancelled").count() == 2
    labels = [each.documents.filter(kind="label").count() for each in order.shipments.all()]
    assert labels.count(1) >= 4
    call_command("prove_stock")


def test_each_parts_price_is_held_against_what_it_should_cost(order, case):
    order.parts.update(estimated_cost="900.00")
    dear = order.parts.get(warehouse__code="RNO1")
    order.parts.filter(pk=dear.pk).update(estimated_cost="0.01")
    send_order(order)
    work_on_all()

    assert status(order) == OrderStatus.PROBLEM
    assert order.problem.startswith(f"Part {dear.n} of 2 from RNO1: FedEx Ground")
    assert "0.01 USD was expected" in order.problem
    assert order.shipments.get(part=3 - dear.n).state == "labelled"


def test_a_missing_mapping_of_one_part_stops_that_part_alone(order, case):
    accept_any_price(order)
    RemoteId.objects.filter(platform="easyship", kind=RemoteKind.SERVICE).delete()
    send_order(order)
    work_on_all()

    assert status(order) == OrderStatus.PROBLEM
    assert "from RNO1: Service fedex-ground has no match at Easyship" in order.problem
    assert order.dispatches.live().get().missing == "service:fedex-ground"
    assert order.shipments.get().state == "labelled"
