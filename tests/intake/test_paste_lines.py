"""One pasted customer in every shape: what is understood, field by field."""

from pathlib import Path

import pytest

from orders.intake.paste.reading import read_paste
from tests.intake.zip_table import zip_table

FIELDS = [
    "name", "company", "phone", "email", "address_1", "address_2", "city", "state",
    "postal_code", "country",
]  # fmt: skip


def table():
    lines = Path(__file__).with_name("customer_lines.txt").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if line and not line.startswith("#")]
    pairs = zip(said[::2], said[1::2], strict=True)
    return [
        (text.replace(r"\t", "\t").replace(r"\n", "\n"), wanted.removeprefix("= "))
        for text, wanted in pairs
    ]


def understood(order):
    fields = {"phone": order.phone, "email": order.email}
    return [fields.get(name) or getattr(order.recipient, name, "") for name in FIELDS]


@pytest.mark.parametrize(("text", "wanted"), table())
def test_a_customer_is_understood(text, wanted):
    answer = read_paste(text, zip_table())
    assert [understood(order) for order in answer.orders] == [wanted.split("|")]


def remarks(text, skus=()):
    return [(remark.row, remark.code) for remark in read_paste(text, zip_table(), skus).remarks]


def test_a_city_that_its_zip_does_not_know_is_doubted():
    answer = read_paste("Will Fry, 1 Oak St, Nowhereville, NV 89501", zip_table())
    assert answer.orders[0].doubts["city"] == "ZIP 89501 belongs to Reno, not to Nowhereville."
    assert remarks("Will Fry, 1 Oak St, Nowhereville, NV 89501") == [(1, "doubtful_city")]


def test_a_state_that_its_zip_does_not_know_is_doubted():
    assert remarks("Will Fry 1 Oak St Reno CA 89501") == [(1, "doubtful_state")]


def test_a_phone_that_cannot_be_one_is_kept_as_typed_and_doubted():
    text = "Name: Will Fry\nPhone: 12 34\nAddress: 1 Oak St, Reno, NV 89501"
    answer = read_paste(text, zip_table())
    assert answer.orders[0].phone == "12 34"
    assert "phone" in answer.orders[0].doubts


def test_the_extension_of_a_phone_is_kept_in_the_notes():
    answer = read_paste("Will Fry, 775-555-0101 x12, 1 Oak St, Reno, NV 89501", zip_table())
    assert (answer.orders[0].phone, answer.orders[0].notes) == (
        "+17755550101",
        "Phone extension 12",
    )


def test_words_after_the_address_are_left_over_and_said():
    answer = read_paste("Will Fry 1 Oak St Reno NV 89501 leave at door", zip_table())
    assert answer.orders[0].recipient.address_1 == "1 Oak St"
    assert [remark.code for remark in answer.remarks] == ["left_over"]
    assert "“leave at door”" in answer.remarks[0].message


def test_the_merchants_sheet_gives_carrier_state_flag_and_weight():
    row = "Nevada\tFEDEX\tLuis\tPeña\t\tl@example.com\t5 Elm St\t\tReno\tNV\t89501\tUS\tTRUE\t2 lbs"
    order = read_paste(row, zip_table()).orders[0]
    assert (order.wanted_state, order.wanted_carrier) == ("NV", "FedEx")
    assert order.notes == "Flag: TRUE; Weight: 2 lbs"


@pytest.mark.parametrize(
    ("state", "carrier", "wanted"),
    [
        ("CA", "OnTrac", ("CA", "OnTrac")),
        ("Nevada", "U.P.S.", ("NV", "UPS")),
        ("", "UPS", ("", "UPS")),
        ("NV", "", ("NV", "")),
    ],
)
def test_the_sheet_is_known_by_its_shape_whatever_its_first_cells_say(state, carrier, wanted):
    row = (
        f"{state}\t{carrier}\tDana\tReyes\t775-555-0142\t\t120 Mill St\t\tReno\tNV\t89501\tUS\t0\t2"
    )
    (order,) = read_paste(row, zip_table()).orders
    assert (order.wanted_state, order.wanted_carrier) == wanted
    assert (order.recipient.name, order.recipient.city) == ("Dana Reyes", "Reno")


