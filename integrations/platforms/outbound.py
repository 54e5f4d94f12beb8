"""What we tell a platform, in our own words. Plain values: no Django, no network."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,59}")


@dataclass(frozen=True, slots=True)
class Reference:
    """Our name for one shipment at a platform; the same for every attempt. Raises ValueError."""

    text: str

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.text):
            raise ValueError(f"{self.text!r} cannot be a reference: 4-60 letters, digits, hyphens.")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class AddressValue:
    """A postal address with its contact; an absent part is the empty string.

    `country` is ISO 3166-1 alpha-2, `phone` E.164.
    """

    name: str = ""
    company: str = ""
    line_1: str = ""
    line_2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""

    @property
    def street(self) -> str:
        """Both lines as one, because a platform may break them elsewhere."""
        return " ".join(f"{self.line_1} {self.line_2}".split())


@dataclass(frozen=True, slots=True)
class ParcelSpec:
    """One parcel as packed, outside dimensions; the longest side is the length."""

    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int


class Battery(StrEnum):
    """Lithium batteries as the carriers class them (UN3481, 3480, 3091, 3090)."""

    NONE = "none"
    ION_IN_DEVICE = "ion_in_device"
    ION_ALONE = "ion_alone"
    METAL_IN_DEVICE = "metal_in_device"
    METAL_ALONE = "metal_alone"


@dataclass(frozen=True, slots=True)
class CustomsItem:
    """What customs and the carrier must know about one kind of goods.

    `category` is the platform's slug, `origin_country` ISO 3166-1 alpha-2, `unit_value` is in
    the order's currency.
    """

    description: str
    unit_value: Decimal
    hs_code: str = ""
    category: str = ""
    origin_country: str = ""
    battery: Battery = Battery.NONE
    has_liquids: bool = False


@dataclass(frozen=True, slots=True)
class OutboundLine:
    """One line; `product_remote_id` is empty when the SKU has no mapping yet."""

    sku: str
    quantity: int
    unit_price: Decimal
    weight_grams: int
    customs: CustomsItem
    product_remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """The warehouse it leaves from; `remote_id` is empty when there is no mapping yet."""

    code: str
    address: AddressValue
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class WantedService:
    """The carrier service of the decision, by the platform's id for it."""

    remote_id: str
    carrier: str
    name: str


@dataclass(frozen=True, slots=True)
class OutboundOrder:
    """All of one shipment: one warehouse, one recipient, one parcel, one service."""

    reference: Reference
    origin: Origin
    recipient: AddressValue
    lines: tuple[OutboundLine, ...]
    currency: str
    parcel: ParcelSpec
    service: WantedService
    ordered_at: datetime
    promised_on: date | None = None
    delivery_note: str = ""
