"""How fast orders are routed, beside a bare bulk insert of the same rows in the same run.

python benchmarks/routing.py [--orders 10000] [--database postgres://…] [--profile]

Makes a database of its own on the PostgreSQL server, seeds the demo world, routes batches of 10,
100, 1,000 … orders in this process, and drops the database.
"""

import argparse
import cProfile
import io
import pstats
import random
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from benchmarks.intake import SERVER, django_with  # noqa: E402 — the path is set above

NAME = "crossdock_benchmark_routing"
CHUNK = 500
WRITTEN = (
    "routing_routingdecision, orders_reservation, orders_orderevent, orders_finding, "
    "orders_order, orders_orderline"
)


def make_world():
    """The demo network with stock for everybody, so that routing is measured and not its lack."""
    from django.core.management import call_command
    from django.db.models import F

    from routing.services.rules import ensure_default_ruleset
    from warehouses.models import StockLevel, Warehouse

    call_command("migrate", verbosity=0)
    call_command("load_zips", stdout=io.StringIO())
    call_command("seed_demo", "--json", stdout=io.StringIO())
    ensure_default_ruleset()
    keep_four_by_fourteen()
    Warehouse.objects.update(daily_capacity=None)
    StockLevel.objects.filter(on_hand__gt=0).update(on_hand=F("on_hand") + 1_000_000)


def keep_four_by_fourteen():
    """The size that the pure function is measured at, too."""
    from warehouses.models import CarrierService, StockLevel, StockMovement, Warehouse

    places = Warehouse.objects.filter(state__in=["NV", "CA"]).order_by("pk")[:4]
    homely = CarrierService.objects.filter(scope="domestic").order_by("pk")[:14]
    others = Warehouse.objects.exclude(pk__in=[place.pk for place in places])
    StockMovement._base_manager.filter(level__warehouse__in=others)._raw_delete("default")
    StockLevel.objects.filter(warehouse__in=others).delete()
    others.delete()
    CarrierService.objects.exclude(pk__in=[service.pk for service in homely]).delete()


def make_orders(count):
    """Ready orders of one to three lines to ZIP codes all over the country; returns their ids."""
    from orders.models import Order, OrderLine
    from warehouses.models import Product, ZipCentroid

    picked = random.Random(count)  # noqa: S311 — no secret, only the same world every time
    zips = list(ZipCentroid.objects.order_by("pk")[::7])
    products = list(Product.objects.filter(weight_grams__gt=0, is_hazmat=False).order_by("pk"))
    orders = Order.objects.bulk_create(
        [order_to(picked.choice(zips), count, number) for number in range(count)], batch_size=1000
    )
    lines = [
        OrderLine(
            order=order,
            position=position,
            sku=product.sku,
            product=product,
            quantity=1 + picked.randrange(3),
            unit_price=product.value,
        )
        for order in orders
        for position, product in enumerate(picked.sample(products, 1 + picked.randrange(3)), 1)
    ]
    OrderLine.objects.bulk_create(lines, batch_size=1000)
    return [order.pk for order in orders]


def order_to(place, count, number):
    from django.utils import timezone

    from orders.models import Order

    return Order(
        source="benchmark",
        number=f"{count}-{number}",
        status="ready",
        recipient_name="Dana Reyes",
        phone="+17755550142",
        email="dana@example.com",
        address_1="120 Mill Street",
        city=place.city[:100],
        state=place.state,
        postal_code=place.zip_code,
        country="US",
        address_verdict="ok",
        created_at=timezone.now() - timedelta(seconds=number),
    )


@contextmanager
def counting():
    """The statements that were sent, in a list of one number."""
    from django.db import connection

    sent = [0]

    def count(execute, *statement):
        sent[0] += 1
        return execute(*statement)

    with connection.execute_wrapper(count):
        yield sent


def empty():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {WRITTEN} CASCADE")
        cursor.execute("DELETE FROM warehouses_stockmovement WHERE kind = 'reserve'")
        cursor.execute("UPDATE warehouses_stocklevel SET reserved = 0")
        cursor.execute("ANALYZE")


