"""When carriers collect and when a building rests, from the sheets."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

from django.utils import timezone

from warehouses.models import Carrier, PickupCutoff, Warehouse, WarehouseClosure
from warehouses.seed.holidays import NotADateRule, date_in_year, observed_on
from warehouses.seed.sheets import Row, read_rows
from warehouses.seed.sync import Tally, sync

CUTOFF_COLUMNS = ["warehouse", "carrier", "weekdays", "local_time"]
CLOSURE_COLUMNS = ["reason", "rule", "observed_on_monday", "warehouses"]
WEEKDAYS = {
    "Mon-Fri": range(5),
    "Mon-Sat": range(6),
    "Sat": range(5, 6),
    "Sun": range(6, 7),
}
EVERY_WAREHOUSE = "all"


def load_cutoffs(folder: Path) -> Tally:
    """cutoffs.csv: local times, 24 hours."""
    warehouses = _warehouses()
    carriers = {carrier.code: carrier for carrier in Carrier.objects.all()}
    wanted = [
        row.make(
            PickupCutoff,
            warehouse=row.pick("warehouse", warehouses),
            carrier=row.pick("carrier", carriers),
            weekday=weekday,
            local_time=_clock_time(row),
        )
        for row in read_rows(folder / "cutoffs.csv", CUTOFF_COLUMNS)
        for weekday in row.pick("weekdays", WEEKDAYS)
    ]
    return sync(
        wanted, PickupCutoff.objects.all(), lambda c: (c.warehouse_id, c.carrier_id, c.weekday)
    )


def _clock_time(row: Row) -> time:
    try:
        return time.fromisoformat(row.text("local_time"))
    except ValueError:
        wrong = row.text("local_time")
        raise row.refusal(f"local_time “{wrong}” is not a time such as 16:30") from None


def load_closures(folder: Path, today: date | None = None) -> Tally:
    """closures.csv: rules, turned into the dates of this year and the next."""
    year = (today or timezone.localdate()).year
    warehouses = _warehouses()
    wanted = [
        row.make(WarehouseClosure, warehouse=warehouse, date=day, reason=row.text("reason"))
        for row in read_rows(folder / "closures.csv", CLOSURE_COLUMNS)
        for day in _days(row, [year, year + 1])
        for warehouse in _closed(row, warehouses)
    ]
    return sync(wanted, WarehouseClosure.objects.all(), lambda c: (c.warehouse_id, c.date))


def _days(row: Row, years: list[int]) -> Iterator[date]:
    for year in years:
        try:
            holiday = date_in_year(row.text("rule"), year)
        except NotADateRule as error:
            raise row.refusal(str(error)) from error
        yield holiday
        if row.flag("observed_on_monday") and observed_on(holiday) != holiday:
            yield observed_on(holiday)


def _closed(row: Row, warehouses: dict[str, Warehouse]) -> list[Warehouse]:
    if row.text("warehouses") == EVERY_WAREHOUSE:
        return list(warehouses.values())
    unknown = [code for code in row.words("warehouses") if code not in warehouses]
    if unknown:
        raise row.refusal(f"there is no warehouse {unknown[0]}")
    return [warehouses[code] for code in row.words("warehouses")]


def _warehouses() -> dict[str, Warehouse]:
    return {warehouse.code: warehouse for warehouse in Warehouse.objects.all()}
