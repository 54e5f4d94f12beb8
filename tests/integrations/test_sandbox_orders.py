"""How the sandbox's Veeqo behaves: search, stock, statuses, rates, labels."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    CONFIRMATION,
    SandboxClient,
    bought_label,
    created_order,
    fetched_rate,
    purchase,
    quoted_rate,
    started,
    veeqo_order,
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with started(tmp_path_factory.mktemp("sandbox")) as client:
        yield client


def numbers(client: SandboxClient, **params: Any) -> list[str]:
    rows = client.veeqo("GET", "/orders", params={"page_size": 100, **params}).json()
    return [row["number"] for row in rows]


def stock_of(client: SandboxClient, sku: str = "MUG-BLU") -> dict[str, tuple[int, int]]:
    """Warehouse name to physical and allocated units."""
    product = client.veeqo("GET", "/products", params={"query": sku}).json()[0]
    return {
        entry["warehouse"]["name"]: (
            entry["physical_stock_level"],
            entry["allocated_stock_level"],
        )
        for entry in product["sellables"][0]["stock_entries"]
    }


def error_of(response: Any) -> Any:
    assert response.status_code == 400, response.text
    return response.json()["error_messages"]


def test_search_is_fuzzy_and_the_exact_number_must_be_compared(sandbox: SandboxClient) -> None:
    for number in ("FZ-100", "FZ-1001", "XFZ-100"):
        created_order(sandbox, number)

    assert sorted(numbers(sandbox, query="FZ-100")) == ["FZ-100", "FZ-1001", "XFZ-100"]
    assert numbers(sandbox, query="100 fz 1001") == ["FZ-1001"]
    assert "FZ-100" in numbers(sandbox, query="ada@example.com")
    assert "FZ-100" in numbers(sandbox, query="mug-blu")


def test_orders_are_listed_newest_first(sandbox: SandboxClient) -> None:
    for number in ("NF-1", "NF-2", "NF-3"):
        created_order(sandbox, number)

    assert numbers(sandbox, query="NF") == ["NF-3", "NF-2", "NF-1"]


def test_cancelled_orders_are_hidden_unless_asked_for(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "HID-1")
    sandbox.veeqo("PUT", f"/orders/{order['id']}/cancel", json={})

    assert numbers(sandbox, query="HID-1") == []
    assert numbers(sandbox, query="HID-1", status="cancelled") == ["HID-1"]


def test_filters_that_make_no_sense_fail_open(sandbox: SandboxClient) -> None:
    created_order(sandbox, "OPEN-1")

    assert "OPEN-1" in numbers(sandbox, updated_at_min="yesterday", query="OPEN")
    assert numbers(sandbox, status="flying") == []


def test_polling_by_update_time_sees_every_change(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "POLL-1")
    shipment = bought_label(sandbox, order)
    assert shipment["tracking_number"]["status"] == "created"
    since = time.time()
    sandbox.control("track", platform="veeqo", reference="POLL-1", step="in_transit")

    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(since))
    assert "POLL-1" in numbers(sandbox, updated_at_min=moment)
    later = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 60))
    assert numbers(sandbox, updated_at_min=later) == []


def test_warehouse_channel_and_due_date_narrow_the_list(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "NARROW-1", due_date="31/01/2031")
    warehouse = order["allocations"][0]["warehouse"]["id"]
    due = {"due[after]": "2031-01-30", "due[before]": "2031-01-31"}

    assert numbers(sandbox, **due) == ["NARROW-1"]
    assert "NARROW-1" in numbers(sandbox, allocated_at=warehouse)
    assert numbers(sandbox, allocated_at=9999) == []
    assert "NARROW-1" in numbers(sandbox, **{"channel_ids[]": order["channel"]["id"]})
    assert numbers(sandbox, **{"channel_ids[]": 9999}) == []
    assert "NARROW-1" not in numbers(sandbox, since_id=order["id"])


def test_payment_decides_whether_an_order_waits_for_it(sandbox: SandboxClient) -> None:
    unpaid = created_order(sandbox, "PAY-0", payment_attributes=None)
    paid = created_order(sandbox, "PAY-1")
    path = f"/orders/{unpaid['id']}"
    change = {"order": {"payment_attributes": {"payment_type": "cash"}, "status": "shipped"}}

    assert unpaid["status"] == "awaiting_payment"
    assert paid["status"] == "awaiting_fulfillment"
    assert sandbox.veeqo("PUT", path, json=change).json()["status"] == "awaiting_fulfillment"


def test_an_order_is_allocated_as_far_as_stock_goes(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.control("stock", sku="MUG-BLU", warehouse="NV", physical=5)
        lines = veeqo_order(client)["order"]["line_items_attributes"]

        order = created_order(client, "CD-1", line_items_attributes=[{**lines[0], "quantity": 8}])

        held = order["allocations"][0]["line_items"]
        assert [line["quantity"] for line in held] == [5]
        assert order["allocated_completely"] is False
        assert order["status"] == "awaiting_stock"
        assert stock_of(client)["Reno NV"] == (5, 5)


def test_stock_is_claimed_shipped_and_given_back(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        first, second = (created_order(client, number) for number in ("CD-1", "CD-2"))
        assert stock_of(client)["Reno NV"] == (400, 4)
        client.veeqo("PUT", f"/orders/{first['id']}/cancel", json={})
        assert stock_of(client)["Reno NV"] == (400, 2)
        shipment = bought_label(client, second)
        assert stock_of(client)["Reno NV"] == (398, 0)
        client.veeqo("DELETE", f"/shipments/{shipment['id']}")
        assert stock_of(client)["Reno NV"] == (400, 2)
        shown = client.veeqo("GET", f"/orders/{second['id']}").json()

    assert shown["status"] == "awaiting_fulfillment"


def test_an_allocation_cannot_take_more_than_the_warehouse_has(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.control("stock", sku="MUG-BLU", warehouse="CA", physical=1)
        order = created_order(client, "CD-1")
        held = order["allocations"][0]
        other = next(
            row["id"]
            for row in client.veeqo("GET", "/warehouses").json()
            if row["name"] == "Ontario CA"
        )
        path = f"/orders/{order['id']}/allocations/{held['id']}"

        refused = client.veeqo("PUT", path, json={"warehouse_id": other})

        assert "insufficient stock" in error_of(refused)[0]
        assert stock_of(client) == {"Reno NV": (400, 2), "Ontario CA": (1, 0)}


def test_lines_that_are_not_the_orders_or_taken_already_are_refused(
    sandbox: SandboxClient,
) -> None:
    order = created_order(sandbox, "ALLOC-1")
    warehouse = order["allocations"][0]["warehouse"]["id"]
    path = f"/orders/{order['id']}/allocations"

    def ask(sellable: int) -> Any:
        rows = [{"sellable_id": sellable, "quantity": 1}]
        body = {"allocation": {"warehouse_id": warehouse, "line_items_attributes": rows}}
        return error_of(sandbox.veeqo("POST", path, json=body))

    assert ask(3302) == ["Sellable 3302 is not part of this order"]
    taken = order["line_items"][0]["sellable"]["id"]
    assert ask(taken) == [f"Sellable {taken} is already allocated"]


def test_totals_follow_veeqos_own_sample(sandbox: SandboxClient) -> None:
    sellable = veeqo_order(sandbox)["order"]["line_items_attributes"][0]["sellable_id"]
    lines = [
        {"sellable_id": sellable, "price_per_unit": "75.000", "quantity": 1},
        {
            "sellable_id": sellable + 1,
            "price_per_unit": 50,
            "quantity": 3,
            "taxless_discount_per_unit": "10",
        },
    ]

    order = created_order(
        sandbox,
        "TOTAL-1",
        line_items_attributes=lines,
        additional_order_level_taxless_discount="19.50",
        delivery_cost="2.00",
        total_tax="35.54",
    )

    assert order["subtotal_price"] == 175.5
    assert order["total_discounts"] == 49.5
    assert order["total_tax"] == 35.54
    assert order["total_price"] == 213.04


def test_rates_name_one_parcel_and_many_rates(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "RATE-1")
    allocation = order["allocations"][0]["id"]
    quoted_rate(sandbox, allocation)
    params = {"from_allocation_package": "true", "format_with_unavailable_quotes": "true"}

    rates = sandbox.veeqo("GET", f"/shipping/rates/{allocation}", params=params).json()

    available = rates["available"]
    assert len({rate["remote_shipment_id"] for rate in available}) == 1
    assert len({rate["name"] for rate in available}) == len(available) > 3
    options = {rate["title"]: rate["shipping_service_options"] for rate in available}
    assert options["FedEx Ground Economy"] is None
    usps = [value["value"] for value in options["USPS Ground Advantage"][0]["values"]]
    assert usps == ["DELIVERY_CONFIRMATION"]
    assert "DHL Express Worldwide" in {row["title"] for row in rates["unavailable"]}


def test_the_same_parcel_costs_the_same_until_it_grows(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "RATE-2")
    allocation = order["allocations"][0]["id"]
    first = quoted_rate(sandbox, allocation)["total_net_charge"]
    again = fetched_rate(sandbox, allocation, "UPS Ground")["total_net_charge"]
    heavier = {**sandbox_client.PACKAGE, "weight": 240.0}
    path = f"/allocations/{allocation}/allocation_package"
    sandbox.veeqo("PUT", path, json={"allocation_package": heavier})

    assert again == first
    assert float(fetched_rate(sandbox, allocation, "UPS Ground")["total_net_charge"]) > float(first)


def test_a_rate_cannot_be_bought_once_expired(tmp_path: Path) -> None:
    with started(tmp_path, quote_seconds=0.2) as client:
        order = created_order(client, "CD-1")
        allocation = order["allocations"][0]["id"]
        rate = quoted_rate(client, allocation)
        time.sleep(0.3)

        refused = client.veeqo("POST", "/shipping/shipments", json=purchase(allocation, rate))

        assert error_of(refused) == ["Rate has expired"]
        assert client.control("references")["veeqo"]["CD-1"]["labels_bought"] == 0


def test_a_rate_of_another_package_cannot_be_bought(sandbox: SandboxClient) -> None:
    allocation = created_order(sandbox, "BUY-0")["allocations"][0]["id"]
    rate = quoted_rate(sandbox, allocation)
    quoted_rate(sandbox, allocation)

    refused = sandbox.veeqo("POST", "/shipping/shipments", json=purchase(allocation, rate))

    assert error_of(refused) == ["Rate has expired"]


@pytest.mark.parametrize(
    ("title", "changes", "message"),
    [
        ("UPS Ground", {CONFIRMATION: "DELIVERY_CONFIRMATION"}, "INVALID_VALUE_ADDED_SERVICES"),
        ("USPS Ground Advantage", {CONFIRMATION: "NO_CONFIRMATION"}, "INVALID_VALUE_ADDED"),
        ("FedEx Ground Economy", {CONFIRMATION: "NO_CONFIRMATION"}, "INVALID_VALUE_ADDED"),
        ("FedEx Ground Economy", {"try_inbound_label": False}, "INVALID_VALUE_ADDED_SERVICES"),
        ("UPS Ground", {"value_added_service__ODD": "X"}, "INVALID_VALUE_ADDED_SERVICES"),
        ("UPS Ground", {"total_net_charge": "0.01"}, "total_net_charge does not match the rate"),
        ("UPS Ground", {"sub_carrier_id": "USPS"}, "Sub carrier is invalid"),
        ("UPS Ground", {"remote_shipment_id": "prb0"}, "Remote shipment is invalid"),
        ("UPS Ground", {"service_type": "UPS Ground"}, "Rate has expired"),
    ],
)
def test_a_purchase_must_echo_its_rate(
    sandbox: SandboxClient, title: str, changes: dict[str, Any], message: str
) -> None:
    allocation = created_order(sandbox, "ECHO-1")["allocations"][0]["id"]
    rate = quoted_rate(sandbox, allocation, title)
    body = purchase(allocation, rate, **changes)

    assert message in error_of(sandbox.veeqo("POST", "/shipping/shipments", json=body))[0]


def test_options_left_out_are_refused_where_the_rate_has_some(sandbox: SandboxClient) -> None:
    allocation = created_order(sandbox, "ECHO-2")["allocations"][0]["id"]
    body = purchase(allocation, quoted_rate(sandbox, allocation))
    del body["shipment"][CONFIRMATION]

    refused = sandbox.veeqo("POST", "/shipping/shipments", json=body)

    assert "INVALID_VALUE_ADDED_SERVICES" in error_of(refused)[0]


@pytest.mark.parametrize(
    ("title", "carrier", "pattern"),
    [
        ("UPS Ground", "UPS", "1Z"),
        ("USPS Ground Advantage", "USPS", "9400"),
        ("DHL eCommerce Ground", "DHL", "8"),
        ("FedEx Ground Economy", "FedEx", "7999"),
    ],
)
def test_a_label_ships_the_order_with_a_number_of_its_carrier(
    sandbox: SandboxClient, title: str, carrier: str, pattern: str
) -> None:
    order = created_order(sandbox, f"SHIP-{carrier}")
    shipment = bought_label(sandbox, order, title)

    shown = sandbox.veeqo("GET", f"/orders/{order['id']}").json()
    assert shipment["tracking_number"]["tracking_number"].startswith(pattern)
    assert shipment["carrier"]["name"] == carrier
    assert shipment["label_url"] == f"/shipping/labels?shipment_ids[]={shipment['id']}"
    assert shown["status"] == "shipped"
    assert shown["shipped_at"]


def test_a_signature_costs_what_the_rate_says(sandbox: SandboxClient) -> None:
    allocation = created_order(sandbox, "SIGN-1")["allocations"][0]["id"]
    rate = quoted_rate(sandbox, allocation)
    body = purchase(allocation, rate, **{CONFIRMATION: "SIGNATURE_CONFIRMATION"})

    bought = sandbox.veeqo("POST", "/shipping/shipments", json=body).json()

    charge = bought["outbound_label_charges"]["value"]
    assert charge == pytest.approx(float(rate["total_net_charge"]) + 5.90)


def test_a_label_is_never_bought_twice(sandbox: SandboxClient) -> None:
    allocation = created_order(sandbox, "TWICE-1")["allocations"][0]["id"]
    body = purchase(allocation, quoted_rate(sandbox, allocation))
    assert sandbox.veeqo("POST", "/shipping/shipments", json=body).status_code == 200

    again = sandbox.veeqo("POST", "/shipping/shipments", json=body)
    rates = sandbox.veeqo("GET", f"/shipping/rates/{allocation}?from_allocation_package=true")

    assert error_of(again) == "This allocation is already shipped"
    assert error_of(rates) == "This allocation is already shipped"
    assert sandbox.control("references")["veeqo"]["TWICE-1"]["labels_bought"] == 1


def test_each_warehouse_of_an_order_ships_on_its_own(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.control("stock", sku="MUG-BLU", warehouse="NV", physical=1)
        order = created_order(client, "CD-1")
        california = next(
            row["id"]
            for row in client.veeqo("GET", "/warehouses").json()
            if row["name"] == "Ontario CA"
        )
        sellable = order["line_items"][0]["sellable"]["id"]
        rows = [{"sellable_id": sellable, "quantity": 1}]
        body = {"allocation": {"warehouse_id": california, "line_items_attributes": rows}}
        both = client.veeqo("POST", f"/orders/{order['id']}/allocations", json=body).json()
        statuses = [both["status"]]

        for allocation in both["allocations"]:
            rate = quoted_rate(client, allocation["id"])
            client.veeqo("POST", "/shipping/shipments", json=purchase(allocation["id"], rate))
            statuses.append(client.veeqo("GET", f"/orders/{order['id']}").json()["status"])

    assert statuses == ["awaiting_fulfillment", "awaiting_fulfillment", "shipped"]


def test_a_shipped_order_is_not_cancelled_and_a_cancelled_one_stays_so(
    sandbox: SandboxClient,
) -> None:
    shipped = created_order(sandbox, "CANCEL-1")
    bought_label(sandbox, shipped)
    cancelled = created_order(sandbox, "CANCEL-2")
    path = f"/orders/{cancelled['id']}/cancel"

    refused = sandbox.veeqo("PUT", f"/orders/{shipped['id']}/cancel", json={})

    assert error_of(refused) == "This order is already shipped"
    assert sandbox.veeqo("PUT", path, json={"cancel_reason": "first"}).status_code == 204
    assert sandbox.veeqo("PUT", path, json={"cancel_reason": "second"}).status_code == 204
    shown = sandbox.veeqo("GET", f"/orders/{cancelled['id']}").json()
    assert shown["cancel_reason"] == "first"
    assert shown["allocations"] == []


def test_numbers_are_not_unique_and_one_is_made_when_missing(sandbox: SandboxClient) -> None:
    first, second = (created_order(sandbox, "SAME-1") for _ in range(2))
    unnamed = created_order(sandbox, "")

    assert first["id"] != second["id"]
    assert sandbox.control("references")["veeqo"]["SAME-1"]["created"] == 2
    assert unnamed["number"].startswith("#P-")


def test_lines_change_by_sellable_and_notes_only_grow(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CHANGE-1", employee_notes_attributes=[{"text": "one"}])
    sellable = order["line_items"][0]["sellable"]["id"]
    change = {
        "line_items_attributes": [
            {"sellable_id": sellable, "quantity": 3},
            {"sellable_id": sellable + 1, "quantity": 1, "price_per_unit": 9},
        ],
        "employee_notes_attributes": [{"text": "two"}],
    }

    changed = sandbox.veeqo("PUT", f"/orders/{order['id']}", json={"order": change}).json()

    assert [line["quantity"] for line in changed["line_items"]] == [3, 1]
    assert changed["line_items"][0]["id"] == order["line_items"][0]["id"]
    assert [note["text"] for note in changed["employee_notes"]] == ["one", "two"]
    assert changed["status"] == "awaiting_stock"


def test_whatever_is_unknown_is_not_found(sandbox: SandboxClient) -> None:
    calls = [
        ("GET", "/orders/9"),
        ("PUT", "/orders/9/cancel"),
        ("GET", "/shipping/rates/9?from_allocation_page=true"),
        ("GET", "/shipping/tracking_events/9"),
        ("GET", "/shipping/labels.pdf?shipment_ids[]=9"),
        ("GET", "/sellables/9/warehouses/9/stock_entry"),
        ("DELETE", "/shipments/9"),
        ("GET", "/shipments"),
        ("GET", "/webhooks"),
    ]

    for method, path in calls:
        assert sandbox.veeqo(method, path, json={}).status_code == 404, path
    unknown = sandbox.veeqo("POST", "/orders", json=veeqo_order(sandbox, channel_id=9))
    assert unknown.status_code == 404
