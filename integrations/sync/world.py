"""Our network and catalogue in the shape that the sandbox reads: docs/sandbox.md."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
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
        **_price(rates),
    }


def _rates() -> dict[int, list[RateCard]]:
    found: dict[int, list[RateCard]] = defaultdict(list)
    for rate in RateCard.objects.order_by("service", "up_to_grams", "price"):
        found[rate.service_id].append(rate)
    return found


def _price(rates: list[RateCard]) -> dict[str, str]:
    """Base, kilogram and zone of a tariff that is never above ours: no label asks for a yes.

    Base: our cheapest price. Kilogram: the slope of the nearest zone from its lightest break to
    its dearest, at its flattest. Zone: the step from the nearest to the next.
    """
    lightest = [rate for rate in rates if rate.up_to_grams == rates[0].up_to_grams]
    base = rates[0].price
    near = [rate for rate in rates if rate.zone == rates[0].zone]
    steps = _slopes(near, base)
    farthest = max(rate.price for rate in lightest)
    per_zone = (farthest - base) / _FARTHEST / 2 if len(lightest) > 1 else Decimal(0)
    return {
        "base": str(base.quantize(_CENT)),
        "per_kg": str(min(steps, default=Decimal(0)).quantize(_CENT)),
        "per_zone": str(per_zone.quantize(_CENT)),
    }


def _slopes(rates: Iterable[RateCard], base: Decimal) -> list[Decimal]:
    """Price a kilogram above the base at each break."""
    return [
        max(Decimal(0), (rate.price - base) * 1000 / rate.up_to_grams)
        for rate in rates
        if rate.price > base
    ]
