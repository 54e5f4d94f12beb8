from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from routing.calendar import arrival, cutoff_in_utc, last_safe_minute, next_pickup
from routing.facts import CutoffFacts
from tests.routing.world import warehouse

RENO = ZoneInfo("America/Los_Angeles")
TWO_YEARS = [date(2026, 11, 1) + timedelta(days=days) for days in range(731)]
# Clocks change on the second Sunday of March and the first Sunday of November.
SPRING = [date(2027, 3, 14), date(2028, 3, 12)]
AUTUMN = [date(2026, 11, 1), date(2027, 11, 7), date(2028, 11, 5)]


def place(at="17:00", weekdays=range(5), zone="America/Los_Angeles", **changes):
    cutoffs = tuple(CutoffFacts("ups", weekday, time.fromisoformat(at)) for weekday in weekdays)
    return warehouse("RNO1", "NV", 39.6, -119.8, zone, cutoffs=cutoffs, **changes)


def local(day, at="12:00", zone=RENO):
    return datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC)


def test_for_two_years_the_cutoff_is_at_the_same_hour_on_the_warehouse_clock():
    for day in TWO_YEARS:
        at = cutoff_in_utc(day, time(17), "America/Los_Angeles")
        assert at.astimezone(RENO).timetuple()[:5] == (day.year, day.month, day.day, 17, 0)


@pytest.mark.parametrize("day", SPRING + AUTUMN)
def test_the_cutoff_in_utc_moves_by_an_hour_when_clocks_change(day):
    before = cutoff_in_utc(day - timedelta(days=1), time(17), "America/Los_Angeles")
    after = cutoff_in_utc(day, time(17), "America/Los_Angeles")
    assert after - before == timedelta(hours=23 if day.month == 3 else 25)


@pytest.mark.parametrize("day", SPRING)
def test_a_cutoff_in_the_hour_that_clocks_skip_is_taken_as_the_earlier_reading(day):
    at = cutoff_in_utc(day, time(2, 30), "America/Los_Angeles")
    assert at == datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", AUTUMN)
def test_a_cutoff_in_the_hour_that_clocks_repeat_is_taken_the_first_time(day):
    at = cutoff_in_utc(day, time(1, 30), "America/Los_Angeles")
    assert at == datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC)


def test_an_order_routed_exactly_at_the_cutoff_leaves_today_and_a_second_later_tomorrow():
    at = local(date(2027, 3, 2), "17:00")
    assert next_pickup(place(), "ups", at).day == date(2027, 3, 2)
    assert next_pickup(place(), "ups", at + timedelta(seconds=1)).day == date(2027, 3, 3)


def test_after_fridays_cutoff_the_next_pickup_is_on_monday():
    pickup = next_pickup(place(), "ups", local(date(2027, 3, 5), "18:00"))
    assert (pickup.day, pickup.is_today) == (date(2027, 3, 8), False)


def test_a_closed_day_has_no_pickup():
    closed = place(closures=(date(2027, 3, 2), date(2027, 3, 3)))
    assert next_pickup(closed, "ups", local(date(2027, 3, 2))).day == date(2027, 3, 4)


def test_today_is_the_warehouses_day_and_not_that_of_greenwich():
    late_evening = datetime(2027, 3, 3, 0, 30, tzinfo=UTC)
    assert next_pickup(place(), "ups", late_evening).day == date(2027, 3, 2)
    east = place(zone="America/New_York")
    assert next_pickup(east, "ups", late_evening).day == date(2027, 3, 3)


def test_a_carrier_without_cutoffs_never_collects():
    assert next_pickup(place(), "dhl", local(date(2027, 3, 2))) is None


def test_a_warehouse_closed_for_good_has_no_pickup():
    closures = tuple(date(2027, 3, 1) + timedelta(days=days) for days in range(60))
    assert next_pickup(place(closures=closures), "ups", local(date(2027, 3, 2))) is None


def test_the_last_safe_minute_is_todays_cutoff_and_none_once_it_is_past():
    day = date(2027, 3, 2)
    assert last_safe_minute(place(), "ups", local(day)) == local(day, "17:00")
    assert last_safe_minute(place(), "ups", local(day, "17:01")) is None


@pytest.mark.parametrize(
    ("left", "days", "on_saturday", "expected"),
    [
        (date(2027, 3, 1), 1, False, date(2027, 3, 2)),
        (date(2027, 3, 5), 1, False, date(2027, 3, 8)),
        (date(2027, 3, 5), 1, True, date(2027, 3, 6)),
        (date(2027, 3, 5), 2, True, date(2027, 3, 8)),
        (date(2027, 3, 6), 1, False, date(2027, 3, 8)),
        (date(2027, 3, 1), 0, False, date(2027, 3, 1)),
    ],
)
def test_only_delivery_days_count_on_the_way(left, days, on_saturday, expected):
    assert arrival(left, days, on_saturday) == expected
