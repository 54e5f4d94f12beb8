"""How rows of a file become orders."""

import io
from datetime import date
from itertools import islice

import pytest

from orders.intake.files import read_file, read_pasted_table
from orders.intake.parsed import Severity
from orders.intake.tables import Limits
from tests.intake.file_places import FewPlaces
from tests.intake.files_given import (
    GOOD,
    NATIVE,
    SKUS,
    csv_of,
    native,
    reading_of,
    rows_of,
    said,
    understood,
    xlsx_of,
)


def test_a_clean_row_becomes_an_order_without_remarks():
    read = understood(native({}))
    (order,) = read.orders
    assert read.format == "native"
    assert read.remarks == []
    assert (order.number, order.date, order.currency) == ("A-1", "2026-10-14", "USD")
    assert (order.phone, order.email) == ("+16175550142", "noor@example.com")
    assert (order.recipient.name, order.recipient.postal_code) == ("Noor Vega", "02139")
    assert [(line.sku, line.quantity, line.unit_price, line.row) for line in order.lines] == [
        ("TEA-1", "2", "4.50", 2)
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_told_by_themselves(encoding, delimiter):
    content = native({"recipient_name": "Zoë Müßig"}, delimiter=delimiter, encoding=encoding)
    assert [order.recipient.name for order in understood(content).orders] == ["Zoë Müßig"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end):
    read = understood(native({}, {"order_number": "A-2"}, end=end))
    assert [order.rows for order in read.orders] == [[2], [3]]


def test_a_cell_with_line_breaks_is_one_row():
    read = understood(native({"notes": "ring\ntwice"}, {"order_number": "A-2"}))
    assert [order.rows for order in read.orders] == [[2], [3]]
    assert read.orders[0].notes == "ring\ntwice"


def test_a_quotation_mark_never_closed_swallows_no_order():
    good = csv_of(rows_of({}, {"order_number": "A-3"})).decode()
    broken = ",".join(rows_of({"order_number": "A-2", "item_name": '"Green tea'})[0])
    read = understood(
        f"{','.join(NATIVE)}\n{good.splitlines()[0]}\n{broken}\n{good.splitlines()[1]}\n".encode()
    )
    assert [order.number for order in read.orders] == ["A-1", "A-2", "A-3"]
    assert (3, "row", "warning") in said(read)


def test_lines_that_come_later_are_joined_to_their_order():
    late = {"order_number": "A-1", "sku": "TEA-2"}
    read = understood(native({}, {"order_number": "A-2"}, late))
    assert {order.number: order.rows for order in read.orders} == {"A-1": [2, 4], "A-2": [3]}


def test_orders_waiting_for_far_lines_are_kept_on_disk_and_joined(monkeypatch):
    monkeypatch.setattr("orders.intake.files.shelf._MOST_ROWS_IN_MEMORY", 3)
    many = [{"order_number": f"B-{n}", "notes": "Grüße\n“x”"} for n in range(8)]
    read = understood(native(*many, *({**line, "sku": "TEA-2"} for line in many)))
    assert {order.number: order.rows for order in read.orders} == {
        f"B-{n}": [n + 2, n + 10] for n in range(8)
    }
    assert {order.notes for order in read.orders} == {"Grüße\n“x”"}
    assert said(read) == []


def test_orders_scattered_beyond_reading_refuse_the_file(monkeypatch):
    monkeypatch.setattr("orders.intake.files.survey._MOST_SCATTERED", 3)
    many = [{"order_number": f"B-{n}"} for n in range(8)]
    (remark,) = reading_of(native(*many, *many)).remarks
    assert "Sort the file by order number" in remark.message


def test_an_order_of_very_many_rows_is_parted_with_an_error(monkeypatch):
    monkeypatch.setattr("orders.intake.files.grouping._MOST_ROWS", 3)
    read = understood(
        native(*({"sku": f"TEA-{n % 2 + 1}", "quantity": str(n + 1)} for n in range(5)))
    )
    assert [order.rows for order in read.orders] == [[2, 3, 4], [5, 6]]
    assert said(read) == [(2, "order_number", "error")]


def test_a_zip_is_asked_for_once(monkeypatch):
    asked = []
    monkeypatch.setattr(FewPlaces, "of_zip", lambda self, code: asked.append(code))
    understood(native({}, {"order_number": "A-2"}))
    assert asked == ["02139"]


def test_one_number_of_two_customers_is_an_error_on_each():
    other = {"recipient_name": "Ivo Lind", "address_1": "9 Oak Road", "postal_code": "02138"}
    read = understood(native({}, other))
    assert [order.recipient.name for order in read.orders] == ["Noor Vega", "Ivo Lind"]
    assert said(read) == [(2, "order_number", "error"), (3, "order_number", "error")]


def test_an_exact_copy_of_a_row_is_counted_once_and_said():
    read = understood(native({}, {"sku": "TEA-2"}, {}))
    assert [line.row for line in read.orders[0].lines] == [2, 3]
    assert said(read) == [(4, "row", "warning")]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "two", "1e3", "#N/A"])
