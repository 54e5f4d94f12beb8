"""The sandbox's webhooks: who signs, what they say, and how they go wrong."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.signing import HEADER, sign
from tests.integrations.sandbox_client import (
    PRINTING,
    SandboxClient,
    created_shipment,
    easyship_services,
    labelled_shipment,
    started,
    wait_until,
)

SECRET = "webh_0123456789abcdef0123456789abcdef"


@dataclass
class Listener:
    """What arrived, and what is answered to it."""

    url: str = ""
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)

    def events(self) -> list[str]:
        return [body["event_type"] for body in self.bodies]

    def genuine(self) -> list[dict[str, Any]]:
        return [
            body
            for body, signature in zip(self.bodies, self.signatures, strict=True)
            if claims(signature, SECRET) is not None
        ]


def claims(token: str, secret: str) -> Any:
    """The payload of a JWT signed HS256 with the secret, None if it is not."""
    head, payload, signature = token.split(".")
    mac = hmac.new(secret.encode(), f"{head}.{payload}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(mac, base64.urlsafe_b64decode(signature + "==")):
        return None
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256"}
    return json.loads(base64.urlsafe_b64decode(payload + "=="))


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.signatures.append(self.headers[HEADER])
            listener.bodies.append(json.loads(body))
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_address[1]}/hooks?from=easyship"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield listener
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def hooked(folder: Path, **options: Any) -> Iterator[tuple[SandboxClient, Listener]]:
    """A sandbox that sends its webhooks to a listener."""
    with listening() as listener:
        more = {"webhook_url": listener.url, "webhook_secret": SECRET, "webhook_pause": 0.05}
        with started(folder, **{**more, **options}) as client:
            yield client, listener


def settled(client: SandboxClient) -> bool:
    return client.control("statistics")["waiting"]["deliveries"] == 0


def test_the_signature_is_a_token_of_the_company_and_not_of_the_body() -> None:
    token = sign(SECRET, "CUS000001")

    assert claims(token, SECRET) == {"easyship_company_id": "CUS000001"}
    assert claims(token, "another secret") is None
    assert "=" not in token


def test_a_parcels_life_is_told_in_order(tmp_path: Path) -> None:
    with hooked(tmp_path) as (client, listener):
        shipment = labelled_shipment(client, "CD-1")
        client.control("advance", hours=24 * 10)
        wait_until(lambda: settled(client))

    number = shipment["easyship_shipment_id"]
    changes = [
        body["data"]["status"]
        for body in listener.bodies
        if body["event_type"] == "shipment.tracking.status.changed"
    ]
    assert changes == ["In Transit to Customer", "Out for Delivery", "Delivered"]
    assert listener.events()[0] == "shipment.label.created"
    assert {claims(token, SECRET)["easyship_company_id"] for token in listener.signatures} == {
        "CUS000001"
    }
    assert {body["resource_id"] for body in listener.bodies} == {number}
    first = listener.bodies[0]["data"]
    assert first["platform_order_number"] == "CD-1"
    assert first["tracking_number"] == shipment["trackings"][0]["tracking_number"]
    checkpoints = [
        body["data"]["checkpoints"][0] for body in listener.bodies if "checkpoints" in body["data"]
    ]
    assert checkpoints[-1]["primary_status"] == "Delivered"
    assert checkpoints[-1]["checkpoint_time"].endswith("Z")
    assert "." in checkpoints[-1]["checkpoint_time"]


def test_failed_labels_and_cancellations_are_told(tmp_path: Path) -> None:
    with hooked(tmp_path, faults="label-fails") as (client, listener):
        labelled_shipment(client, "CD-1")
        client.control("faults", faults="none")
        number = labelled_shipment(client, "CD-2")["easyship_shipment_id"]
        client.easyship("POST", f"/shipments/{number}/cancel")
        wait_until(lambda: "shipment.cancelled" in listener.events())

    assert listener.bodies[0]["event_type"] == "shipment.label.failed"
    assert listener.bodies[0]["data"] == {
        "easyship_shipment_id": listener.bodies[0]["resource_id"],
        "platform_order_number": "CD-1",
        "status": "failed",
    }


def test_an_unkind_answer_is_met_with_patience_then_with_silence(tmp_path: Path) -> None:
    with hooked(tmp_path, webhook_attempts=4) as (client, listener):
        listener.status = 503
        labelled_shipment(client, "CD-1")
        wait_until(lambda: settled(client))
        delivery = client.control("webhooks")["deliveries"][0]
        webhook = client.easyship("GET", "/webhooks").json()["webhooks"][0]

        assert (delivery["state"], delivery["attempts"], delivery["answer"]) == (
            "given up",
            4,
            "503",
        )
        assert len(listener.bodies) == 4
        assert webhook["state"] == "inactive"
        client.easyship("POST", f"/webhooks/{webhook['id']}/activate")
        listener.status = 200
        labelled_shipment(client, "CD-2")
        wait_until(lambda: len(listener.bodies) == 5)


def test_a_receiver_that_comes_back_gets_everything(tmp_path: Path) -> None:
    with hooked(tmp_path) as (client, listener):
        listener.status = 500
        labelled_shipment(client, "CD-1")
        wait_until(lambda: len(listener.bodies) >= 3)
        listener.status = 204
        wait_until(lambda: settled(client))

        states = {row["state"] for row in client.control("webhooks")["deliveries"]}
        assert states == {"delivered"}


@pytest.mark.parametrize(("fault", "count"), [("webhook-duplicate", 2), ("webhook-lost", 0)])
def test_webhooks_come_twice_or_not_at_all(tmp_path: Path, fault: str, count: int) -> None:
    with hooked(tmp_path, faults=fault) as (client, listener):
        labelled_shipment(client, "CD-1")
        wait_until(lambda: settled(client))

    assert listener.events() == ["shipment.label.created"] * count
    assert listener.bodies[1:] == listener.bodies[:-1]


def test_a_late_webhook_comes_after_its_time(tmp_path: Path) -> None:
    with hooked(tmp_path, faults="webhook-late:1:0.8") as (client, listener):
        labelled_shipment(client, "CD-1")
        assert listener.bodies == []
        wait_until(lambda: settled(client))

    assert listener.events() == ["shipment.label.created"]


def test_reordered_webhooks_overtake_each_other_and_are_all_there(tmp_path: Path) -> None:
    with hooked(tmp_path, faults="webhook-reordered:0.5:0.6", seed=5) as (client, listener):
        labelled_shipment(client, "CD-1")
        client.control("advance", hours=24 * 10)
        wait_until(lambda: settled(client))
        sent = [row["event"] for row in reversed(client.control("webhooks")["deliveries"])]

    assert sorted(listener.events()) == sorted(sent)
    assert listener.events() != sent


def test_a_forged_webhook_lies_and_is_signed_by_another(tmp_path: Path) -> None:
    with hooked(tmp_path, faults="webhook-forged") as (client, listener):
        labelled_shipment(client, "CD-1")
        wait_until(lambda: settled(client))

    assert len(listener.bodies) == 2
    genuine = listener.genuine()
    assert len(genuine) == 1
    assert genuine[0]["data"]["status"] == "success"
    forged = next(body for body in listener.bodies if body not in genuine)
    assert forged["data"]["status"] == "Delivered"


def test_only_what_was_asked_for_is_sent(tmp_path: Path) -> None:
    with listening() as listener, started(tmp_path) as client:
        body = {
            "endpoint": listener.url,
            "event_types": ["shipment_cancelled"],
            "version": "2024-09",
        }
        webhook = client.easyship("POST", "/webhooks", json=body).json()["webhook"]
        number = labelled_shipment(client, "CD-1")["easyship_shipment_id"]
        client.easyship("POST", f"/webhooks/{webhook['id']}/activate")
        client.easyship("POST", f"/shipments/{number}/cancel")
        wait_until(lambda: bool(listener.bodies))

    assert listener.events() == ["shipment.cancelled"]
    assert claims(listener.signatures[0], webhook["secret_token"])


def test_a_sample_is_delivered_at_once(tmp_path: Path) -> None:
    with hooked(tmp_path) as (client, listener):
        webhook = client.easyship("GET", "/webhooks").json()["webhooks"][0]
        sample = {"version": "2024-09", "event_type": "shipment_label_created"}
        path = f"/webhooks/{webhook['id']}/test"

        answered = client.easyship("POST", path, json=sample)
        listener.status = 502
        refused = client.easyship("POST", path, json=sample)

    assert answered.json()["success"]["message"] == "Webhook test succeeded"
    assert listener.events()[0] == "shipment.label.created"
    assert refused.status_code == 400
    assert "(Response Code: 502)" in refused.json()["error"]["details"][0]


def test_labels_bought_later_and_batches_are_told(tmp_path: Path) -> None:
    with hooked(tmp_path) as (client, listener):
        service = easyship_services(client)["FedEx Ground"]
        created_shipment(
            client,
            "CD-1",
            courier_settings={"courier_service_id": service},
            shipping_settings={"buy_label": True, "printing_options": PRINTING},
        )
        number = created_shipment(client, "CD-2")["easyship_shipment_id"]
        rows = [{"easyship_shipment_id": number}]
        client.easyship("POST", "/batches/labels", json={"shipments": rows})
        wait_until(lambda: "batch.finished" in listener.events())
        wait_until(lambda: listener.events().count("shipment.label.created") == 2)

    finished = next(body for body in listener.bodies if body["event_type"] == "batch.finished")
    assert finished["data"]["failed_items"] == 0


def test_deliveries_under_way_survive_a_restart(tmp_path: Path) -> None:
    with hooked(tmp_path, faults="webhook-late:1:1.0") as (client, listener):
        labelled_shipment(client, "CD-1")
        assert listener.bodies == []
    with hooked(tmp_path) as (client, listener):
        wait_until(lambda: settled(client))

    assert listener.events() == ["shipment.label.created"]
