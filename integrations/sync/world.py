"""Our network and catalogue in the shape that the sandbox reads: docs/sandbox.md."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import Sum

from core.errors import DomainError
from integrations.sync.tables import category_rows, service_rows
from warehouses.models import CarrierService, Product, RateCard, ServiceScope, StockLevel, Warehouse

_CENT = Decimal("0.01")
_CARRIER_NAMES = {"fedex": "FedEx", "ups": "UPS", "usps": "USPS", "dhl": "DHL"}
_FARTHEST = 9
"""The sandbox's zones go from 0 to 9."""


class NothingToExport(DomainError):
    code = "nothing_to_export"

    def __init__(self, what: str):
        super().__init__(f"There is no active {what} to export. Add one first.")


def world() -> dict[str, Any]:
    """The whole file. Raises NothingToExport without a warehouse or a weighed product."""
    warehouses = [_warehouse(place) for place in Warehouse.objects.filter(is_active=True)]
    if not warehouses:
        raise NothingToExport("warehouse")
    products = _products({place["code"] for place in warehouses})
    if not products:
        raise NothingToExport("product with a weight")
    content = {"warehouses": warehouses, "products": products, "services": _services()}
    return {name: entries for name, entries in content.items() if entries}


def _warehouse(place: Warehouse) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "company": place.company or place.name,
        "contact_name": place.contact_name or place.name,
        "phone": place.phone,
        "email": place.email,
        "address_line_1": place.address_1,
        "address_line_2": place.address_2 or None,
        "city": place.city,
        "state": place.state,
        "zip": place.postal_code,
        "country": place.country,
    }


def _products(codes: set[str]) -> list[dict[str, Any]]:
    stock = _stock(codes)
    slugs = {row.category: row.code for row in category_rows() if row.platform == "easyship"}
    weighed = Product.objects.filter(is_active=True, weight_grams__gt=0)
    return [_product(each, slugs.get(each.category), stock[each.pk]) for each in weighed]


def _product(product: Product, category: str | None, stock: dict[str, int]) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "name": product.title,
        "weight_grams": product.weight_grams,
        "price": str(product.value),
        "length_mm": product.length_mm,
        "width_mm": product.width_mm,
        "height_mm": product.height_mm,
        "hs_code": product.hs_code or None,
        "origin_country": product.origin_country or None,
        "category": category,
        "stock": stock,
    }


def _stock(codes: set[str]) -> dict[int, dict[str, int]]:
    """Units on hand by product and warehouse code."""
    rows = StockLevel.objects.filter(warehouse__code__in=codes, on_hand__gt=0)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for product, code, units in rows.values_list("product_id", "warehouse__code").annotate(
        units=Sum("on_hand")
    ):
        found[product][code] = units
    return found


def _services() -> list[dict[str, Any]]:
    named = {(row.service, row.platform): row for row in service_rows()}
    rates = _rates()
    services = CarrierService.objects.filter(is_active=True).select_related("carrier")
    return [
        _offer(each, named.get((each.code, each.carrier.platform)), rates[each.pk])
        for each in services
        if each.pk in rates
    ]


def _offer(service: CarrierService, row: Any, rates: list[RateCard]) -> dict[str, Any]:
    at_home = service.scope == ServiceScope.DOMESTIC
    return {
        "platform": service.carrier.platform,
        "carrier": _CARRIER_NAMES.get(service.carrier.code, service.carrier.name),
        "code": row.code if row else service.code.upper().replace("-", "_"),
        "name": row.name if row else service.name,
        "domestic": at_home,
        "international": not at_home,
        "min_days": service.transit_days_min,
        "max_days": service.transit_days_max,
        "max_weight_grams": service.max_weight_grams,
        **_price(rates, at_home=at_home),
    }


def _rates() -> dict[int, list[RateCard]]:
    found: dict[int, list[RateCard]] = defaultdict(list)
    for rate in RateCard.objects.order_by("service", "up_to_grams", "price"):
        found[rate.service_id].append(rate)
    return found


def _price(rates: list[RateCard], *, at_home: bool) -> dict[str, str]:
    """Base, kilogram and zone of a simpler tariff, near ours and hardly above it: labels that
    are dearer than their estimate wait for a person.

    Base: our cheapest price. Kilogram: the nearest zone's slope at its flattest. Zone: an even
    step from the cheapest zone to the middle one; none abroad, where every trip is the farthest.
    """
    base, near = rates[0].price, [rate for rate in rates if rate.zone == rates[0].zone]
    lightest = [rate.price for rate in rates if rate.up_to_grams == rates[0].up_to_grams]
    per_zone = (median(lightest) - base) / _FARTHEST if at_home else Decimal(0)
    return {
        "base": str(base.quantize(_CENT)),
        "per_kg": str(min(_slopes(near, base), default=Decimal(0)).quantize(_CENT)),
        "per_zone": str(per_zone.quantize(_CENT)),
    }


def _slopes(rates: Iterable[RateCard], base: Decimal) -> list[Decimal]:
    """Price a kilogram above the base at each break."""
    return [
        max(Decimal(0), (rate.price - base) * 1000 / rate.up_to_grams)
        for rate in rates
        if rate.price > base
    ]