def test_a_quantity_that_is_no_count_is_an_error(text):
    read = understood(native({"quantity": text}))
    assert (2, "quantity", "error") in said(read)
    assert read.orders[0].lines[0].quantity == ""


@pytest.mark.parametrize(
    ("text", "delimiter", "price"),
    [
        ("$1,299.00", ",", "1299.00"),
        ("1.299,00 €", ";", "1299.00"),
        ("USD 7.00", ",", "7.00"),
        ("1.249", ";", "1249"),
        ("12,5", ";", "12.5"),
    ],
)
def test_money_is_read_in_the_habit_of_the_file(text, delimiter, price):
    read = understood(native({"unit_price": text}, delimiter=delimiter))
    assert read.orders[0].lines[0].unit_price == price


@pytest.mark.parametrize("text", ["call us", "-5.00", "#N/A"])
def test_a_price_that_is_no_amount_is_said(text):
    assert (2, "unit_price") in [
        where[:2] for where in said(understood(native({"unit_price": text})))
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/14/2026", "2026-10-14"),
        ("14.10.2026", "2026-10-14"),
        ("46309", "2026-10-14"),
        ("Oct-14-26", "2026-10-14"),
        ("14 octobre 2026", "2026-10-14"),
        ("2026-10-14T23:48:02-05:00", "2026-10-14"),
        ("2026-13-41", ""),
    ],
)
def test_dates_are_read_as_written(text, day):
    read = understood(native({"order_date": text}))
    assert read.orders[0].date == day
    assert bool(said(read)) == (day == "")


def test_a_date_that_can_only_be_day_first_tells_how_the_file_writes_dates():
    read = understood(
        native({"order_date": "05/10/2026"}, {"order_number": "A-2", "order_date": "14/10/2026"})
    )
    assert [order.date for order in read.orders] == ["2026-10-05", "2026-10-14"]


@pytest.mark.parametrize("text", ["2139", "'02139", "2139.0", '="02139"'])
def test_a_zip_gets_its_lost_zero_back_where_the_state_allows(text):
    assert understood(native({"postal_code": text})).orders[0].recipient.postal_code == "02139"


def test_a_zip_gets_no_zero_where_the_state_has_none():
    read = understood(native({"postal_code": "2139", "state": "OR"}))
    assert (2, "postal_code", "error") in said(read)


def test_a_zip_of_another_state_is_said():
    assert said(understood(native({"postal_code": "30309"}))) == [(2, "postal_code", "warning")]


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("1.6175550142E+10", "+16175550142"),
        ("(617) 555-0142 ext. 204", "+16175550142"),
        ("001-617-555-0142", "+16175550142"),
        ("1.61756E+10", ""),
        ("n/a", ""),
    ],
)
def test_a_phone_is_read_or_left_out_with_a_word(text, phone):
    read = understood(native({"phone": text}))
    assert read.orders[0].phone == phone
    assert said(read) == ([] if phone else [(2, "phone", "warning")])


def test_an_unknown_sku_names_the_nearest_known_ones():
    read = understood(native({"sku": "KETTLE-BLU"}))
    (remark,) = read.remarks
    assert (remark.row, remark.field, remark.severity) == (2, "sku", Severity.ERROR)
    assert "KETTLE-BLUE" in remark.message


@pytest.mark.parametrize(
    ("text", "sku"), [("tea-1 ", "TEA-1"), ("123", "000123"), ("'000123", "000123")]
)
def test_a_known_sku_is_found_however_it_was_typed(text, sku):
    assert understood(native({"sku": text})).orders[0].lines[0].sku == sku


