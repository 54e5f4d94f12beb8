from orders.intake.files import read_pasted_table
from orders.intake.values.places import NoPlaces

HEADER = "order_number\trecipient_name\taddress_1\tcity\tstate\tpostal_code\tcountry\tsku\tquantity"
FIRST = "A-1\tDana Reyes\t1 Market St\tSan Francisco\tCA\t94105\tUS\tMUG\t2"
SECOND = "A-2\tKen Adams\t12 Grove St\tLas Vegas\tNV\t89101\tUS\tMUG\t1"
SECOND_LINE = "A-2\tKen Adams\t12 Grove St\tLas Vegas\tNV\t89101\tUS\tCUP\t4"


def orders_of(text):
    return read_pasted_table(text, NoPlaces(), ["MUG", "CUP"]).orders


def words(text, spans):
    return [text[span.start : span.end] for span in spans]


def test_an_order_of_a_pasted_table_keeps_its_lines_and_where_each_field_stood():
    text = "\r\n".join([HEADER, FIRST, SECOND, SECOND_LINE])

    first, second = orders_of(text)

    assert (first.text, second.text) == (FIRST, f"{SECOND}\r\n{SECOND_LINE}")
    assert words(text, first.spans["city"]) == ["San Francisco"]
    assert words(text, second.spans["sku"]) == ["MUG", "CUP"]


def test_rows_apart_from_each_other_keep_their_cells_as_text():
    found = orders_of("\n".join([HEADER, SECOND, FIRST, SECOND_LINE]))
    (second,) = [order for order in found if order.number == "A-2"]

    assert second.text.split("\n") == [SECOND, SECOND_LINE]
    assert second.spans == {}


def test_a_pasted_page_keeps_its_cells_as_text():
    rows = (row.split("\t") for row in (HEADER, FIRST))
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"

    (order,) = orders_of(table)

    assert order.text == FIRST


def test_a_line_break_within_a_cell_shifts_no_mark():
    text = "\n".join([HEADER, FIRST.replace("1 Market St", '"1 Market St\nApt 4"'), SECOND])

    for order in orders_of(text):
        for name, spans in order.spans.items():
            assert all(word in order.text for word in words(text, spans)), name
