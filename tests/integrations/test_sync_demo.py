"""What the demo promises: every routed order gets its label and its end, or it says why not."""

import socket
from pathlib import Path

import pytest

from config.demo.sandbox import sandbox
from config.demo.sending import NoLabel, check_labels, labelled, send_routed
from config.demo.travel import COMES_BACK, NotArrived, travel
from config.demo.waiting import Patience
from integrations.dispatching.connections import platform_named
from integrations.services import send_order
from integrations.sync.run import sync_platform
from orders.models import Order, OrderStatus
from tests.factories import WarehouseFactory
from tests.integrations.dispatch_case import SKU, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_routed_order_comes_back_with_its_label(case):
    case.start()
    order = case.routed("veeqo", mapped=False)
    sync_platform("veeqo")

    sent = send_routed()
    work("veeqo")

    check_labels(sent)
    ((number, route, platform, reference, tracking, cost),) = labelled()
    assert (number, platform) == (order.number, "Veeqo")
    assert route == "ONT1 · ups-ground"
    assert reference.startswith("XD-")
    assert tracking
    assert cost.endswith("USD")


def test_an_order_without_a_label_is_named_with_the_reason(case):
    case.start()
    order = case.routed("veeqo", mapped=False)

    sent = send_routed()
    work("veeqo")

    with pytest.raises(NoLabel, match=rf"{order.number}: Warehouse ONT1 has no match at Veeqo"):
        check_labels(sent)


def test_the_demos_sandbox_knows_our_network_and_ends_with_the_block(case, settings, tmp_path):
    case.routed("veeqo", mapped=False)
    WarehouseFactory(code="RNO1", name="Reno Fulfillment", state="NV", postal_code="89506")
    port = free_port()
    settings.VEEQO_BASE_URL = f"http://127.0.0.1:{port}/veeqo"

    with sandbox(port, tmp_path / "demo") as child:
        adapter = platform_named("veeqo")
        names = {place.name for place in adapter.list_warehouses().items}
        skus = {product.sku for product in adapter.list_products().items}

    assert "Reno Fulfillment" in names
    assert SKU in skus
    assert child.poll() is not None


def labelled_order(case, platform):
    order = case.routed(platform)
    send_order(order)
    work(platform)
    return order


def test_the_demos_parcels_travel_to_their_end(case):
    case.start(speed=1.0)
    home, back = (labelled_order(case, "veeqo") for _ in range(2))
    Order.objects.filter(pk=back.pk).update(number=COMES_BACK)

    days = list(travel(case.url, Patience([], Path("demo.log"))))

    end = days[-1]
    assert (end.waiting, end.moving, end.delivered, end.troubled) == (0, 0, 1, 1)
    home.refresh_from_db()
    back.refresh_from_db()
    assert home.status == OrderStatus.DELIVERED
    assert "came back" in back.problem


def test_an_easyship_parcel_that_no_webhook_told_of_fails_the_demo(case, monkeypatch):
    monkeypatch.setattr("config.demo.travel._END_SECONDS", 0)
    case.start(speed=1.0)
    order = labelled_order(case, "easyship")

    with pytest.raises(NotArrived, match=f"{order.number}: nobody told us"):
        list(travel(case.url, Patience([], Path("demo.log"))))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
