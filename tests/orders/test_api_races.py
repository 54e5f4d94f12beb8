"""Many clients at once, on threads; on both databases."""

import time
from collections import Counter
from functools import partial

import pytest
from django.db import connection

from orders.models import Order
from tests.factories import ProductFactory
from tests.orders.api import ORDERS, order_body, token_client
from tests.warehouses.test_races import all_at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEYS = 5
EACH = 10


def until_answered(client, body, key):
    """As a client does: told that its request is being worked on, it asks again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = client.post(ORDERS, body, format="json", headers={"Idempotency-Key": key})
        if answer.status_code != 409 or answer.json()["code"] != "idempotency_key_in_use":
            return answer
        assert int(answer["Retry-After"]) >= 1
        time.sleep(0.05)
    raise AssertionError("nobody ever answered")


def test_fifty_requests_with_five_keys_make_five_orders():
    ProductFactory(sku="MUG")
    client = token_client()
    client.get(ORDERS)  # the throttle's row is there before the race
    credentials = client._credentials

    def send(n):
        own = type(client)()
        own.credentials(**credentials)
        return n, until_answered(own, order_body(f"A-{n}"), f"key-{n}")

    answers = all_at_once([partial(send, n) for n in range(KEYS) for _ in range(EACH)])

    assert Counter(answer.status_code for _, answer in answers) == {201: KEYS * EACH}
    assert Order.objects.count() == KEYS
    for n in range(KEYS):
        same = [answer for key, answer in answers if key == n]
        assert len({answer.content for answer in same}) == 1
        assert len({answer["Location"] for answer in same}) == 1
        assert sum(not answer.has_header("Idempotency-Replayed") for answer in same) == 1


def test_without_a_key_the_number_is_taken_once():
    ProductFactory(sku="MUG")
    client = token_client()
    client.get(ORDERS)
    credentials = client._credentials

    def send():
        own = type(client)()
        own.credentials(**credentials)
        return own.post(ORDERS, order_body(), format="json").status_code

    answers = Counter(all_at_once([send] * 12))

    assert answers == {201: 1, 409: 11}, connection.vendor
    assert Order.objects.count() == 1
