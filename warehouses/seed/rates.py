"""Zones, transit times and rate cards, from the sheets."""

from collections.abc import Iterator
from pathlib import Path

from warehouses.models import Carrier, CarrierService, DestinationZone, RateCard, TransitTime
from warehouses.seed.measures import grams
from warehouses.seed.sheets import BadSheet, Row, read_rows
from warehouses.seed.sync import Tally, sync

TRANSIT_COLUMNS = ["service", "zones", "days_min", "days_max"]


def load_zones(folder: Path) -> Tally:
    """zones.csv: a country a line, a carrier a column; an empty cell is a country not served."""
    carriers = {carrier.code: carrier for carrier in Carrier.objects.all()}
    wanted = [
        zone
        for row in read_rows(folder / "zones.csv", ["country", "name"], more_columns=True)
        for zone in _zones(row, carriers)
    ]
    return sync(wanted, DestinationZone.objects.all(), lambda zone: (zone.carrier_id, zone.country))


def _zones(row: Row, carriers: dict[str, Carrier]) -> Iterator[DestinationZone]:
    for code in row.columns_beside("country", "name"):
        if code not in carriers:
            raise row.refusal(f"the column “{code}” is no carrier of carriers.csv")
        if zone := row.text(code):
            yield row.make(
                DestinationZone, carrier=carriers[code], country=row.text("country"), zone=zone
            )


def load_transit_times(folder: Path) -> Tally:
    """transit.csv: business days of a service to one or several zones."""
    services = _services()
    wanted = [
        row.make(
            TransitTime,
            service=row.pick("service", services),
            zone=zone,
            days_min=row.whole("days_min"),
            days_max=row.whole("days_max"),
        )
        for row in read_rows(folder / "transit.csv", TRANSIT_COLUMNS)
        for zone in row.words("zones")
    ]
    return sync(wanted, TransitTime.objects.all(), lambda time: (time.service_id, time.zone))


def load_rates(folder: Path) -> Tally:
    """rates/SERVICE.csv: a weight break a line, a zone a column, US dollars in the cells."""
    services = _services()
    paths = sorted((folder / "rates").glob("*.csv"))
    if not paths:
        raise BadSheet(str(folder / "rates"), "there is no rate sheet")
    wanted = [rate for path in paths for rate in _rates(path, services)]
    return sync(
        wanted, RateCard.objects.all(), lambda rate: (rate.service_id, rate.zone, rate.up_to_grams)
    )


def _rates(path: Path, services: dict[str, CarrierService]) -> Iterator[RateCard]:
    if path.stem not in services:
        raise BadSheet(f"rates/{path.name}", f"there is no service {path.stem} in services.csv")
    for row in read_rows(path, ["up_to"], more_columns=True):
        yield from _rates_of_break(row, services[path.stem])


def _rates_of_break(row: Row, service: CarrierService) -> Iterator[RateCard]:
    up_to_grams = row.measure("up_to", grams)
    for zone in row.columns_beside("up_to"):
        yield row.make(
            RateCard,
            service=service,
            zone=zone,
            up_to_grams=up_to_grams,
            price=row.amount(zone),
            currency="USD",
        )


def _services() -> dict[str, CarrierService]:
    return {service.code: service for service in CarrierService.objects.all()}
