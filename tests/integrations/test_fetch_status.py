"""“Fetch status”: one question out of turn, paced, and its answer in the history."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.urls import reverse

from integrations.errors import NothingToAsk
from integrations.models import ApiCall
from integrations.services import fetch_status, pause_platform
from integrations.tracking import asking
from integrations.tracking.asking import ask_about_parcel
from orders.models import OrderEvent, OrderStatus
from tests.factories import OrderFactory, ShipmentFactory, UserFactory
from tests.integrations.inbound_case import parcel, shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """What was put into the queue."""
    jobs = []
    monkeypatch.setattr(
        "integrations.services.parcel_status.enqueue",
        lambda job, *args, queue: jobs.append((job, args, queue)),
    )
    return jobs


def page(order, action):
    return reverse(f"admin:orders_order_{action}", args=[order.pk])


def last_words(order):
    return OrderEvent.objects.filter(order=order, kind="tracking").order_by("-id").first().message


def test_each_parcel_with_a_label_is_asked_about_in_its_platforms_queue(queued):
    shipment = parcel()
    ShipmentFactory(order=shipment.order, generation=2, state="cancelled", remote_shipment_id="R99")

    assert fetch_status(shipment.order) == 1

    assert queued == [(ask_about_parcel, (shipment.pk,), "veeqo")]
    assert last_words(shipment.order) == f"Asked where the parcel is: {shipment}."


def test_without_a_label_there_is_nobody_to_ask(queued):
    shipment = ShipmentFactory()

    for order in (shipment.order, OrderFactory()):
        with pytest.raises(NothingToAsk, match="Send it first"):
            fetch_status(order)
    assert queued == []


@pytest.mark.parametrize("platform", ["veeqo", "easyship"])
def test_the_answer_moves_the_parcel_and_its_order(case, platform):
    order, shipment = shipped(case.start(), platform)
    case.control("advance", hours=13)

    told = ask_about_parcel(shipment.pk)
    again = ask_about_parcel(shipment.pk)

    order.refresh_from_db()
    assert order.status == OrderStatus.SHIPPED
    assert "new scan" in told
    assert again.endswith("nothing new; it is “On its way”.")
    assert last_words(order) == again
    assert ApiCall.objects.filter(purpose="track", platform=platform).exists()


def test_nobody_is_called_while_the_platform_is_paused():
    shipment = parcel()
    pause_platform("veeqo", "Talks")

    told = ask_about_parcel(shipment.pk)

    assert told.startswith(f"Nothing new of {shipment}: Calls to Veeqo are paused")
    assert told.endswith("The next round asks again, or ask later.")
    assert "tried again" not in told
    assert not ApiCall.objects.exists()


def test_a_parcel_that_the_platform_does_not_know_is_told(monkeypatch):
    shipment = parcel()
    monkeypatch.setattr(asking, "platform_named", lambda _name: _Answers({}))

    assert ask_about_parcel(shipment.pk) == f"Veeqo does not know {shipment}. Look at it there."


@pytest.mark.django_db(transaction=True)
def test_the_question_is_asked_outside_of_any_transaction(monkeypatch):
    shipment, inside = parcel(), []
    answers = _Answers({}, lambda: inside.append(connection.in_atomic_block))
    monkeypatch.setattr(asking, "platform_named", lambda _name: answers)

    ask_about_parcel(shipment.pk)

    assert inside == [False]


def test_the_button_asks_by_post_only_and_is_hidden_from_who_may_not(client, queued):
    shipment, clerk = parcel(), UserFactory()
    allowed = Permission.objects.filter(codename__in=["view_order", "fetch_status"])
    clerk.user_permissions.add(*allowed)
    looker = UserFactory()
    looker.user_permissions.add(Permission.objects.get(codename="view_order"))

    client.force_login(looker)
    assert "Fetch status" not in client.get(page(shipment.order, "change")).text
    assert client.post(page(shipment.order, "fetch_status")).status_code == 403
    client.force_login(clerk)
    assert "Fetch status" in client.get(page(shipment.order, "change")).text
    assert client.get(page(shipment.order, "fetch_status")).status_code == 200
    assert queued == []
    assert client.post(page(shipment.order, "fetch_status")).status_code == 302
    assert len(queued) == 1


def test_a_refusal_stands_beside_the_form(client, queued):
    client.force_login(User.objects.create_superuser("boss", password="x"))
    order = OrderFactory()

    answer = client.post(page(order, "fetch_status"))

    assert answer.status_code == 400
    assert "Send it first" in answer.text


class _Answers:
    """A platform that only tells journeys."""

    def __init__(self, journeys, on_call=lambda: None):
        self.journeys, self.on_call = journeys, on_call

    def track(self, _names):
        self.on_call()
        return self.journeys
