"""Which of ours is meant by what a platform lists. Reads our rows, writes nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from integrations.platforms.outbound import AddressValue
from integrations.platforms.remote import RemoteProduct, RemoteService, RemoteWarehouse
from integrations.sync.tables import service_rows
from warehouses.models import CarrierService, Product, Warehouse

_ZIP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One thing there; `ours` is our code for it, empty when nothing of ours is meant for sure."""

    theirs: str
    name: str
    about: str
    ours: str


def match_warehouses(items: Sequence[RemoteWarehouse]) -> list[Found]:
    """By our code in its name, else the same name, else a ZIP code that one of ours has alone."""
    ours = list(Warehouse.objects.filter(is_active=True))
    places = Counter(_place(place.postal_code, place.country) for place in ours)
    return [
        Found(
            each.remote_id,
            each.name,
            _address(each.address),
            next((code for code in _codes_of(each, ours, places)), ""),
        )
        for each in items
        if each.is_active
    ]


def _codes_of(
    theirs: RemoteWarehouse, ours: Sequence[Warehouse], places: Counter[tuple[str, str]]
) -> Iterator[str]:
    """Our candidates, the surest first."""
    words = theirs.name.replace(",", " ").split()
    names = {_plain(theirs.name), _plain(theirs.address.company)} - {""}
    spot = _place(theirs.address.postal_code, theirs.address.country)
    yield from (place.code for place in ours if place.code in words)
    yield from (place.code for place in ours if _plain(place.name) in names)
    if spot[0] and places[spot] == 1:
        yield from (p.code for p in ours if _place(p.postal_code, p.country) == spot)


def match_services(platform: str, items: Sequence[RemoteService]) -> list[Found]:
    """By the table's code or name, else by the very name of a service of that platform."""
    known = CarrierService.objects.filter(carrier__platform=platform, is_active=True)
    ours = dict(known.values_list("code", "name"))
    by_word = {_plain(name): code for code, name in ours.items()}
    for row in service_rows():
        if row.platform == platform and row.service in ours:
            by_word |= {_plain(row.code): row.service, _plain(row.name): row.service}
    return [
        Found(each.remote_id, each.name, each.carrier, _service(each, by_word))
        for each in items
        if each.is_active
    ]


def _service(theirs: RemoteService, by_word: dict[str, str]) -> str:
    carrier, _dash, short = theirs.name.partition(" - ")
    # A name may repeat its carrier before a dash: "FedEx - FedEx Ground".
    words = (theirs.remote_id, theirs.name, short or carrier, f"{theirs.carrier} {theirs.name}")
    return next((by_word[_plain(word)] for word in words if _plain(word) in by_word), "")


def match_products(items: Sequence[RemoteProduct]) -> list[Found]:
    """By SKU, in any case."""
    shown = [each for each in items if each.is_active]
    ours = Product.objects.by_sku(each.sku for each in shown if each.sku)
    by_sku = {sku.upper(): sku for sku in ours.values_list("sku", flat=True)}
    return [
        Found(each.remote_id, each.title, each.sku, by_sku.get(each.sku.upper(), ""))
        for each in shown
    ]


def _place(postal_code: str, country: str) -> tuple[str, str]:
    """A US ZIP+4 is at its ZIP; a country that was not said is the US."""
    home = (country or "US").upper()
    code = postal_code.replace(" ", "").upper()
    return (code[:_ZIP_DIGITS] if home == "US" else code), home


def _plain(words: str) -> str:
    return "".join(mark for mark in words.casefold() if mark.isalnum())


def _address(address: AddressValue) -> str:
    place = (address.line_1, address.city, f"{address.state} {address.postal_code}".strip())
    return ", ".join(part for part in place if part)
