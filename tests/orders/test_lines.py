from decimal import Decimal

import pytest

from orders.errors import (
    ChangedMeanwhile,
    FieldNotEditable,
    LineReserved,
    NoSuchLine,
    NotEditable,
    NotValid,
)
from orders.models import Order, OrderStatus
from orders.models.status import EDITABLE
from orders.services import (
    add_line,
    check_orders,
    edit_line,
    release_reservations,
    remove_line,
    reserve_lines,
)
from tests.factories import OrderFactory, OrderLineFactory, ProductFactory, WarehouseFactory

pytestmark = pytest.mark.django_db

CALLS = {
    "edit": lambda order, version: edit_line(order.pk, version, 1, {"quantity": 3}),
    "add": lambda order, version: add_line(order.pk, version, {"sku": "CAP", "quantity": 1}),
    "remove": lambda order, version: remove_line(order.pk, version, 1),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
def order():
    order = OrderFactory(number="SO-9", lines={"MUG": 1, "CAP": 2})
    check_orders([order.pk])
    order.refresh_from_db()
    return order


def lines(order):
    return [(line.position, line.sku, line.quantity) for line in order.lines.all()]


def test_a_line_is_changed_and_history_tells_what_it_was(order, acting):
    edited = edit_line(order.pk, 2, 1, {"quantity": 5, "unit_price": Decimal("9.50")})

    assert lines(edited) == [(1, "MUG", 5), (2, "CAP", 2)]
    assert edited.version == 3
    event = edited.events.get(kind="line_edit")
    assert event.message == "Changed quantity, unit_price of line 1."
    assert event.details == {
        "line": 1,
        "before": {"quantity": 1, "unit_price": "12.00"},
        "after": {"quantity": 5, "unit_price": "9.50"},
    }
    assert event.actor == acting


def test_a_new_sku_finds_its_product_and_the_order_is_checked_again():
    order = OrderFactory(lines={})
    OrderLineFactory(order=order, sku="MUGG", product=None)
    mug = ProductFactory(sku="MUG")
    check_orders([order.pk])
    order.refresh_from_db()
    assert order.status == "needs_review"

    edited = edit_line(order.pk, order.version, 1, {"sku": " mug "})

    assert (edited.lines.get().product, edited.status) == (mug, "ready")


def test_a_product_may_be_chosen_while_the_sku_stays_as_it_was_written():
    order = OrderFactory(lines={})
    OrderLineFactory(order=order, sku="Blue mug", product=None)
    mug = ProductFactory(sku="MUG")

    edited = edit_line(order.pk, 1, 1, {"product": mug})

    line = edited.lines.get()
    assert (line.sku, line.product, edited.status) == ("Blue mug", mug, "ready")


def test_a_line_is_added_at_the_end_and_may_leave_a_question(order):
    added = add_line(order.pk, 2, {"sku": "MUGG", "quantity": 3})

    assert lines(added)[-1] == (3, "MUGG", 3)
    assert added.status == "needs_review"
    assert added.events.get(kind="line_edit").message == "Added line 3: 3 × MUGG."


def test_a_line_is_removed_and_the_others_keep_their_places(order):
    left = remove_line(order.pk, 2, 1)

    assert lines(left) == [(2, "CAP", 2)]
    assert left.events.get(kind="line_edit").message == "Removed line 1: 1 × MUG."


def test_removing_the_last_line_leaves_an_order_to_review(order):
    remove_line(order.pk, 2, 1)
    left = remove_line(order.pk, 3, 2)

    assert left.status == "needs_review"
    assert left.findings.get(state="open").code == "no_lines"


def test_a_change_that_changes_nothing_leaves_no_trace(order):
    edit_line(order.pk, 2, 1, {"quantity": 1, "sku": "MUG"})

    assert Order.objects.get(pk=order.pk).version == 2
    assert not order.events.filter(kind="line_edit").exists()


@every_call
def test_a_stale_page_is_refused(order, call):
    with pytest.raises(ChangedMeanwhile):
        call(order, 1)

    assert lines(order) == [(1, "MUG", 1), (2, "CAP", 2)]


@every_call
@pytest.mark.parametrize("status", sorted(set(OrderStatus) - EDITABLE))
def test_an_order_too_far_along_keeps_its_lines(order, call, status):
    route = OrderFactory(routed=True)
    Order.objects.filter(pk=order.pk).update(
        status=status, warehouse=route.warehouse, service=route.service
    )

    with pytest.raises(NotEditable):
        call(order, 2)

    assert lines(order) == [(1, "MUG", 1), (2, "CAP", 2)]


@pytest.mark.parametrize("use", [edit_line, remove_line])
def test_a_line_that_is_not_there_is_named(order, use):
    values = ({"quantity": 1},) if use is edit_line else ()

    with pytest.raises(NoSuchLine, match="has no line 9"):
        use(order.pk, 2, 9, *values)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"quantity": 0}, r"lines.1.quantity"),
        ({"quantity": 1_000_001}, "at most 1,000,000"),
        ({"unit_price": Decimal(-1)}, r"lines.1.unit_price"),
        ({"sku": ""}, r"lines.1.sku"),
        ({"sku": "x" * 65}, r"lines.1.sku"),
        ({"title": "a\x00b"}, "Null characters"),
    ],
    ids=repr,
)
def test_a_value_that_does_not_fit_is_refused(order, values, told):
    with pytest.raises(NotValid, match=told):
        edit_line(order.pk, 2, 1, values)

    assert lines(order) == [(1, "MUG", 1), (2, "CAP", 2)]


def test_only_some_fields_of_a_line_can_be_edited(order):
    with pytest.raises(FieldNotEditable, match="position"):
        edit_line(order.pk, 2, 1, {"position": 3})


def test_a_line_with_reserved_stock_keeps_product_and_quantity(order):
    reserve_lines(order, WarehouseFactory(stock={"MUG": 9, "CAP": 9}))

    with pytest.raises(LineReserved):
        edit_line(order.pk, 2, 1, {"quantity": 4})
    assert edit_line(order.pk, 2, 1, {"title": "Blue"}).lines.get(position=1).title == "Blue"


def test_a_line_that_had_stock_reserved_is_not_removed_because_the_ledger_names_it(order):
    reserve_lines(order, WarehouseFactory(stock={"MUG": 9, "CAP": 9}))
    release_reservations(order)

    with pytest.raises(LineReserved):
        remove_line(order.pk, 2, 1)
