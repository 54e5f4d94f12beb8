"""The journey on the pages of the order and of the shipment."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.tracking.timeline import record_events
from tests.factories import UserFactory, WarehouseFactory
from tests.integrations.inbound_case import parcel, scan

pytestmark = pytest.mark.django_db
STORY = [scan(9, "collected"), scan(30, "in_transit", "Departed <b>hub</b>")]


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def page(row):
    return reverse(f"admin:orders_{row._meta.model_name}_change", args=[row.pk])


def test_the_order_page_tells_the_journey_in_the_warehouses_zone(boss):
    shipment = parcel(tracking_url="https://track.example/1Z")
    WarehouseFactory._meta.model.objects.update(time_zone="America/New_York")
    record_events(shipment, STORY)

    shown = boss.get(page(shipment.order)).text

    assert "2 Mar 2026, 16:00 EST" in shown
    assert "Departed &lt;b&gt;hub&lt;/b&gt;" in shown
    assert 'href="https://track.example/1Z" target="_blank" rel="noopener noreferrer"' in shown


def test_the_shipments_page_tells_it_too(boss):
    shipment = parcel(tracking_url="https://track.example/1Z")
    record_events(shipment, STORY)

    shown = boss.get(page(shipment)).text

    assert "2 Mar 2026, 13:00 PST" in shown
    assert "On its way" in shown
    assert 'href="https://track.example/1Z"' in shown


def test_an_address_of_another_kind_is_never_a_link(boss):
    shipment = parcel(tracking_url="javascript:alert(1)")

    for row in (shipment, shipment.order):
        assert "javascript:alert" not in boss.get(page(row)).text


def test_more_scans_cost_no_more_queries(boss):
    def cost(order):
        with CaptureQueriesContext(connection) as queries:
            boss.get(page(order))
        return len(queries)

    few, many = parcel(), parcel()
    record_events(few, STORY)
    record_events(many, [scan(n, "in_transit") for n in range(40)])
    cost(few.order)

    assert cost(few.order) == cost(many.order)


def test_who_may_not_see_scans_sees_none(client):
    shipment = parcel()
    record_events(shipment, STORY)
    looker = UserFactory()
    looker.user_permissions.add(Permission.objects.get(codename="view_order"))
    client.force_login(looker)

    assert "Journey of" not in client.get(page(shipment.order)).text
