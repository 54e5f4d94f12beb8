"""Veeqo: no idempotency, a fuzzy search, no webhooks, and a will of its own about warehouses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from integrations.platforms import reading
from integrations.platforms.base import Account, type_of_approval
from integrations.platforms.calls import Hooks, Purpose
from integrations.platforms.checks import run_checks
from integrations.platforms.errors import NotFound, Refused
from integrations.platforms.http import JsonApi, Request, segment
from integrations.platforms.matches import refuse_to_change, require_at_most, the_one
from integrations.platforms.naming import speaks_for
from integrations.platforms.outbound import AddressValue, OutboundOrder, ParcelSpec, Reference
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
from integrations.platforms.veeqo import bodies, catalogue, labels, lookups
from integrations.platforms.veeqo.answers import read_order
from integrations.platforms.veeqo.journeys import read_journey
from integrations.platforms.veeqo.paging import PAGE_SIZE, page_number, read_page
from integrations.platforms.veeqo.preparation import prepare_order
from integrations.platforms.veeqo.rates import read_quotes
from integrations.platforms.veeqo.store import Store
from integrations.platforms.veeqo.wording import DIALECT

_SAMPLE = ParcelSpec(weight_grams=1_000, length_mm=250, width_mm=200, height_mm=100)
_FOREIGN = AddressValue(
    name="Sample",
    line_1="100 Queen Street West",
    city="Toronto",
    state="ON",
    postal_code="M5H 2N2",
    country="CA",
    phone="+14165550100",
)
_ABROAD = "abroad"
Item = TypeVar("Item")


@speaks_for("Veeqo")
class Veeqo:
    kind = "veeqo"
    tracks_at_once = 1
    keeps_stock = True
    calls_to_send = 13
    calls_to_cancel = 4

    def __init__(self, account: Account, hooks: Hooks, version: str):
        headers = {"x-api-key": account.credential}
        self.api = JsonApi(
            "Veeqo", account.base_url, headers, dialect=DIALECT, hooks=hooks, version=version
        )
        self.store = Store(self.api, account.channel_id)

    def create(self, order: OutboundOrder) -> RemoteOrder:
        existing = the_one(self.find_by_reference(order.reference), order.reference)
        if existing:
            return existing
        body = bodies.order_body(
            order,
            lookups.sellable_ids(self.api, order.lines),
            channel_id=self.store.channel_for(order.currency),
            delivery_method_id=self.store.delivery_method(order.service.name),
            customer_id=lookups.customer_id(self.api, order.recipient.email),
        )
        request = Request("POST", "/orders", Purpose.CREATE, body, writes=True)
        return self.api.ask(request, lambda answer: read_order(answer.body).remote)

    def prepare(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        found, _ = prepare_order(self.api, order, remote_id)
        return found.remote

    def update(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        found = lookups.fetch_order(self.api, remote_id, Purpose.PREPARE).remote
        refuse_to_change(found)
        body = {"order": {"deliver_to_attributes": bodies.address_body(order.recipient)}}
        path = f"/orders/{segment(remote_id)}"
        self.api.ask(Request("PUT", path, Purpose.PREPARE, body, writes=True), lambda _answer: None)
        return lookups.fetch_order(self.api, remote_id, Purpose.PREPARE).remote

    def find_by_reference(self, reference: Reference) -> tuple[RemoteOrder, ...]:
        return tuple(found.remote for found in lookups.find_orders(self.api, reference))

    def fetch(self, remote_id: str) -> RemoteOrder:
        return lookups.fetch_order(self.api, remote_id, Purpose.FETCH).remote

    def quote(self, order: OutboundOrder) -> tuple[Quote, ...]:
        return self._shop(
            order.origin.address,
            order.recipient,
            order.parcel,
            order.reference.text,
            Purpose.QUOTE,
        )

    def buy_label(self, order: OutboundOrder, remote_id: str, approve: type_of_approval) -> Label:
        return labels.buy_label(self.api, order, remote_id, approve)

    def fetch_label(self, remote_id: str) -> Label:
        return labels.fetch_label(self.api, remote_id)

    def cancel(self, remote_id: str, reason: str) -> RemoteOrder:
        found = lookups.fetch_order(self.api, remote_id, Purpose.CANCEL)
        if found.remote.is_cancelled:
            return found.remote
        remarks = labels.void_labels(self.api, found)
        body = {"send_veeqo_email": False, "cancel_reason": reason}
        path = f"/orders/{segment(remote_id)}/cancel"
        self.api.ask(Request("PUT", path, Purpose.CANCEL, body, writes=True), lambda _answer: None)
        after = lookups.fetch_order(self.api, remote_id, Purpose.CANCEL).remote
        if not after.is_cancelled:
            raise Refused(f"order {remote_id} is still {after.words} after it was cancelled")
        return replace(after, remarks=remarks)

    def track(self, shipment_ids: Sequence[str]) -> dict[str, Journey]:
        require_at_most(self.tracks_at_once, shipment_ids)
        journeys = (self._journey(shipment_id) for shipment_id in shipment_ids)
        return {journey.shipment_id: journey for journey in journeys if journey}

    def list_orders_since(self, since: datetime, cursor: str = "") -> Page[RemoteOrder]:
        """Live orders first, then the cancelled ones, which only come when asked for."""
        kind, _, page = (cursor or "open:1").partition(":")
        query = {"updated_at_min": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if self.store.configured_id:
            query["channel_ids[]"] = self.store.configured_id
        if kind == "cancelled":
            query["status"] = "cancelled"
        found = lookups.order_page(self.api, query, page, Purpose.RECONCILE)
        # A date Veeqo cannot parse is ignored there, so the filter is repeated here.
        items = tuple(
            each.remote
            for each in found.items
            if each.remote.updated_at is None or each.remote.updated_at >= since
        )
        return Page(items, _next_cursor(kind, found.next_cursor), found.unreadable)

    def our_stores(self) -> frozenset[str]:
        return frozenset({self.store.known_id()} - {""})

    def list_products(self, cursor: str = "") -> Page[RemoteProduct]:
        return self._list("/products", cursor, catalogue.read_products)

    def list_warehouses(self, cursor: str = "") -> Page[RemoteWarehouse]:
        return self._list("/warehouses", cursor, lambda each: [catalogue.read_warehouse(each)])

    def list_stock(self, cursor: str = "") -> Page[RemoteStock]:
        return self._list("/products", cursor, catalogue.read_stock)

    def list_services(self, cursor: str = "") -> Page[RemoteService]:
        """No list exists there: what is quoted for a sample parcel, at home and then abroad.

        Not every account may ask for quotes; one that may not has an empty list with a remark.
        """
        places = [each.address for each in self.list_warehouses().items if each.is_active]
        if not places:
            return Page(())
        here = cursor != _ABROAD
        try:
            quotes = self._shop(
                places[0],
                places[-1] if here else _FOREIGN,
                _SAMPLE,
                "CROSSDOCK-SERVICES",
                Purpose.MASTER_DATA,
            )
        except Refused as error:
            return Page((), unreadable=(f"Services cannot be listed: {error}",))
        return Page(catalogue.services_of(quotes), _ABROAD if here else None)

    def probe(self) -> Probe:
        return run_checks(
            [
                ("Connection and key", self._say_company),
                ("Store for new orders", self._say_channel),
                ("Warehouses", self._say_warehouses),
            ]
        )

    def _journey(self, shipment_id: str) -> Journey | None:
        path = f"/shipping/tracking_events/{segment(shipment_id)}"
        try:
            return self.api.ask(
                Request("GET", path, Purpose.TRACK),
                lambda answer: read_journey(shipment_id, answer.body),
            )
        except NotFound:
            return None

    def _shop(
        self,
        sender: AddressValue,
        recipient: AddressValue,
        parcel: ParcelSpec,
        reference: str,
        purpose: Purpose,
    ) -> tuple[Quote, ...]:
        body = bodies.rates_body(sender, recipient, parcel, reference)
        request = Request("POST", "/shipping/api/v1/rates", purpose, body)
        return self.api.ask(request, lambda answer: read_quotes(answer.body))

    def _list(
        self, path: str, cursor: str, read: Callable[[Mapping[str, Any]], Iterable[Item]]
    ) -> Page[Item]:
        page = page_number(cursor)
        query = {"page_size": str(PAGE_SIZE), "page": str(page)}
        return self.api.ask(
            Request("GET", path, Purpose.MASTER_DATA, query=query),
            lambda answer: read_page(answer, page, read, path.strip("/")),
        )

    def _say_company(self) -> str:
        name = self.api.ask(
            Request("GET", "/current_company", Purpose.PROBE),
            lambda answer: reading.text(reading.as_object(answer.body, "The company"), "name"),
        )
        return f"Connected to the account {name or 'without a name'}."

    def _say_channel(self) -> str:
        channel = self.store.channel()
        return f"New orders go to {channel.name} ({channel.id})."

    def _say_warehouses(self) -> str:
        names = [warehouse.name for warehouse in self.list_warehouses().items]
        return f"{len(names)} found: {'; '.join(names[:10])}." if names else "None found there."


def _next_cursor(kind: str, following: str | None) -> str | None:
    if following:
        return f"{kind}:{following}"
    return "cancelled:1" if kind == "open" else None
