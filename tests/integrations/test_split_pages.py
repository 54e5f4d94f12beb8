"""What staff see and press of an order in parts."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.services import cancel_at_platform, send_order
from orders.models import Order, OrderStatus
from orders.services.splits import NewPart, forget_parts, write_parts
from tests.factories import OrderFactory, WarehouseFactory
from tests.integrations.split_case import reserved, split_order, status, willing, work
from tests.integrations.test_dispatch_admin import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


@pytest.fixture
def sent(monkeypatch):
    willing(monkeypatch)
    order = split_order()
    send_order(order)
    work()
    return order


def test_the_order_page_shows_each_part_with_its_units_and_its_parcel(boss, sent):
    shown = boss.get(page(sent)).text

    assert "Part 1 of 2 from ONT1 by Ups Ground: 2 × MUG" in shown
    assert "Part 2 of 2 from RNO1 by Fedex Ground: 1 × MUG, 1 × CAP" in shown
    assert shown.count("Part 2 of 2 from RNO1") >= 2
    for shipment in sent.shipments.all():
        assert shipment.reference in shown


def test_a_whole_order_speaks_of_no_part(boss):
    shown = boss.get(page(OrderFactory(routed=True))).text

    assert "One parcel" in shown
    assert "Part 1" not in shown
    assert "Leave parts out" not in shown


def test_the_pages_of_a_dispatch_and_a_shipment_name_the_part(boss, sent):
    dispatch = sent.dispatches.filter(part=2).first()

    for row in (dispatch, sent.shipments.get(part=2)):
        assert "Part 2 of 2 from RNO1" in boss.get(page(row)).text


def test_cancelling_on_a_dispatchs_page_cancels_its_part_alone(boss, sent):
    dispatch = sent.dispatches.filter(part=2).first()

    boss.post(page(dispatch, "cancel"), {"reason": "Wrong box"})
    work()

    assert dict(sent.shipments.values_list("part", "state")) == {1: "labelled", 2: "cancelled"}
    assert status(sent) == OrderStatus.PROBLEM


def test_cancelling_the_order_on_a_dispatchs_page_cancels_all_of_it(boss, sent):
    dispatch = sent.dispatches.filter(part=2).first()

    boss.post(page(dispatch, "cancel"), {"reason": "Asked", "cancels_order": "on"})
    work()

    assert status(sent) == OrderStatus.CANCELLED


def test_the_order_page_leaves_cancelled_parts_out(boss, sent):
    cancel_at_platform(sent, "Asked", part=2)
    work()
    assert "Leave parts out" in boss.get(page(sent)).text

    boss.post(page(sent, "leave_out"), {"reason": "Refunded"})

    assert status(sent) == OrderStatus.SENT
    assert reserved(sent) == {"ONT1": ["open"], "RNO1": ["released", "released"]}
    assert "by Fedex Ground, left out" in boss.get(page(sent)).text


def test_leaving_out_needs_the_permission_to_cancel(client, sent, staff):
    client.force_login(staff)

    assert client.post(page(sent, "leave_out"), {"reason": "x"}).status_code == 403


def test_more_parts_cost_the_order_page_no_more_queries(boss, sent):
    boss.get(page(sent))
    with CaptureQueriesContext(connection) as two:
        boss.get(page(sent))
    line = sent.lines.first()
    forget_parts([sent.pk])
    parts = [NewPart(WarehouseFactory().pk, sent.service_id, {line.pk: 1}) for _ in range(6)]
    write_parts({sent.pk: parts})
    assert Order.objects.get(pk=sent.pk).parcels == 6

    with CaptureQueriesContext(connection) as six:
        boss.get(page(sent))

    assert len(six) == len(two)
