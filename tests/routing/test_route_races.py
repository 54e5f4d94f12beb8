"""Many processes route the same orders over scarce stock. CROSSDOCK_RACE_ORDERS sets how many."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from orders.models import Order, OrderEvent, OrderStatus
from orders.stock_proof import prove_stock
from routing.compare import IDENTICAL
from routing.models import RoutingDecision
from routing.services.replay import replay
from tests.routing.stored import ready, two_houses
from warehouses.models import StockLevel

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ORDERS = int(os.environ.get("CROSSDOCK_RACE_ORDERS", "200"))
# SQLite lets one process write at a time; there it is about waiting, not about speed.
PROCESSES = 8 if connection.vendor == "postgresql" else 3
REPLAYED = 300


def url_of_the_database():
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{own['NAME']}"
    secret = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    host = own["HOST"] or "127.0.0.1"
    return f"postgres://{own['USER']}{secret}@{host}:{own['PORT'] or 5432}/{own['NAME']}"


def routed_by_each(count):
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.routing.router", url_of_the_database(), str(seed)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(count)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=900)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    return [int(answer) for answer in answers]


def test_processes_routing_the_same_orders_sell_no_unit_twice_and_route_no_order_twice():
    houses = two_houses(ORDERS // 2, ORDERS // 4)
    houses[0].stock_levels.update(safety_stock=ORDERS // 10)
    orders = [
        ready({"MUG": 1 + number % 2}, source="race", number=f"RACE-{number}")
        for number in range(ORDERS)
    ]

    won = sum(routed_by_each(PROCESSES))

    routed = Order.objects.filter(status=OrderStatus.ROUTED)
    events = Counter(
        OrderEvent.objects.filter(to_status=OrderStatus.ROUTED).values_list("order", flat=True)
    )
    assert won == routed.count() == len(events)
    assert set(events.values()) == {1}
    left = Order.objects.filter(status=OrderStatus.NEEDS_REVIEW).count()
    assert routed.count() + left == len(orders)
    for level in StockLevel.objects.all():
        assert level.reserved <= level.on_hand - level.safety_stock
    # What nobody got is less than the smallest order asked for in either warehouse.
    assert all(
        level.on_hand - level.safety_stock - level.reserved <= 1
        for level in StockLevel.objects.all()
    )
    assert RoutingDecision.objects.filter(is_current=True).count() == len(orders)
    assert prove_stock().ok
    decisions = RoutingDecision.objects.order_by("?")[:REPLAYED]
    assert {replay(stored) for stored in decisions} == {IDENTICAL}
