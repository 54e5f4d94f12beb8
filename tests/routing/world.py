"""A small invented network, and orders for it, in plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from routing.default_rules import default_rules
from routing.facts import (
    CarrierFacts,
    CutoffFacts,
    LineFacts,
    Network,
    OrderFacts,
    RateFacts,
    ServiceFacts,
    StockFacts,
    TransitFacts,
    WarehouseFacts,
    ZoneFacts,
)

NOW = datetime(2027, 3, 2, 17, 0, tzinfo=UTC)
"""A Tuesday, nine in the morning in Reno."""

POUND = 454
MAX = 68_039
DOMESTIC_ZONES = "23456789"

TERRITORIES_AS_COUNTRIES = ("PR", "GU", "VI")

CARRIERS = (
    CarrierFacts("fedex", "FedEx", "easyship"),
    CarrierFacts("ups", "UPS", "veeqo"),
    CarrierFacts("usps", "USPS", "veeqo"),
    CarrierFacts("dhl", "DHL", "veeqo"),
)

PLACES = {
    "89501": ("NV", 39.5260, -119.8128),
    "89101": ("NV", 36.1720, -115.1224),
    "90210": ("CA", 34.0901, -118.4065),
    "94103": ("CA", 37.7725, -122.4147),
    "10001": ("NY", 40.7506, -73.9972),
    "33101": ("FL", 25.7791, -80.1978),
    "75201": ("TX", 32.7904, -96.8044),
    "60601": ("IL", 41.8858, -87.6181),
    "98101": ("WA", 47.6114, -122.3305),
    "18101": ("PA", 40.6026, -75.4691),
    "99501": ("AK", 61.2116, -149.8761),
    "96813": ("HI", 21.3179, -157.8521),
    "00901": ("PR", 18.4655, -66.1057),
    "96910": ("GU", 13.4745, 144.7504),
    "09012": ("AE", 40.7128, -74.0060),
    "96201": ("AP", 37.7749, -122.4194),
}

MUG = LineFacts(1, "MUG", 1, True, "Tableware", 420, 130, 110, 110, unit_price=Decimal("14.50"))
PERFUME = LineFacts(
    1, "PERFUME", 1, True, "Scent", 300, 120, 80, 60, is_hazmat=True, unit_price=Decimal("60.00")
)
TORCH = LineFacts(
    1, "TORCH", 1, True, "Outdoor", 350, 160, 60, 60, has_battery=True, unit_price=Decimal("35.00")
)
CHAIR = LineFacts(
    1, "CHAIR", 1, True, "Furniture", 36_000, 900, 600, 500, unit_price=Decimal("240.00")
)
RUG = LineFacts(1, "RUG", 1, True, "Textiles", 9_800, 2_900, 220, 220, unit_price=Decimal(900))
THROW = LineFacts(1, "THROW", 1, True, "Textiles", 1350, 400, 300, 120, unit_price=Decimal(129))
PRODUCTS = {line.sku: line for line in (MUG, PERFUME, TORCH, CHAIR, RUG, THROW)}


def cutoffs(saturday=True):
    weekday_times = {"fedex": "17:00", "ups": "17:30", "usps": "16:00", "dhl": "15:30"}
    rows = [
        CutoffFacts(carrier, weekday, time.fromisoformat(at))
        for carrier, at in weekday_times.items()
        for weekday in range(5)
    ]
    late = [CutoffFacts(carrier, 5, time(12)) for carrier in ("fedex", "ups", "usps")]
    return tuple(rows + late if saturday else rows)


def warehouse(code, state, latitude, longitude, zone="America/Los_Angeles", **changes):
    settings = {"cutoffs": cutoffs(), "daily_capacity": 1000} | changes
    return WarehouseFacts(code, state, latitude, longitude, zone, **settings)


WAREHOUSES = (
    warehouse("RNO1", "NV", 39.6446, -119.8717, priority=10),
    warehouse("ONT1", "CA", 34.0345, -117.5920, priority=30),
    warehouse("DFW1", "TX", 32.9673, -96.9805, "America/Chicago", priority=50),
    warehouse("ABE1", "PA", 40.5657, -75.5649, "America/New_York", priority=60),
)


def rates(base, step, zones=DOMESTIC_ZONES, up_to=MAX):
    """Hundredths: `base` for a pound nearby, `step` more a zone, a third more a break."""
    breaks = [POUND, 5 * POUND, 20 * POUND, up_to]
    return tuple(
        RateFacts(zone, grams, (base + step * near) * (3 + heavy) // 3)
        for near, zone in enumerate(zones)
        for heavy, grams in enumerate(breaks)
    )


def transit(slowest):
    """Business days, from one to the nearest zone to `slowest` to the farthest."""
    steps = {zone: 1 + (slowest - 1) * i // 6 for i, zone in enumerate(DOMESTIC_ZONES)}
    return tuple(TransitFacts(zone, 1, days) for zone, days in steps.items())


def service(code, name, base, step, days, **changes):
    carrier = code.split("-")[0]
    zones = changes.pop("zones", DOMESTIC_ZONES)
    up_to = changes.get("max_weight_grams", MAX)
    settings = {
        "countries": ("US",),
        "transit_days_max": days,
        "max_length_mm": 2743,
        "max_length_plus_girth_mm": 4191,
        "dimensional_divisor": 5022,
        "rates": rates(base, step, zones, up_to),
        "transit_times": transit(days),
    } | changes
    return ServiceFacts(code, carrier, name, **settings)


POST = {
    "accepts_po_box": True,
    "accepts_military": True,
    "delivers_on_saturday": True,
    "max_weight_grams": 31_751,
    "max_length_mm": None,
    "max_length_plus_girth_mm": 3302,
    "dimensional_divisor": 5997,
}
DHL = POST | {"max_weight_grams": 11_340, "max_length_mm": 686, "accepts_batteries": False}
ABROAD = {"scope": "international", "countries": (), "transit_times": ()}
NEAR = "2345678"

SERVICES = (
    service("fedex-ground", "FedEx Ground", 1205, 60, 5, accepts_hazmat=True),
    service("fedex-home-delivery", "FedEx Home Delivery", 1255, 60, 5, residential_only=True),
    service("fedex-express-saver", "FedEx Express Saver", 2400, 300, 3, zones=NEAR),
    service("fedex-2day", "FedEx 2Day", 2900, 350, 2),
    service("fedex-standard-overnight", "FedEx Standard Overnight", 5500, 800, 1),
    service("ups-ground", "UPS Ground", 1198, 60, 5, accepts_hazmat=True),
    service("ups-3-day-select", "UPS 3 Day Select", 2300, 300, 3, zones=NEAR),
    service("ups-2nd-day-air", "UPS 2nd Day Air", 2880, 350, 2),
    service("ups-next-day-air-saver", "UPS Next Day Air Saver", 5400, 800, 1, zones=NEAR),
    service(
        "usps-ground-advantage", "USPS Ground Advantage", 761, 40, 6, **POST, accepts_hazmat=True
    ),
    service("usps-priority-mail", "USPS Priority Mail", 990, 90, 3, **POST),
    service("usps-priority-mail-express", "USPS Priority Mail Express", 3200, 500, 2, **POST),
    service("dhl-ecommerce-parcel-ground", "DHL eCommerce Ground", 662, 45, 8, **DHL),
    service("dhl-ecommerce-parcel-expedited", "DHL eCommerce Expedited", 720, 50, 5, **DHL),
)
INTERNATIONAL = (
    service("ups-standard", "UPS Standard", 2500, 900, 5, zones=["W1"], **ABROAD),
    service("dhl-express-worldwide", "DHL Express", 4500, 900, 4, zones=["D1", "D3"], **ABROAD),
    service(
        "usps-priority-mail-international",
        "USPS Priority Mail International",
        3600,
        700,
        9,
        zones=["G1", "G3"],
        **ABROAD | {"accepts_po_box": True, "accepts_batteries": False},
    ),
)
ZONES = tuple(
    ZoneFacts(carrier, country, zone)
    for carrier, country, zone in (
        ("ups", "CA", "W1"),
        ("dhl", "CA", "D1"),
        ("dhl", "DE", "D3"),
        ("usps", "CA", "G1"),
        ("usps", "DE", "G3"),
    )
)


def shelf(on_hand=100, **changes):
    counted = {"counted_at": NOW - timedelta(days=2), "safety_stock": 2, "reorder_point": 10}
    return StockFacts(on_hand, **counted | changes)


def full_shelves(warehouses=WAREHOUSES):
    return {(place.code, sku): shelf() for place in warehouses for sku in PRODUCTS}


def network(stock=None, **changes):
    settings = {
        "warehouses": WAREHOUSES,
        "carriers": CARRIERS,
        "services": SERVICES + INTERNATIONAL,
        "zones": ZONES,
        "stock": full_shelves() if stock is None else stock,
    }
    return Network(**settings | changes)


def line(sku="MUG", quantity=1, position=1, **changes):
    return replace(PRODUCTS[sku], quantity=quantity, position=position, **changes)


def order(zip_code="89501", *lines, **changes):
    """A clean order to that ZIP; `country` other than US takes no ZIP from the table."""
    state, latitude, longitude = PLACES.get(zip_code, ("", None, None))
    settings = {
        "number": "1001",
        "state": state,
        "zip_state": state,
        "postal_code": zip_code,
        "latitude": latitude,
        "longitude": longitude,
        "address_verdict": "ok",
        "lines": lines or (line(),),
    }
    return OrderFacts(**settings | changes)


def rules(**changes):
    return replace(default_rules(), **changes)


def promise(days):
    return date(2027, 3, 2) + timedelta(days=days)
