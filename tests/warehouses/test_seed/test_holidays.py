from datetime import date

import pytest

from warehouses.models import WarehouseClosure
from warehouses.seed.holidays import NotADateRule, date_in_year, observed_on
from warehouses.seed.network import load_warehouses
from warehouses.seed.pickups import load_closures
from warehouses.seed.world import DEMO


def test_closures_of_another_year_join_those_that_are_there(db):
    load_warehouses(DEMO)
    first = load_closures(DEMO, date(2026, 6, 1))

    second = load_closures(DEMO, date(2027, 6, 1))

    assert first.created > second.created > 0
    assert set(WarehouseClosure.objects.values_list("date__year", flat=True)) == {2026, 2027, 2028}


def test_a_sunday_holiday_also_closes_the_monday(db):
    load_warehouses(DEMO)

    load_closures(DEMO, date(2027, 1, 1))

    reno = WarehouseClosure.objects.filter(warehouse__code="RNO1")
    independence = reno.filter(reason="Independence Day").order_by("date")
    assert list(independence.values_list("date", flat=True)) == [
        date(2027, 7, 4),
        date(2027, 7, 5),
        date(2028, 7, 4),
    ]


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        ("January 1", 2026, date(2026, 1, 1)),
        ("last Monday of May", 2026, date(2026, 5, 25)),
        ("first Monday of September", 2026, date(2026, 9, 7)),
        ("fourth Thursday of November", 2026, date(2026, 11, 26)),
        ("fourth Thursday of November", 2024, date(2024, 11, 28)),
        ("last Saturday of January", 2027, date(2027, 1, 30)),
    ],
)
def test_a_rule_gives_the_date_of_the_year(rule, year, expected):
    assert date_in_year(rule, year) == expected


@pytest.mark.parametrize(
    "rule", ["", "Christmas", "February 30", "fifth Monday of May", "last Mon of May", "May"]
)
def test_a_rule_that_names_no_date_is_refused(rule):
    with pytest.raises(NotADateRule, match="is not a date such as"):
        date_in_year(rule, 2026)


def test_only_a_sunday_is_observed_later():
    assert observed_on(date(2027, 7, 4)) == date(2027, 7, 5)
    assert observed_on(date(2026, 7, 4)) == date(2026, 7, 4)