@pytest.mark.parametrize("field", ["recipient_name", "address_1", "city", "postal_code"])
def test_what_a_label_needs_is_missed_aloud(field):
    ours = {"recipient_name": "name"}.get(field, field)
    assert (2, ours, "error") in said(understood(native({field: ""})))


def test_a_formula_stays_text():
    read = understood(native({"recipient_name": '=HYPERLINK("http://example.com","x")'}))
    assert read.orders[0].recipient.name.startswith("=HYPERLINK")
    assert said(read) == [(2, "name", "warning")]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Summe", "Grand total", "Suma"])
def test_a_totals_row_is_no_order(word):
    totals = [word, "", "", "", "61", "2,904.10"]
    read = understood(native({}, totals))
    assert len(read.orders) == 1
    assert said(read) == []


def test_a_header_in_the_middle_is_no_order():
    read = understood(csv_of([NATIVE, *rows_of({}), NATIVE, *rows_of({"order_number": "A-2"})]))
    assert [order.number for order in read.orders] == ["A-1", "A-2"]
    assert said(read) == []


def test_a_row_of_words_is_left_out_with_a_warning():
    read = understood(native({}, ["please ship before Friday"]))
    assert len(read.orders) == 1
    assert said(read) == [(3, "row", "warning")]


def test_a_row_without_number_and_recipient_goes_with_the_row_above():
    below = [{"sku": "TEA-2", "quantity": "1", "unit_price": "5"}.get(name, "") for name in NATIVE]
    read = understood(native({}, below))
    assert [order.rows for order in read.orders] == [[2, 3]]
    assert said(read) == [(3, "order_number", "warning")]


def test_a_cell_too_long_is_shortened_with_a_warning():
    reading = reading_of(native({"notes": "x" * 500}), Limits(cell_characters=100))
    (read,) = reading
    assert len(read.order.notes) == 100
    assert [(r.row, r.field, str(r.severity)) for r in read.remarks] == [(2, "notes", "warning")]
    assert len(read.rows[2][NATIVE.index("notes")]) == 500


def test_cells_beyond_the_header_are_said():
    (row,) = rows_of({})
    read = understood(csv_of([NATIVE, [*row, "stray words"]]))
    assert said(read) == [(2, "row", "warning")]


def test_unknown_columns_are_listed():
    rows = [[*NATIVE, "Shoe size"], [*rows_of({})[0], "44"]]
    reading = reading_of(csv_of(rows))
    assert reading.unknown_columns == ["Shoe size"]
    assert [(r.field, str(r.severity)) for r in reading.remarks] == [("header", "info")]


def test_a_missing_quantity_column_refuses_the_file_and_says_what_to_do():
    place = NATIVE.index("quantity")
    rows = [row[:place] + row[place + 1 :] for row in [NATIVE, *rows_of({})]]
    reading = reading_of(csv_of(rows))
    (remark,) = reading.remarks
    assert reading.is_refused
    assert list(reading) == []
    assert (remark.row, remark.field, remark.severity) == (None, "header", Severity.ERROR)
    assert "quantity column" in remark.message


def test_a_mapping_names_columns_that_nobody_would_guess():
    header = ["wieviel" if name == "quantity" else name for name in NATIVE]
    reading = reading_of(csv_of([header, *rows_of({})]), mapping={"quantity": "wieviel"})
    assert [read.order.lines[0].quantity for read in reading] == ["2"]


@pytest.mark.parametrize(
    "when", [{"Cancelled at": "2026-10-20"}, {"Status": "cancelled"}, {"Shipped at": "2026-10-20"}]
)
def test_an_order_that_is_over_is_an_error_on_its_status(when):
    rows = [[*NATIVE, *when], [*rows_of({})[0], *when.values()]]
    assert said(understood(csv_of(rows))) == [(2, "status", "error")]


def test_a_whole_line_price_is_parted_by_the_quantity():
    header = [
        "order-id", "order-item-id", "sku", "quantity-purchased", "item-price", "recipient-name",
        "ship-address-1", "ship-city", "ship-state", "ship-postal-code", "ship-country",
    ]  # fmt: skip
    row = ["1", "7", "TEA-1", "3", "30.00", '"Sun" Vega', "12 Elm", "Reno", "NV", "89501", "US"]
    content = "\r\n".join("\t".join(cells) for cells in (header, row)).encode()
    read = understood(content)
    assert (read.format, read.orders[0].lines[0].unit_price) == ("amazon", "10.00")
    assert read.orders[0].recipient.name == '"Sun" Vega'