def route(count):
    """Seconds, statements and what became of that many orders."""
    from collections import Counter

    from routing.services.route import route_in_turn

    empty()
    ids, became = make_orders(count), Counter()
    with counting() as sent:
        start = time.perf_counter()
        for portion in route_in_turn(ids):
            became.update(one.state for one in portion)
        seconds = time.perf_counter() - start
    return seconds, sent[0], became


def bare_seconds(*, encoded):
    """The rows that routing has just written, written again as they are, in chunks as large.

    `encoded`: the large documents are bytes already; otherwise the insert writes and compresses
    them, as it does with every other JSON column.
    """
    from django.db import connection, transaction

    from orders.models import Finding, OrderEvent, Reservation
    from routing.models import RoutingDecision
    from warehouses.models import StockMovement

    tables = [
        (RoutingDecision, list(RoutingDecision.objects.order_by("pk"))),
        (Reservation, list(Reservation.objects.order_by("pk"))),
        (StockMovement, list(StockMovement.objects.filter(kind="reserve").order_by("pk"))),
        (OrderEvent, list(OrderEvent.objects.order_by("pk"))),
        (Finding, list(Finding.objects.order_by("pk"))),
    ]
    field = RoutingDecision._meta.get_field("result")
    for row in tables[0][1] if encoded else ():
        row.result = bytes(field.get_db_prep_value(row.result, connection).obj)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE routing_routingdecision, orders_reservation, orders_orderevent, "
            "orders_finding CASCADE"
        )
        cursor.execute("DELETE FROM warehouses_stockmovement WHERE kind = 'reserve'")
    start = time.perf_counter()
    for model, rows in tables:
        for at in range(0, len(rows), CHUNK):
            with transaction.atomic():
                model._base_manager.bulk_create(rows[at : at + CHUNK])
    return time.perf_counter() - start, sum(len(rows) for _model, rows in tables)


def measure(orders, profile):
    from benchmarks.routing_pure import main as measure_pure

    measure_pure()
    make_world()
    route(10)
    sizes = [size for size in (10, 100, 1_000, 10_000, 100_000) if size <= orders]
    costs = {}
    for size in sizes:
        runs = [route(size) for _ in range(3 if size <= 1_000 else 1)]
        seconds, sent, became = min(runs, key=lambda run: run[0])
        costs[size] = seconds / size
        print(
            f"{size:7,} orders: {seconds:7.2f} s, {size / seconds:6,.0f} orders/s, "
            f"{sent:4} statements in {-(-size // CHUNK)} chunks, {dict(became)}"
        )
    batch = costs[sizes[-1]] * sizes[-1]
    for encoded, how in ((False, ""), (True, ", its documents encoded beforehand")):
        bare, rows = bare_seconds(encoded=encoded)
        print(f"a bare bulk insert of the same {rows:,} rows{how}: {bare:.2f} s")
        print(f"the whole batch takes {batch / bare:.2f} times that")
    if 100 in costs:
        ratio = costs[sizes[-1]] / costs[100]
        print(f"cost per order at {sizes[-1]:,} over that at 100: {ratio:.2f}")
    if profile:
        tell_profile(min(orders, 2_000))


def tell_profile(count):
    from routing.services.route import route_orders

    empty()
    ids = make_orders(count)
    profiler = cProfile.Profile()
    profiler.runcall(route_orders, ids)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--database", default=SERVER, help="a server on which to make a database")
    parser.add_argument("--profile", action="store_true", help="where the time goes, besides")
    options = parser.parse_args()
    import psycopg

    url = options.database.rsplit("/", 1)[0] + f"/{NAME}"
    with psycopg.connect(options.database, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        try:
            django_with(url)
            measure(options.orders, options.profile)
        finally:
            from django.db import connections

            connections.close_all()
            server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


if __name__ == "__main__":
    main()
