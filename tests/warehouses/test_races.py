"""Many at once. Each test runs on the database whose locking it is about; CI runs both."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count

import pytest
from django.conf import settings
from django.db import connection, connections

from orders.errors import AlreadyReserved
from orders.services import consume_reservations, release_reservations, reserve_lines
from orders.stock_proof import prove_stock
from tests.factories import OrderFactory, ProductFactory, WarehouseFactory
from tests.warehouses.stock import numbers, paper
from warehouses.errors import MovementAlreadyRecorded, OutOfStock
from warehouses.models import StockLevel, StockMovement
from warehouses.services import receive_stock, reserve, transfer_stock

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="threads race on PostgreSQL; SQLite has its own test"
)
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="processes race on SQLite; PostgreSQL has its own tests"
)
RUNS = 20
THREADS = 24
PROCESSES = 6


def all_at_once(jobs):
    """Run the jobs in a thread each, started together; returns their answers or raises."""
    gate = threading.Barrier(len(jobs))

    def started(job):
        try:
            gate.wait(timeout=30)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(started, jobs))


def tried(refusal, act, *arguments):
    """True when it was done, False when it was refused in this way."""
    try:
        act(*arguments)
    except refusal:
        return False
    return True


@on_postgres
def test_threads_never_sell_a_unit_twice():
    """20 of 20 runs: 24 orders for 7 units, and exactly 7 get theirs."""
    for run in range(RUNS):
        house = WarehouseFactory(stock={"MUG": 7})
        orders = [OrderFactory() for _ in range(THREADS)]

        attempts = [partial(tried, OutOfStock, reserve_lines, order, house) for order in orders]
        won = all_at_once(attempts)

        assert sum(won) == 7, f"run {run}"
        assert numbers(house) == (7, 7)
        assert prove_stock().ok


@on_postgres
def test_threads_with_the_same_key_move_stock_once():
    house = WarehouseFactory(stock={"MUG": 50})
    mug = ProductFactory(sku="MUG")

    def once():
        reserve(warehouse=house, product=mug, quantity=1, **paper(key="same"))

    won = all_at_once([partial(tried, MovementAlreadyRecorded, once)] * THREADS)

    assert sum(won) == 1
    assert numbers(house) == (50, 1)
    assert StockMovement.objects.filter(key="same").count() == 1


@on_postgres
def test_threads_bringing_a_new_product_make_one_level():
    house, mug = WarehouseFactory(), ProductFactory(sku="MUG")

    receive = partial(receive_stock, warehouse=house, product=mug, quantity=1)
    all_at_once([partial(receive, **paper()) for _ in range(THREADS)])

    assert StockLevel.objects.count() == 1
    assert numbers(house) == (THREADS, 0)
    assert prove_stock().ok


@on_postgres
def test_orders_and_transfers_crossing_each_other_never_lock_up():
    """Lines written in opposite order, transfers both ways: a deadlock would raise here."""
    skus = ("MUG", "CAP", "PEN")
    east, west = (WarehouseFactory(stock=dict.fromkeys(skus, 500)) for _ in range(2))
    product = {sku: ProductFactory(sku=sku) for sku in skus}
    keys = count()

    def buy(order, house):
        for _ in range(4):
            reserve_lines(order, house)
            release_reservations(order)

    def move(here, there):
        for sku in (*skus, *reversed(skus)):
            transfer_stock(
                from_warehouse=here,
                to_warehouse=there,
                product=product[sku],
                quantity=1,
                **paper(key=f"cross-{next(keys)}"),
            )

    jobs = []
    for house in (east, west):
        for turned in (skus, skus[::-1]):
            for _ in range(4):
                order = OrderFactory(lines=dict.fromkeys(turned, 1))
                jobs.append(partial(buy, order, house))
    for pair in ((east, west), (west, east)):
        jobs += [partial(move, *pair)] * 4

    all_at_once(jobs)

    assert prove_stock().ok
    assert sum(StockLevel.objects.values_list("on_hand", flat=True)) == 3_000


@on_postgres
def test_threads_cannot_reserve_one_order_twice():
    houses = [WarehouseFactory(stock={"MUG": 5}) for _ in range(2)]
    order = OrderFactory()

    won = all_at_once(
        [partial(tried, AlreadyReserved, reserve_lines, order, house) for house in houses * 6]
    )

    assert sum(won) == 1
    assert prove_stock().open_reservations == 1


@on_postgres
def test_threads_shipping_and_releasing_one_order_close_it_once():
    house = WarehouseFactory(stock={"MUG": 5, "CAP": 5})
    order = OrderFactory(lines={"MUG": 2, "CAP": 1})
    reserve_lines(order, house)

    closed = all_at_once(
        [partial(close, order) for close in (release_reservations, consume_reservations) * 6]
    )

    assert sorted(closed) == [0] * 11 + [2]
    assert order.events.count() == 2
    assert prove_stock().ok


@on_sqlite
def test_processes_never_sell_a_unit_twice_and_never_find_it_locked():
    """6 processes want 10 units each, and 40 are there."""
    house = WarehouseFactory(stock={"MUG": 40})
    mug = ProductFactory(sku="MUG")
    buyers = [started_buyer(house, mug, number) for number in range(PROCESSES)]

    for buyer in buyers:
        assert buyer.stdout.readline() == "ready\n", buyer.communicate()[1]
    for buyer in buyers:
        buyer.stdin.write("go\n")
        buyer.stdin.flush()
    answers = [buyer.communicate(timeout=120) for buyer in buyers]

    assert [buyer.returncode for buyer in buyers] == [0] * PROCESSES, answers
    assert not any("locked" in errors for _, errors in answers)
    assert sum(int(sold) for sold, _ in answers) == 40
    assert numbers(house) == (40, 40)
    assert prove_stock().ok


def started_buyer(house, product, number):
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.warehouses.buyers",
            name,
            *map(str, (house.pk, product.pk, number, 10)),
        ],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
