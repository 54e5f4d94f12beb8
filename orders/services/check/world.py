"""What the checks may ask, loaded for a whole batch."""

from collections.abc import Sequence

from django.utils import timezone

from orders.checks import CheckedOrder, World, address_key
from orders.checks.values import knows_no_sku
from orders.models import AddressOverride
from orders.services.check.near import load_near_skus
from orders.services.places import TablePlaces


def load_world(orders: Sequence[CheckedOrder], places: TablePlaces | None = None) -> World:
    """Everything that checking these orders asks, in at most five queries for any batch.

    A long import passes the same `places` again and again; most ZIPs are then known.
    """
    places = places or TablePlaces()
    places.prepare(orders)
    unknown = {
        line.sku for order in orders for line in order.lines if line.product is None and line.sku
    }
    return World(
        today=timezone.localdate(),
        places=places,
        has_places=places.is_loaded,
        near_skus=load_near_skus(unknown) if unknown else knows_no_sku,
        vouched=_vouched({address_key(order) for order in orders}),
    )


def _vouched(keys: set[str]) -> frozenset[str]:
    vouched = AddressOverride.objects.filter(address_key__in=keys)
    return frozenset(vouched.values_list("address_key", flat=True))
