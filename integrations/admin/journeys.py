"""A parcel's journey on a page: times with their zone, links only to the web."""

from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from integrations.admin.looks import ATTEMPT_LABELS, DISPATCH_LABELS, SHIPMENT_LABELS
from integrations.models import DispatchState
from integrations.tracking.links import safe_link
from orders.models import Document, Shipment, TrackingEvent
from orders.parts import part_of, parts_of

MOST_SCANS = 50
"""On an order's page; the shipment's own page has all."""
MOST_ATTEMPTS = 20
"""Of each dispatch, the newest; its own page has all."""
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


def platform_context(request, order):
    """What platforms have of the order, as far as the person may see it; as many queries for any.

    Dispatches with their attempts; parcels with their papers and latest scans.
    """
    may = request.user.has_perm
    context = {"warehouse": order.warehouse}
    if may("integrations.view_dispatch"):
        context["promises"] = _promises(order, may("integrations.view_dispatchattempt"))
    if may("orders.view_trackingevent"):
        papers = _papers(order) if may("orders.view_document") else []
        context["journeys"] = _journeys(order, papers)
        context["may_download"] = may("orders.download_document")
    if may("orders.view_orderevent"):
        context["last_news"] = _last_news(order)
    return context


def _last_news(order):
    """The newest line of the history about its parcels: also the answer to Fetch status."""
    news = order.events.filter(kind="tracking").order_by("-at", "-id").first()
    return news and {"at": shown_moment(news.at, order.warehouse), "words": news.message}


def _promises(order, with_attempts):
    dispatches = order.dispatches.order_by("-id")
    if with_attempts:
        dispatches = dispatches.prefetch_related(Prefetch("tries", to_attr="shown_tries"))
    parts = {part.n: part for part in parts_of(order)}
    return [
        _promise(dispatch, parts.get(dispatch.part), order.warehouse) for dispatch in dispatches
    ]


def _promise(dispatch, part, warehouse):
    is_queued = dispatch.state in (DispatchState.WAITING, DispatchState.UNKNOWN)
    tries = [
        {
            "n": one.n,
            "began": shown_moment(one.started_at, warehouse),
            "outcome": one.get_outcome_display(),
            "look": ATTEMPT_LABELS[one.outcome],
            "status": one.http_status or "–",
            "message": one.message or "–",
        }
        for one in getattr(dispatch, "shown_tries", [])[:MOST_ATTEMPTS]
    ]
    return {
        "dispatch": dispatch,
        "part": str(part or ""),
        "look": DISPATCH_LABELS[dispatch.state],
        "asked_at": shown_moment(dispatch.created_at, warehouse),
        "next": shown_moment(dispatch.next_attempt_at, warehouse) if is_queued else "",
        "tries": tries,
    }


def _papers(order):
    return list(Document.objects.filter(shipment__order=order).defer("content"))


def _journeys(order, papers):
    rows = Shipment.objects.filter(order=order).select_related("service")
    shipments = list(rows.order_by("part", "-generation"))
    scans = _latest_scans(shipments)
    parts = {part.n: part for part in parts_of(order)} if shipments else {}
    return [_shown(each, scans, papers, parts.get(each.part)) for each in shipments]


def _latest_scans(shipments):
    newest = TrackingEvent.objects.filter(shipment__in=shipments).order_by("-at", "-id")
    return list(newest[:MOST_SCANS]) if shipments else []


def _shown(shipment, scans, papers, part):
    warehouse = part.warehouse if part else None
    return {
        "part": part,
        "shipment": shipment,
        "look": SHIPMENT_LABELS[shipment.state],
        "link": tracking_link(shipment),
        "carrier": shipment.carrier or shipment.get_platform_display(),
        "shipped": shown_moment(shipment.shipped_at, warehouse),
        "delivered": shown_moment(shipment.delivered_at, warehouse),
        "papers": [paper for paper in papers if paper.shipment_id == shipment.pk],
        "scans": [_scan(scan, warehouse) for scan in scans if scan.shipment_id == shipment.pk],
    }


def _scan(scan, warehouse):
    return {
        "at": shown_moment(scan.at, warehouse),
        "what": shown_code(scan.code),
        "words": scan.words,
        "place": scan.place,
    }
