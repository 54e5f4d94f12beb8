"""What we ask of a platform, in our own words; adapters speak theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from integrations.platforms.outbound import OutboundOrder, Reference
from integrations.platforms.remote import (
    Journey,
    Label,
    Page,
    Probe,
    Quote,
    RemoteOrder,
    RemoteProduct,
    RemoteService,
    RemoteStock,
    RemoteWarehouse,
)

type_of_approval = Callable[[Quote], None]


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach one account at a platform; secrets stay out of its repr."""

    base_url: str
    credential: str = field(repr=False)
    channel_id: str = ""


class Platform(Protocol):
    """One account at one platform.

    Every method may raise any PlatformError, and nothing else but what the hooks raise. After an
    error with `is_ambiguous` the write may have happened: settle it with `find_by_reference`
    (or `fetch` once the remote id is known) before calling a writing method again.
    """

    kind: str
    tracks_at_once: int
    """How many shipments one `track` call may name."""
    keeps_stock: bool
    """False: `list_stock` has nothing to say."""
    calls_to_send: int
    """What one order takes of the budget from look-up to label file, its SKUs being mapped."""
    calls_to_cancel: int

    def create(self, order: OutboundOrder) -> RemoteOrder:
        """Create the order, or return the one already there for its reference, even if cancelled.

        Looks before it creates. Store the remote id, then call `prepare`.
        Raises SeveralMatches when more than one live order has the reference.
        """

    def prepare(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        """Make the remote order match ours: paid, at our warehouse, in our parcel, our service.

        Safe to repeat. Raises Refused with the platform's reason, also when it was cancelled there.
        """

    def update(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        """Tell the platform our recipient again; `prepare` does the rest of a correction.

        Raises Refused once a label is bought, or when it was cancelled there.
        """

    def find_by_reference(self, reference: Reference) -> tuple[RemoteOrder, ...]:
        """Every order there with exactly this reference, cancelled ones included."""

    def fetch(self, remote_id: str) -> RemoteOrder:
        """The order as it is there now. Raises NotFound."""

    def quote(self, order: OutboundOrder) -> tuple[Quote, ...]:
        """Prices of every service for an order that need not exist there yet, cheapest first."""

    def buy_label(self, order: OutboundOrder, remote_id: str, approve: type_of_approval) -> Label:
        """Buy the label of our service at a fresh price, or return the one already bought.

        `approve` sees the fresh quote just before money is spent; what it raises stops the
        purchase and is passed on. A PENDING label is paid: poll `fetch_label`, never buy again.
        Raises Refused when the service is not offered, PaymentNeeded without credit.
        """

    def fetch_label(self, remote_id: str) -> Label:
        """The order's label with its documents, or its state while there are none."""

    def cancel(self, remote_id: str, reason: str) -> RemoteOrder:
        """Void the label and cancel the order; one already cancelled is returned as it is.

        The answer is CANCELLED or CANCELLING. Raises Refused when the parcel is on its way, Busy
        while its label is being made.
        """

    def track(self, shipment_ids: Sequence[str]) -> dict[str, Journey]:
        """Journeys by the shipment id of a `Label`; one unknown there is absent.

        Raises ValueError for more than `tracks_at_once`.
        """

    def list_orders_since(self, since: datetime, cursor: str = "") -> Page[RemoteOrder]:
        """Orders changed since then (UTC), cancelled ones included, one call per page.

        Pages may repeat or skip an order that changes meanwhile: let windows overlap, and confirm
        by `fetch` before calling an order missing.
        """

    def our_stores(self) -> frozenset[str]:
        """The `store` of orders there that only we should make; none when it is not clear which.

        An account there holds orders of other shops, too, and those are nobody's business here.
        """

    def list_products(self, cursor: str = "") -> Page[RemoteProduct]: ...

    def list_warehouses(self, cursor: str = "") -> Page[RemoteWarehouse]: ...

    def list_services(self, cursor: str = "") -> Page[RemoteService]:
        """What may be booked; a platform without such a list answers with none and a remark."""

    def list_stock(self, cursor: str = "") -> Page[RemoteStock]: ...

    def probe(self) -> Probe:
        """Try the connection, the key and what we need to read; failures are in the answer."""
