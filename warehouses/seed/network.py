"""Warehouses, carriers and their services, from the sheets."""

from pathlib import Path

from warehouses.models import Carrier, CarrierService, Warehouse
from warehouses.seed.measures import dimensional_divisor, grams, millimetres
from warehouses.seed.sheets import Row, read_rows
from warehouses.seed.sync import Tally, sync

WAREHOUSE_TEXTS = [
    "code", "name", "contact_name", "company", "phone", "email", "address_1", "address_2",
    "city", "state", "postal_code", "country", "time_zone",
]  # fmt: skip
WAREHOUSE_COLUMNS = [*WAREHOUSE_TEXTS, "latitude", "longitude", "priority", "daily_capacity"]
CARRIER_COLUMNS = ["code", "name", "platform"]
SERVICE_FLAGS = [
    "accepts_po_box", "accepts_military", "accepts_hazmat", "accepts_batteries",
    "residential_only", "delivers_on_saturday",
]  # fmt: skip
SERVICE_COLUMNS = [
    "code", "carrier", "name", "scope", "countries", "transit_days_min", "transit_days_max",
    "max_weight", "max_length", "max_length_plus_girth", "dimensional_divisor", *SERVICE_FLAGS,
]  # fmt: skip


def load_warehouses(folder: Path) -> Tally:
    """warehouses.csv: degrees, orders a day."""
    wanted = [_warehouse(row) for row in read_rows(folder / "warehouses.csv", WAREHOUSE_COLUMNS)]
    return sync(wanted, Warehouse.objects.all(), lambda warehouse: warehouse.code)


def _warehouse(row: Row) -> Warehouse:
    return row.make(
        Warehouse,
        latitude=row.amount("latitude"),
        longitude=row.amount("longitude"),
        priority=row.whole("priority"),
        daily_capacity=row.whole_or_none("daily_capacity"),
        **{column: row.text(column) for column in WAREHOUSE_TEXTS},
    )


def load_carriers(folder: Path) -> Tally:
    """carriers.csv."""
    rows = read_rows(folder / "carriers.csv", CARRIER_COLUMNS)
    wanted = [row.make(Carrier, **{c: row.text(c) for c in CARRIER_COLUMNS}) for row in rows]
    return sync(wanted, Carrier.objects.all(), lambda carrier: carrier.code)


def load_services(folder: Path) -> Tally:
    """services.csv: limits with their unit, as carriers publish them; business days."""
    carriers = {carrier.code: carrier for carrier in Carrier.objects.all()}
    rows = read_rows(folder / "services.csv", SERVICE_COLUMNS)
    wanted = [_service(row, carriers) for row in rows]
    return sync(wanted, CarrierService.objects.all(), lambda service: service.code)


def _service(row: Row, carriers: dict[str, Carrier]) -> CarrierService:
    return row.make(
        CarrierService,
        carrier=row.pick("carrier", carriers),
        code=row.text("code"),
        name=row.text("name"),
        scope=row.text("scope"),
        countries=row.words("countries"),
        transit_days_min=row.whole("transit_days_min"),
        transit_days_max=row.whole("transit_days_max"),
        max_weight_grams=row.measure("max_weight", grams),
        max_length_mm=row.measure_or_none("max_length", millimetres),
        max_length_plus_girth_mm=row.measure_or_none("max_length_plus_girth", millimetres),
        dimensional_divisor=row.measure_or_none("dimensional_divisor", dimensional_divisor),
        **{column: row.flag(column) for column in SERVICE_FLAGS},
    )
