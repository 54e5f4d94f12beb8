"""Bulk actions that misbehave, or take their time."""

import time

from orders.services import add_note
from orders.services.bulk import BulkAction, one_by_one


def _stumble(order, _parameters):
    add_note(order, "Passed here.")
    if order.number == "STONE":
        raise ZeroDivisionError


STUMBLES = BulkAction(
    name="stumbles",
    label="Stumble…",
    permission="orders.change_order",
    act_many=one_by_one(_stumble),
)
SILENT = BulkAction(
    name="silent",
    label="Say nothing…",
    permission="orders.change_order",
    act_many=lambda _orders, _parameters: {},
)


def _note_slowly(order, _parameters):
    add_note(order, "Passed here.")
    time.sleep(0.01)


SLOW = BulkAction(
    name="slow",
    label="Note slowly…",
    permission="orders.change_order",
    act_many=one_by_one(_note_slowly),
    chunk=10,
)
