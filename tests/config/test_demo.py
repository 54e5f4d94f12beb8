"""What the demo takes in, and what it says at its end."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.demo.drift import Drifted, check_drift
from config.demo.orders import NotAllTaken, take_file, take_text
from config.demo.summary import HEADINGS, by_route, reasons
from config.demo.table import WIDTH, aligned, hanging
from config.demo.waiting import Ended, Patience, TookTooLong
from orders.models import Order, OrderStatus
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    DriftFindingFactory,
    FindingFactory,
    OrderFactory,
    ShipmentFactory,
    WarehouseFactory,
)

LOG = Path("var/demo.log")


@pytest.mark.django_db
def test_the_samples_come_in_by_file_and_by_text_and_once_only():
    by_file, by_text = take_file(), take_text()

    assert by_file.new == Order.objects.filter(source="shopify").count() > 10
    assert by_text.new == Order.objects.filter(source="manual").count() >= 5
    again = take_file(), take_text()
    assert [each.new for each in again] == [0, 0]
    assert [each.known for each in again] == [by_file.new, by_text.new]


@pytest.mark.django_db
def test_a_sample_that_cannot_be_taken_in_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "broken.csv"
    text = Path("config/demo/shop_orders.csv").read_text(encoding="utf-8")
    broken.write_text(text.replace("Standard,2,Speckled", "Standard,none,Speckled", 1), "utf-8")
    monkeypatch.setattr("config.demo.orders.FILE", broken)

    with pytest.raises(NotAllTaken, match="none"):
        take_file()


def route(carrier, place):
    service = CarrierServiceFactory(carrier=CarrierFactory(code=carrier, name=carrier.upper()))
    return {"warehouse": WarehouseFactory(code=place), "service": service}


@pytest.mark.django_db
def test_orders_are_summed_by_carrier_platform_and_warehouse():
    ups = route("ups", "RNO1")
    delivered, troubled = (OrderFactory(routed=True, **ups) for _ in range(2))
    ShipmentFactory(order=delivered, state="delivered", tracking_number="1Z1")
    ShipmentFactory(order=troubled, state="lost", tracking_number="1Z2")
    Order.objects.filter(pk=troubled.pk).update(status=OrderStatus.PROBLEM, problem="It is lost.")
    OrderFactory(status=OrderStatus.NEEDS_REVIEW)
    OrderFactory(status=OrderStatus.CANCELLED)

    assert by_route() == [
        HEADINGS,
        ("UPS", "Veeqo", "RNO1", "2", "2", "1", "1"),
        ("none yet", "", "", "1", "0", "0", "1"),
        ("all", "", "", "3", "2", "1", "2"),
    ]


@pytest.mark.django_db
def test_each_reason_is_said_once_with_its_orders_and_the_weightiest_finding_counts():
    waiting = [OrderFactory(number=f"W-{n}", status=OrderStatus.NEEDS_REVIEW) for n in range(3)]
    for order in waiting[:2]:
        FindingFactory(order=order, code="a", severity="warning", message="A trifle.")
        FindingFactory(order=order, code="b", severity="error", message="No street.", next_step="")
    FindingFactory(
        order=waiting[2], code="a", severity="warning", message="A trifle.", next_step="Look."
    )

    assert [(each.sentence, each.numbers) for each in reasons()] == [
        ("No street.", ("W-0", "W-1")),
        ("A trifle. Look.", ("W-2",)),
    ]


@pytest.mark.django_db
def test_any_drift_at_the_end_fails_the_demo():
    check_drift()
    DriftFindingFactory()

    with pytest.raises(Drifted, match="disagree about 1"):
        check_drift()


def test_tables_are_aligned_and_long_sentences_hang():
    lines = list(aligned([("name", "units"), ("Reno", "7")], right=(1,)))
    assert lines == ["  name  units", "  Reno      7"]

    first, second = hanging("  2  ", "word-with-hyphens " * 8)
    assert max(len(first), len(second)) <= WIDTH
    assert second.startswith("     word-with-hyphens")


def test_waiting_ends_with_the_child_that_ended_or_with_patience():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    with pytest.raises(Ended, match="ended by itself"):
        Patience([child], LOG).wait_until(lambda: False, "It", 5)
    with pytest.raises(TookTooLong, match="It took longer than 0 s"):
        Patience([], LOG).wait_until(lambda: False, "It", 0)
    Patience([child], LOG).wait_until(lambda: True, "It", 0)
