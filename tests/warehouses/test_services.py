from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction

from core.models import AppendOnly, AuditEvent
from orders.stock_proof import prove_stock
from tests.factories import ProductFactory, StockLevelFactory, WarehouseFactory
from tests.warehouses.stock import everything, numbers, paper
from warehouses.errors import (
    IncompleteMovement,
    MovementAlreadyRecorded,
    NotAQuantity,
    NothingReserved,
    OutOfStock,
    PolicyChangedMeanwhile,
    SameWarehouse,
    StockWouldGoNegative,
    TooMuchStock,
)
from warehouses.models import MovementKind, ReasonCode, StockLevel, StockMovement
from warehouses.services import (
    adjust_stock,
    consume,
    receive_stock,
    release,
    reserve,
    set_stock_policy,
    transfer_stock,
)
from warehouses.services.ledger import MAX_ON_HAND

pytestmark = pytest.mark.django_db

AT_A_LEVEL = [receive_stock, adjust_stock, reserve, release, consume]


@pytest.fixture
def mug():
    return ProductFactory(sku="MUG")


@pytest.fixture
def reno(mug):
    """5 mugs, 2 of them reserved."""
    warehouse = WarehouseFactory(code="RNO1", stock={"MUG": 5})
    reserve(warehouse=warehouse, product=mug, quantity=2, **paper())
    return warehouse


@pytest.fixture(autouse=True)
def proved():
    """Whatever a test does, the books add up; these tests reserve without orders."""
    yield
    kinds = {"reserved_is_not_promised"}
    broken = prove_stock().first_break
    assert broken is None or broken.kind in kinds


@pytest.fixture
def nothing_changes():
    """Used by every refusal: the levels and the ledger are as they were."""
    before = everything()
    yield
    assert everything() == before


# --- what each movement does ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "quantity", "left"),
    [
        (receive_stock, 3, (8, 2)),
        (adjust_stock, 3, (8, 2)),
        (adjust_stock, -3, (2, 2)),
        (reserve, 3, (5, 5)),
        (release, 2, (5, 0)),
        (consume, 2, (3, 0)),
    ],
)
def test_a_movement_changes_the_level_and_writes_what_it_left(reno, mug, use, quantity, left):
    row = use(warehouse=reno, product=mug, quantity=quantity, **paper())

    assert numbers(reno) == left
    assert (row.on_hand_after, row.reserved_after) == left


@pytest.mark.parametrize(
    ("use", "quantity", "kind", "change"),
    [
        (receive_stock, 1, MovementKind.RECEIVE, (1, 0)),
        (adjust_stock, -1, MovementKind.ADJUST, (-1, 0)),
        (reserve, 1, MovementKind.RESERVE, (0, 1)),
        (release, 1, MovementKind.RELEASE, (0, -1)),
        (consume, 1, MovementKind.CONSUME, (-1, -1)),
    ],
)
def test_the_ledger_row_says_what_changed(reno, mug, use, quantity, kind, change):
    row = use(warehouse=reno, product=mug, quantity=quantity, **paper())

    assert row.kind == kind
    assert (row.on_hand_change, row.reserved_change) == change


def test_the_ledger_row_says_who_why_when_and_on_which_paper(reno, mug, acting):
    with time_machine.travel(datetime(2025, 3, 3, 9, tzinfo=UTC), tick=False):
        receive_stock(
            warehouse=reno,
            product=mug,
            quantity=1,
            reason=ReasonCode.PURCHASE,
            document="PO-77",
            key="PO-77:1",
            note="One box was wet.",
        )

    row = StockMovement.objects.get(key="PO-77:1")
    assert (row.reason, row.document, row.note) == ("purchase", "PO-77", "One box was wet.")
    assert (row.actor, row.actor_label, row.correlation_id) == (acting, "dana", "click-0001")
    assert row.at == datetime(2025, 3, 3, 9, tzinfo=UTC)


def test_a_job_moves_stock_as_the_system(reno, mug):
    row = receive_stock(warehouse=reno, product=mug, quantity=1, **paper())

    assert (row.actor, row.actor_label) == (None, "system")


