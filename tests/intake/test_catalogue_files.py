"""Catalogue files become products."""

import io

import pytest

from orders.intake.catalogue import read_catalogue
from tests.intake.files_given import csv_of, xlsx_of

COLUMNS = ["sku", "title", "price", "currency", "weight_grams"]
TEA = ["TEA-1", "Green tea", "4.50", "USD", "420"]


def reading_of(*rows, make=csv_of):
    return read_catalogue(io.BytesIO(make(rows)), name="catalogue")


@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_a_product_is_read(make):
    (read,) = reading_of(COLUMNS, TEA, make=make)
    product = read.product
    assert (product.sku, product.title) == ("TEA-1", "Green tea")
    assert (product.value, product.currency, product.weight_grams) == ("4.50", "USD", 420)
    assert (read.row, read.remarks, read.is_usable) == (2, [], True)


def test_a_field_that_the_file_does_not_have_is_none():
    (read,) = reading_of(COLUMNS, TEA)
    assert read.product.hs_code is None
    assert read.product.is_hazmat is None


@pytest.mark.parametrize(
    ("column", "cell", "grams"),
    [
        ("weight (kg)", "1.2", 1200),
        ("weight", "2 lb", 907),
        ("weight_oz", "8", 227),
        ("Grams", "5", 5),
    ],
)
def test_weights_become_grams(column, cell, grams):
    (read,) = reading_of(["sku", column], ["TEA-1", cell])
    assert read.product.weight_grams == grams


@pytest.mark.parametrize(
    ("column", "cell", "length"),
    [("length_mm", "120", 120), ("length (cm)", "12", 120), ("length", "2 in", 51)],
)
def test_lengths_become_millimetres(column, cell, length):
    (read,) = reading_of(["sku", column], ["TEA-1", cell])
    assert read.product.length_mm == length


def test_customs_fields_and_flags_are_read():
    header = ["sku", "hs code", "origin", "hazmat", "battery", "active"]
    (read,) = reading_of(header, ["TEA-1", "0902.10", "Deutschland", "no", "UN3481", "yes"])
    product = read.product
    assert (product.hs_code, product.origin_country) == ("090210", "DE")
    assert (product.is_hazmat, product.battery, product.is_active) == (False, "ion_in_device", True)


@pytest.mark.parametrize(
    ("column", "field", "cell"),
    [
        ("price", "value", "call us"),
        ("price", "value", "-1"),
        ("weight_grams", "weight_grams", "heavy"),
        ("hs code", "hs_code", "12"),
        ("origin", "origin_country", "Freedonia"),
        ("hazmat", "is_hazmat", "perhaps"),
        ("battery", "battery", "AA"),
        ("sku", "sku", " "),
    ],
)
def test_a_cell_that_cannot_be_read_is_an_error_on_its_row(column, field, cell):
    header = ["sku", "title", column] if column != "sku" else ["title", "sku"]
    row = ["TEA-1", "Tea", cell] if column != "sku" else ["Tea", cell]
    (read,) = reading_of(header, row)
    assert [(remark.row, remark.field) for remark in read.remarks] == [(2, field)]
    assert not read.is_usable


def test_a_sku_that_comes_twice_is_an_error_on_the_second_row():
    first, second = reading_of(COLUMNS, TEA, ["tea-1", *TEA[1:]])
    assert first.is_usable
    assert [(remark.row, remark.field) for remark in second.remarks] == [(3, "sku")]


@pytest.mark.parametrize("rows", [[], [["a", "b"]], [["title", "price"], ["Tea", "1"]], [COLUMNS]])
def test_a_file_without_products_is_refused_in_one_sentence(rows):
    reading = reading_of(*rows)
    assert reading.is_refused
    assert list(reading) == []
    assert len(reading.remarks) == 1


def test_unknown_columns_are_listed():
    reading = reading_of([*COLUMNS, "Shoe size"], [*TEA, "44"])
    assert reading.unknown_columns == ["Shoe size"]
