import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from orders.models import Reservation
from orders.services import consume_reservations, release_reservations, reserve_lines
from orders.stock_proof import prove_stock
from tests.factories import OrderFactory, ReservationFactory, WarehouseFactory
from warehouses.models import StockLevel, StockMovement

pytestmark = pytest.mark.django_db


def tamper(row, **changes):
    """As somebody with a SQL prompt would, past the ledger's own guard."""
    QuerySet(type(row)).filter(pk=row.pk).update(**changes)


def ran(*arguments):
    out = StringIO()
    try:
        call_command("prove_stock", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


@pytest.fixture
def mugs():
    """A level with a history: 9 received, 2 shipped, 1 released, 3 still reserved."""
    reno = WarehouseFactory(code="RNO1", stock={"MUG": 9})
    for quantity, ending in ((2, consume_reservations), (1, release_reservations), (3, None)):
        order = OrderFactory(lines={"MUG": quantity})
        reserve_lines(order, reno)
        if ending:
            ending(order)
    return reno.stock_levels.get()


def test_stock_that_moved_through_the_services_adds_up(mugs):
    proof = prove_stock()

    assert proof.ok
    assert (proof.levels, proof.movements, proof.open_reservations) == (1, 6, 1)


def test_a_house_without_stock_adds_up():
    assert prove_stock().ok


def test_units_that_no_movement_brought_are_named(mugs):
    tamper(mugs, on_hand=8)

    broken = prove_stock().first_break

    assert broken.kind == "on_hand_is_not_its_ledger"
    assert (broken.warehouse, broken.sku, broken.movement) == ("RNO1", "MUG", None)
    assert (broken.expected, broken.found) == (7, 8)


def test_a_reservation_count_that_no_movement_made_is_named(mugs):
    tamper(mugs, reserved=4)
    tamper(Reservation.objects.get(state="open"), quantity=4)

    proof = prove_stock()

    assert (proof.first_break.kind, proof.breaks) == ("reserved_is_not_its_ledger", 1)
    assert (proof.first_break.expected, proof.first_break.found) == (3, 4)


def test_a_promise_without_reserved_stock_is_named(mugs):
    tamper(Reservation.objects.get(state="open"), quantity=5)

    proof = prove_stock()

    assert (proof.first_break.kind, proof.breaks) == ("reserved_is_not_promised", 1)
    assert (proof.first_break.expected, proof.first_break.found) == (5, 3)


def test_reserved_stock_that_nobody_was_promised_is_named(mugs):
    Reservation.objects.filter(state="open").delete()

    assert prove_stock().first_break.kind == "reserved_is_not_promised"


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("on_hand_after", "on_hand_after_breaks_the_chain"),
        ("reserved_after", "reserved_after_breaks_the_chain"),
    ],
)
def test_a_balance_that_does_not_follow_from_the_one_before_is_named(mugs, column, kind):
    row = StockMovement.objects.order_by("id")[3]
    tamper(row, **{column: getattr(row, column) + 1})

    proof = prove_stock()

    assert proof.first_break.kind == kind
    assert proof.first_break.movement == row.pk
    assert proof.breaks == 2  # the row itself and the one that builds on it


def test_a_first_movement_that_does_not_start_from_nothing_is_named(mugs):
    row = StockMovement.objects.earliest("id")
    tamper(row, on_hand_after=row.on_hand_after + 1)

    assert prove_stock().first_break.movement == row.pk


def test_changes_that_cancel_out_are_still_found(mugs):
    first, second = StockMovement.objects.order_by("id")[:2]
    tamper(first, on_hand_change=first.on_hand_change + 1)
    tamper(second, on_hand_change=second.on_hand_change - 1)

    assert prove_stock().first_break.movement == first.pk


def test_a_removed_movement_is_found(mugs):
    QuerySet(StockMovement).filter(pk=StockMovement.objects.order_by("id")[2].pk).delete()

    assert not prove_stock().ok


def test_the_first_broken_level_is_named_and_all_are_counted(mugs):
    ReservationFactory()
    for level in StockLevel.objects.all():
        tamper(level, on_hand=50)

    proof = prove_stock()

    assert (proof.first_break.level, proof.breaks) == (mugs.pk, 2)


def test_the_command_says_in_words_what_it_proved(mugs):
    out, code = ran()

    assert out == "Stock adds up. Levels: 1. Movements: 6. Open reservations: 1.\n"
    assert code == 0


def test_the_command_names_the_first_row_and_exits_1(mugs):
    tamper(mugs, on_hand=8)

    out, code = ran()

    assert f"MUG in RNO1 (level {mugs.pk}): its movements add up to 7 on hand" in out
    assert code == 1


def test_the_command_speaks_json_when_all_is_well(mugs):
    out, code = ran("--json")

    assert json.loads(out) == {
        "ok": True,
        "levels": 1,
        "movements": 6,
        "open_reservations": 1,
        "breaks": 0,
        "first_break": None,
    }
    assert code == 0


def test_the_command_speaks_json_when_something_is_wrong(mugs):
    tamper(mugs, on_hand=8)

    out, code = ran("--json")

    answer = json.loads(out)
    assert (answer["ok"], answer["breaks"], code) == (False, 1, 1)
    assert answer["first_break"] == {
        "kind": "on_hand_is_not_its_ledger",
        "level": mugs.pk,
        "warehouse": "RNO1",
        "sku": "MUG",
        "movement": None,
        "expected": 7,
        "found": 8,
    }


def test_ten_times_the_stock_takes_as_many_queries(mugs, django_assert_num_queries):
    with django_assert_num_queries(5):
        prove_stock()
    for _ in range(10):
        tamper(ReservationFactory().level, on_hand=77)
    with django_assert_num_queries(6):  # one more names the first that broke
        assert prove_stock().breaks == 10
