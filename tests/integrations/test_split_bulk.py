"""Split orders in bulk runs and over the API: part by part where it matters."""

import pytest

from integrations.models import Dispatch
from integrations.services import cancel_at_platform, send_order
from integrations.services.bulk import RESEND, SEND
from integrations.services.calls_needed import parts_to_send
from orders.models import Order
from tests.integrations.split_case import split_order
from tests.orders.api import ORDERS, token_client

pytestmark = pytest.mark.django_db


def refusals(action):
    return {said: n for said, n in action.forecast(Order.objects.all(), {}) if n}


def calls(action):
    return sorted(said.partition(" (")[0] for said in action.costs(Order.objects.all()))


def test_each_part_costs_the_calls_of_its_platform():
    order = split_order()
    platforms = [part.service.carrier.platform for part in order.parts.all()]
    price = {"veeqo": 13, "easyship": 6}
    names = {"veeqo": "Veeqo", "easyship": "Easyship"}

    assert calls(SEND) == sorted(
        f"Needs about {platforms.count(name) * price[name]} calls of {names[name]}"
        for name in set(platforms)
    )


def test_a_called_back_part_may_be_sent_again_beside_the_others():
    order = split_order()
    send_order(order)
    assert refusals(RESEND) == {"not cancelled at the platform yet": 1}

    cancel_at_platform(order, "wrong box", part=1)

    assert [part.n for part in parts_to_send()] == [1]
    assert refusals(RESEND) == {}
    assert len(calls(RESEND)) == 1


def test_one_part_is_cancelled_over_the_api():
    order, api = split_order(), token_client("dispatch:read", "dispatch:write")
    sent = api.post(f"{ORDERS}/{order.pk}/send").json()
    assert sorted(one["part"] for one in sent["dispatches"]) == [1, 2]

    body = {"reason": "wrong box", "part": 2}
    answer = api.post(f"{ORDERS}/{order.pk}/cancel", body, format="json")
    nowhere = api.post(f"{ORDERS}/{order.pk}/cancel", body | {"part": 9}, format="json")

    assert answer.status_code == 202
    assert nowhere.status_code == 409
    assert [one.part for one in Dispatch.objects.live()] == [1]
