import pytest

from tests.factories import StockLevelFactory, WarehouseFactory
from tests.warehouses.stock import paper
from warehouses.availability import stock_by_warehouse
from warehouses.services import reserve

pytestmark = pytest.mark.django_db


def test_stock_is_told_by_warehouse_and_sku_whatever_its_case():
    WarehouseFactory(code="RNO1", stock={"Mug": 5, "CAP": 2})
    WarehouseFactory(code="LAS1", stock={"CAP": 3})

    stock = stock_by_warehouse(["mug", "cap", "none"])

    assert {code: {sku: row.free for sku, row in rows.items()} for code, rows in stock.items()} == {
        "RNO1": {"MUG": 5, "CAP": 2},
        "LAS1": {"CAP": 3},
    }


def test_reserved_units_are_not_free_and_safety_stock_is_told_apart():
    level = StockLevelFactory(on_hand=5, safety_stock=2)
    reserve(warehouse=level.warehouse, product=level.product, quantity=1, **paper())

    row = stock_by_warehouse([level.product.sku])[level.warehouse.code][level.product.sku]

    assert (row.on_hand, row.reserved, row.free, row.safety_stock) == (5, 1, 4, 2)


def test_any_number_of_products_is_one_query(django_assert_num_queries):
    for _ in range(5):
        WarehouseFactory(stock={"MUG": 1, "CAP": 1, "PEN": 1})

    with django_assert_num_queries(1):
        assert len(stock_by_warehouse(["MUG", "CAP", "PEN"])) == 5
