"""`manage.py route_orders`: what it prints is what was, or would be, done."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order, OrderStatus
from routing.models import RoutingDecision
from tests.routing.small_world import build_world, ready_orders, routed_orders, ruleset

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    build_world()
    ruleset(in_force=True)


KEYS = {
    "order", "platform", "carrier", "service", "warehouse", "parts", "confidence",
    "needs_review", "reasons", "ruleset", "candidates", "state",
}  # fmt: skip


def printed(*arguments):
    out = StringIO()
    call_command("route_orders", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_every_ready_order_is_routed_and_printed_with_its_candidates(world):
    numbers = {order.number for order in ready_orders(2)}

    rows = printed("--all-ready")

    assert {row["order"] for row in rows} == numbers
    assert all(set(row) == KEYS and row["candidates"] for row in rows)
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.ROUTED}


def test_a_dry_run_writes_nothing(world):
    (order,) = ready_orders()

    (row,) = printed("--order", order.number, "--dry-run")

    order.refresh_from_db()
    assert (row["state"], order.status) == ("routed", OrderStatus.READY)
    assert not RoutingDecision.objects.exists()


def test_a_dry_run_refuses_what_would_be_refused_and_still_shows_the_candidates(world):
    (order,) = routed_orders()
    refusal = f"Order {order.number} is “Routed”. Use “Re-route” to decide again."

    (dry,) = printed("--order", order.number, "--dry-run")
    (real,) = printed("--order", order.number)

    assert (dry["state"], dry["reasons"][0]) == ("refused", refusal)
    assert (real["state"], real["reasons"]) == ("refused", [refusal])
    assert dry["needs_review"]
    assert dry["candidates"]


def test_a_number_that_is_nobodys_is_named():
    with pytest.raises(CommandError, match="no order 404"):
        call_command("route_orders", "--order", "404")
