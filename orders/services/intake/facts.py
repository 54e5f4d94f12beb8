"""What a batch of new orders must be compared with, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orders.intake.parsed import Received
from orders.models import Order
from warehouses.models import Carrier, CarrierService, Product


@dataclass(frozen=True, slots=True)
class Facts:
    """Products by upper-case SKU, wishes by their compared words, orders by number."""

    products: dict[str, Product] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)
    services: dict[str, CarrierService] = field(default_factory=dict)
    existing: dict[str, Order] = field(default_factory=dict)


def load_facts(source: str, batch: Iterable[Received]) -> Facts:
    """Five queries for any number of orders."""
    batch = list(batch)
    skus = {line.sku for received in batch for line in received.order.lines if line.sku}
    numbers = {received.order.number for received in batch}
    return Facts(
        products={product.sku.upper(): product for product in Product.objects.by_sku(skus)},
        carriers=_carriers(),
        services=_services(),
        existing={
            order.number: order for order in Order.objects.filter(source=source, number__in=numbers)
        },
    )


def words_of(text: str) -> str:
    """The form in which wishes are compared: “UPS® Ground” and “ups ground” are one."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _carriers() -> dict[str, Carrier]:
    found: dict[str, Carrier] = {}
    for carrier in Carrier.objects.all():
        found |= {words_of(carrier.code): carrier, words_of(carrier.name): carrier}
    return found


def _services() -> dict[str, CarrierService]:
    """By code, and by name with the carrier's; a bare name only where one carrier has it."""
    found: dict[str, CarrierService] = {}
    for service in CarrierService.objects.select_related("carrier").order_by("code"):
        for name in (service.code, f"{service.carrier.name} {service.name}", service.name):
            found.setdefault(words_of(name), service)
    return found
