"""What the tests of reconciliation share: parcels really sent, and rounds over HTTP."""

from django.forms.models import model_to_dict

from integrations.drift.run import reconcile_platform
from integrations.models import DriftFinding
from orders.models import Order, Shipment
from tests.integrations.inbound_case import shipped
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
