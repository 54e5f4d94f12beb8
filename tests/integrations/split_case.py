"""Split orders, and platforms that do what they are told at once: what their tests share."""

from decimal import Decimal

from integrations.dispatching import worker
from integrations.platforms.errors import Refused
from integrations.platforms.remote import (
    Document,
    Label,
    LabelState,
    RemoteOrder,
    RemoteState,
    TrackingCode,
)
from integrations.tracking.timeline import record_events
from orders.models import Order, Reservation, Shipment
from orders.services import reserve_route
from orders.services.splits import NewPart, write_parts
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    OrderFactory,
    RemoteIdFactory,
    StockLevelFactory,
    WarehouseFactory,
)
from tests.integrations.dispatch_case import SKU
from tests.integrations.inbound_case import scan

PAPER = Document("label", "application/pdf", b"%PDF-1.4 label")


class Willing:
    """Both platforms at once. `refuses` maps a reference, or a reference and what, to words."""

    def __init__(self):
        self.said, self.alive, self.refuses = {}, {}, {}

    def _check(self, reference, what):
        words = self.refuses.get((reference, what))
        if words:
            raise Refused(words)

    def find_by_reference(self, reference):
        return ()

    def create(self, order):
        reference = order.reference.text
        self._check(reference, "create")
        assert reference not in self.said
        self.said[reference] = order
        self.alive[f"R-{reference}"] = reference
        return RemoteOrder(f"R-{reference}", reference, RemoteState.OPEN)

    def prepare(self, order, remote_id):
        assert self.alive[remote_id] == order.reference.text

    def buy_label(self, order, remote_id, approve):
        self._check(order.reference.text, "label")
        return self.fetch_label(remote_id)

    def fetch_label(self, remote_id):
        return Label(
            f"P-{remote_id}",
            LabelState.READY,
            "UPS",
            f"1Z{remote_id}",
            cost=Decimal("7.50"),
            currency="USD",
            documents=(PAPER,),
        )

    def cancel(self, remote_id, reason):
        self._check(self.alive[remote_id], "cancel")
        if Shipment.objects.filter(remote_id=remote_id, shipped_at__isnull=False):
            raise Refused("it is on its way")
        del self.alive[remote_id]
        return RemoteOrder(remote_id, "", RemoteState.CANCELLED)


def willing(monkeypatch):
    """One that works for every platform; monkeypatch undoes it."""
    platform = Willing()
    monkeypatch.setattr(worker, "platform_named", lambda _kind: platform)
    return platform


def house(code, **stock):
    RemoteIdFactory(platform="veeqo", kind="warehouse", ours=code, theirs=f"W-{code}")
    return WarehouseFactory(code=code, stock=stock)


def services():
    """UPS through Veeqo, FedEx through Easyship, both mapped."""
    found = []
    for carrier, platform in (("ups", "veeqo"), ("fedex", "easyship")):
        code = f"{carrier}-ground"
        RemoteIdFactory(platform=platform, kind="service", ours=code, theirs=f"S-{code}")
        found.append(
            CarrierServiceFactory(
                code=code, carrier=CarrierFactory(code=carrier, platform=platform)
            )
        )
    return found


def split_order(**changes):
    """2 MUG from ONT1 by UPS; 1 MUG and 1 CAP from RNO1 by FedEx; everything is reserved."""
    ups, fedex = services()
    ontario, reno = house("ONT1", MUG=5), house("RNO1", MUG=5, CAP=5)
    values = {"lines": {"MUG": 3, "CAP": 1}, "phone": "+13125550111", "email": "d@example.com"}
    order = OrderFactory(routed=True, warehouse=ontario, service=ups, **(values | changes))
    mug, cap = order.lines.order_by("position")
    parts = [
        NewPart(ontario.pk, ups.pk, {mug.pk: 2}, Decimal("9.00"), "USD"),
        NewPart(reno.pk, fedex.pk, {mug.pk: 1, cap.pk: 1}, Decimal("6.00"), "USD"),
    ]
    write_parts({order.pk: parts})
    order.refresh_from_db()
    reserve_route(order)
    return order


def work(platform=""):
    """Until nothing is due there, or anywhere."""
    for name in [platform] if platform else ["veeqo", "easyship"]:
        worker.work_until_idle(name, patience=0)


def status(order):
    order.refresh_from_db()
    return order.status


def again(order):
    return Order.objects.get(pk=order.pk)


def reserved(order):
    """Warehouse → what became of what was reserved there."""
    rows = Reservation.objects.filter(line__order=order).order_by("id")
    found = {}
    for place, state in rows.values_list("level__warehouse__code", "state"):
        found.setdefault(place, []).append(state)
    return {place: sorted(states) for place, states in found.items()}


def parcel(order, part):
    return order.shipments.exclude(state="cancelled").get(part=part)


def scanned(order, part, *codes):
    """The parcel's scans, an hour apart."""
    told = [scan(hour, TrackingCode(code)) for hour, code in enumerate(codes, start=1)]
    record_events(parcel(order, part), told)
    return status(order)


def split_there(case):
    """2 mugs from ONT1 through Veeqo, 1 from RNO1 through Easyship, which a sandbox can carry."""
    order = case.routed("veeqo", lines={SKU: 3})
    other = case.routed("easyship", lines={})
    reno = WarehouseFactory._meta.model.objects.filter(code="RNO1").first() or WarehouseFactory(
        code="RNO1", phone="+17755550142", email="rno1@example.com", contact_name="Dana Whitlock"
    )
    line = order.lines.get()
    for place, units in ((order.warehouse, 2), (reno, 1)):
        StockLevelFactory(warehouse=place, product=line.product, on_hand=units)
    parts = [
        NewPart(order.warehouse_id, order.service_id, {line.pk: 2}),
        NewPart(reno.pk, other.service_id, {line.pk: 1}),
    ]
    other.delete()
    write_parts({order.pk: parts})
    order.refresh_from_db()
    reserve_route(order)
    return order
