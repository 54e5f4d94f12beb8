"""The network and its stock, as staff see them."""

from warehouses.admin.carriers import CarrierAdmin, CarrierServiceAdmin, RateCardAdmin
from warehouses.admin.places import PickupCutoffAdmin, WarehouseAdmin, ZipCentroidAdmin
from warehouses.admin.products import ProductAdmin
from warehouses.admin.stock import StockLevelAdmin, StockMovementAdmin

__all__ = [
    "CarrierAdmin",
    "CarrierServiceAdmin",
    "PickupCutoffAdmin",
    "ProductAdmin",
    "RateCardAdmin",
    "StockLevelAdmin",
    "StockMovementAdmin",
    "WarehouseAdmin",
    "ZipCentroidAdmin",
]
