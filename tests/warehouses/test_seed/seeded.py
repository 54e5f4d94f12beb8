"""What the demo world is made of."""

from orders.models import Tag
from warehouses.models import (
    Carrier,
    CarrierService,
    DestinationZone,
    PickupCutoff,
    Product,
    RateCard,
    StockLevel,
    StockMovement,
    TransitTime,
    Warehouse,
    WarehouseClosure,
)

SEEDED = [
    Warehouse,
    Carrier,
    CarrierService,
    DestinationZone,
    TransitTime,
    RateCard,
    PickupCutoff,
    WarehouseClosure,
    Product,
    StockLevel,
    StockMovement,
    Tag,
]
