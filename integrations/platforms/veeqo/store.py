"""The store (channel) new orders belong to, and its delivery methods; asked for once, then kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from integrations.platforms import reading
from integrations.platforms.calls import Purpose
from integrations.platforms.errors import Unsendable
from integrations.platforms.http import Answer, JsonApi, Request, segment
from integrations.platforms.veeqo.paging import PAGE_SIZE, read_page

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    currency: str
    is_usable: bool


@dataclass(frozen=True, slots=True)
class DeliveryMethod:
    id: str
    name: str


class Store:
    """Where our orders appear at Veeqo; the channel is set, or the account's only direct one."""

    def __init__(self, api: JsonApi, channel_id: str):
        self.api = api
        self.configured_id = channel_id
        self._channel: Channel | None = None
        self._is_unclear = False
        self._methods: tuple[DeliveryMethod, ...] | None = None

    def channel(self) -> Channel:
        """Raises Unsendable when it is not clear which one."""
        if self._channel is None:
            self._channel = self._configured() if self.configured_id else self._only_direct_one()
        return self._channel

    def known_id(self) -> str:
        """The store's id, or "" when it is not clear which one; asked for at most once."""
        if not self.configured_id and not self._is_unclear:
            try:
                return self.channel().id
            except Unsendable:
                self._is_unclear = True
        return self.configured_id

    def channel_for(self, currency: str) -> str:
        """The channel's id. Raises Unsendable when it sells in another currency."""
        channel = self.channel()
        if channel.currency and channel.currency != currency:
            raise Unsendable(
                f"the order is in {currency}, the store {channel.name} in {channel.currency}"
            )
        return channel.id

    def delivery_method(self, service_name: str) -> str:
        """The method named like the service, else the oldest; "" when there is none.

        It is only a name on the order there: the label is bought by service, not by method.
        """
        if self._methods is None:
            self._methods = self._list("/delivery_methods", {}, read_method)
        by_name = {method.name.casefold(): method.id for method in self._methods}
        oldest = min(self._methods, key=lambda method: (len(method.id), method.id), default=None)
        return by_name.get(service_name.casefold()) or (oldest.id if oldest else "")

    def _configured(self) -> Channel:
        path = f"/channels/{segment(self.configured_id)}"
        return self.api.ask(
            Request("GET", path, Purpose.MASTER_DATA),
            lambda answer: read_channel(reading.as_object(answer.body, "The store")),
        )

    def _only_direct_one(self) -> Channel:
        listed = self._list("/channels", {"type_code": "direct"}, read_channel)
        usable = [channel for channel in listed if channel.is_usable]
        if len(usable) == 1:
            return usable[0]
        names = ", ".join(f"{channel.name} ({channel.id})" for channel in usable) or "none"
        raise Unsendable(f"it is not clear which store to use; direct stores: {names}")

    def _list(
        self, path: str, query: dict[str, str], read: Callable[[Mapping[str, Any]], Entry]
    ) -> tuple[Entry, ...]:
        paging = {"page_size": str(PAGE_SIZE), "page": "1"}
        request = Request("GET", path, Purpose.MASTER_DATA, query=query | paging)

        def entries(answer: Answer) -> tuple[Entry, ...]:
            return read_page(answer, 1, lambda record: [read(record)], path.strip("/")).items

        return self.api.ask(request, entries)


def read_channel(record: Mapping[str, Any]) -> Channel:
    """A store (contract §3.4); only direct ones take orders by API."""
    state = reading.text(record, "state")
    return Channel(
        id=reading.identifier(record, "id", "The store"),
        name=reading.text(record, "name"),
        currency=reading.text(record, "currency_code"),
        is_usable=reading.text(record, "type_code") == "direct"
        and state in ("", "active")
        and not reading.text(record, "deleted_at"),
    )


def read_method(record: Mapping[str, Any]) -> DeliveryMethod:
    return DeliveryMethod(
        id=reading.identifier(record, "id", "The delivery method"),
        name=reading.text(record, "name"),
    )
