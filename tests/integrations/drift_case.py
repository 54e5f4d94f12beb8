"""What the tests of reconciliation share: parcels really sent, and rounds over HTTP."""

import requests
from django.forms.models import model_to_dict

from integrations.drift.run import reconcile_platform
from integrations.models import DriftFinding
from orders.models import Order, Shipment
from tests.integrations.inbound_case import shipped
from tests.integrations.sandbox_client import SandboxClient, created_order, created_shipment
from warehouses.models import StockLevel, StockMovement


def found(platform=None):
    """Unsettled findings as kind, field, ours, theirs."""
    rows = DriftFinding.objects.unsettled()
    if platform:
        rows = rows.filter(platform=platform)
    return sorted(rows.values_list("kind", "field", "ours", "theirs"))


def reconciled(platform, **options):
    """A round that must come to its end."""
    told = reconcile_platform(platform, **options)
    assert told.is_success, told
    return told


def sent(case, platform):
    """A parcel with its label, as the queue sends it."""
    return shipped(case, platform)


def behind(case, shipment, what, **body):
    """Something done at the platform behind our back."""
    return case.control(what, platform=shipment.platform, reference=shipment.reference, **body)


def our_world():
    """Everything that a round must leave alone."""
    return [
        [model_to_dict(row) for row in model.objects.order_by("pk")]
        for model in (Shipment, StockLevel, StockMovement)
    ] + [list(Order.objects.order_by("pk").values())]


def their_world(case):
    """Everything that the platforms hold."""
    objects = requests.get(f"{case.url}/_control/state", timeout=30).json()["objects"]
    return {kind: rows for kind, rows in objects.items() if kind != "easyship.account"}


def order_there(case, platform, reference, **place):
    """An order that somebody makes at the platform; its id."""
    client = SandboxClient(case.url)
    if platform == "easyship":
        signed = {"platform_name": place.get("shop"), "platform_order_number": reference}
        made = created_shipment(client, reference, order_data=signed)
        return made["easyship_shipment_id"]
    changes = {}
    if "channel" in place:
        body = {"name": place["channel"], "type_code": "shopify", "currency_code": "USD"}
        changes["channel_id"] = client.veeqo("POST", "/channels", json=body).json()["id"]
    return str(created_order(client, reference, **changes)["id"])
