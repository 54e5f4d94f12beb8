"""The order's page: what was told to platforms with each attempt, and the parcels' papers."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.services.history import write_event
from tests.factories import (
    DispatchAttemptFactory,
    DispatchFactory,
    DocumentFactory,
    ShipmentFactory,
    UserFactory,
)
from tests.integrations.inbound_case import parcel

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    return client


def page(order):
    return reverse("admin:orders_order_change", args=[order.pk])


def buttons(order):
    names = ("send", "resend", "cancel_there", "fetch_status")
    return [reverse(f"admin:orders_order_{name}", args=[order.pk]) for name in names]


def sent(tries=1, papers=1):
    shipment = parcel(cost="12.50", currency="USD")
    dispatch = DispatchFactory(
        order=shipment.order, state="needs_help", error="Price <b>too</b> high.", reason="Again"
    )
    for n in range(tries):
        DispatchAttemptFactory(dispatch=dispatch, n=n + 1, outcome="help", message=f"Try {n}.")
    for _ in range(papers):
        DocumentFactory(shipment=shipment)
    return shipment, dispatch


def test_it_shows_dispatches_attempts_parcels_and_papers(boss):
    shipment, dispatch = sent(tries=2)

    shown = boss.get(page(shipment.order)).text

    assert "Price &lt;b&gt;too&lt;/b&gt; high." in shown
    assert "Try 0." in shown
    assert "Try 1." in shown
    assert reverse("admin:integrations_dispatch_change", args=[dispatch.pk]) in shown
    assert "12.50 USD" in shown
    assert all(button in shown for button in buttons(shipment.order))
    download = reverse("admin:orders_document_download", args=[shipment.documents.get().pk])
    assert f'href="{download}"' in shown


def test_the_newest_word_about_the_parcel_stands_below_it(boss):
    shipment, _dispatch = sent()
    write_event(shipment.order, "tracking", "Veeqo says: nothing new.")

    shown = boss.get(page(shipment.order)).context["last_news"]["words"]
    assert shown == "Veeqo says: nothing new."
    assert "Last word" in boss.get(page(shipment.order)).text


def test_several_parcels_of_an_order_are_all_there(boss):
    shipment, _dispatch = sent()
    old = ShipmentFactory(order=shipment.order, generation=2, state="cancelled")

    shown = boss.get(page(shipment.order)).text

    assert f"Journey of {shipment}" in shown
    assert f"Journey of {old}" in shown


def test_more_of_everything_costs_no_more_queries(boss):
    def cost(order):
        with CaptureQueriesContext(connection) as queries:
            boss.get(page(order))
        return len(queries)

    (few, _one), (many, _other) = sent(), sent(tries=9, papers=5)
    for generation in range(2, 5):
        other = ShipmentFactory(order=many.order, generation=generation, state="cancelled")
        DocumentFactory(shipment=other)
        told = DispatchFactory(order=many.order, generation=generation, state="done")
        DispatchAttemptFactory(dispatch=told)
    cost(few.order)

    assert cost(few.order) == cost(many.order)


def test_each_part_needs_its_permission(client):
    shipment, dispatch = sent()
    looker = UserFactory()
    looker.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_order", "view_trackingevent"])
    )
    client.force_login(looker)

    shown = client.get(page(shipment.order)).text

    assert f"Journey of {shipment}" in shown
    assert "Told to platforms" not in shown
    assert "Download label" not in shown
    assert not any(button in shown for button in buttons(shipment.order))

    looker.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_dispatch", "view_document"])
    )
    shown = client.get(page(shipment.order)).text
    assert str(dispatch.reference) in shown
    assert "Try 0." not in shown
    assert "Label (" in shown
    assert "Download label" not in shown
