"""Whatever staff, platforms and carriers do in whatever order, a split order keeps its word."""

import os
import random

import pytest

from core.errors import DomainError
from integrations.services import (
    cancel_at_platform,
    leave_parts_out,
    resend_order,
    retry_dispatch,
    send_order,
)
from integrations.tracking.timeline import record_events
from orders.models import OrderStatus
from orders.services.cancel import cancel_order
from orders.stock_proof import prove_stock
from routing.errors import CannotRoute
from routing.services.changes import unroute_order
from tests.integrations.inbound_case import scan
from tests.integrations.split_case import again, reserved, split_order, willing, work

pytestmark = pytest.mark.django_db
STORIES = int(os.environ.get("SPLIT_STORIES", "4"))
FIRST = int(os.environ.get("SPLIT_FIRST", "0"))
STEPS = 25
ACTS = [
    *("send", "resend", "cancel", "cancel_part", "cancel_order", "cancel_both", "unroute"),
    *("retry", "leave_out", "refuse", "allow", "scan", "scan", "work", "work"),
]
WAYS = ("collected", "in_transit", "delivered", "exception", "returning", "lost")


class Story:
    """Random steps; what is refused with a sentence is fine."""

    def __init__(self, seed, platform):
        self.dice = random.Random(seed)  # noqa: S311 — a repeatable story, no secret
        self.platform, self.order, self.told = platform, split_order(), []
        self.hour = 0

    def step(self):
        name = self.dice.choice(ACTS)
        self.told.append(name)
        try:
            getattr(self, name)()
        except (DomainError, CannotRoute) as error:
            self.told[-1] = f"{name}: {error}"
        if self.dice.random() < 0.6:
            work(self.dice.choice(["veeqo", "easyship", ""]))

    def send(self):
        send_order(again(self.order))

    def resend(self):
        resend_order(again(self.order), "Again")

    def cancel(self):
        cancel_at_platform(again(self.order), "Asked")

    def cancel_part(self):
        cancel_at_platform(again(self.order), "Asked", part=self.dice.choice([1, 2]))

    def cancel_both(self):
        if self.dice.random() < 0.3:
            cancel_at_platform(again(self.order), "Asked", cancels_order=True)

    def cancel_order(self):
        if self.dice.random() < 0.3:
            cancel_order(again(self.order), "Asked")

    def unroute(self):
        if self.dice.random() < 0.2:
            unroute_order(again(self.order), "Asked")

    def retry(self):
        for dispatch in self.order.dispatches.filter(state="needs_help"):
            retry_dispatch(dispatch)

    def leave_out(self):
        leave_parts_out(again(self.order), "Refunded")

    def refuse(self):
        what = self.dice.choice(["create", "label", "cancel"])
        for dispatch in self.order.dispatches.filter(part=self.dice.choice([1, 2])):
            self.platform.refuses[dispatch.reference, what] = "no"

    def allow(self):
        self.platform.refuses.clear()

    def scan(self):
        labelled = self.order.shipments.exclude(state__in=["cancelled", "created"])
        for shipment in labelled.filter(part=self.dice.choice([1, 2])):
            self.hour += 1
            record_events(shipment, [scan(self.hour, self.dice.choice(WAYS))])

    def work(self):
        work()

    def check(self):
        order = again(self.order)
        alive = {each.part: each for each in order.shipments.exclude(state="cancelled")}
        held = reserved(order)
        here = {1: held["ONT1"], 2: held["RNO1"]}
        assert prove_stock().ok
        known = set(self.platform.alive.values())
        assert {each.reference for each in alive.values()} == known
        for part, shipment in alive.items():
            # What is at a platform keeps its goods until they leave the books with it.
            assert ("open" in here[part]) != (shipment.shipped_at is not None)
        if order.status in (OrderStatus.READY, OrderStatus.CANCELLED):
            assert not alive
            assert not any("open" in states for states in here.values())
        if order.status != OrderStatus.CANCELLED:
            assert bool(order.problem) == (order.status == OrderStatus.PROBLEM)
        if order.status == OrderStatus.SENT:
            assert all(each.labelled_at for each in alive.values())
        if order.status == OrderStatus.DELIVERED:
            assert {each.state for each in alive.values()} == {"delivered"}
        stuck = order.dispatches.filter(state="needs_help").exclude(kind="cancel")
        if stuck and order.status not in (OrderStatus.CANCELLED, OrderStatus.READY):
            assert order.status == OrderStatus.PROBLEM


@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORIES))
def test_a_split_order_keeps_its_word_in_any_story(seed, monkeypatch):
    story = Story(seed, willing(monkeypatch))
    for _ in range(STEPS):
        story.step()
        try:
            story.check()
        except AssertionError as broken:
            raise AssertionError(f"{broken} after\n" + "\n".join(story.told)) from broken
