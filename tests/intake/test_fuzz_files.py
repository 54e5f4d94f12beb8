"""Mutated files: whatever is given, the answer is orders and remarks, never an exception.

FUZZED_FILES sets how many; each is made from a numbered seed, so that a failure can be repeated.
"""

import io
import os
import random
import time

import pytest

from orders.intake.catalogue import read_catalogue
from orders.intake.files import read_pasted_table
from orders.intake.parsed import Severity
from tests.intake.file_places import FewPlaces
from tests.intake.files_given import NATIVE, SKUS, csv_of, native, reading_of, rows_of, xlsx_of

COUNT = int(os.environ.get("FUZZED_FILES", "150"))
BATCHES = 10
SLOWEST_SECONDS = 10

_SHOPIFY = [
    "Name", "Email", "Financial Status", "Currency", "Shipping Method", "Created at",
    "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Shipping Name",
    "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country",
    "Shipping Phone", "Notes", "Cancelled at",
]  # fmt: skip
_SHOPIFY_ROW = [
    "#1", "noor@example.com", "paid", "USD", "Standard", "2026-10-14 10:00:00 -0400", "2",
    "Green tea", "4.50", "TEA-1", "Noor Vega", "12 Elm Street", "Cambridge", "'02139", "MA", "US",
    "+1 617-555-0142", "", "",
]  # fmt: skip
_PAGE = (
    b"<meta charset='utf-8'><table><tr><th>Order #</th><th>Customer</th><th>Street</th>"
    b"<th>City</th><th>Zip</th><th>SKU</th><th>Qty</th></tr><tr><td rowspan=2>1</td>"
    b"<td>Noor Vega</td><td>12 Elm<br>Apt 2</td><td>Cambridge</td>"
    b"<td>02139</td><td>TEA-1</td><td>2</td></tr></table>"
)
_MANY = native({}, {"sku": "TEA-2"}, {"order_number": "A-2", "notes": 'say "hi",\nplease'})
_CATALOGUE = csv_of(
    [
        ["sku", "title", "price", "currency", "weight_grams", "hs_code", "origin"],
        ["TEA-1", "Green tea", "4.50", "USD", "420", "090210", "CN"],
    ]
)

SEEDS = (
    _MANY,
    csv_of([NATIVE, *rows_of({}, {})], delimiter=";", encoding="cp1252", end="\r\n"),
    csv_of([NATIVE, *rows_of({}, {})], delimiter="\t", encoding="utf-16"),
    csv_of([_SHOPIFY, _SHOPIFY_ROW, _SHOPIFY_ROW[:2] + [""] * 4 + _SHOPIFY_ROW[6:10]]),
    csv_of([["Order Number", "", "", "", ""], *[_SHOPIFY], _SHOPIFY_ROW], end="\r"),
    xlsx_of([["Orders"], [], NATIVE, *rows_of({}, {"order_number": "A-2"})]),
    _PAGE,
    _CATALOGUE,
)
_PIECES = (
    b'"', b"'", b"\x00", b"\xff", b"\r", b"\n", b"\r\n", b"\t", b";", b",", b"|", b"=",
    b"\xef\xbb\xbf", b"\xff\xfe", b"-1", b"0", b"1e309", b"9" * 40, b"1,2,3.4.5", b"99/99/9999",
    b"#N/A", b"total", b"<td>", b"</table>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&#0;",
    b"PK\x03\x04", b"\xf0\x9f\x98\x80", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xcc\x81" * 30,
    b"1.5E+10", b"00000", b"E", b"a" * 5000,
)  # fmt: skip


def mutated(number):
    """One file, the same for the same number."""
    chance = random.Random(number)  # noqa: S311  # the seed of a test
    content = bytearray(chance.choice(SEEDS))
    for _ in range(chance.choice((1, 1, 2, 4, 12, 40))):
        change(content, chance)
    return bytes(content)


def change(content, chance):
    place = chance.randrange(len(content) + 1)
    end = min(len(content), place + chance.choice((1, 2, 10, 100)))
    kind = chance.randrange(7)
    if kind == 0:
        content[place:place] = chance.choice(_PIECES)
    elif kind == 1:
        content[place:end] = chance.choice(_PIECES)
    elif kind == 2:
        del content[place:end]
    elif kind == 3:
        content[place:place] = content[place:end] * chance.choice((1, 3, 50))
    elif kind == 4 and place < len(content):
        content[place] ^= 1 << chance.randrange(8)
    elif kind == 5:
        other = chance.choice(SEEDS)
        content[place:place] = other[chance.randrange(len(other)) :][:300]
    else:
        del content[place:]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_file_ends_in_an_exception_or_in_silence(batch):
    for number in range(batch, COUNT, BATCHES):
        content = mutated(number)
        started = time.monotonic()
        answer_is_whole(number, content)
        assert time.monotonic() - started < SLOWEST_SECONDS, f"file {number} was slow"


def answer_is_whole(number, content):
    reading = reading_of(content)
    orders = list(reading)
    assert orders or reading.remarks, f"file {number} was dropped in silence"
    if reading.is_refused:
        (remark,) = reading.remarks
        assert remark.severity is Severity.ERROR, f"file {number}"
        assert not orders
    for read in orders:
        assert read.order.rows, f"file {number} gave an order without rows"
        assert {line.row for line in read.order.lines} <= set(read.order.rows)
    catalogue = read_catalogue(io.BytesIO(content), name="x")
    assert list(catalogue) or catalogue.remarks, f"catalogue {number} was dropped in silence"
    read_pasted_table(content.decode("utf-8", errors="replace"), FewPlaces(), SKUS)
