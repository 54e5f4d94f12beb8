"""How stored decisions look, the same on every page."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from routing.models import DecisionKind, RoutingDecision

NOTHING = "–"


def standing_of(stored: RoutingDecision) -> tuple[str, str]:
    """What became of it, and the look of that label."""
    if stored.kind == DecisionKind.OVERRIDE:
        return f"Chosen by {stored.actor_label or 'a person'}", "info"
    if stored.kind == DecisionKind.APPROVED:
        return f"Approved by {stored.actor_label or 'a person'}", "success"
    if stored.warehouse_id is None:
        return "No route", "danger"
    if stored.needs_review:
        return "To be reviewed", "warning"
    is_pinned = stored.kind == DecisionKind.PINNED
    return ("As a person pinned it", "info") if is_pinned else ("Automatic", "success")


def doubts_of(stored: RoutingDecision) -> str:
    """Heads what routing doubted where a person has decided since."""
    return "" if stored.needs_review else "What routing doubted, and a person decided"


def route_named(stored: RoutingDecision) -> str:
    """“RNO1 · UPS Ground”, with the number of parcels of a split; “–” without a route."""
    if stored.warehouse is None:
        return NOTHING
    route = f"{stored.warehouse.code} · {stored.service}"
    return route if stored.parcels < 2 else f"{route} and {stored.parcels - 1} more"


def price_of(stored: RoutingDecision) -> str:
    cents = stored.cost_cents
    return NOTHING if cents is None else f"{cents // 100}.{cents % 100:02} {stored.currency}"


def extra_of(stored: RoutingDecision) -> str:
    """What a person's choice costs over the recommendation, with its sign."""
    cents = stored.extra_cents
    return "" if cents is None else signed(cents, stored.currency)


def signed(cents: int, currency: str) -> str:
    sign = "−" if cents < 0 else "+"
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02} {currency}"


def safe_minute(stored: RoutingDecision) -> str:
    """In the zone of the warehouse that has to make the pickup, with the zone's name."""
    if stored.last_safe_minute is None:
        return NOTHING
    zone = ZoneInfo(stored.warehouse.time_zone) if stored.warehouse else None
    return date_format(timezone.localtime(stored.last_safe_minute, zone), "D j M, H:i T")


def is_past(stored: RoutingDecision) -> bool:
    return stored.last_safe_minute is not None and stored.last_safe_minute < timezone.now()
