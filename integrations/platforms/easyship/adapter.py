"""Easyship: no idempotency; creating and buying are two steps, and a 202 is half a success."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from integrations.platforms import reading
from integrations.platforms.base import Account, type_of_approval
from integrations.platforms.calls import Hooks, Purpose
from integrations.platforms.checks import run_checks
from integrations.platforms.easyship import bodies, catalogue, labels
from integrations.platforms.easyship.answers import read_rates, read_shipment, read_single
from integrations.platforms.easyship.journeys import read_journeys
from integrations.platforms.easyship.wording import DIALECT
from integrations.platforms.errors import Busy, Refused, Unintelligible
from integrations.platforms.http import JsonApi, Request, segment
from integrations.platforms.matches import refuse_to_change, require_at_most, the_one
from integrations.platforms.naming import speaks_for
from integrations.platforms.outbound import OutboundOrder, Reference
from integrations.platforms.remote import (
    Journey,
    Label,
    LabelState,
    Page,
    Probe,
    Quote,
    RemoteOrder,
    RemoteProduct,
    RemoteService,
    RemoteState,
    RemoteStock,
    RemoteWarehouse,
)

# Document links point at these hosts of theirs (contract §7.2); nowhere else goes our token.
_DOCUMENT_HOSTS = ("https://api.easyship.com", "https://api-sandbox.easyship.com")
_ON_ITS_WAY = (RemoteState.SHIPPED, RemoteState.DELIVERED, RemoteState.RETURNED, RemoteState.LOST)
_MOST_PAGES = 10
_LABEL_SECONDS = 10.0
Item = TypeVar("Item")


@speaks_for("Easyship")
class Easyship:
    kind = "easyship"
    tracks_at_once = 50
    keeps_stock = False
    calls_to_send = 6
    calls_to_cancel = 3

    def __init__(self, account: Account, hooks: Hooks, version: str):
        self.api = JsonApi(
            "Easyship",
            account.base_url,
            {"Authorization": f"Bearer {account.credential}"},
            dialect=DIALECT,
            hooks=hooks,
            version=version,
            other_origins=_DOCUMENT_HOSTS,
        )

    def create(self, order: OutboundOrder) -> RemoteOrder:
        existing = the_one(self.find_by_reference(order.reference), order.reference)
        if existing:
            return existing
        body = bodies.shipment_body(order)
        request = Request("POST", "/shipments", Purpose.CREATE, body, writes=True)
        return self.api.ask(request, lambda answer: read_single(answer.body))

    def prepare(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        found = self._fetch(remote_id, Purpose.PREPARE)
        if found.is_cancelled:
            raise Refused(f"shipment {remote_id} was cancelled there")
        if found.label or found.service_remote_id == order.service.remote_id:
            return found
        request = Request(
            "PATCH",
            f"/shipments/{segment(remote_id)}",
            Purpose.PREPARE,
            {"courier_settings": bodies.courier_settings(order)},
            writes=True,
        )
        after = self.api.ask(request, lambda answer: read_single(answer.body))
        if after.service_remote_id != order.service.remote_id:
            raise Refused(labels.reason_against(self.api, order, remote_id))
        return after

    def update(self, order: OutboundOrder, remote_id: str) -> RemoteOrder:
        refuse_to_change(self._fetch(remote_id, Purpose.PREPARE))
        request = Request(
            "PATCH",
            f"/shipments/{segment(remote_id)}",
            Purpose.PREPARE,
            bodies.recipient_body(order),
            writes=True,
        )
        return self.api.ask(request, lambda answer: read_single(answer.body))

    def find_by_reference(self, reference: Reference) -> tuple[RemoteOrder, ...]:
        found: list[RemoteOrder] = []
        cursor: str | None = ""
        for _ in range(_MOST_PAGES):
            query = {"platform_order_number": reference.text}
            page = self._shipments(query, cursor or "", Purpose.FIND)
            if page.unreadable:
                # It might be ours: better no answer than a wrong "not there".
                raise Unintelligible(page.unreadable[0])
            found += [each for each in page.items if each.reference == reference.text]
            cursor = page.next_cursor
            if cursor is None:
                return tuple(found)
        raise Unintelligible(f"the search for {reference} has more than {_MOST_PAGES} pages")

    def fetch(self, remote_id: str) -> RemoteOrder:
        return self._fetch(remote_id, Purpose.FETCH)

    def quote(self, order: OutboundOrder) -> tuple[Quote, ...]:
        request = Request("POST", "/rates", Purpose.QUOTE, bodies.rates_body(order))
        return self.api.ask(request, lambda answer: read_rates(answer.body))

    def buy_label(self, order: OutboundOrder, remote_id: str, approve: type_of_approval) -> Label:
        return labels.buy_label(self.api, order, remote_id, approve)

    def fetch_label(self, remote_id: str) -> Label:
        return labels.fetch_label(self.api, remote_id)

    def cancel(self, remote_id: str, reason: str) -> RemoteOrder:
        """Easyship takes no reason; ours is kept on our side."""
        found = self._fetch(remote_id, Purpose.CANCEL)
        if found.is_cancelled:
            return found
        if found.state in _ON_ITS_WAY:
            raise Refused(f"the parcel of {remote_id} is already on its way")
        if found.label is None:
            return self._delete(found)
        if found.label.state is LabelState.PENDING and "generating" in found.words:
            raise Busy(f"the label of {remote_id} is being made", retry_after=_LABEL_SECONDS)
        path = f"/shipments/{segment(remote_id)}/cancel"
        self.api.ask(Request("POST", path, Purpose.CANCEL, writes=True), lambda _answer: None)
        after = self._fetch(remote_id, Purpose.CANCEL)
        if after.is_cancelled:
            return after
        if after.label and after.label.state is LabelState.VOIDED:
            return replace(after, state=RemoteState.CANCELLING)
        raise Refused(f"shipment {remote_id} is still {after.words} after it was cancelled")

    def track(self, shipment_ids: Sequence[str]) -> dict[str, Journey]:
        require_at_most(self.tracks_at_once, shipment_ids)
        if not shipment_ids:
            return {}
        query = {
            "easyship_shipment_id": ",".join(map(segment, shipment_ids)),
            "include_checkpoints": "true",
            "per_page": str(catalogue.PAGE_SIZE),
        }
        journeys = self.api.ask(
            Request("GET", "/shipments/trackings", Purpose.TRACK, query=query),
            lambda answer: read_journeys(answer.body),
        )
        return {each: journeys[each] for each in shipment_ids if each in journeys}

    def list_orders_since(self, since: datetime, cursor: str = "") -> Page[RemoteOrder]:
        query = {"updated_at_from": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        return self._shipments(query, cursor, Purpose.RECONCILE)

    def our_stores(self) -> frozenset[str]:
        """Shops that are connected there name themselves; what bears no name was made by hand."""
        return frozenset({bodies.PLATFORM_NAME, ""})

    def list_products(self, cursor: str = "") -> Page[RemoteProduct]:
        return self._list("products", cursor, catalogue.read_product)

    def list_warehouses(self, cursor: str = "") -> Page[RemoteWarehouse]:
        return self._list("addresses", cursor, catalogue.read_warehouse)

    def list_services(self, cursor: str = "") -> Page[RemoteService]:
        return self._list("courier_services", cursor, catalogue.read_service)

    def list_stock(self, cursor: str = "") -> Page[RemoteStock]:
        """Easyship keeps no stock."""
        return Page(())

    def probe(self) -> Probe:
        return run_checks(
            [
                ("Connection and token", self._say_account),
                ("Reading shipments", self._say_shipments),
                ("Courier services", lambda: _say(self.list_services().items)),
                ("Addresses to ship from", lambda: _say(self.list_warehouses().items)),
            ]
        )

    def _fetch(self, remote_id: str, purpose: Purpose) -> RemoteOrder:
        request = Request("GET", f"/shipments/{segment(remote_id)}", purpose)
        return self.api.ask(request, lambda answer: read_single(answer.body))

    def _delete(self, found: RemoteOrder) -> RemoteOrder:
        """Without a label there is nothing to void: it is deleted, and then unknown there."""
        path = f"/shipments/{segment(found.remote_id)}"
        self.api.ask(Request("DELETE", path, Purpose.CANCEL, writes=True), lambda _answer: None)
        return replace(found, state=RemoteState.CANCELLED, words="deleted")

    def _shipments(
        self, query: Mapping[str, str], cursor: str, purpose: Purpose
    ) -> Page[RemoteOrder]:
        request = Request(
            "GET", "/shipments", purpose, query={**query, **catalogue.page_query(cursor)}
        )
        return self.api.ask(
            request,
            lambda answer: catalogue.read_page(answer.body, "shipments", read_shipment),
        )

    def _list(self, key: str, cursor: str, read: Callable[[Mapping[str, Any]], Item]) -> Page[Item]:
        query = catalogue.page_query(cursor)
        request = Request("GET", f"/{key}", Purpose.MASTER_DATA, query=query)
        return self.api.ask(request, lambda answer: catalogue.read_page(answer.body, key, read))

    def _say_account(self) -> str:
        def read(body: Any) -> str:
            account = reading.child(reading.as_object(body, "The answer"), "account")
            credit = reading.child(account, "credit")
            balance = reading.text(credit, "available_balance")
            funds = f" with {balance} {reading.text(credit, 'currency')} credit" if balance else ""
            return f"Connected to {reading.text(account, 'name') or 'the account'}{funds}."

        request = Request("GET", "/account", Purpose.PROBE)
        return self.api.ask(request, lambda answer: read(answer.body))

    def _say_shipments(self) -> str:
        request = Request("GET", "/shipments", Purpose.PROBE, query={"per_page": "1"})
        self.api.ask(
            request, lambda answer: catalogue.read_page(answer.body, "shipments", read_shipment)
        )
        return "Allowed."


def _say(found: Sequence[RemoteService | RemoteWarehouse]) -> str:
    names = [each.name for each in found if each.is_active]
    return f"{len(names)} active: {'; '.join(names[:10])}." if names else "None there."