@pytest.mark.parametrize("use", [receive_stock, adjust_stock])
def test_a_product_that_is_new_in_a_warehouse_gets_its_level(reno, use):
    cap = ProductFactory(sku="CAP")

    use(warehouse=reno, product=cap, quantity=4, **paper())

    assert numbers(reno, "CAP") == (4, 0)


@pytest.mark.parametrize("reason", [ReasonCode.COUNT, ReasonCode.SYNC])
def test_a_count_remembers_when_it_was(reno, mug, reason):
    with time_machine.travel(datetime(2025, 3, 3, 9, tzinfo=UTC), tick=False):
        adjust_stock(warehouse=reno, product=mug, quantity=1, **paper(reason=reason))

    assert reno.stock_levels.get().counted_at == datetime(2025, 3, 3, 9, tzinfo=UTC)


def test_damage_is_no_count(reno, mug):
    adjust_stock(warehouse=reno, product=mug, quantity=-1, **paper(reason=ReasonCode.DAMAGE))

    assert reno.stock_levels.get().counted_at is None


def test_reserving_takes_as_many_queries_whatever_the_ledger_holds(
    reno, mug, django_assert_num_queries
):
    for _ in range(5):
        release(warehouse=reno, product=mug, quantity=1, **paper())
        reserve(warehouse=reno, product=mug, quantity=1, **paper())

    with django_assert_num_queries(5):  # savepoint, UPDATE, level, ledger row, savepoint
        reserve(warehouse=reno, product=mug, quantity=1, **paper())


# --- refusals -------------------------------------------------------------------------------------


def test_more_than_is_free_cannot_be_reserved(reno, mug, nothing_changes):
    with pytest.raises(OutOfStock, match="RNO1 has 3 of MUG free, 4 wanted"):
        reserve(warehouse=reno, product=mug, quantity=4, **paper())


def test_what_a_warehouse_never_held_cannot_be_reserved(reno, nothing_changes):
    with pytest.raises(OutOfStock, match="RNO1 has 0 of CAP free"):
        reserve(warehouse=reno, product=ProductFactory(sku="CAP"), quantity=1, **paper())


@pytest.mark.parametrize("use", [release, consume])
def test_more_than_is_reserved_cannot_be_let_go(reno, mug, use, nothing_changes):
    with pytest.raises(NothingReserved, match="RNO1 has 2 of MUG reserved, fewer than the 3"):
        use(warehouse=reno, product=mug, quantity=3, **paper())


def test_a_count_cannot_leave_less_than_is_reserved(reno, mug, nothing_changes):
    with pytest.raises(StockWouldGoNegative, match="holds 5 of MUG, 2 of them reserved"):
        adjust_stock(warehouse=reno, product=mug, quantity=-4, **paper())


@pytest.mark.parametrize("use", [adjust_stock, receive_stock])
def test_a_level_holds_no_more_than_the_limit(reno, mug, use):
    StockLevel.objects.update(on_hand=MAX_ON_HAND - 1)
    before = everything()

    with pytest.raises(TooMuchStock, match="would pass the limit of 1,000,000,000"):
        use(warehouse=reno, product=mug, quantity=2, **paper())

    assert everything() == before
    StockLevel.objects.update(on_hand=5)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001, 1.5, 2.0, True, "3", None])
@pytest.mark.parametrize("use", [receive_stock, reserve, release, consume])
def test_only_whole_numbers_of_units_move(reno, mug, use, quantity, nothing_changes):
    with pytest.raises(NotAQuantity, match="whole number from 1 to 1,000,000"):
        use(warehouse=reno, product=mug, quantity=quantity, **paper())


@pytest.mark.parametrize("quantity", [0, -1_000_001, 1_000_001, 1.5, True, "3", None])
def test_only_whole_numbers_of_units_are_adjusted(reno, mug, quantity, nothing_changes):
    with pytest.raises(NotAQuantity, match="or its negative"):
        adjust_stock(warehouse=reno, product=mug, quantity=quantity, **paper())


