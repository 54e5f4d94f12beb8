"""What the form of a rule offers while somebody types, and which choices belong together."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import Order
from routing.conditions import FIELDS, VALUE_COUNTS
from routing.geography import US_STATES
from routing.rules import FACTORS
from routing.services.vocabulary import Vocabulary
from warehouses.models import DestinationZone, Product

MOST = 500
RECENT_SOURCES = 2000


@dataclass(frozen=True, slots=True)
class Offer:
    """One datalist: `values` are (what is typed, what it means)."""

    name: str
    values: list[tuple[str, str]]


def offers(vocabulary: Vocabulary) -> list[Offer]:
    """Lists to choose from; four queries."""
    return [
        *(Offer(f"of-{target}", list(codes.items())) for target, codes in _known(vocabulary)),
        _offer("of-tag", vocabulary.tags),
        _offer("of-set_weights", (f"{factor} 20" for factor in FACTORS)),
        *_of_fields(vocabulary),
    ]


def guide() -> str:
    """JSON: which operators go with a field, its unit, how many values an operator takes."""
    fields = {
        field.name: {"operators": field.operators, "kind": field.kind, "unit": field.unit}
        for field in FIELDS.values()
    }
    return json.dumps({"fields": fields, "counts": VALUE_COUNTS})


def _known(vocabulary: Vocabulary) -> Iterable[tuple[str, dict[str, str]]]:
    return ((target, dict(codes)) for target, codes in vocabulary.known.items())


def _of_fields(vocabulary: Vocabulary) -> list[Offer]:
    countries = DestinationZone.objects.order_by("country").values_list("country", flat=True)
    return [
        _offer("for-state", sorted(US_STATES)),
        _offer("for-country", ["US", *countries.distinct()]),
        _offer("for-tags", vocabulary.tags),
        _offer("for-source", _sources()),
        _offer("for-category", _categories()),
        Offer("for-wanted_carrier", list(vocabulary.known["carrier"].items())),
        Offer("for-wanted_service", list(vocabulary.known["service"].items())),
        Offer("for-sku", _products()),
    ]


def _sources() -> list[str]:
    """Of the latest orders: all of them would be a walk through a million rows."""
    latest = Order.objects.order_by("-pk").values_list("source", flat=True)[:RECENT_SOURCES]
    return sorted(set(latest))


def _categories() -> list[str]:
    found = Product.objects.exclude(category="").order_by("category")
    return list(found.values_list("category", flat=True).distinct()[:MOST])


def _products() -> list[tuple[str, str]]:
    return list(Product.objects.order_by("sku").values_list("sku", "title")[:MOST])


def _offer(name: str, values: Iterable[str]) -> Offer:
    return Offer(name, [(value, "") for value in values])