@pytest.mark.parametrize(("cell", "method"), [("FedEx Ground", "FedEx Ground"), ("Fed-Ex", "")])
def test_a_service_in_the_carriers_cell_is_kept(cell, method):
    row = f"NV\t{cell}\tDana\tReyes\t\t\t120 Mill St\t\tReno\tNV\t89501\tUS\t0\t2"
    (order,) = read_paste(row, zip_table()).orders
    assert (order.wanted_carrier, order.shipping_method) == ("FedEx", method)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Sam Hill 2 x MUG-BLU 12 Oak St Reno NV 89501", [("MUG-BLU", "2")]),
        ("Sam Hill\t12 Oak St\tReno\tNV\t89501\tmug-blu\t3", [("mug-blu", "3")]),
        ("Sam Hill, 12 Oak St, Reno NV 89501\n2 x MUG-BLU", [("MUG-BLU", "2")]),
        ("Sam Hill, 12 Oak St, Reno NV 89501\n\n- 2 x NEW-1 New mug", [("NEW-1", "2")]),
        (
            "Sam Hill\t12 Oak St\tReno\tNV\t89501\nMUG-BLU x2\nCUP-1",
            [("MUG-BLU", "2"), ("CUP-1", "")],
        ),
        ("Name: Sam Hill\nAddress: 12 Oak St, Reno NV 89501\n2 x MUG-BLU", [("MUG-BLU", "2")]),
        ("Sam Hill, 12 Oak St, Reno NV 89501\tMUG-BLU x2", [("MUG-BLU", "2")]),
        (
            "Sam Hill\n12 Oak St\nReno NV 89501\n2x MUG-BLU\nthree CUP-1",
            [("MUG-BLU", "2"), ("CUP-1", "3")],
        ),
        (
            "Name: Sam Hill\nAddress: 12 Oak St, Reno NV 89501\nSKU: MUG-BLU\nQty: 4",
            [("MUG-BLU", "4")],
        ),
    ],
)
def test_goods_beside_the_customer_become_lines(text, lines):
    order = read_paste(text, zip_table(), ["MUG-BLU", "CUP-1"]).orders[0]
    assert [(line.sku, line.quantity) for line in order.lines] == lines
    assert order.recipient.address_1 == "12 Oak St"
    assert order.recipient.name == "Sam Hill"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "Order #1234\nSue Gray\n1 Elm St\nBoston, MA 02108\nShip via UPS Ground",
            ("1234", "UPS Ground", "UPS"),
        ),
        (
            "Sue Gray 1 Elm St Boston MA 02108 via FedEx 2Day please",
            ("", "FedEx 2Day", "FedEx"),
        ),
        (
            "Order 77: Sue Gray, 1 Elm St, Boston MA 02108, DHL Express",
            ("77", "DHL Express", "DHL"),
        ),
        ("Sue Gray\t1 Elm St\tBoston\tMA\t02108\tUSPS", ("", "USPS", "USPS")),
        (
            "Name: Sue Gray\nOrder: 9-A\nAddress: 1 Elm St, Boston, MA 02108\nShipping: UPS Ground",
            ("9-A", "UPS Ground", "UPS"),
        ),
    ],
)
def test_number_and_wish_beside_the_address_are_kept(text, facts):
    (order,) = read_paste(text, zip_table()).orders
    assert (order.number, order.shipping_method, order.wanted_carrier) == facts
    assert (order.recipient.name, order.recipient.address_1) == ("Sue Gray", "1 Elm St")


def test_goods_in_a_comma_list_are_taken_once():
    text = "Sam Hill, 12 Oak St, Reno NV 89501, 2 x MUG-BLU"
    (order,) = read_paste(text, zip_table(), ["MUG-BLU"]).orders
    assert [(line.sku, line.quantity) for line in order.lines] == [("MUG-BLU", "2")]


def test_what_stands_beside_an_address_is_kept_or_said():
    row = "#1001\t10/14/2026\tDana Reyes\t120 Mill St\tReno\tNV\t89501\tgate 4411"
    answer = read_paste(row, zip_table())
    (order,) = answer.orders
    assert (order.number, order.date) == ("#1001", "2026-10-14")
    assert "“gate 4411”" in answer.remarks[0].message


def test_a_second_phone_is_kept_as_a_note():
    text = "Dana Reyes, 775-555-0142 or (775) 555-0143, 120 Mill Street, Reno NV 89501"
    (order,) = read_paste(text, zip_table()).orders
    assert (order.phone, order.notes) == ("+17755550142", "(775) 555-0143")


@pytest.mark.parametrize(
    "text",
    [
        "<div>Dana Reyes<br>120 Mill Street<br>Reno, NV 89501</div>",
        "<html><body><p>Dana Reyes</p><p>120 Mill Street</p><p>Reno, NV 89501</p></body></html>",
    ],
)
def test_lines_copied_from_a_web_page_are_lines(text):
    (order,) = read_paste(text, zip_table()).orders
    assert (order.recipient.name, order.recipient.city) == ("Dana Reyes", "Reno")


def test_a_cell_with_a_line_break_is_one_cell():
    row = 'NV\tFedEx\tDana\tReyes\t"775-555-0142\nd@example.com"\t\t1 Elm St\t\tReno\tNV\t89501\tUS'
    (order,) = read_paste(row, zip_table()).orders
    assert (order.phone, order.email) == ("+17755550142", "d@example.com")
    assert (order.recipient.name, order.wanted_carrier) == ("Dana Reyes", "FedEx")


@pytest.mark.parametrize(("cell", "phone"), [("7.755550142E+09", "+17755550142"), ("7.76E+09", "")])
def test_a_phone_that_a_spreadsheet_shortened_is_read_or_left_out(cell, phone):
    row = f"NV\tUPS\tDana\tReyes\t{cell}\t\t120 Mill St\t\tReno\tNV\t89501\tUS"
    (order,) = read_paste(row, zip_table()).orders
    assert order.phone == phone
    assert ("phone" in order.doubts) == (phone == "")
