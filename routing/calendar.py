"""When a parcel leaves and arrives, in the warehouse's own time zone and calendar. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from routing.facts import WarehouseFacts

HORIZON_DAYS = 21
"""A carrier that has not collected for three weeks does not collect."""

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Pickup:
    """A collection by a carrier. `at` is its cut-off in UTC, `day` the warehouse's date."""

    day: date
    at: datetime
    is_today: bool


def local_date(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def cutoff_in_utc(day: date, local_time: time, time_zone: str) -> datetime:
    """The cut-off in UTC; an hour that clocks skip or repeat counts as its earlier reading."""
    local = datetime.combine(day, local_time, ZoneInfo(time_zone))
    return min(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def collects(warehouse: WarehouseFacts, carrier: str) -> bool:
    return any(cutoff.carrier == carrier for cutoff in warehouse.cutoffs)


def next_pickup(warehouse: WarehouseFacts, carrier: str, now: datetime) -> Pickup | None:
    """The first pickup that an order routed now still makes; exactly at the cut-off is in time."""
    times = {cut.weekday: cut.local_time for cut in warehouse.cutoffs if cut.carrier == carrier}
    today = local_date(now, warehouse.time_zone)
    for ahead in range(HORIZON_DAYS if times else 0):
        day = today + timedelta(days=ahead)
        if day.weekday() not in times or day in warehouse.closures:
            continue
        at = cutoff_in_utc(day, times[day.weekday()], warehouse.time_zone)
        if now <= at:
            return Pickup(day, at, is_today=ahead == 0)
    return None


def last_safe_minute(warehouse: WarehouseFacts, carrier: str, now: datetime) -> datetime | None:
    """Until when routing still makes today's pickup, in UTC; None if today has none left."""
    pickup = next_pickup(warehouse, carrier, now)
    return pickup.at if pickup and pickup.is_today else None


@lru_cache(maxsize=4096)
def arrival(left: date, business_days: int, on_saturday: bool) -> date:
    """The delivery day that many business days after the pickup; Sundays never count."""
    day = left
    rest = {SUNDAY} if on_saturday else {SATURDAY, SUNDAY}
    for _ in range(business_days):
        day += timedelta(days=1)
        while day.weekday() in rest:
            day += timedelta(days=1)
    return day
