"""How the sandbox's Easyship behaves: services, rates, labels, credit, cancelling, tracking."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    DESTINATION,
    EASYSHIP_TOKEN,
    ITEM,
    ORIGIN,
    PARCEL,
    PRINTING,
    SandboxClient,
    created_shipment,
    easyship_services,
    easyship_shipment,
    labelled_shipment,
    started,
    wait_until,
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxClient]:
    with started(tmp_path_factory.mktemp("sandbox")) as client:
        yield client


def details_of(response: requests.Response, status: int = 422) -> Any:
    assert response.status_code == status, response.text
    return response.json()["error"]["details"]


def shown(client: SandboxClient, number: str) -> Any:
    return client.easyship("GET", f"/shipments/{number}").json()["shipment"]


def rates(client: SandboxClient, **changes: Any) -> requests.Response:
    body = {"origin_address": ORIGIN, "destination_address": DESTINATION, "parcels": [PARCEL]}
    return client.easyship("POST", "/rates", json={**body, **changes})


BUY_LATER = {"buy_label": True, "printing_options": PRINTING}


def test_rates_obey_the_recorded_arithmetic(sandbox: SandboxClient) -> None:
    for rate in rates(sandbox, insurance={"is_insured": True}).json()["rates"]:
        carriage = rate["shipment_charge"] + rate["fuel_surcharge"] + rate["remote_area_surcharge"]
        assert rate["shipment_charge_total"] == pytest.approx(carriage)
        assert rate["total_charge"] == pytest.approx(
            rate["shipment_charge_total"] + rate["insurance_fee"]
        )
        assert rate["rates_in_origin_currency"]["total_charge"] == rate["total_charge"]


def test_a_residential_address_costs_the_fee_that_is_shown_anyway(sandbox: SandboxClient) -> None:
    business, home = (
        {rate["courier_service"]["name"]: rate for rate in rates(sandbox, **more).json()["rates"]}
        for more in ({}, {"set_as_residential": True})
    )

    for name, rate in business.items():
        assert rate["residential_full_fee"] == 6.15
        assert home[name]["total_charge"] == pytest.approx(rate["total_charge"] + 6.15)


def test_rates_are_ranked_and_the_first_is_the_best_value(sandbox: SandboxClient) -> None:
    rows = rates(sandbox).json()["rates"]

    assert [row["value_for_money_rank"] for row in rows] == [1, 2, 3, 4]
    cheapest = min(rows, key=lambda row: row["total_charge"])
    assert cheapest["cost_rank"] == 1


def test_no_service_is_a_refusal_for_rates_and_a_partial_success_for_shipments(
    sandbox: SandboxClient,
) -> None:
    heavy = [{**PARCEL, "total_actual_weight": 500}]

    refused = rates(sandbox, parcels=heavy)
    created = sandbox.easyship("POST", "/shipments", json=easyship_shipment(parcels=heavy))

    assert details_of(refused) == [
        "No shipping solutions available based on the information provided"
    ]
    assert created.status_code == 202
    meta = created.json()["meta"]
    assert meta["errors"] == [
        "Sorry, we couldn't find any shipping solutions based on the information provided."
    ]
    assert {row["name"] for row in meta["unavailable_couriers"]} >= {"FedEx - FedEx Ground"}


def test_units_come_back_as_kilograms_and_centimetres(sandbox: SandboxClient) -> None:
    parcel = {
        "total_actual_weight": 1,
        "box": {"length": 10, "width": 8, "height": 4},
        "items": [ITEM],
    }
    settings = {"units": {"weight": "lb", "dimensions": "in"}}

    shipment = created_shipment(sandbox, parcels=[parcel], shipping_settings=settings)

    read = shipment["parcels"][0]
    assert read["total_actual_weight"] == 0.4536
    assert read["box"]["outer_dimensions"] == {"length": 25.4, "width": 20.32, "height": 10.16}


@pytest.mark.parametrize(
    ("parcel", "weight"),
    [
        ({"items": [{**ITEM, "dimensions": {"length": 1, "width": 1, "height": 1}}]}, 0.68),
        ({"box": {"slug": "small-box"}, "items": [ITEM]}, 0.8),
        ({"items": [{"product": {"sku": "MUG-BLU"}, "quantity": 3}]}, 1.02),
    ],
)
def test_a_parcel_can_be_sized_in_three_ways(
    sandbox: SandboxClient, parcel: dict[str, Any], weight: float
) -> None:
    shipment = created_shipment(sandbox, parcels=[parcel])

    assert shipment["parcels"][0]["total_actual_weight"] == pytest.approx(weight)
    item = shipment["parcels"][0]["items"][0]
    assert (item["category"], item["sku"]) == ("Home Decor", "MUG-BLU")


def test_an_hs_code_stands_in_for_a_category(sandbox: SandboxClient) -> None:
    item = {**ITEM, "hs_code": "732394"}
    del item["category"]

    shipment = created_shipment(sandbox, parcels=[{**PARCEL, "items": [item]}])

    assert shipment["parcels"][0]["items"][0]["hs_code"] == "73239400"


def test_a_chosen_service_is_the_only_rate(sandbox: SandboxClient) -> None:
    service = easyship_services(sandbox)["FedEx 2Day"]

    shipment = created_shipment(sandbox, courier_settings={"courier_service_id": service})

    assert shipment["courier_service"]["id"] == service
    assert [rate["courier_service"]["name"] for rate in shipment["rates"]] == ["FedEx 2Day"]


def test_a_service_that_does_not_fit_is_refused_unless_another_may_do(
    sandbox: SandboxClient,
) -> None:
    abroad = easyship_services(sandbox)["FedEx International Priority"]
    strict = easyship_shipment("FIT-1", courier_settings={"courier_service_id": abroad})
    loose = {"courier_service_id": abroad, "allow_fallback": True}

    refused = sandbox.easyship("POST", "/shipments", json=strict)
    fallen_back = created_shipment(sandbox, "FIT-2", courier_settings=loose)

    assert "No shipping solutions" in details_of(refused)[0]
    assert "FIT-1" not in sandbox.control("references")["easyship"]
    assert fallen_back["courier_service"]["name"] == "FedEx Ground"


def test_a_label_bought_later_passes_through_its_states(tmp_path: Path) -> None:
    with started(tmp_path, label_seconds=1.0) as client:
        number = created_shipment(client, shipping_settings=BUY_LATER)["easyship_shipment_id"]
        states: list[str] = []

        def note_state() -> bool:
            state = shown(client, number)["label_state"]
            if not states or states[-1] != state:
                states.append(state)
            return state == "generated"

        wait_until(note_state)
        final = shown(client, number)

    assert states == ["pending", "generating", "generated"]
    assert final["label_generated_at"]
    assert final["trackings"][0]["handler"] == "fedex"
    assert final["shipping_documents"][0]["url"]


def test_a_second_purchase_is_refused(sandbox: SandboxClient) -> None:
    number = labelled_shipment(sandbox, "SECOND-1")["easyship_shipment_id"]

    again = sandbox.easyship("POST", f"/shipments/{number}/label", json={})

    assert "labels already requested" in details_of(again)[0]
    assert sandbox.control("references")["easyship"]["SECOND-1"]["labels_bought"] == 1


def test_a_shipment_without_a_service_is_not_ready(sandbox: SandboxClient) -> None:
    heavy = [{**PARCEL, "total_actual_weight": 500}]
    number = created_shipment(sandbox, parcels=heavy)["easyship_shipment_id"]

    refused = sandbox.easyship("POST", f"/shipments/{number}/label", json={})

    assert details_of(refused) == [f"Shipments not ready to be shipped: {number}"]


def balance(client: SandboxClient) -> float:
    amount: float = client.easyship("GET", "/account/credit").json()["credit"]["balance"]
    return amount


def test_labels_are_paid_from_credit_and_refunded_when_cancelled(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        before = balance(client)
        shipment = labelled_shipment(client)
        number, price = shipment["easyship_shipment_id"], shipment["rates"][0]["total_charge"]
        assert balance(client) == pytest.approx(before - price)

        client.easyship("POST", f"/shipments/{number}/cancel")
        wait_until(lambda: shown(client, number)["shipment_state"] == "cancelled")

        records = client.easyship("GET", f"/shipments/{number}/transaction_records").json()
        amounts = [row["amount"] for row in records["transaction_records"]]
        assert amounts == [pytest.approx(-price), pytest.approx(price)]
        assert balance(client) == pytest.approx(before)
        assert shown(client, number)["label_state"] == "voided"


def test_without_credit_nothing_is_created(tmp_path: Path) -> None:
    world = tmp_path / "poor.json"
    world.write_text(
        sandbox_client.small_world(account={"easyship_balance": "3.00"}), encoding="utf-8"
    )
    with started(tmp_path, world=world) as client:
        body = easyship_shipment("POOR-1", shipping_settings=BUY_LATER)

        refused = client.easyship("POST", "/shipments", json=body)

        assert details_of(refused, 402)
        assert refused.json()["error"]["code"] == "payment_required"
        assert "Payments" in [link["name"] for link in refused.json()["error"]["links"]]
        assert client.control("references")["easyship"] == {}


def test_cancel_waits_for_a_label_and_ends_with_its_journey(sandbox: SandboxClient) -> None:
    travelling = labelled_shipment(sandbox, "TRAVEL-1")["easyship_shipment_id"]
    sandbox.control("track", platform="easyship", reference="TRAVEL-1", step="in_transit")
    unlabelled = created_shipment(sandbox, "TRAVEL-2")["easyship_shipment_id"]

    for number in (travelling, unlabelled):
        refused = sandbox.easyship("POST", f"/shipments/{number}/cancel")
        assert details_of(refused) == [
            "This Shipment cannot be cancelled. Please contact our support."
        ]


def test_a_label_still_in_the_making_is_cancelled_for_good(tmp_path: Path) -> None:
    with started(tmp_path, label_seconds=0.6) as client:
        number = created_shipment(client, shipping_settings=BUY_LATER)["easyship_shipment_id"]
        assert client.easyship("POST", f"/shipments/{number}/cancel").status_code == 200
        wait_until(lambda: shown(client, number)["shipment_state"] == "cancelled")
        time.sleep(0.8)

        final = shown(client, number)

    assert (final["shipment_state"], final["label_state"]) == ("cancelled", "voided")
    assert final["trackings"] == []


def test_shipments_with_labels_cannot_be_changed_and_others_are_quoted_anew(
    sandbox: SandboxClient,
) -> None:
    labelled = labelled_shipment(sandbox, "PATCH-1")["easyship_shipment_id"]
    open_one = created_shipment(sandbox, "PATCH-2")
    number = open_one["easyship_shipment_id"]
    heavier = [{**PARCEL, "total_actual_weight": 9}]

    refused = sandbox.easyship("PATCH", f"/shipments/{labelled}", json={"return": True})
    changed = sandbox.easyship("PATCH", f"/shipments/{number}", json={"parcels": heavier})

    assert refused.status_code == 422
    ours, before = changed.json()["shipment"], open_one["rates"][0]["total_charge"]
    assert ours["courier_service"] == open_one["courier_service"]
    assert ours["rates"][0]["total_charge"] > before
    assert ours["order_data"]["platform_order_number"] == "PATCH-2"
    late = sandbox.easyship("PATCH", f"/shipments/{labelled}", json={"metadata": {}})
    assert details_of(late) == ["Shipments with generated labels cannot be updated"]


def test_lists_filter_by_reference_state_and_time(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        labelled_shipment(client, "LIST-1")
        created_shipment(client, "LIST-10")

        def references(**params: str) -> list[str]:
            rows = client.easyship("GET", "/shipments", params=params).json()["shipments"]
            return [row["order_data"]["platform_order_number"] for row in rows]

        assert references(platform_order_number="LIST-1") == ["LIST-1"]
        assert references(label_state="generated,printed") == ["LIST-1"]
        assert references(label_state="not_created") == ["LIST-10"]
        assert references(shipment_state="created") == ["LIST-10", "LIST-1"]
        assert references(shipment_state="cancelled") == []
        assert references(created_at_from="2031-01-01T00:00:00Z") == []
        assert references(created_at_to="2031-01-01") == ["LIST-10", "LIST-1"]
        assert references(destination_country_alpha2="CA") == []
        assert references(delivery_state="pending") == ["LIST-1"]


def test_a_paper_by_link_needs_the_token_and_marks_the_label_printed(
    sandbox: SandboxClient,
) -> None:
    shipment = labelled_shipment(sandbox, "PAPER-1")
    number = shipment["easyship_shipment_id"]
    link = shown(sandbox, number)["shipping_documents"][0]["url"]

    assert requests.get(link, timeout=5).status_code == 401
    assert shown(sandbox, number)["label_state"] == "generated"
    headers = {"Authorization": f"Bearer {EASYSHIP_TOKEN}"}
    assert requests.get(link, headers=headers, timeout=5).content.startswith(b"%PDF-")
    assert shown(sandbox, number)["label_state"] == "printed"


def test_an_own_address_wins_over_the_one_sent_along(sandbox: SandboxClient) -> None:
    rows = sandbox.easyship("GET", "/addresses").json()["addresses"]
    california = next(row for row in rows if row["city"] == "Ontario")

    shipment = created_shipment(sandbox, origin_address_id=california["id"])

    assert shipment["origin_address"]["city"] == "Ontario"
    assert shipment["sender_address"]["city"] == "Ontario"


def test_a_parcel_travels_with_time_at_the_speed_given(tmp_path: Path) -> None:
    with started(tmp_path, speed=500_000.0) as client:
        number = labelled_shipment(client)["easyship_shipment_id"]
        wait_until(lambda: shown(client, number)["delivery_state"] == "delivered")
        query = f"/shipments/trackings?easyship_shipment_id={number}&include_checkpoints=true"

        row = client.easyship("GET", query).json()["shipments"][0]

    steps = [checkpoint["primary_status"] for checkpoint in row["checkpoints"]]
    times = [checkpoint["checkpoint_time"] for checkpoint in row["checkpoints"]]
    assert steps[0] == "Tracking Info Received"
    assert steps[-2:] == ["Out For Delivery", "Delivered"]
    assert times == sorted(times)
    assert row["trackings"][0]["tracking_state"] == "completed"


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("returned", "returned_to_shipper"),
        ("lost-parcel", "lost_by_courier"),
        ("exception", "delivered"),
    ],
)
def test_troubled_parcels_end_as_told(tmp_path: Path, fault: str, state: str) -> None:
    with started(tmp_path, faults=fault) as client:
        number = labelled_shipment(client)["easyship_shipment_id"]
        client.control("advance", hours=24 * 30)

        assert shown(client, number)["delivery_state"] == state
        query = f"/shipments/trackings?easyship_shipment_id={number}&include_checkpoints=true"
        row = client.easyship("GET", query).json()["shipments"][0]

    assert "Exception" in [checkpoint["primary_status"] for checkpoint in row["checkpoints"]]


def test_references_of_services_survive_a_fresh_start(tmp_path: Path) -> None:
    with started(tmp_path / "one") as client:
        first = easyship_services(client)
    with started(tmp_path / "two", seed=99) as client:
        second = easyship_services(client)

    assert first == second
