"""What a decision is made from: the order and the network, as plain values.

Codes are those of the database (`RNO1`, `ups`, `ups-ground`); SKUs are compared in capitals.
Units stand in the names; prices are whole hundredths of their currency, so that sums are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One order line. `unit_price` is in the order's currency; None where nobody knows."""

    position: int
    sku: str
    quantity: int
    is_known: bool = True
    category: str = ""
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    is_hazmat: bool = False
    has_battery: bool = False
    unit_price: Decimal | None = None

    @property
    def key(self) -> str:
        return self.sku.upper()


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """A price a platform has promised for this order; it replaces our estimate."""

    warehouse: str
    service: str
    cents: int
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What routing may know of an order. Nothing here names the customer.

    `latitude`, `longitude` and `zip_state` are those of the ZIP code's centre, None and "" where
    the table does not have it. `missing_contact` holds any of name, phone, email, street, city.
    """

    number: str
    source: str = "manual"
    country: str = "US"
    state: str = ""
    postal_code: str = ""
    zip_state: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_po_box: bool = False
    is_military: bool = False
    is_business: bool = False
    address_verdict: str = "unchecked"
    missing_contact: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    currency: str = "USD"
    promise_date: date | None = None
    wanted_carrier: str = ""
    wanted_service: str = ""
    wanted_warehouse_state: str = ""
    pinned_warehouse: str = ""
    pinned_service: str = ""
    lines: tuple[LineFacts, ...] = ()
    quotes: tuple[QuoteFacts, ...] = ()

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def value(self) -> Decimal | None:
        """In the order's currency; None as soon as one price is unknown."""
        total = Decimal(0)
        for line in self.lines:
            if line.unit_price is None:
                return None
            total += line.unit_price * line.quantity
        return total

    @property
    def weight_grams(self) -> int | None:
        """None as soon as one line's weight is unknown or zero."""
        if not self.lines or any(not line.weight_grams for line in self.lines):
            return None
        return sum((line.weight_grams or 0) * line.quantity for line in self.lines)

    @property
    def is_hazmat(self) -> bool:
        return any(line.is_hazmat for line in self.lines)

    @property
    def has_battery(self) -> bool:
        return any(line.has_battery for line in self.lines)

    def demand(self) -> dict[str, int]:
        """Units wanted of each SKU (in capitals), in the order of SKUs."""
        units: dict[str, int] = {}
        for line in self.lines:
            units[line.key] = units.get(line.key, 0) + line.quantity
        return dict(sorted(units.items()))


@dataclass(frozen=True, slots=True)
class StockFacts:
    """Units of one product in one warehouse."""

    on_hand: int
    reserved: int = 0
    safety_stock: int = 0
    reorder_point: int = 0
    counted_at: datetime | None = None

    @property
    def available(self) -> int:
        """What routing may promise: safety stock is kept back."""
        return max(0, self.on_hand - self.reserved - self.safety_stock)


@dataclass(frozen=True, slots=True)
class CutoffFacts:
    """Until when a carrier's pickup of that weekday (Monday is 0) still takes an order."""

    carrier: str
    weekday: int
    local_time: time


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    code: str
    state: str
    latitude: float
    longitude: float
    time_zone: str
    country: str = "US"
    priority: int = 100
    daily_capacity: int | None = None
    is_active: bool = True
    cutoffs: tuple[CutoffFacts, ...] = ()
    closures: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CarrierFacts:
    code: str
    name: str
    platform: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RateFacts:
    """What a service asks to a zone up to a billable weight."""

    zone: str
    up_to_grams: int
    cents: int
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class TransitFacts:
    """Business days to a zone, where they differ from the service's own range."""

    zone: str
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    code: str
    carrier: str
    name: str
    scope: str = "domestic"
    countries: tuple[str, ...] = ()
    transit_days_min: int = 1
    transit_days_max: int = 5
    max_weight_grams: int = 68_039
    max_length_mm: int | None = None
    max_length_plus_girth_mm: int | None = None
    dimensional_divisor: int | None = None
    accepts_po_box: bool = False
    accepts_military: bool = False
    accepts_hazmat: bool = False
    accepts_batteries: bool = True
    residential_only: bool = False
    delivers_on_saturday: bool = False
    is_active: bool = True
    rates: tuple[RateFacts, ...] = ()
    transit_times: tuple[TransitFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """The rate zone of a carrier in which a foreign country lies."""

    carrier: str
    country: str
    zone: str


@dataclass(frozen=True, slots=True)
class Network:
    """Everything orders share. `stock` goes by (warehouse, SKU in capitals).

    `loads` counts the orders already routed today to each warehouse.
    """

    warehouses: tuple[WarehouseFacts, ...] = ()
    carriers: tuple[CarrierFacts, ...] = ()
    services: tuple[ServiceFacts, ...] = ()
    zones: tuple[ZoneFacts, ...] = ()
    stock: Mapping[tuple[str, str], StockFacts] = field(default_factory=dict)
    loads: Mapping[str, int] = field(default_factory=dict)
