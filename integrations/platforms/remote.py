"""What a platform tells us, in our own words. Plain values: no Django, no network."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from integrations.platforms.outbound import AddressValue

Item = TypeVar("Item", covariant=True)


class RemoteState(StrEnum):
    """How far the platform is with an order; unheard-of states are UNKNOWN, never an error."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_STOCK = "awaiting_stock"
    OPEN = "open"
    ON_HOLD = "on_hold"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class LabelState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
    VOIDED = "voided"


class TrackingCode(StrEnum):
    """One step of a parcel's journey."""

    ANNOUNCED = "announced"
    AWAITING_COLLECTION = "awaiting_collection"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan; `at` is UTC, `words` are the platform's."""

    at: datetime
    code: TrackingCode
    words: str
    place: str = ""

    @property
    def digest(self) -> str:
        """The same in every process, so that a timeline merges without doubles."""
        parts = (self.at.isoformat(), self.code, self.words, self.place)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Journey:
    """Everything known about one parcel's way; events oldest first."""

    shipment_id: str
    code: TrackingCode
    words: str
    events: tuple[TrackingEvent, ...]
    tracking_number: str = ""
    tracking_url: str = ""
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A paper of a shipment: label, packing_slip, commercial_invoice, …"""

    category: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Label:
    """A bought (or buying, or failed) label; `shipment_id` is what `track` takes.

    `documents` is empty until fetched; `cost` is None when the platform did not say.
    """

    shipment_id: str
    state: LabelState
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    cost: Decimal | None = None
    currency: str = ""
    failure: str = ""
    documents: tuple[Document, ...] = ()

    @property
    def is_bought(self) -> bool:
        """Paid for, whether or not it is made already: never buy it again."""
        return self.state in (LabelState.PENDING, LabelState.READY)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price for one carrier service; `days` are the platform's own estimate."""

    service_remote_id: str
    carrier: str
    service_name: str
    total: Decimal
    currency: str
    min_days: int | None = None
    max_days: int | None = None
    deliver_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteLine:
    """One line as the platform holds it; None where it did not say or we cannot read it."""

    sku: str
    quantity: int | None
    unit_price: Decimal | None = None
    product_remote_id: str = ""


@dataclass(frozen=True, slots=True)
class RemoteOrder:
    """An order as the platform holds it; `words` is its state in the platform's words.

    `total` holds `tax`; `delivery` is what the chosen delivery method costs there by itself.
    `store` is the shop it belongs to there; see Platform.our_stores.
    `remarks` are things a person should read: partial success, a refund to check.
    """

    remote_id: str
    reference: str
    state: RemoteState
    words: str = ""
    recipient: AddressValue | None = None
    origin: AddressValue | None = None
    warehouse_remote_ids: tuple[str, ...] = ()
    lines: tuple[RemoteLine, ...] = ()
    total: Decimal | None = None
    tax: Decimal | None = None
    delivery: Decimal | None = None
    currency: str = ""
    service_remote_id: str = ""
    store: str = ""
    label: Label | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    remarks: tuple[str, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        return self.state in (RemoteState.CANCELLED, RemoteState.CANCELLING)

    @property
    def is_alive(self) -> bool:
        """It may still cost money or goods."""
        return not self.is_cancelled and self.state is not RemoteState.REFUNDED


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    remote_id: str
    sku: str
    title: str
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    hs_code: str = ""
    origin_country: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RemoteWarehouse:
    remote_id: str
    name: str
    address: AddressValue
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RemoteService:
    """A bookable product of a carrier; None where the platform does not say."""

    remote_id: str
    carrier: str
    name: str
    is_domestic: bool | None = None
    is_international: bool | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class RemoteStock:
    """Units of one product at one warehouse; `available` may be negative there."""

    product_remote_id: str
    sku: str
    warehouse_remote_id: str
    on_hand: int | None
    available: int | None
    is_endless: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list: ask again with `next_cursor` until it is None.

    `unreadable` has one sentence per entry that was left out; nothing is left out in silence.
    """

    items: tuple[Item, ...]
    next_cursor: str | None = None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing `probe` tried, in plain words; `code` is the error's when it failed."""

    what: str
    works: bool
    words: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    checks: tuple[Check, ...]

    @property
    def works(self) -> bool:
        return bool(self.checks) and all(check.works for check in self.checks)
