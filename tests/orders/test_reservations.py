import pytest

from orders.errors import AlreadyReserved, NoLines, NothingToReserve
from orders.models import OrderLine, Reservation
from orders.services import consume_reservations, release_reservations, reserve_lines
from orders.stock_proof import prove_stock
from tests.factories import OrderFactory, OrderLineFactory, ProductFactory, WarehouseFactory
from tests.warehouses.stock import everything, numbers
from warehouses.errors import OutOfStock
from warehouses.models import StockMovement

pytestmark = pytest.mark.django_db


@pytest.fixture
def reno():
    return WarehouseFactory(code="RNO1", stock={"MUG": 5, "CAP": 5})


@pytest.fixture
def order():
    return OrderFactory(number="SO-9", lines={"MUG": 2, "CAP": 1})


@pytest.fixture(autouse=True)
def proved():
    yield
    assert prove_stock().ok


def kinds(order):
    return list(order.events.order_by("id").values_list("kind", flat=True))


def test_every_line_is_reserved_where_asked(order, reno):
    reservations = reserve_lines(order, reno)

    assert {(row.line.sku, row.quantity, row.state) for row in reservations} == {
        ("MUG", 2, "open"),
        ("CAP", 1, "open"),
    }
    assert (numbers(reno, "MUG"), numbers(reno, "CAP")) == ((5, 2), (5, 1))


def test_the_ledger_names_the_order_and_the_reservation(order, reno):
    reservation = reserve_lines(order, reno)[0]

    row = StockMovement.objects.get(key=f"reservation:{reservation.pk}:reserve")
    assert (row.document, row.reason) == ("SO-9", "order")


def test_history_tells_what_was_reserved_where(order, reno, acting):
    reserve_lines(order, reno)

    event = order.events.get()
    assert event.message == "Reserved 3 units in RNO1."
    assert {"warehouse": "RNO1", "sku": "MUG", "quantity": 2} in event.details["reservations"]
    assert (event.actor, event.correlation_id) == (acting, "click-0001")


@pytest.mark.parametrize("short", ["MUG", "CAP"])
def test_one_line_too_many_reserves_none_of_them(reno, short):
    order = OrderFactory(lines={"MUG": 1, "CAP": 1} | {short: 6})
    before = everything()

    with pytest.raises(OutOfStock, match=f"RNO1 has 5 of {short} free, 6 wanted"):
        reserve_lines(order, reno)

    assert everything() == before
    assert not Reservation.objects.exists()
    assert kinds(order) == []


def test_two_lines_of_one_product_are_added_up(reno):
    order = OrderFactory(lines={"MUG": 3})
    OrderLineFactory(order=order, sku="mug", product=ProductFactory(sku="MUG"), quantity=3)
    before = everything()

    with pytest.raises(OutOfStock, match="2 of MUG free, 3 wanted"):
        reserve_lines(order, reno)

    assert everything() == before


def test_a_product_the_warehouse_never_held_is_out_of_stock(reno):
    with pytest.raises(OutOfStock, match="RNO1 has 0 of PEN free, 1 wanted"):
        reserve_lines(OrderFactory(lines={"PEN": 1}), reno)


def test_a_line_without_a_product_reserves_nothing(order, reno):
    OrderLine.objects.filter(order=order, sku="CAP").update(product=None)
    before = everything()

    with pytest.raises(NothingToReserve, match="CAP is no known product"):
        reserve_lines(order, reno)

    assert everything() == before


def test_an_order_without_lines_has_nothing_to_reserve(reno):
    with pytest.raises(NoLines, match="has no lines"):
        reserve_lines(OrderFactory(lines={}), reno)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_order_is_not_reserved_twice(order, reno, elsewhere):
    reserve_lines(order, reno)
    there = WarehouseFactory(stock={"MUG": 5, "CAP": 5}) if elsewhere else reno
    before = everything()

    with pytest.raises(AlreadyReserved, match="SO-9 already has stock reserved"):
        reserve_lines(order, there)

    assert everything() == before
    assert Reservation.objects.count() == 2


@pytest.mark.parametrize(
    ("close", "state", "left", "kind"),
    [
        (release_reservations, "released", (5, 0), "released"),
        (consume_reservations, "consumed", (3, 0), "consumed"),
    ],
)
def test_closing_moves_the_stock_and_the_rows(order, reno, close, state, left, kind):
    reserve_lines(order, reno)

    assert close(order) == 2

    assert numbers(reno, "MUG") == left
    assert set(Reservation.objects.values_list("state", flat=True)) == {state}
    assert kinds(order) == ["reserved", kind]


@pytest.mark.parametrize("again", [release_reservations, consume_reservations])
@pytest.mark.parametrize("close", [release_reservations, consume_reservations])
def test_closing_again_changes_nothing(order, reno, close, again):
    reserve_lines(order, reno)
    close(order)
    before = everything()

    assert again(order) == 0

    assert everything() == before
    assert len(kinds(order)) == 2


def test_a_released_order_can_be_reserved_again(order, reno):
    reserve_lines(order, reno)
    release_reservations(order)

    reserve_lines(order, reno)

    assert numbers(reno, "MUG") == (5, 2)
    assert Reservation.objects.count() == 4


def test_closing_leaves_other_orders_alone(order, reno):
    other = OrderFactory(lines={"MUG": 1})
    reserve_lines(order, reno)
    reserve_lines(other, reno)

    release_reservations(order)

    assert numbers(reno, "MUG") == (5, 1)
    assert Reservation.objects.get(state="open").line.order == other


def test_the_cost_of_reserving_grows_by_the_lines_alone(reno, django_assert_num_queries):
    for lines in ({"MUG": 1}, {"MUG": 1, "CAP": 1}):
        order = OrderFactory(lines=lines)
        # For each line its savepoint, UPDATE, level, ledger row and the savepoint's end.
        with django_assert_num_queries(8 + 5 * len(lines)):
            reserve_lines(order, reno)
