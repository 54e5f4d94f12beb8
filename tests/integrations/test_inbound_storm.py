"""Deliveries twice, out of order and forged: every parcel ends where it truly is."""

import pytest

from orders.models import Shipment
from tests.integrations.webhook_storm import (
    JOURNEYS,
    genuine,
    judge,
    label_parcels,
    mixed,
    storm,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_storm_of_deliveries_ends_in_the_ordered_truth(case, live_server):
    case.start(JOURNEYS, speed=1e-6)
    label_parcels(case, 8)
    deliveries = mixed(genuine(case), seed=3)

    verdict = judge(case, deliveries, storm(live_server.url, deliveries, per_second=1000))

    assert verdict.wrong == []
    assert set(verdict.answers) == {(False, 200), (True, 401)}
    assert verdict.stored == verdict.events
    assert (verdict.kept_forgeries, verdict.unsettled) == (0, 0)
    assert len({each.state for each in Shipment.objects.all()}) > 1
