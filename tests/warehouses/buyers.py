"""One of many processes that buy the last units, each order one unit; see test_races."""

import os
import sys

import django


def buy(warehouse_id, product_id, buyer, wishes):
    """Reserve one unit for each of so many new orders; returns how many got theirs.

    Each order is edited, too: reading before writing is what a deferred transaction fails at.
    """
    # Models can be imported only once Django is set up, which a new process does below.
    from orders.models import Order, OrderLine
    from orders.services import edit_order, reserve_lines
    from warehouses.errors import OutOfStock
    from warehouses.models import Product, Warehouse

    warehouse = Warehouse.objects.get(pk=warehouse_id)
    product = Product.objects.get(pk=product_id)
    sold = 0
    for wish in range(wishes):
        order = Order.objects.create(source="race", number=f"{buyer}-{wish}")
        OrderLine.objects.create(
            order=order, position=1, sku=product.sku, product=product, quantity=1
        )
        edit_order(order.pk, order.version, {"notes": "Gift"})
        try:
            reserve_lines(order, warehouse)
        except OutOfStock:
            continue
        sold += 1
    return sold


if __name__ == "__main__":
    database, *numbers = sys.argv[1:]
    os.environ["DATABASE_URL"] = f"sqlite:///{database}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # all start together
    sys.stdout.write(f"{buy(*map(int, numbers))}\n")
