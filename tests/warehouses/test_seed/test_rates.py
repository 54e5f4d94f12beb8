"""Whether the demo's services, rates and zones would pass a look by someone of the trade."""

from collections import defaultdict
from itertools import pairwise

import pytest
from django.db.models import Max

from warehouses.models import (
    Carrier,
    CarrierService,
    DestinationZone,
    RateCard,
    ServiceScope,
    TransitTime,
)
from warehouses.seed.measures import grams

pytestmark = pytest.mark.usefixtures("world")
US_ZONES = {"2", "3", "4", "5", "6", "7", "8", "9"}
CONTIGUOUS_ONLY = {"fedex-express-saver", "ups-3-day-select", "ups-next-day-air-saver"}
ROAD = {
    "fedex-ground",
    "fedex-home-delivery",
    "ups-ground",
    "usps-ground-advantage",
    "dhl-ecommerce-parcel-ground",
    "ups-standard",
}


def prices():
    """Service code → zone → [(grams, price), …] by weight."""
    table = defaultdict(lambda: defaultdict(list))
    for rate in RateCard.objects.order_by("up_to_grams").select_related("service"):
        table[rate.service.code][rate.zone].append((rate.up_to_grams, rate.price))
    return table


def zones_of(model):
    zones = defaultdict(set)
    for code, zone in model.objects.values_list("service__code", "zone"):
        zones[code].add(zone)
    return zones


def test_four_carriers_sell_the_services_of_the_trade_through_their_platform():
    platforms = dict(Carrier.objects.values_list("code", "platform"))
    names = set(CarrierService.objects.values_list("name", flat=True))

    assert platforms == {"fedex": "easyship", "ups": "veeqo", "usps": "veeqo", "dhl": "veeqo"}
    assert len(names) >= 14
    assert names >= {
        "FedEx Ground",
        "FedEx Home Delivery",
        "FedEx 2Day",
        "FedEx International Priority",
        "UPS Ground",
        "UPS 3 Day Select",
        "UPS 2nd Day Air",
        "UPS Next Day Air Saver",
        "USPS Ground Advantage",
        "USPS Priority Mail",
        "USPS Priority Mail Express",
        "DHL Express Worldwide",
        "DHL eCommerce Parcel Expedited",
    }


@pytest.mark.parametrize(
    ("code", "weight", "length", "length_plus_girth", "divisor"),
    [
        ("fedex-ground", 68_039, 2_743, 4_191, 5_022),
        ("fedex-2day", 68_039, 3_023, 4_191, 5_022),
        ("ups-ground", 68_039, 2_743, 4_191, 5_022),
        ("usps-ground-advantage", 31_751, None, 3_302, 5_997),
        ("usps-priority-mail", 31_751, None, 2_743, 5_997),
        ("dhl-ecommerce-parcel-ground", 11_340, 686, 2_134, 5_997),
        ("dhl-express-worldwide", 70_000, 1_200, None, 5_000),
    ],
)
def test_limits_are_the_published_ones(code, weight, length, length_plus_girth, divisor):
    service = CarrierService.objects.get(code=code)

    assert service.max_weight_grams == weight
    assert service.max_length_mm == length
    assert service.max_length_plus_girth_mm == length_plus_girth
    assert service.dimensional_divisor == divisor


def test_only_the_post_reaches_po_boxes_and_military_addresses():
    final_mile_by_post = {"usps", "dhl"}

    for flag in ("accepts_po_box", "accepts_military"):
        able = CarrierService.objects.filter(**{flag: True})
        assert set(able.values_list("carrier__code", flat=True)) == final_mile_by_post
    assert not CarrierService.objects.get(code="dhl-express-worldwide").accepts_po_box
    military = CarrierService.objects.filter(accepts_military=True)
    assert set(military.values_list("scope", flat=True)) == {ServiceScope.DOMESTIC}


def test_hazmat_travels_by_road_only():
    hazmat = CarrierService.objects.filter(accepts_hazmat=True)

    assert set(hazmat.values_list("code", flat=True)) <= ROAD
    assert set(hazmat.values_list("scope", flat=True)) == {ServiceScope.DOMESTIC}


def test_every_service_has_rates_and_transit_times_for_the_same_zones():
    assert zones_of(RateCard) == zones_of(TransitTime)
    assert set(zones_of(RateCard)) == set(CarrierService.objects.values_list("code", flat=True))


def test_every_domestic_service_has_rates_for_every_zone_it_serves():
    zones = zones_of(RateCard)

    for service in CarrierService.objects.filter(scope=ServiceScope.DOMESTIC):
        beyond = {"9"} if service.code in CONTIGUOUS_ONLY else set()
        assert zones[service.code] == US_ZONES - beyond, service.code


