"""How these tests ask for a movement, and how they see that nothing moved."""

import itertools

from warehouses.models import ReasonCode, StockLevel, StockMovement

_keys = itertools.count(1)


def paper(**given):
    """The keyword arguments of every movement that the test does not care about."""
    return {"reason": ReasonCode.CORRECTION, "document": "D-1", "key": f"key-{next(_keys)}"} | given


def numbers(warehouse, sku="MUG"):
    level = StockLevel.objects.get(warehouse=warehouse, product__sku=sku)
    return level.on_hand, level.reserved


def everything():
    """All levels and the length of the ledger, to compare before and after a refusal."""
    return list(StockLevel.objects.order_by("id").values()), StockMovement.objects.count()
