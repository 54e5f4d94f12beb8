"""Several customers in one paste: who belongs to which line, and what is refused."""

import pytest

from orders.intake.parsed import Understanding
from orders.intake.paste.reading import read_paste
from tests.intake.zip_table import zip_table


def names(text):
    return [order.recipient.name for order in read_paste(text, zip_table()).orders]


def refused(text):
    found = read_paste(text, zip_table()).remarks
    return [remark.row for remark in found if remark.severity == "error"]


ROWS = "Ann Lee, 77 Sunset Rd, Reno, NV 89501\nBob Stone, 5 Elm St Apt 2, Boston, MA 02108"
BLOCKS = "Ann Lee\n77 Sunset Rd\nReno, NV 89501{gap}Bob Stone\n5 Elm St\nBoston MA 02108"
LABELS = (
    "Name: Ann Lee\nAddress: 77 Sunset Rd, Reno, NV 89501{gap}"
    "Name: Bob Stone\nStreet: 5 Elm St\nCity: Boston\nState: MA"
)
TABS = "Ann Lee\t77 Sunset Rd\tReno\tNV\t89501\nBob Stone\t5 Elm St\tBoston\tMA\t02108"
HTML = (
    "<table><tr><td>Ann Lee</td><td>77 Sunset Rd</td><td>Reno</td><td>NV</td><td>89501</td></tr>"
    "<tr><td>Bob Stone</td><td>5 Elm St</td><td>Boston</td><td>MA</td><td>02108</td></tr></table>"
)


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        ROWS.replace(",", ""),
        ROWS.replace("\n", "\n\n"),
        "1. " + ROWS.replace("\n", "\n2. "),
        "- " + ROWS.replace("\n", "\n- "),
        BLOCKS.format(gap="\n\n"),
        BLOCKS.format(gap="\n"),
        BLOCKS.format(gap="\r\n\r\n\r\n"),
        LABELS.format(gap="\n\n"),
        LABELS.format(gap="\n"),
        TABS,
        "Name\tStreet\tCity\tState\tZip\n" + TABS,
        "Name;Street;City;State;Zip\n" + TABS.replace("\t", ";"),
        HTML,
    ],
)
def test_two_customers_are_two_in_every_shape(text):
    assert names(text) == ["Ann Lee", "Bob Stone"]
    assert refused(text) == []


def test_a_line_that_is_no_customer_is_refused_and_the_others_are_read():
    text = ROWS.replace("\n", "\nthis is not a customer\n\n") + "\nTotal: 2"
    assert names(text) == ["Ann Lee", "Bob Stone"]
    assert refused(text) == [2, 5]


def test_the_refusal_names_the_line_and_says_why():
    (remark,) = read_paste("hello", zip_table()).remarks
    assert remark.message == (
        "Line 1 was not read as a customer: no street, city or postal code was found. "
        "It says “hello”. Correct it or leave it out."
    )


def test_empty_rows_are_skipped():
    text = TABS.replace("\n", "\n\t\t\t\t\n\n")
    assert names(text) == ["Ann Lee", "Bob Stone"]
    assert refused(text) == []


def test_rows_are_the_line_numbers_of_the_paste():
    orders = read_paste("\n" + BLOCKS.format(gap="\n\n\n"), zip_table()).orders
    assert [order.rows for order in orders] == [[2, 3, 4], [7, 8, 9]]


def test_titles_without_rows_are_said():
    assert [r.code for r in read_paste("Name\tCity\tZip", zip_table()).remarks] == ["no_rows"]


def test_the_reader_of_tables_comes_first_and_may_pass():
    answer = Understanding("table")
    table = "Name\tCity\tZip\nAnn Lee\tReno\t89501"
    assert read_paste(table, zip_table(), table_reader=lambda *_: answer) is answer
    passed = read_paste(table, zip_table(), table_reader=lambda *_: None)
    assert [order.recipient.name for order in passed.orders] == ["Ann Lee"]


LETTER = """Dear team,

my sister would like 3 MUG-BLU and two of the plates, PLATE-9.

{intro}
Ann Lee
77 Sunset Rd Apt 4
Reno, NV 89501

UPS Ground please. Our reference is PO-4711.
Best, Bob (bob@example.com, 617-555-0101)
"""


@pytest.mark.parametrize("intro", ["Ship to:", "Please send it to", "Her address is\n"])
def test_a_letter_gives_recipient_goods_and_contacts(intro):
    (order,) = read_paste(LETTER.format(intro=intro), zip_table(), ["MUG-BLU", "PLATE-9"]).orders
    place = order.recipient
    assert (place.name, place.address_1, place.address_2) == ("Ann Lee", "77 Sunset Rd", "Apt 4")
    assert (order.email, order.phone) == ("bob@example.com", "+16175550101")
    assert [(line.sku, line.quantity) for line in order.lines] == [
        ("MUG-BLU", "3"),
        ("PLATE-9", "2"),
    ]
    assert (order.number, order.shipping_method, order.wanted_carrier) == (
        "PO-4711",
        "UPS Ground",
        "UPS",
    )


def test_a_letter_is_sent_to_the_address_that_is_not_the_bills():
    bill = "Bill to:\nBob Stone\n1 Bill Rd\nBoston, MA 02108"
    text = f"Hi,\n\n{bill}\n\nShip to:\nAnn Lee\n77 Sunset Rd\nReno, NV 89501\n\nThanks"
    assert names(text) == ["Ann Lee"]
    assert "1 Bill Rd" in read_paste(text, zip_table()).orders[0].notes


def test_an_address_inside_a_sentence_is_found():
    text = "Hello,\nplease ship it to Ann Lee, 77 Sunset Rd Apt 4, Reno, NV 89501.\nThanks, Bob"
    assert names(text) == ["Ann Lee"]


def test_goods_below_a_row_belong_to_that_customer():
    first, second = ROWS.split("\n")
    answer = read_paste(f"{first}\n2 x MUG-1\n1 x CUP-1\n{second}\n3 x MUG-1\n", zip_table())
    lines = [[(line.sku, line.quantity) for line in order.lines] for order in answer.orders]
    assert lines == [[("MUG-1", "2"), ("CUP-1", "1")], [("MUG-1", "3")]]
    assert not answer.remarks


def test_labelled_lines_among_rows_are_one_customer():
    labelled = "Name: Otto Lang\nStreet: 12 Elm St\nCity: Reno\nState: NV\nZIP: 89501"

    text = ROWS + "\n" + labelled + "\nIda Moe, 77 Post St, Reno, NV 89501"

    assert names(text) == ["Ann Lee", "Bob Stone", "Otto Lang", "Ida Moe"]
    assert refused(text) == []
