"""The queue against a real sandbox: what the tests of dispatches share."""

import threading
from datetime import timedelta

import requests
from django.db import connections
from django.utils import timezone

from integrations.dispatching import worker
from integrations.dispatching.connections import platform_named
from integrations.models import Dispatch, RemoteId, RemoteKind
from integrations.sandbox import options, process
from integrations.services import send_order
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    OrderFactory,
    ProductFactory,
    WarehouseFactory,
)
from tests.integrations.sandbox_spawned import rich_world, spawned

FAST = {
    "lease_seconds": 2.0,
    "doubt_waits": (0.05, 0.05, 0.1),
    "first_pause": 0.02,
    "longest_pause": 0.05,
    "busy_pause": 0.1,
    "hold_pause": 0.1,
    "probe_every": 0.1,
    "rate_pause": 0.05,
    # The faults here are far denser than any platform's.
    "most_setbacks": 400,
}
SERVICES = {"veeqo": ("ups", "ups-ground", "UPS Ground"), "easyship": ("fedex", "fedex-ground", "")}
SKU = "MUG-BLU"


class Case:
    """One sandbox, one warehouse mapped there, one service a platform."""

    def __init__(self, folder, settings, *, hurries=True):
        """`hurries`: short pauses and no limits, as a test wants them."""
        self.folder, self.settings = folder, settings
        self._running, self.server = None, None
        if hurries:
            settings.DISPATCH = FAST
            self.budget(1e6)

    def budget(self, calls):
        """So many calls a second."""
        self.settings.VEEQO_CALLS_PER_SECOND = self.settings.VEEQO_BURST = calls
        self.settings.EASYSHIP_CALLS_PER_MINUTE = calls * 60
        self.settings.EASYSHIP_CALLS_PER_SECOND = calls

    def start(self, faults="", **limits):
        unlimited = {"veeqo_rate": (1e6, 1e6), "easyship_rate": (1e6, 1e6)}
        chosen = options.Options(
            port=0, state=self.folder / "state", faults=faults, **(unlimited | limits)
        )
        self._running = process.running(chosen)
        self.server = self._running.__enter__()
        return self.at(self.server.url)

    def start_apart(self, *arguments):
        """A sandbox in a process of its own, without limits unless given."""
        world = ("--world", str(rich_world(self.folder)))
        self._running = spawned(self.folder / "state", *world, *arguments)
        _process, client = self._running.__enter__()
        return self.at(client.url)

    def at(self, url):
        """Both platforms are there."""
        self.url = url
        self.settings.VEEQO_BASE_URL = f"{url}/veeqo"
        self.settings.EASYSHIP_BASE_URL = f"{url}/easyship/2024-09"
        return self

    def close(self):
        if self._running:
            self._running.__exit__(None, None, None)
        if self.server:
            assert self.server.bugs == []

    # --- the sandbox's side ---------------------------------------------------------------------

    def control(self, name, **body):
        answer = requests.post(f"{self.url}/_control/{name}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def faults(self, text):
        self.control("faults", faults=text)

    def references(self, platform):
        """Reference → created, live, labels_bought, labels."""
        answer = requests.get(f"{self.url}/_control/references", timeout=30)
        return answer.json()[platform]

    def statistics(self):
        return requests.get(f"{self.url}/_control/statistics", timeout=30).json()

    def requests(self):
        """The sandbox's log of requests, newest first."""
        address = f"{self.url}/_control/requests?limit=200000"
        return requests.get(address, timeout=60).json()["requests"]

    # --- our side -------------------------------------------------------------------------------

    def map_all(self, platform):
        """The warehouse and the service, as staff would map them once."""
        adapter = platform_named(platform)
        place = next(p for p in adapter.list_warehouses().items if p.address.state == "CA")
        carrier, code, name = SERVICES[platform]
        theirs = "UPS_PTP_GND"
        if platform == "easyship":
            found = next(s for s in adapter.list_services().items if "FedEx Ground" in s.name)
            theirs, name = found.remote_id, found.name
        self.house(platform, place.remote_id)
        RemoteId.objects.create(
            platform=platform, kind=RemoteKind.SERVICE, ours=code, theirs=theirs
        )
        return CarrierServiceFactory(
            code=code, name=name, carrier=CarrierFactory(code=carrier, platform=platform)
        )

    def house(self, platform, theirs):
        RemoteId.objects.create(
            platform=platform, kind=RemoteKind.WAREHOUSE, ours="ONT1", theirs=theirs
        )

    def routed(self, platform, mapped=True, **changes):
        """A routed order that the platform can carry."""
        carrier, code, _name = SERVICES[platform]
        service = CarrierServiceFactory._meta.model.objects.filter(code=code).first()
        if service is None and mapped:
            service = self.map_all(platform)
        ProductFactory(
            sku=SKU,
            weight_grams=340,
            length_mm=110,
            width_mm=110,
            height_mm=95,
            hs_code="732394",
        )
        values = {
            "phone": "+13125550111",
            "email": "dana.reyes@example.com",
            "lines": {SKU: 2},
            "warehouse": self.warehouse(),
            "service": service
            or CarrierServiceFactory(
                code=code, carrier=CarrierFactory(code=carrier, platform=platform)
            ),
            "platform": platform,
        }
        return OrderFactory(routed=True, **(values | changes))

    def warehouse(self):
        model = WarehouseFactory._meta.model
        return model.objects.filter(code="ONT1").first() or WarehouseFactory(
            code="ONT1",
            company="Crossdock Supply",
            contact_name="Luis Ortega",
            phone="+19095550187",
            email="ont1@example.com",
            city="Ontario",
            state="CA",
            postal_code="91761",
        )

    def sent(self, platform, **changes):
        order = self.routed(platform, **changes)
        send_order(order)
        return order


def work(platform, seconds=30.0):
    """Until nothing waits but for a person; the tally."""
    return worker.work_until_idle(platform, seconds=seconds)


def make_due():
    """Bring forward whatever waits for its time."""
    past = timezone.now() - timedelta(seconds=1)
    Dispatch.objects.filter(state__in=["waiting", "unknown"]).update(next_attempt_at=past)
    Dispatch.objects.filter(state="sending").update(lease_until=past)


def in_thread(job):
    """Run with a database connection of its own; returns the started thread."""

    def run():
        try:
            job()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
