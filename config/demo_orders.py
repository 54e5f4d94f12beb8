"""Orders of the demo world: two that are fine, and one for each thing that people look at."""

from decimal import Decimal
from typing import Any

from orders.models import Order
from orders.services import NewLine, NewOrder, check_orders, record_order
from warehouses.models import Carrier

SOURCE = "demo"
_MUG = NewLine(sku="MUG-SPK-12", quantity=2, unit_price=Decimal("14.50"))
_BOWL = NewLine(sku="BWL-RAM-BLU", quantity=1, unit_price=Decimal("22.00"))
_RENO: dict[str, Any] = {
    "address_1": "140 Liberty St",
    "city": "Reno",
    "state": "NV",
    "postal_code": "89501",
    "country": "US",
}
_DENVER: dict[str, Any] = {
    "address_1": "1650 Larimer St",
    "address_2": "Apt 12",
    "city": "Denver",
    "state": "CO",
    "postal_code": "80202",
    "country": "US",
}
_ORDERS: dict[str, dict[str, Any]] = {
    "D-1001": _RENO | {"recipient_name": "Ines Calder", "phone": "+17755550142"},
    "D-1002": _DENVER | {"recipient_name": "Theo Marsh", "phone": "+13035550117"},
    "D-1003": _RENO | {"recipient_name": "Nora Quill", "city": "Rneo"},
    "D-1004": _DENVER | {"recipient_name": "Paul Ibarra", "state": "CA"},
    "D-1005": _RENO
    | {
        "recipient_name": "June Okafor",
        "address_1": "PO Box 417",
        "email": "june.okafor@gmial.com",
        "wanted_carrier": "ups",
    },
    "D-1006": _DENVER
    | {"recipient_name": "Sam Whitlock", "lines": (NewLine(sku="MUG-SPK-21", quantity=1), _BOWL)},
    "D-1007": _DENVER | {"recipient_name": "Theo Marsh", "email": "theo.marsh@example.com"},
    "D-1009": _DENVER
    | {
        "recipient_name": "Lena Brandt",
        "email": "lena.brandt@example.com",
        "phone": "+13035550129",
        "wanted_warehouse_state": "TX",
    },
    "D-1008": {
        "recipient_name": "Marie Fontaine",
        "address_1": "845 Rue Sherbrooke O",
        "city": "Montréal",
        "state": "QC",
        "postal_code": "H3A0G4",
        "country": "CA",
        "phone": "+15145550133",
    },
}


def seed_orders() -> int:
    """Record those of the demo's orders that are not there, check them, and return how many."""
    known = set(Order.objects.filter(source=SOURCE).values_list("number", flat=True))
    made = [_record(number, dict(said)) for number, said in _ORDERS.items() if number not in known]
    check_orders([order.pk for order in made])
    return len(made)


def _record(number: str, said: dict[str, Any]) -> Order:
    if code := said.get("wanted_carrier"):
        said["wanted_carrier"] = Carrier.objects.filter(code=code).first()
    said.setdefault("lines", (_MUG, _BOWL))
    return record_order(NewOrder(source=SOURCE, number=number, **said))
