"""Veeqo's master data in our words. Pure. Facts: contract §3.3, §3.7, §7, §8, §10."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from integrations.platforms import reading
from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import (
    Quote,
    RemoteProduct,
    RemoteService,
    RemoteStock,
    RemoteWarehouse,
)

_MM = {"cm": Decimal(10), "inches": Decimal("25.4"), "in": Decimal("25.4")}


def read_warehouse(record: Mapping[str, Any]) -> RemoteWarehouse:
    """A "location"; spelt post_code and region here, zip and state on addresses."""
    name = reading.text(record, "name")
    return RemoteWarehouse(
        remote_id=reading.identifier(record, "id", "The warehouse"),
        name=name,
        address=AddressValue(
            name=name,
            company=reading.text(record, "trading_name"),
            line_1=reading.text(record, "address_line_1"),
            line_2=reading.text(record, "address_line_2"),
            city=reading.text(record, "city"),
            state=reading.text(record, "region"),
            postal_code=reading.text(record, "post_code"),
            country=reading.text(record, "country"),
            phone=reading.text(record, "phone"),
        ),
        is_active=not reading.text(record, "deleted_at"),
    )


def read_products(record: Mapping[str, Any]) -> Iterator[RemoteProduct]:
    """One of ours per sellable: SKUs belong to the variants of a product."""
    for sellable in reading.members(record, "sellables"):
        size = reading.child(sellable, "measurement_attributes")
        factor = _MM.get(reading.text(size, "dimensions_unit"), Decimal(0))
        yield RemoteProduct(
            remote_id=reading.identifier(sellable, "id", "The sellable"),
            sku=reading.text(sellable, "sku_code"),
            title=reading.first_text(sellable, "full_title", "sellable_title", "title"),
            weight_grams=reading.scaled(sellable, "weight_grams", Decimal(1)),
            length_mm=reading.scaled(size, "depth", factor),
            width_mm=reading.scaled(size, "width", factor),
            height_mm=reading.scaled(size, "height", factor),
            hs_code=reading.text(sellable, "hs_tariff_number")
            or reading.text(record, "hs_tariff_number"),
            origin_country=reading.text(sellable, "origin_country")
            or reading.text(record, "origin_country"),
            is_active=not reading.first_text(sellable, "deleted_at"),
        )


def read_stock(record: Mapping[str, Any]) -> Iterator[RemoteStock]:
    """The stock entries of a product's sellables; `available` can be negative."""
    for sellable in reading.members(record, "sellables"):
        sellable_id = reading.identifier(sellable, "id", "The sellable")
        for entry in reading.members(sellable, "stock_entries"):
            yield RemoteStock(
                product_remote_id=sellable_id,
                sku=reading.text(sellable, "sku_code"),
                warehouse_remote_id=reading.identifier(entry, "warehouse_id", "The stock entry"),
                on_hand=reading.whole(entry, "physical_stock_level"),
                available=reading.whole(entry, "available_stock_level"),
                is_endless=reading.flag(entry, "infinite") or False,
            )


def services_of(quotes: tuple[Quote, ...]) -> tuple[RemoteService, ...]:
    """The services behind some quotes, each once."""
    return tuple(
        {
            quote.service_remote_id: RemoteService(
                quote.service_remote_id, quote.carrier, quote.service_name
            )
            for quote in quotes
        }.values()
    )
