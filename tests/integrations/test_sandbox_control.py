"""The sandbox's own endpoints: what tests can see and turn, the page, the world."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox import statistics
from integrations.sandbox.messages import Request
from integrations.sandbox.store import Store
from integrations.sandbox.world import BUILT_IN, BadWorld, load_content, parse_world
from tests.integrations import sandbox_client
from tests.integrations.sandbox_client import (
    SandboxClient,
    bought_label,
    created_order,
    created_shipment,
    labelled_shipment,
    started,
    wait_until,
)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxClient]:
    with started(tmp_path) as client:
        yield client


def refusal(client: SandboxClient, path: str, **body: Any) -> str:
    response = requests.post(f"{client.url}/_control/{path}", json=body, timeout=5)
    assert response.status_code == 400, response.text
    sentence: str = response.json()["error"]
    return sentence


def test_references_count_what_was_made_lives_and_was_labelled(sandbox: SandboxClient) -> None:
    first = created_order(sandbox, "CD-1")
    created_order(sandbox, "CD-1")
    bought_label(sandbox, first)
    labelled_shipment(sandbox, "CD-2")
    cancelled = labelled_shipment(sandbox, "CD-3")["easyship_shipment_id"]
    sandbox.control("cancel", platform="easyship", id=cancelled)

    assert sandbox.control("references") == {
        "veeqo": {"CD-1": {"created": 2, "live": 2, "labels_bought": 1, "labels": 1}},
        "easyship": {
            "CD-2": {"created": 1, "live": 1, "labels_bought": 1, "labels": 1},
            "CD-3": {"created": 1, "live": 0, "labels_bought": 1, "labels": 0},
        },
    }


def test_the_dump_holds_every_object(sandbox: SandboxClient) -> None:
    created_order(sandbox, "CD-1")
    created_shipment(sandbox, "CD-2")

    state = sandbox.control("state")

    assert [row["reference"] for row in state["objects"]["veeqo.order"]] == ["CD-1"]
    assert [row["reference"] for row in state["objects"]["easyship.shipment"]] == ["CD-2"]
    assert len(state["objects"]["veeqo.sellable"]) == 12
    assert state["statistics"]["veeqo"]["requests"] == 4


def test_the_log_names_each_request_and_its_fault(sandbox: SandboxClient) -> None:
    sandbox.control("faults", faults="500:1@easyship")
    sandbox.easyship("GET", "/account")
    sandbox.veeqo("GET", "/warehouses")

    rows = sandbox.control("requests")["requests"]

    assert [(row["platform"], row["status"], row["fault"]) for row in rows] == [
        ("veeqo", 200, ""),
        ("easyship", 500, "500"),
    ]
    sandbox.control("statistics/reset", confirm=True)
    assert sandbox.control("statistics")["veeqo"]["requests"] == 0


def test_an_order_drifts_in_every_way(sandbox: SandboxClient) -> None:
    order = created_order(sandbox, "CD-1")
    changes = {
        "deliver_to": {"address1": "1 Other Street"},
        "quantities": {"MUG-BLU": 1},
        "warehouse": "CA",
        "price": "9.99",
        "reference": "CD-9",
        "status": "on_hold",
    }

    sandbox.control("edit", platform="veeqo", reference="CD-1", changes=changes)

    shown = sandbox.veeqo("GET", f"/orders/{order['id']}").json()
    assert shown["deliver_to"]["address1"] == "1 Other Street"
    assert shown["deliver_to"]["city"] == "Chicago"
    assert shown["line_items"][0]["quantity"] == 1
    assert shown["allocations"][0]["warehouse"]["name"] == "Ontario CA"
    assert shown["delivery_cost"] == 9.99
    assert (shown["number"], shown["status"]) == ("CD-9", "on_hold")
    assert sandbox.veeqo("GET", "/orders?query=CD-9").json()[0]["id"] == order["id"]


def test_a_shipment_drifts_in_every_way(sandbox: SandboxClient) -> None:
    number = labelled_shipment(sandbox, "CD-1")["easyship_shipment_id"]
    changes = {
        "destination_address": {"line_1": "1 Other Street"},
        "quantities": {"MUG-BLU": 1},
        "warehouse": "CA",
        "price": 99.5,
        "reference": "CD-9",
    }

    sandbox.control("edit", platform="easyship", id=number, changes=changes)

    shown = sandbox.easyship("GET", f"/shipments/{number}").json()["shipment"]
    assert shown["destination_address"]["line_1"] == "1 Other Street"
    assert shown["parcels"][0]["items"][0]["quantity"] == 1
    assert shown["origin_address"]["city"] == "Ontario"
    assert shown["rates"][0]["total_charge"] == 99.5
    query = {"platform_order_number": "CD-9"}
    assert len(sandbox.easyship("GET", "/shipments", params=query).json()["shipments"]) == 1


@pytest.mark.parametrize("platform", ["veeqo", "easyship"])
def test_objects_are_cancelled_doubled_and_removed_behind_the_clients_back(
    sandbox: SandboxClient, platform: str
) -> None:
    if platform == "veeqo":
        bought_label(sandbox, created_order(sandbox, "CD-1"))
    else:
        labelled_shipment(sandbox, "CD-1")

    twin = sandbox.control("duplicate", platform=platform, reference="CD-1")["created"]
    view = {"veeqo": f"/orders/{twin}", "easyship": f"/shipments/{twin}"}[platform]
    assert twin in getattr(sandbox, platform)("GET", view).text
    assert sandbox.control("references")[platform]["CD-1"]["live"] == 2
    sandbox.control("remove", platform=platform, reference="CD-1")
    sandbox.control("cancel", platform=platform, reference="CD-1")
    counts = sandbox.control("references")[platform]["CD-1"]

    assert (counts["created"], counts["live"], counts["labels"]) == (1, 0, 0)


def test_the_parcel_of_a_removed_order_travels_no_more(sandbox: SandboxClient) -> None:
    bought_label(sandbox, created_order(sandbox, "CD-1"))
    labelled_shipment(sandbox, "CD-1")
    for platform in ("veeqo", "easyship"):
        sandbox.control("remove", platform=platform, reference="CD-1")

    sandbox.control("advance", hours=24 * 30)

    wait_until(lambda: sandbox.control("statistics")["waiting"]["actions"] == {})


def test_a_step_reached_by_hand_ends_the_journey(sandbox: SandboxClient) -> None:
    shipment = bought_label(sandbox, created_order(sandbox, "CD-1"))
    sandbox.control("track", platform="veeqo", reference="CD-1", step="delivered")
    sandbox.control("advance", hours=24 * 30)

    events = sandbox.veeqo("GET", f"/shipping/tracking_events/{shipment['id']}").json()
    assert [event["status"] for event in events] == ["delivered"]
    assert sandbox.control("statistics")["waiting"]["actions"] == {}


def test_times_of_a_journey_moved_forward_never_lie_before_the_label(
    sandbox: SandboxClient,
) -> None:
    shipment = bought_label(sandbox, created_order(sandbox, "CD-1"))
    sandbox.control("advance", hours=24 * 30)

    events = sandbox.veeqo("GET", f"/shipping/tracking_events/{shipment['id']}").json()
    times = [event["timestamp"] for event in events]
    assert len(times) >= 5
    assert times == sorted(times)
    assert times[0][:19] >= shipment["created_at"][:19]


def test_reset_forgets_everything_or_starts_from_another_world(sandbox: SandboxClient) -> None:
    created_order(sandbox, "CD-1")
    sandbox.control("reset", world=json.loads(sandbox_client.small_world()))

    assert sandbox.control("references")["veeqo"] == {}
    assert sandbox.veeqo("GET", "/warehouses").headers["X-Total-Count"] == "1"
    assert created_order(sandbox, "CD-2")["id"] == 41001
    sandbox.control("reset", again=True)
    assert sandbox.veeqo("GET", "/products").headers["X-Total-Count"] == "1"


def test_control_explains_what_it_cannot_do(sandbox: SandboxClient) -> None:
    created_shipment(sandbox, "CD-1")
    here = {"platform": "easyship", "reference": "CD-1"}

    assert "veeqo or easyship" in refusal(sandbox, "cancel", platform="ups", reference="x")
    assert "no such order" in refusal(sandbox, "cancel", platform="veeqo", reference="x")
    assert "one of info_received" in refusal(sandbox, "track", **here, step="flown")
    assert "has no label" in refusal(sandbox, "track", **here, step="delivered")
    assert "“hours” must be a number" in refusal(sandbox, "advance", hours="many")
    assert "above nought" in refusal(sandbox, "advance", hours=-1)
    assert "no fault or scenario" in refusal(sandbox, "faults", faults="odd")
    assert "not empty" in refusal(sandbox, "edit", **here, changes={})
    assert "no “colour”" in refusal(sandbox, "edit", **here, changes={"colour": "red"})
    assert "no warehouse" in refusal(sandbox, "edit", **here, changes={"warehouse": "XX"})
    assert "no such SKU" in refusal(sandbox, "stock", sku="X", warehouse="NV", physical=1)
    assert "web address" in refusal(sandbox, "webhook", url="file:///x", secret="s")
    assert "no section “odd”" in refusal(sandbox, "reset", world={"odd": []})
    unknown = requests.get(f"{sandbox.url}/_control/odd", timeout=5)
    assert unknown.status_code == 404
    assert "/_control/advance" in unknown.json()["error"]


def test_a_strange_page_cannot_post_a_form_to_control(sandbox: SandboxClient) -> None:
    created_order(sandbox, "CD-1")
    url = f"{sandbox.url}/_control/reset"

    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = requests.post(url, data="{}", headers={"Content-Type": kind}, timeout=5)
        assert response.status_code == 400
    assert requests.get(url, timeout=5).status_code == 404
    assert "CD-1" in sandbox.control("references")["veeqo"]


class Page(HTMLParser):
    """Texts and links of a page, and the tags that never close."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_shows_what_is_held_and_needs_nothing_from_elsewhere(
    sandbox: SandboxClient,
) -> None:
    bought_label(sandbox, created_order(sandbox, "CD-1"))
    labelled_shipment(sandbox, "CD-2")
    sandbox.control("webhook", url="http://127.0.0.1:9/x", secret="s")
    labelled_shipment(sandbox, "CD-3")
    sandbox.control("faults", faults="slow:0.01:0.1")

    page = Page(requests.get(sandbox.url, timeout=5).text)
    text = " ".join(page.texts)

    assert page.open == []
    for words in ("CD-1", "CD-2", "Reno NV", "MUG-BLU", "slow:0.01:0.1", "shipped", "FedEx Ground"):
        assert words in text
    assert "shipment.label.created" in text
    assert "script" not in page.tags
    assert page.links
    for link in page.links:
        label = requests.get(sandbox.url + link, timeout=5)
        assert label.content.startswith(b"%PDF-")


