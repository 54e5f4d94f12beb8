"""Easyship's lists in our words. Pure. Facts: contract §2.2 (pages), §10.1, §10.3, §10.5."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from integrations.platforms import reading
from integrations.platforms.easyship.answers import read_address
from integrations.platforms.errors import Unintelligible
from integrations.platforms.remote import Page, RemoteProduct, RemoteService, RemoteWarehouse

PAGE_SIZE = 100
Item = TypeVar("Item")


def page_query(cursor: str) -> dict[str, str]:
    """The page a cursor stands for; "" is the first. Raises ValueError for a foreign cursor."""
    number = int(cursor or "1")
    if number < 1:
        raise ValueError(f"{cursor!r} is not a page")
    return {"page": str(number), "per_page": str(PAGE_SIZE)}


def read_page(body: Any, key: str, read: Callable[[Mapping[str, Any]], Item]) -> Page[Item]:
    """The entries under the key; one that cannot be read becomes a sentence in `unreadable`."""
    envelope = reading.as_object(body, "The answer")
    items: list[Item] = []
    unreadable: list[str] = []
    for entry in reading.as_list(envelope.get(key), f"The list of {key}"):
        try:
            items.append(read(reading.as_object(entry, f"An entry of {key}")))
        except Unintelligible as error:
            unreadable.append(f"{error.words} ({key}).")
    return Page(tuple(items), _next_page(envelope), tuple(unreadable))


def _next_page(envelope: Mapping[str, Any]) -> str | None:
    """`next` is the number of the next page, or null; an empty list may call itself page 0."""
    pagination = reading.child(reading.child(envelope, "meta"), "pagination")
    following, current = reading.whole(pagination, "next"), reading.whole(pagination, "page") or 0
    # Never backwards, or a list would be read for ever.
    return str(following) if following and following > max(current, 0) else None


def read_warehouse(record: Mapping[str, Any]) -> RemoteWarehouse:
    """A stored address; it has no name of its own."""
    address = read_address(record)
    called = ", ".join(filter(None, (address.company or address.name, address.city)))
    return RemoteWarehouse(
        remote_id=reading.identifier(record, "id", "The address"),
        name=called,
        address=address,
        is_active=reading.text(record, "status") != "inactive",
    )


def read_service(record: Mapping[str, Any]) -> RemoteService:
    return RemoteService(
        remote_id=reading.identifier(record, "id", "The courier service"),
        carrier=reading.carrier_code(reading.first_text(record, "umbrella_name", "name")),
        name=reading.first_text(record, "name", "service_name"),
        is_domestic=reading.flag(record, "domestic"),
        is_international=reading.flag(record, "international"),
        is_active=reading.flag(record, "active") is not False,
    )


def read_product(record: Mapping[str, Any]) -> RemoteProduct:
    """A product; always in kilograms and centimetres, `identifier` is the SKU."""
    return RemoteProduct(
        remote_id=reading.identifier(record, "id", "The product"),
        sku=reading.text(record, "identifier"),
        title=reading.text(record, "name"),
        weight_grams=reading.scaled(record, "weight", Decimal(1000)),
        length_mm=reading.scaled(record, "length", Decimal(10)),
        width_mm=reading.scaled(record, "width", Decimal(10)),
        height_mm=reading.scaled(record, "height", Decimal(10)),
        hs_code=reading.text(record, "hs_code"),
        origin_country=reading.text(record, "origin_country_alpha2"),
    )
