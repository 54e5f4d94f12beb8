"""Everything that changes the network's stock: one function a use case, one transaction each."""

from warehouses.services.adjust import adjust_stock
from warehouses.services.policy import set_stock_policy
from warehouses.services.products import ProductOutcome, save_products
from warehouses.services.promise import consume, release, reserve
from warehouses.services.receive import receive_stock
from warehouses.services.transfer import transfer_stock

__all__ = [
    "ProductOutcome",
    "adjust_stock",
    "consume",
    "receive_stock",
    "release",
    "reserve",
    "save_products",
    "set_stock_policy",
    "transfer_stock",
]