def test_sheets_keep_their_row_numbers_dates_and_zeros():
    rows = rows_of(
        {
            "order_date": date(2026, 10, 14),
            "postal_code": 2139,
            "quantity": 2,
            "unit_price": 4.5,
        }
    )
    read = understood(xlsx_of([["Orders of the week"], [], NATIVE, *rows]))
    (order,) = read.orders
    assert order.rows == [4]
    assert (order.date, order.recipient.postal_code) == ("2026-10-14", "02139")
    assert (order.lines[0].quantity, order.lines[0].unit_price) == ("2", "4.5")


def test_a_pasted_block_needs_a_header():
    block = csv_of([NATIVE, *rows_of({})], delimiter="\t").decode()
    assert len(read_pasted_table(block, FewPlaces(), SKUS).orders) == 1
    assert (
        read_pasted_table("Noor Vega, 12 Elm Street, Cambridge MA 02139", FewPlaces(), SKUS) is None
    )


def test_pasted_customers_become_orders_without_lines():
    header = ["Name", "Phone", "Street", "City", "State", "ZIP"]
    row = ["Noor Vega", "617-555-0142", "12 Elm Street", "Cambridge", "MA", "2139"]
    text = csv_of([header, row], delimiter="\t").decode()
    (order,) = read_pasted_table(text, FewPlaces(), SKUS).orders
    assert order.lines == []
    assert (order.recipient.postal_code, order.recipient.country) == ("02139", "US")


def test_an_html_table_is_read_by_its_cells():
    cells = "".join(f"<td>{GOOD.get(name, '&nbsp;')}</td>" for name in NATIVE)
    names = "".join(f"<th>{name}</th>" for name in NATIVE)
    page = f"<meta charset=utf-8><table><tr>{names}</tr><tr>{cells}</tr></table>"
    (order,) = read_pasted_table(page, FewPlaces(), SKUS).orders
    assert (order.rows, order.recipient.address_2) == ([2], "")


def test_orders_are_handed_out_while_the_file_is_read():
    """Reading two of many orders takes little of the file in the second pass."""
    content = native(*({"order_number": f"A-{n}"} for n in range(3000)))
    source = io.BytesIO(content)
    reading = read_file(source, name="x", places=FewPlaces(), known_skus=SKUS)
    assert len(list(islice(reading, 2))) == 2
    assert 0 < source.tell() < len(content) / 2
    assert reading.row_count == 3000


@pytest.mark.parametrize("number", [1234567890123456, 12345678901234567])
def test_an_order_number_too_long_for_a_spreadsheet_is_not_made_up(number):
    (row,) = rows_of({"order_number": 0})
    row[0] = number
    read = understood(xlsx_of([NATIVE, row]))
    assert (2, "order_number", "error") in said(read)


def test_a_wanted_warehouse_state_is_known_by_its_name():
    header = ["Order", "Origin state", "Carrier", "Name", "Street", "City", "Zip", "SKU", "Qty"]
    cells = [
        "7",
        "Nevada",
        "OnTrac",
        "Noor Vega",
        "12 Elm Street",
        "Cambridge",
        "02139",
        "TEA-1",
        1,
    ]
    (order,) = understood(csv_of([header, cells])).orders
    assert (order.wanted_state, order.wanted_carrier) == ("NV", "OnTrac")


def test_a_line_drawn_below_the_header_is_no_order():
    rows = [["Order", "Name", "Street", "City", "Zip", "SKU", "Qty"], ["---"] * 7]
    rows.append(["7", "Noor Vega", "12 Elm Street", "Cambridge", "02139", "TEA-1", "1"])
    assert [order.number for order in understood(csv_of(rows, "|")).orders] == ["7"]


def test_a_pasted_row_that_names_no_place_is_refused_and_the_others_are_read():
    text = "Name\tStreet\tCity\tZip\nNoor Vega\t12 Elm Street\tCambridge\t02139\nBob\t\t\t\n"
    answer = read_pasted_table(text, FewPlaces(), SKUS)
    assert [order.recipient.name for order in answer.orders] == ["Noor Vega"]
    assert (3, "row", "error") in said(answer)
