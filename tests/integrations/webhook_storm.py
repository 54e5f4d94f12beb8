"""Deliveries as a bad day brings them: twice, in another order, forged; and what must come of it.

The sandbox moves parcels and delivers its own events to a recorder here; they are mixed and
delivered to the site. The test runs this small, benchmarks/webhooks.py large.
"""

import base64
import hashlib
import json
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from django.db import connections

from integrations.models import WebhookEvent
from integrations.receiving.processing import process_due
from integrations.sandbox.signing import HEADER, sign
from orders.models import Order, Shipment
from tests.integrations.inbound_case import ADDRESS, SECRET, parcel
from tests.integrations.sandbox_client import SandboxClient, labelled_shipment

TWICE, REORDERED, FORGED = 0.3, 0.2, 0.1
_FAR = 400
"""At most so many places is a delivery put off."""
_BARE_EVERY = 10
_PATIENCE_SECONDS = 60.0
JOURNEYS = "exception:0.2,returned:0.25,lost-parcel:0.2"
"""How they end is settled when the label is bought."""
_LONGEST_JOURNEY_HOURS = 24 * 30
# What the sandbox says of a whole parcel, and what must be known of it here.
TRUTH = {
    "Delivered": ("delivered", "delivered"),
    "Returned To Sender": ("returned", "problem"),
    "Lost by Courier": ("lost", "problem"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    body: bytes
    signature: str | None
    forged: bool = False

    @property
    def digest(self):
        return hashlib.sha256(self.body).hexdigest()


@dataclass(slots=True)
class Verdict:
    """`answers` counts (forged, status); `seconds` are the answer times of all deliveries, `bare`
    those of a page that does nothing, asked for in between.
    """

    events: int = 0
    deliveries: int = 0
    answers: Counter = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stored: int = 0
    kept_forgeries: int = 0
    unsettled: int = 0


class _Recorder(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(Delivery(body, self.headers[HEADER]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        """Quiet."""


@contextmanager
def recorder():
    """A server that keeps what the sandbox delivers to its `url`, in `heard`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Recorder) as server:
        server.heard, server.url = [], f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def label_parcels(case, count):
    """So many sent orders whose labels were bought at the sandbox, by calls of our own."""
    client = SandboxClient(case.url)
    for number in range(count):
        there = labelled_shipment(client, f"STORM-{number}")
        remote_id = there["easyship_shipment_id"]
        parcel(
            platform="easyship",
            reference=f"STORM-{number}",
            remote_id=remote_id,
            remote_shipment_id=remote_id,
        )
    client.session.close()


def genuine(case):
    """Move every parcel to the end of its journey; the genuine deliveries in their order."""
    with recorder() as server:
        case.control("webhook", url=server.url, secret=SECRET)
        case.control("advance", hours=_LONGEST_JOURNEY_HOURS)
        while case.statistics()["waiting"]["deliveries"]:
            time.sleep(0.1)
    return list({delivery.digest: delivery for delivery in server.heard}.values())


def mixed(events, seed):
    """The deliveries: of all of them so many twice, put off, and forged."""
    dice = random.Random(seed)  # noqa: S311 — repeatable, no secret
    total = round(len(events) / (1 - TWICE - FORGED))
    mix = list(events)
    for _ in range(round(TWICE * total)):
        place = dice.randrange(len(mix))
        mix.insert(min(len(mix), place + dice.randrange(1, _FAR)), mix[place])
    for _ in range(round(REORDERED * total)):
        place = dice.randrange(len(mix))
        mix.insert(min(len(mix), place + dice.randrange(1, _FAR)), mix.pop(place))
    for number in range(round(FORGED * total)):
        mix.insert(dice.randrange(len(mix)), _forgery(dice.choice(events), number))
    return mix


def _forgery(delivery, number):
    """Another story of the same parcel, signed by somebody else in one of five ways."""
    event = json.loads(delivery.body)
    event["data"] = event.get("data") or {}
    event["data"] |= {"status": "Lost by Courier", "forgery": number}
    head, claims, mac = delivery.signature.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    signatures = (
        sign("webh_another", "CUS000001"),
        None,
        f"{none}.{claims}.",
        f"{head}.{claims}.{mac[:-4]}AAAA",
        f"{none}.{claims}.{mac}",
    )
    return Delivery(json.dumps(event).encode(), signatures[number % len(signatures)], forged=True)


def storm(site, deliveries, per_second, threads=4):
    """Deliver all at such a pace while a worker processes; the verdict so far."""
    verdict, begin = Verdict(deliveries=len(deliveries)), time.monotonic()
    over = threading.Event()
    worker = threading.Thread(target=_process_until, args=(over,))
    worker.start()
    local = threading.local()

    def send(numbered):
        number, delivery = numbered
        time.sleep(max(0.0, begin + number / per_second - time.monotonic()))
        session = local.__dict__.setdefault("session", requests.Session())
        if number % _BARE_EVERY == _BARE_EVERY - 1:
            verdict.bare.append(_seconds(lambda: session.get(f"{site}/healthz", timeout=30))[1])
        return delivery.forged, *_seconds(lambda: _post(session, site, delivery))

    with ThreadPoolExecutor(threads) as pool:
        for forged, status, seconds in pool.map(send, enumerate(deliveries)):
            verdict.answers[forged, status] += 1
            verdict.seconds.append(seconds)
    over.set()
    worker.join()
    return verdict


def _seconds(job):
    began = time.perf_counter()
    return job(), time.perf_counter() - began


def _post(session, site, delivery):
    headers = {"Content-Type": "application/json"}
    if delivery.signature is not None:
        headers[HEADER] = delivery.signature
    url = f"{site}{ADDRESS}"
    return session.post(url, delivery.body, headers=headers, timeout=30).status_code


def _process_until(over):
    """What the jobs do: batch after batch, and all the rest at the end."""
    try:
        while not over.is_set():
            if not process_due("easyship").done:
                time.sleep(0.05)
        end = time.monotonic() + _PATIENCE_SECONDS
        while WebhookEvent.objects.filter(state="waiting").exists() and time.monotonic() < end:
            process_due("easyship")
    finally:
        connections.close_all()


def judge(case, deliveries, verdict):
    """Compare every parcel with the sandbox's own word for it."""
    genuine = {delivery.digest for delivery in deliveries if not delivery.forged}
    forged = [delivery.digest for delivery in deliveries if delivery.forged]
    verdict.events, verdict.stored = len(genuine), WebhookEvent.objects.count()
    verdict.kept_forgeries = WebhookEvent.objects.filter(digest__in=forged).count()
    verdict.unsettled = WebhookEvent.objects.exclude(state="done").count()
    state = requests.get(f"{case.url}/_control/state", timeout=120).json()
    said = {row["id"]: row["status"] for row in state["objects"]["easyship.shipment"]}
    for shipment in Shipment.objects.all():
        known = shipment.state, Order.objects.get(pk=shipment.order_id).status
        if known != TRUTH.get(said.get(shipment.remote_id)):
            verdict.wrong.append(f"{shipment}: {known}, not {said.get(shipment.remote_id)}")
    return verdict
