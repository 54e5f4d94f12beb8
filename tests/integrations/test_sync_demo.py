"""What the demo promises at its end: every routed order has a label, or it says why not."""

import socket

import pytest

from config.demo.sandbox import sandbox
from config.demo.sending import NoLabel, check_labels, labelled, send_routed
from integrations.dispatching.connections import platform_named
from integrations.sync.run import sync_platform
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