def test_every_international_service_has_rates_for_every_country_it_serves():
    rated = zones_of(RateCard)

    for service in CarrierService.objects.filter(scope=ServiceScope.INTERNATIONAL):
        zones = dict(service.carrier.zones.values_list("country", "zone"))
        served = service.countries or zones
        assert rated[service.code] == {zones[country] for country in served}, service.code


def test_transit_times_lie_within_the_range_of_their_service():
    for service in CarrierService.objects.prefetch_related("transit_times"):
        times = service.transit_times.all()
        assert min(t.days_min for t in times) == service.transit_days_min, service.code
        assert max(t.days_max for t in times) == service.transit_days_max, service.code


def test_every_rate_card_reaches_to_the_weight_limit_of_its_service():
    for service in CarrierService.objects.all():
        tops = service.rates.order_by().values_list("zone").annotate(Max("up_to_grams"))
        assert {top for _zone, top in tops} == {service.max_weight_grams}, service.code


def test_a_heavier_parcel_costs_more():
    for code, zones in prices().items():
        for zone, breaks in zones.items():
            for (_, lighter), (weight, heavier) in pairwise(breaks):
                assert heavier > lighter, f"{code} zone {zone} at {weight} g"


def test_a_farther_zone_costs_more():
    for code, zones in prices().items():
        for nearer, farther in pairwise(sorted(zones)):
            for (weight, near), (same, far) in zip(zones[nearer], zones[farther], strict=True):
                assert weight == same
                assert far > near, f"{code} from zone {nearer} to {farther} at {weight} g"


@pytest.mark.parametrize(
    "ladder",
    [
        ["ups-ground", "ups-3-day-select", "ups-2nd-day-air", "ups-next-day-air-saver"],
        ["fedex-ground", "fedex-home-delivery", "fedex-express-saver", "fedex-2day"],
        ["fedex-2day", "fedex-standard-overnight"],
        ["usps-ground-advantage", "usps-priority-mail", "usps-priority-mail-express"],
        ["dhl-ecommerce-parcel-ground", "dhl-ecommerce-parcel-expedited"],
        ["fedex-international-economy", "fedex-international-priority"],
        ["usps-first-class-package-international", "usps-priority-mail-international"],
        ["dhl-parcel-international-direct", "dhl-express-worldwide"],
        ["ups-standard", "ups-worldwide-saver"],
    ],
)
def test_a_faster_service_of_the_same_carrier_costs_more(ladder):
    table = prices()

    for slower, faster in pairwise(ladder):
        for zone in table[slower].keys() & table[faster].keys():
            for weight, price in table[slower][zone]:
                dearer = price_of(table[faster][zone], weight)
                assert dearer is None or dearer > price, f"{faster} zone {zone} at {weight} g"


def price_of(breaks, weight):
    """The first break that holds the weight, as a rate card is read; None beyond the last."""
    return next((price for up_to, price in breaks if weight <= up_to), None)


def test_a_pound_across_the_street_costs_what_the_trade_expects():
    table = prices()

    def dollars(code, zone, weight):
        return float(price_of(table[code][zone], grams(weight)))

    assert 9 <= dollars("ups-ground", "2", "1 lb") <= 15
    assert 13 <= dollars("fedex-ground", "8", "1 lb") <= 20
    assert 6 <= dollars("usps-ground-advantage", "2", "1 lb") <= 9
    assert 40 <= dollars("ups-next-day-air-saver", "2", "1 lb") <= 70
    assert 85 <= dollars("fedex-standard-overnight", "8", "1 lb") <= 150
    assert 70 <= dollars("dhl-express-worldwide", "D3", "1 kg") <= 130


def test_each_carrier_knows_the_zone_of_at_least_sixty_countries():
    for carrier in Carrier.objects.all():
        countries = set(carrier.zones.values_list("country", flat=True))
        assert len(countries) >= 60
        assert countries >= {"CA", "MX", "GB", "IE", "DE", "FR", "PL", "JP", "CN", "PH", "AU"}
        assert not countries & {"US", "PR", "GU", "VI", "AS", "MP"}, "these are states of the US"
        assert not countries & {"CU", "IR", "KP", "SY", "RU", "BY"}, "under US embargo or closed"


def test_no_foreign_zone_can_be_taken_for_a_domestic_one():
    assert not US_ZONES & set(DestinationZone.objects.values_list("zone", flat=True))
