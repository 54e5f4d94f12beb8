"""The demo world, kind by kind, in the order in which the kinds need each other."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction

from warehouses.seed.network import load_carriers, load_services, load_warehouses
from warehouses.seed.opening import load_opening_stock
from warehouses.seed.pickups import load_closures, load_cutoffs
from warehouses.seed.products import load_products
from warehouses.seed.rates import load_rates, load_transit_times, load_zones
from warehouses.seed.sync import Tally

Loader = Callable[[Path], Tally]

DEMO = Path(__file__).with_name("demo")
KINDS: dict[str, Loader] = {
    "warehouses": load_warehouses,
    "carriers": load_carriers,
    "services": load_services,
    "destination zones": load_zones,
    "transit times": load_transit_times,
    "rates": load_rates,
    "pickup cut-offs": load_cutoffs,
    "closures": load_closures,
    "products": load_products,
    "opening stock": load_opening_stock,
}


def seed(kinds: dict[str, Loader], folder: Path) -> Iterator[tuple[str, Tally]]:
    """Load each kind in a transaction of its own and say what changed. Raises BadSheet."""
    for kind, load in kinds.items():
        with transaction.atomic():
            tally = load(folder)
        yield kind, tally
