"""Deliveries twice, out of order and forged: every parcel ends where it truly is."""

import pytest

from integrations.services import send_order
from orders.models import Shipment
from orders.services import reserve_lines
from tests.factories import StockLevelFactory
from tests.integrations.dispatch_case import work
from tests.integrations.webhook_storm import JOURNEYS, genuine, judge, mixed, storm

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PARCELS = 8


def test_a_storm_of_deliveries_ends_in_the_ordered_truth(case, live_server):
    case.start(JOURNEYS, speed=1e-6)
    for _ in range(PARCELS):
        order = case.routed("easyship")
        StockLevelFactory(warehouse=order.warehouse, product=order.lines.get().product, on_hand=50)
        reserve_lines(order, order.warehouse)
        send_order(order)
    work("easyship")
    assert Shipment.objects.filter(state="labelled").count() == PARCELS
    deliveries = mixed(genuine(case), seed=3)

    verdict = judge(case, deliveries, storm(live_server.url, deliveries, per_second=1000))

    assert verdict.wrong == []
    assert set(verdict.answers) == {(False, 200), (True, 401)}
    assert verdict.stored == verdict.events
    assert (verdict.kept_forgeries, verdict.unsettled) == (0, 0)
    assert len({each.state for each in Shipment.objects.all()}) > 1