@pytest.mark.parametrize(
    "wrong",
    [
        {"document": ""},
        {"document": "   "},
        {"document": "D" * 101},
        {"document": "D\x00"},
        {"key": ""},
        {"key": "k" * 201},
        {"note": "n" * 301},
        {"reason": "because"},
        {"reason": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("use", AT_A_LEVEL)
def test_a_movement_without_its_paper_is_refused(reno, mug, use, wrong, nothing_changes):
    with pytest.raises(IncompleteMovement, match="A stock movement needs"):
        use(warehouse=reno, product=mug, quantity=1, **paper(**wrong))


@pytest.mark.parametrize("use", AT_A_LEVEL)
def test_the_same_key_never_moves_twice(reno, mug, use):
    use(warehouse=reno, product=mug, quantity=1, **paper(key="same"))
    before = everything()

    with pytest.raises(MovementAlreadyRecorded, match="“same” is already in the ledger"):
        use(warehouse=reno, product=mug, quantity=1, **paper(key="same"))

    assert everything() == before


def test_the_same_key_never_moves_another_level(reno, mug):
    vegas = WarehouseFactory(code="LAS1", stock={"MUG": 5})
    reserve(warehouse=reno, product=mug, quantity=1, **paper(key="same"))
    before = everything()

    with pytest.raises(MovementAlreadyRecorded):
        reserve(warehouse=vegas, product=mug, quantity=1, **paper(key="same"))

    assert everything() == before


def test_a_repeat_that_would_also_find_no_stock_is_told_it_was_done(reno, mug):
    reserve(warehouse=reno, product=mug, quantity=3, **paper(key="same"))

    with pytest.raises(MovementAlreadyRecorded):
        reserve(warehouse=reno, product=mug, quantity=3, **paper(key="same"))


def test_a_refused_key_may_be_used_again(reno, mug):
    with pytest.raises(OutOfStock):
        reserve(warehouse=reno, product=mug, quantity=4, **paper(key="same"))

    reserve(warehouse=reno, product=mug, quantity=3, **paper(key="same"))

    assert numbers(reno) == (5, 5)


def test_a_refusal_leaves_the_callers_transaction_usable(reno, mug):
    with transaction.atomic():
        reserve(warehouse=reno, product=mug, quantity=1, **paper(key="same"))
        with pytest.raises(MovementAlreadyRecorded):
            release(warehouse=reno, product=mug, quantity=1, **paper(key="same"))
        reserve(warehouse=reno, product=mug, quantity=1, **paper())

    assert numbers(reno) == (5, 4)


def test_a_movement_is_undone_with_the_callers_transaction(reno, mug):
    before = everything()

    with transaction.atomic():
        consume(warehouse=reno, product=mug, quantity=1, **paper())
        transaction.set_rollback(True)

    assert everything() == before


def test_the_ledger_cannot_be_rewritten(reno):
    with pytest.raises(AppendOnly):
        StockMovement.objects.update(on_hand_change=1)
    with pytest.raises(AppendOnly):
        StockMovement.objects.first().delete()


# --- transfers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True], ids=["to the newer", "to the older"])
def test_a_transfer_moves_both_levels(mug, turned):
    houses = [WarehouseFactory(stock={"MUG": 5}), WarehouseFactory(stock={"MUG": 5})]
    here, there = reversed(houses) if turned else houses

    out, into = transfer_stock(
        from_warehouse=here, to_warehouse=there, product=mug, quantity=2, **paper(key="T-1")
    )

    assert (numbers(here), numbers(there)) == ((3, 0), (7, 0))
    assert (out.kind, out.level.warehouse, out.key) == ("transfer_out", here, "T-1:out")
    assert (into.kind, into.level.warehouse, into.key) == ("transfer_in", there, "T-1:in")


def test_a_transfer_may_bring_a_product_that_is_new_there(reno, mug):
    vegas = WarehouseFactory(code="LAS1")

    transfer_stock(from_warehouse=reno, to_warehouse=vegas, product=mug, quantity=1, **paper())

    assert numbers(vegas) == (1, 0)


@pytest.mark.parametrize("older_first", [True, False])
def test_a_transfer_never_takes_what_is_reserved(mug, older_first):
    """Whichever level is moved first, the other is not left moved."""
    houses = [WarehouseFactory(stock={"MUG": 5}) for _ in range(2)]
    here, there = houses if older_first else reversed(houses)
    reserve(warehouse=here, product=mug, quantity=2, **paper())
    before = everything()

    with pytest.raises(OutOfStock, match="has 3 of MUG free, 4 wanted"):
        transfer_stock(from_warehouse=here, to_warehouse=there, product=mug, quantity=4, **paper())

    assert everything() == before


def test_a_warehouse_cannot_transfer_to_itself(reno, mug, nothing_changes):
    with pytest.raises(SameWarehouse, match="RNO1 cannot transfer stock to itself"):
        transfer_stock(from_warehouse=reno, to_warehouse=reno, product=mug, quantity=1, **paper())


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"quantity": 0}, NotAQuantity),
        ({"key": ""}, IncompleteMovement),
        ({"key": "k" * 200}, IncompleteMovement),
        ({"document": ""}, IncompleteMovement),
    ],
    ids=str,
)
def test_a_transfer_checks_what_it_is_given(reno, mug, wrong, refusal):
    vegas = WarehouseFactory(code="LAS1")
    before = everything()

    with pytest.raises(refusal):
        transfer_stock(
            from_warehouse=reno,
            to_warehouse=vegas,
            product=mug,
            **paper(**({"quantity": 1} | wrong)),
        )

    assert everything() == before


