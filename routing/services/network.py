"""The network as routing reads it: nine queries, whatever the number of orders."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import Upper

from orders.models import OrderStatus
from routing.facts import (
    CarrierFacts,
    CutoffFacts,
    Network,
    RateFacts,
    ServiceFacts,
    StockFacts,
    TransitFacts,
    WarehouseFacts,
    ZoneFacts,
)
from routing.models import RoutingDecision
from warehouses.models import (
    Carrier,
    CarrierService,
    DestinationZone,
    PickupCutoff,
    RateCard,
    StockLevel,
    TransitTime,
    Warehouse,
    WarehouseClosure,
)

_SERVICE_COLUMNS = (
    "code",
    "name",
    "scope",
    "transit_days_min",
    "transit_days_max",
    "max_weight_grams",
    "max_length_mm",
    "max_length_plus_girth_mm",
    "dimensional_divisor",
    "accepts_po_box",
    "accepts_military",
    "accepts_hazmat",
    "accepts_batteries",
    "residential_only",
    "delivers_on_saturday",
    "is_active",
)
_IN_WORK = (
    OrderStatus.ROUTED,
    OrderStatus.SENDING,
    OrderStatus.SENT,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
)


def load_network(skus: Collection[str], now: datetime) -> Network:
    """Everything orders for these SKUs share, with the stock and the loads as they are."""
    warehouses = list(Warehouse.objects.all())
    return Network(
        warehouses=_warehouses(warehouses, now),
        carriers=tuple(
            CarrierFacts(row.code, row.name, row.platform, row.is_active)
            for row in Carrier.objects.all()
        ),
        services=_services(),
        zones=tuple(
            ZoneFacts(row.carrier.code, row.country, row.zone)
            for row in DestinationZone.objects.select_related("carrier")
        ),
        stock=load_stock(skus),
        loads=_loads(warehouses, now),
    )


def load_stock(skus: Collection[str]) -> dict[tuple[str, str], StockFacts]:
    """Stock by (warehouse, SKU in capitals); never held there means absent."""
    wanted = {sku.upper() for sku in skus}
    levels = StockLevel.objects.annotate(key=Upper("product__sku")).filter(key__in=wanted)
    return {
        (row["warehouse__code"], row["key"]): StockFacts(
            row["on_hand"],
            row["reserved"],
            row["safety_stock"],
            row["reorder_point"],
            row["counted_at"],
        )
        for row in levels.order_by().values(
            "warehouse__code",
            "key",
            "on_hand",
            "reserved",
            "safety_stock",
            "reorder_point",
            "counted_at",
        )
    }


def _warehouses(rows: list[Warehouse], now: datetime) -> tuple[WarehouseFacts, ...]:
    cutoffs: dict[int, list[CutoffFacts]] = defaultdict(list)
    for cutoff in PickupCutoff.objects.select_related("carrier"):
        facts = CutoffFacts(cutoff.carrier.code, cutoff.weekday, cutoff.local_time)
        cutoffs[cutoff.warehouse_id].append(facts)
    closures: dict[int, list[Any]] = defaultdict(list)
    for closure in WarehouseClosure.objects.filter(date__gte=now.date()).order_by("date"):
        closures[closure.warehouse_id].append(closure.date)
    return tuple(
        WarehouseFacts(
            code=row.code,
            state=row.state,
            latitude=float(row.latitude),
            longitude=float(row.longitude),
            time_zone=row.time_zone,
            country=row.country,
            priority=row.priority,
            daily_capacity=row.daily_capacity,
            is_active=row.is_active,
            cutoffs=tuple(cutoffs[row.pk]),
            closures=tuple(closures[row.pk]),
        )
        for row in rows
    )


def _services() -> tuple[ServiceFacts, ...]:
    rates: dict[int, list[RateFacts]] = defaultdict(list)
    for rate in RateCard.objects.order_by("service", "zone", "up_to_grams"):
        facts = RateFacts(rate.zone, rate.up_to_grams, int(rate.price * 100), rate.currency)
        rates[rate.service_id].append(facts)
    transit: dict[int, list[TransitFacts]] = defaultdict(list)
    for row in TransitTime.objects.order_by("service", "zone"):
        transit[row.service_id].append(TransitFacts(row.zone, row.days_min, row.days_max))
    return tuple(
        ServiceFacts(
            carrier=service.carrier.code,
            countries=tuple(service.countries),
            rates=tuple(rates[service.pk]),
            transit_times=tuple(transit[service.pk]),
            **{name: getattr(service, name) for name in _SERVICE_COLUMNS},
        )
        for service in CarrierService.objects.select_related("carrier").order_by("code")
    )


def _loads(warehouses: list[Warehouse], now: datetime) -> dict[str, int]:
    """Orders routed to each warehouse since midnight there."""
    if not warehouses:
        return {}
    today = Q()
    for row in warehouses:
        today |= Q(warehouse=row, decided_at__gte=_midnight(row.time_zone, now))
    routed = RoutingDecision.objects.filter(
        today, is_current=True, order__status__in=_IN_WORK
    ).order_by()
    counted = routed.values("warehouse__code").annotate(orders=Count("pk"))
    return {row["warehouse__code"]: row["orders"] for row in counted}


def _midnight(time_zone: str, now: datetime) -> datetime:
    zone = ZoneInfo(time_zone)
    return datetime.combine(now.astimezone(zone).date(), time.min, tzinfo=zone)
