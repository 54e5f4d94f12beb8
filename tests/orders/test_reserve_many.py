import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.services import reserve_lines
from orders.services.reserve_many import Allotment, reserve_allotments
from orders.stock_proof import prove_stock
from tests.factories import OrderFactory, WarehouseFactory
from tests.warehouses.stock import numbers
from warehouses.models import StockLevel, StockMovement
from warehouses.services import lock_levels, set_stock_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def reno():
    return WarehouseFactory(code="RNO1", stock={"MUG": 5, "CAP": 5})


@pytest.fixture(autouse=True)
def proved():
    yield
    assert prove_stock().ok


def level(warehouse, sku):
    return StockLevel.objects.get(warehouse=warehouse, product__sku=sku)


def allotments(orders, warehouse):
    return [
        Allotment(line.pk, level(warehouse, line.sku).pk, line.quantity, order.number)
        for order in orders
        for line in order.lines.all()
    ]


def test_the_ledger_reads_as_if_they_had_come_one_by_one(reno):
    orders = [OrderFactory(number=f"SO-{n}", lines={"MUG": n, "CAP": 1}) for n in (1, 2)]

    reserve_allotments(allotments(orders, reno))

    assert (numbers(reno, "MUG"), numbers(reno, "CAP")) == ((5, 3), (5, 2))
    rows = StockMovement.objects.filter(level=level(reno, "MUG"), kind="reserve").order_by("id")
    assert list(rows.values_list("document", "reserved_after")) == [("SO-1", 1), ("SO-2", 3)]


def test_a_level_promises_what_is_neither_reserved_nor_kept_back(reno):
    mug, cap = level(reno, "MUG"), level(reno, "CAP")
    set_stock_policy(warehouse=reno, product=cap.product, safety_stock=2, reorder_point=0)
    reserve_lines(OrderFactory(lines={"MUG": 1}), reno)

    assert lock_levels([mug.pk, cap.pk, 0]) == {mug.pk: 4, cap.pk: 3}


def test_more_than_is_there_is_never_promised(reno):
    order = OrderFactory(lines={"MUG": 6})

    with pytest.raises(IntegrityError), transaction.atomic():
        reserve_allotments(allotments([order], reno))

    assert numbers(reno, "MUG") == (5, 0)


def test_a_line_is_not_reserved_twice(reno):
    order = OrderFactory(lines={"MUG": 1})
    reserve_lines(order, reno)

    with pytest.raises(IntegrityError), transaction.atomic():
        reserve_allotments(allotments([order], reno))

    assert numbers(reno, "MUG") == (5, 1)


def test_many_cost_as_many_statements_as_few(reno):
    def statements(count):
        wanted = allotments(OrderFactory.create_batch(count, lines={"MUG": 1}), reno)
        with CaptureQueriesContext(connection) as captured:
            reserve_allotments(wanted)
        return len(captured)

    assert statements(1) == statements(4)
