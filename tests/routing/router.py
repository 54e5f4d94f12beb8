"""One of many processes that route the same orders; see test_route_races."""

import os
import random
import sys

import django

SLICE = 25


def route_them(seed):
    """Route every order in an order of its own; returns how many this process routed."""
    # Models can be imported only once Django is set up, which a new process does below.
    from orders.models import Order
    from routing.services.route import route_orders

    ids = list(Order.objects.filter(source="race").values_list("pk", flat=True))
    random.Random(seed).shuffle(ids)  # noqa: S311 — no secret, only another order
    routed = 0
    for start in range(0, len(ids), SLICE):
        waiting = Order.objects.filter(pk__in=ids[start : start + SLICE], status="ready")
        found = route_orders(waiting.values_list("pk", flat=True))
        routed += sum(one.state == "routed" for one in found)
    return routed


if __name__ == "__main__":
    database, seed = sys.argv[1:]
    os.environ["DATABASE_URL"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()  # all start together
    sys.stdout.write(f"{route_them(int(seed))}\n")
