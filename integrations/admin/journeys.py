"""A parcel's journey on a page: times with their zone, links only to the web."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from integrations.admin.looks import SHIPMENT_LABELS
from integrations.tracking.links import safe_link
from orders.models import Shipment, TrackingEvent
from orders.parts import part_of, parts_of

MOST_SCANS = 50
"""On an order's page; the shipment's own page has all."""
_NAMES = {
    "announced": "Announced",
    "awaiting_collection": "Waiting for the carrier",
    "collected": "Collected",
    "in_transit": "On its way",
    "out_for_delivery": "Out for delivery",
    "attempt_failed": "Delivery attempt failed",
    "ready_for_pickup": "Ready to be picked up",
    "delivered": "Delivered",
    "delayed": "Delayed",
    "exception": "Exception",
    "returning": "On its way back",
    "returned": "Returned",
    "lost": "Lost",
    "expired": "No more news",
    "cancelled": "Cancelled",
}


def shown_moment(at, warehouse=None):
    """In the zone of the warehouse, else of the site, with the zone's name."""
    if at is None:
        return "–"
    zone = ZoneInfo(warehouse.time_zone) if warehouse else None
    return date_format(timezone.localtime(at, zone), "j M Y, H:i T")


def shown_code(code):
    return _NAMES.get(code, "Other news")


def tracking_link(shipment):
    """The tracking number, as a link where the platform told a web address."""
    number = shipment.tracking_number or "–"
    address = safe_link(shipment.tracking_url)
    if not address:
        return number
    return format_html(
        '<a class="rt-link" href="{}" target="_blank" rel="noopener noreferrer">{}</a>',
        address,
        shipment.tracking_number or "Track the parcel",
    )


def parcel_named(row):
    """Of a dispatch or shipment, as in “Part 2 of 3 from RNO1”."""
    part = part_of(row.order, row.part)
    return str(part or f"Part {row.part}, by an earlier route") or "The whole order"


def journey_context(order):
    """Every parcel of the order with its latest scans; the same number of queries for any order."""
    shipments = list(Shipment.objects.filter(order=order).order_by("part", "-generation"))
    scans = _latest_scans(shipments)
    parts = {part.n: part for part in parts_of(order)} if shipments else {}
    return {"journeys": [_shown(each, scans, parts.get(each.part)) for each in shipments]}


def _latest_scans(shipments):
    newest = TrackingEvent.objects.filter(shipment__in=shipments).order_by("-at", "-id")
    return list(newest[:MOST_SCANS]) if shipments else []


def _shown(shipment, scans, part):
    warehouse = part.warehouse if part else None
    return {
        "part": part,
        "shipment": shipment,
        "look": SHIPMENT_LABELS[shipment.state],
        "link": tracking_link(shipment),
        "carrier": shipment.carrier or shipment.get_platform_display(),
        "shipped": shown_moment(shipment.shipped_at, warehouse),
        "delivered": shown_moment(shipment.delivered_at, warehouse),
        "scans": [
            {
                "at": shown_moment(scan.at, warehouse),
                "what": shown_code(scan.code),
                "words": scan.words,
                "place": scan.place,
            }
            for scan in scans
            if scan.shipment_id == shipment.pk
        ],
    }