def test_the_same_transfer_never_happens_twice(reno, mug):
    vegas = WarehouseFactory(code="LAS1")
    route = {"from_warehouse": reno, "to_warehouse": vegas, "product": mug, "quantity": 1}
    transfer_stock(**route, **paper(key="T-1"))
    before = everything()

    with pytest.raises(MovementAlreadyRecorded, match="“T-1”"):
        transfer_stock(**route, **paper(key="T-1"))

    assert everything() == before


# --- policy ---------------------------------------------------------------------------------------


def test_safety_stock_and_reorder_point_are_set_and_audited(reno, mug, acting):
    level = set_stock_policy(warehouse=reno, product=mug, safety_stock=2, reorder_point=10)

    assert (level.safety_stock, level.reorder_point) == (2, 10)
    event = AuditEvent.objects.get()
    assert event.before == {"safety_stock": 0, "reorder_point": 0}
    assert event.after == {"safety_stock": 2, "reorder_point": 10}
    assert event.actor == acting


def test_a_policy_may_be_set_before_the_first_receipt(mug):
    level = set_stock_policy(
        warehouse=WarehouseFactory(), product=mug, safety_stock=1, reorder_point=3
    )

    assert (level.on_hand, level.safety_stock) == (0, 1)


def test_setting_the_same_policy_again_leaves_no_trace(reno, mug):
    set_stock_policy(warehouse=reno, product=mug, safety_stock=0, reorder_point=0)

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("units", [-1, 1_000_001, 1.0, True, None])
def test_a_policy_is_whole_units(reno, mug, units, nothing_changes):
    with pytest.raises(NotAQuantity, match="from 0 to 1,000,000"):
        set_stock_policy(warehouse=reno, product=mug, safety_stock=0, reorder_point=units)


def test_two_people_cannot_overwrite_each_others_policy(reno, mug, monkeypatch):
    def changed_just_now(*args):
        level = StockLevel.objects.get(warehouse=reno)
        StockLevel.objects.update(safety_stock=7)
        return level

    monkeypatch.setattr("warehouses.services.policy._level", changed_just_now)

    with pytest.raises(PolicyChangedMeanwhile, match="Nothing was saved"):
        set_stock_policy(warehouse=reno, product=mug, safety_stock=2, reorder_point=2)

    assert reno.stock_levels.get().safety_stock != 2
    assert not AuditEvent.objects.exists()


def test_safety_stock_does_not_stop_a_reservation(mug):
    """Routing keeps it back; a person may still promise the last unit."""
    level = StockLevelFactory(product=mug, on_hand=2, safety_stock=2)

    reserve(warehouse=level.warehouse, product=mug, quantity=2, **paper())

    assert numbers(level.warehouse) == (2, 2)