def test_the_page_escapes_whatever_it_is_given(sandbox: SandboxClient) -> None:
    attack = '"><img src=x onerror=alert(1)>'
    created_order(sandbox, attack)
    created_shipment(sandbox, attack)
    sandbox.veeqo("GET", f"/{attack}")

    html = requests.get(sandbox.url, timeout=5).text

    assert "<img" not in html
    assert "&quot;&gt;&lt;img" in html


def test_a_label_that_is_not_there_is_a_clear_refusal(sandbox: SandboxClient) -> None:
    for query in ("platform=veeqo&id=1", "platform=easyship&id=x", ""):
        response = requests.get(f"{sandbox.url}/label?{query}", timeout=5)
        assert (response.status_code, response.json()) == (
            400,
            {"error": "There is no such label."},
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"warehouses": []}, "at least one entry in “warehouses”"),
        ({"odd": []}, "no section “odd”"),
        ({"products": [{"sku": "A"}]}, r"products\[0\] is incomplete"),
        ({"products": [{"sku": "A", "odd": 1}]}, r"products\[0\] has an unknown field “odd”"),
        ({"products": ["A"]}, r"products\[0\] must be an object"),
        (
            {"products": [{"sku": "A", "name": "A", "weight_grams": "1", "price": 1}]},
            r"products\[0\].weight_grams must be int",
        ),
        (
            {"products": [{"sku": "A", "name": "A", "weight_grams": 1, "price": "dear"}]},
            r"products\[0\].price must be an amount",
        ),
        (
            {
                "products": [
                    {"sku": "A", "name": "A", "weight_grams": 1, "price": 1, "stock": {"XX": 1}}
                ]
            },
            "Product A has stock in “XX”, which is no warehouse",
        ),
        (
            {
                "channels": [
                    {
                        "name": "C",
                        "type_code": "direct",
                        "currency_code": "USD",
                        "default_warehouse": "XX",
                    }
                ]
            },
            "Channel C names the unknown “XX”",
        ),
    ],
)
def test_a_world_that_cannot_be_used_is_explained(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = tmp_path / "world.json"
    content = json.loads(sandbox_client.small_world())
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")

    with pytest.raises(BadWorld, match=sentence):
        parse_world(load_content(path))


def test_the_built_in_world_names_what_the_merchant_uses() -> None:
    world = parse_world(json.loads(BUILT_IN.read_text(encoding="utf-8")))

    assert [warehouse.name for warehouse in world.warehouses] == ["Reno NV", "Ontario CA"]
    veeqo, easyship = ({o.name for o in world.offers(name)} for name in ("veeqo", "easyship"))
    assert {"UPS Ground", "USPS Ground Advantage", "DHL eCommerce Ground"} <= veeqo
    assert {"FedEx Ground", "FedEx 2Day", "FedEx International Priority"} <= easyship
    assert all(re.fullmatch(r"[A-Z0-9-]+", product.sku) for product in world.products)


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": 5},
        {"quantities": ["MUG-BLU"]},
        {"quantities": {"MUG-BLU": "2"}},
        {"price": "dear"},
        {"warehouse": None},
        {"deliver_to": "there"},
        {"deliver_to": {"planet": "Mars"}},
        {"status": "flown"},
    ],
)
def test_an_edit_that_makes_no_sense_is_explained_and_changes_nothing(
    sandbox: SandboxClient, changes: dict[str, Any]
) -> None:
    order = created_order(sandbox, "CD-1")
    before = sandbox.veeqo("GET", f"/orders/{order['id']}").json()

    sentence = refusal(sandbox, "edit", platform="veeqo", reference="CD-1", changes=changes)

    assert f"“{next(iter(changes))}” must" in sentence
    assert sandbox.veeqo("GET", f"/orders/{order['id']}").json() == before


def test_the_log_of_requests_forgets_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "KEPT_REQUESTS", 300)
    store = Store(tmp_path / "sandbox.db")
    with store.transaction() as tx:
        for number in range(1000):
            statistics.record(tx, "veeqo", Request("GET", f"/{number}"), 200, "", 0.0)
        kept = statistics.recent(tx, 1000)
    store.close()

    assert (len(kept), kept[0]["path"], kept[-1]["path"]) == (300, "/999", "/700")
