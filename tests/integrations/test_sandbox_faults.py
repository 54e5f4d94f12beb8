"""Each fault does what its name says, no more, and the same again for the same seed."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.fault_kinds import FAULT_KINDS, SCENARIOS
from integrations.sandbox.faults import BadScenario, Faults, parse_scenario
from integrations.sandbox.messages import Request
from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    SandboxClient,
    created_order,
    created_shipment,
    easyship_shipment,
    fetched_rate,
    labelled_shipment,
    purchase,
    quoted_rate,
    started,
    veeqo_order,
)


def orders_made(client: SandboxClient, number: str = "CD-1") -> int:
    made: int = client.control("references")["veeqo"].get(number, {"created": 0})["created"]
    return made


def post_order(client: SandboxClient, **options: Any) -> requests.Response:
    body = sandbox_client.veeqo_order(client, "CD-1")
    client.control("faults", faults=options.pop("faults"))
    return client.veeqo("POST", "/orders", json=body, **options)


def test_a_lost_request_leaves_no_trace(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        with pytest.raises(requests.ConnectionError):
            post_order(client, faults="lost-request")

        assert orders_made(client) == 0


def test_a_lost_response_comes_after_the_commit(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        with pytest.raises(requests.ConnectionError):
            post_order(client, faults="lost-response")

        assert orders_made(client) == 1
        assert client.veeqo("GET", "/orders?query=CD-1").json()[0]["number"] == "CD-1"


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [("500", 500, 0), ("500-after", 500, 1), ("429", 429, 0), ("html", 502, 0)],
)
def test_refusals_tell_nothing_of_what_was_done(
    tmp_path: Path, fault: str, status: int, made: int
) -> None:
    with started(tmp_path) as client:
        response = post_order(client, faults=fault)

        assert response.status_code == status
        assert orders_made(client) == made


def test_injected_429s_are_not_counted_as_the_clients_haste(tmp_path: Path) -> None:
    with started(tmp_path, faults="429") as client:
        assert client.veeqo("GET", "/warehouses").content == b""
        throttled = client.easyship("GET", "/account")
        report = client.control("statistics")

    assert throttled.headers["X-RateLimit-Remaining"] == "0"
    assert report["veeqo"]["refused_by_limit"] == 0
    assert report["easyship"]["refused_by_limit"] == 0
    assert report["veeqo"]["by_status"] == {"429": 1}


def test_an_html_page_comes_instead_of_json(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        response = post_order(client, faults="html-after")

        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/html")
        assert orders_made(client) == 1


def test_half_of_the_json_is_missing(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        response = post_order(client, faults="truncated")

        assert response.status_code == 201
        with pytest.raises(requests.JSONDecodeError):
            response.json()
        assert orders_made(client) == 1


def test_the_connection_is_cut_inside_the_answer(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            post_order(client, faults="cut-off")

        assert orders_made(client) == 1


def test_a_slow_answer_makes_others_wait_no_longer(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.control("faults", faults="slow:1:1.5@veeqo")
        headers = {"x-api-key": sandbox_client.VEEQO_KEY}
        began = time.monotonic()
        with pytest.raises(requests.ReadTimeout):
            requests.post(f"{client.url}/veeqo/orders", headers=headers, timeout=0.3)
        assert client.easyship("GET", "/account").status_code == 200
        assert time.monotonic() - began < 1.2


def test_a_used_up_allowance_is_a_403_of_easyship_alone(tmp_path: Path) -> None:
    with started(tmp_path, faults="allowance") as client:
        refused = client.easyship("GET", "/account")

        assert refused.status_code == 403
        assert "usage limit" in refused.json()["error"]["details"][0]
        assert client.veeqo("GET", "/warehouses").status_code == 200


def test_search_lags_while_the_object_is_there(tmp_path: Path) -> None:
    with started(tmp_path, faults="search-lag:0.6") as client:
        order = created_order(client, "CD-1")
        shipment = created_shipment(client, "CD-1")
        path = f"/shipments/{shipment['easyship_shipment_id']}"
        query = {"platform_order_number": "CD-1"}

        assert client.veeqo("GET", "/orders?query=CD-1").json() == []
        assert client.easyship("GET", "/shipments", params=query).json()["shipments"] == []
        assert client.veeqo("GET", f"/orders/{order['id']}").status_code == 200
        assert client.easyship("GET", path).status_code == 200
        time.sleep(0.7)
        assert len(client.veeqo("GET", "/orders?query=CD-1").json()) == 1
        assert len(client.easyship("GET", "/shipments", params=query).json()["shipments"]) == 1


def test_create_answers_with_a_cancelled_object(tmp_path: Path) -> None:
    with started(tmp_path, faults="cancelled-create") as client:
        order = client.veeqo("POST", "/orders", json=veeqo_order(client, "CD-1"))
        shipment = client.easyship("POST", "/shipments", json=easyship_shipment("CD-1"))

        assert (order.status_code, order.json()["status"]) == (201, "cancelled")
        assert shipment.status_code == 201
        assert shipment.json()["shipment"]["shipment_state"] == "cancelled"
        assert client.control("references")["easyship"]["CD-1"]["live"] == 0


def test_a_failed_label_costs_nothing_and_can_be_bought_again(tmp_path: Path) -> None:
    with started(tmp_path, faults="label-fails") as client:
        before = client.easyship("GET", "/account/credit").json()["credit"]["balance"]
        allocation = created_order(client, "CD-1")["allocations"][0]["id"]
        body = purchase(allocation, quoted_rate(client, allocation))
        refused = client.veeqo("POST", "/shipping/shipments", json=body)
        failed = labelled_shipment(client, "CD-1")
        after = client.easyship("GET", "/account/credit").json()["credit"]["balance"]
        client.control("faults", faults="none")
        bought = client.veeqo("POST", "/shipping/shipments", json=body)
        path = f"/shipments/{failed['easyship_shipment_id']}/label"
        again = client.easyship("POST", path, json={})

    assert refused.status_code == 400
    assert failed["label_state"] == "failed"
    assert failed["label_paid_at"]
    assert before == after
    assert bought.status_code == 200
    assert again.json()["shipment"]["label_state"] == "generated"


def test_dear_rates_and_loose_answers(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        allocation = created_order(client, "CD-1")["allocations"][0]["id"]
        usual = float(quoted_rate(client, allocation)["total_net_charge"])
        client.control("faults", faults="dear:1:3,loose")
        rate = fetched_rate(client, allocation, "UPS Ground")
        body = purchase(allocation, rate)
        bought = client.veeqo("POST", "/shipping/shipments", json=body).json()

    assert float(rate["total_net_charge"]) == pytest.approx(3 * usual, abs=0.02)
    assert "label_url" not in bought
    assert isinstance(bought["tracking_number"], str)


@pytest.mark.parametrize("target", ["easyship/2024-09/shipments", "easyship/shipments"])
def test_a_target_narrows_a_fault(tmp_path: Path, target: str) -> None:
    with started(tmp_path, faults=f"500:1@{target}") as client:
        assert client.easyship("GET", "/shipments").status_code == 500
        assert client.easyship("GET", "/account").status_code == 200
        assert client.veeqo("GET", "/orders").status_code == 200


def statuses(folder: Path, seed: int) -> list[int]:
    with started(folder, faults="429:0.2,500:0.2", seed=seed) as client:
        return [client.veeqo("GET", "/warehouses").status_code for _ in range(40)]


def test_the_seed_decides_who_is_struck(tmp_path: Path) -> None:
    first, again, other = (
        statuses(tmp_path / name, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )

    assert first == again
    assert first != other


def test_shares_come_out_as_asked() -> None:
    faults = Faults(SCENARIOS["crash-test"], seed=7)
    requests_made = [Request("POST", "/orders", body=str(n).encode()) for n in range(4000)]

    struck = Counter(
        fault.kind.name if (fault := faults.for_request("veeqo", request)) else "none"
        for request in requests_made
    )

    assert struck["lost-response"] / 4000 == pytest.approx(0.3, abs=0.03)
    assert struck["429"] / 4000 == pytest.approx(0.1, abs=0.02)
    assert struck["500"] / 4000 == pytest.approx(0.1, abs=0.02)


def test_the_order_in_which_clients_arrive_changes_nothing() -> None:
    requests_made = [Request("POST", "/orders", body=str(n).encode()) for n in range(200)]

    def struck(arrivals: list[Request]) -> dict[bytes, str]:
        faults = Faults("crash-test", seed=3)
        found = {request.body: faults.for_request("veeqo", request) for request in arrivals}
        return {body: fault.kind.name for body, fault in found.items() if fault}

    assert struck(requests_made) == struck(list(reversed(requests_made)))


@pytest.mark.parametrize("name", [*FAULT_KINDS, *SCENARIOS])
def test_every_fault_and_scenario_can_be_named_alone(name: str) -> None:
    faults = parse_scenario(name)

    assert faults or name == "none"
    if name not in SCENARIOS:
        assert parse_scenario(str(faults[0])) == faults


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lost-respons:0.1", "no fault or scenario “lost-respons”"),
        ("429:many", "after the name come numbers"),
        ("429:2", "probability 0 to 1"),
        ("429:0.6,500:0.6", "add up to 1.2"),
        ("slow:0.1:3:4", "expected slow:PROBABILITY"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_explained(text: str, sentence: str) -> None:
    with pytest.raises(BadScenario, match=sentence):
        parse_scenario(text)
