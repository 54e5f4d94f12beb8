"""The network: places, carriers, products and stock."""

from warehouses.models.carriers import (
    Carrier,
    CarrierService,
    DestinationZone,
    Platform,
    RateCard,
    ServiceScope,
    TransitTime,
)
from warehouses.models.places import (
    CityName,
    PickupCutoff,
    Warehouse,
    WarehouseClosure,
    ZipCentroid,
)
from warehouses.models.products import BatteryKind, Product
from warehouses.models.stock import MovementKind, ReasonCode, StockLevel, StockMovement

__all__ = [
    "BatteryKind",
    "Carrier",
    "CarrierService",
    "CityName",
    "DestinationZone",
    "MovementKind",
    "PickupCutoff",
    "Platform",
    "Product",
    "RateCard",
    "ReasonCode",
    "ServiceScope",
    "StockLevel",
    "StockMovement",
    "TransitTime",
    "Warehouse",
    "WarehouseClosure",
    "ZipCentroid",
]
