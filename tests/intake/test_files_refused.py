"""Files that cannot be read are refused in one clear sentence, never by an exception."""

import io
import time
from pathlib import Path

import pytest

from orders.intake.files import read_file
from orders.intake.parsed import Severity
from orders.intake.tables import Limits
from tests.intake.file_places import FewPlaces
from tests.intake.files_given import (
    NATIVE,
    SKUS,
    csv_of,
    native,
    reading_of,
    rows_of,
    xlsx_of,
    zip_of,
)

_WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS = (
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
)
_BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>"
)


def workbook_with(sheet):
    parts = {"xl/workbook.xml": _WORKBOOK, "xl/_rels/workbook.xml.rels": _RELATIONS}
    return zip_of(**parts, **{"xl/worksheets/sheet1.xml": sheet})


def encrypted_zip():
    content = bytearray(xlsx_of([NATIVE]))
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


HOSTILE = {
    "nothing": b"",
    "only blanks": b"\r\n \t\r\n;;;\r\n",
    "header only": native(),
    "header only sheet": xlsx_of([NATIVE]),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(range(256)),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "gzip": b"\x1f\x8b\x08" + bytes(range(200)),
    "random bytes": bytes((n * 7919 + n // 3) % 256 for n in range(5000)),
    "zeros inside": native({}).replace(b"Noor", b"No\x00r"),
    "zeros": bytes(4000),
    "no header": b"a,b,c\n1,2,3\n",
    "products": b"Handle,Title,Variant SKU,Variant Price\nx,Tea,TEA-1,4.50\n",
    "json": b'{"orders": [{"number": "A-1"}]}',
    "xml": b"<?xml version='1.0'?><orders/>",
    "other zip": zip_of(**{"readme.txt": "hello"}),
    "empty zip": b"PK\x05\x06" + bytes(18),
    "torn zip": xlsx_of([NATIVE, ["x"] * 19])[:3000],
    "password": encrypted_zip(),
    "entity bomb": workbook_with(_BOMB),
    "broken xml": workbook_with("<worksheet><sheetData><row>"),
    "no sheet": zip_of(**{"xl/workbook.xml": _WORKBOOK}),
    "million columns": b",".join([b"sku"] * 1_000_000) + b"\n1\n",
    "endless line": b"x" * 9_000_000,
    "only quotes": b'"' * 200_000,
    "unclosed tags": b"<table><tr><td>" + b"</" * 400_000,
    "only a page": b"<html><body><p>Sign in to continue</p></body></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_table_of_orders_gets_one_sentence(name):
    started = time.monotonic()
    reading = reading_of(HOSTILE[name])
    assert reading.is_refused
    assert list(reading) == []
    (remark,) = reading.remarks
    assert (remark.row, remark.severity) == (None, Severity.ERROR)
    assert remark.field in {"file", "header"}
    assert remark.message.endswith(".")
    assert time.monotonic() - started < 10


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = workbook_with("<worksheet>" + " " * 3_000_000 + "</worksheet>")
    (remark,) = reading_of(bomb, Limits(unzipped_bytes=1_000_000)).remarks
    assert remark.code == "unzipped_too_large"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(bytes=100), "file_too_large"),
        (Limits(rows=2), "too_many_rows"),
        (Limits(columns=5), "too_many_columns"),
    ],
)
@pytest.mark.parametrize("make", [csv_of, xlsx_of])
def test_a_file_over_a_limit_is_refused_before_any_order(limits, code, make):
    rows = [NATIVE, *([["A-1", *["x"] * 18]] * 5)]
    reading = reading_of(make(rows), limits)
    assert [remark.code for remark in reading.remarks] == [code]
    assert list(reading) == []


def test_a_row_number_at_the_end_of_the_sheet_costs_nothing():
    row = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in NATIVE)
    last = '<row r="1048576"><c r="XFD1048576"/></row>'
    sheet = f'<worksheet><sheetData><row r="1">{row}</row>{last}</sheetData></worksheet>'
    (remark,) = reading_of(workbook_with(sheet), Limits()).remarks
    assert remark.code in {"too_many_rows", "header_only"}


def test_a_path_and_a_stream_that_cannot_seek_are_read_alike(tmp_path: Path):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    content = native({}, {"order_number": "A-2"})
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    for source in (path, Pipe(content)):
        reading = read_file(source, name="x", places=FewPlaces(), known_skus=SKUS)
        assert [read.order.number for read in reading] == ["A-1", "A-2"]


def test_a_file_may_be_read_twice():
    reading = reading_of(native({}, ["a note"]))
    assert [len(list(reading)) for _ in range(2)] == [1, 1]
    assert len(reading.remarks) == 1


def test_many_lone_quotation_marks_are_each_read_as_text():
    row = csv_of(rows_of({})).decode()
    content = f"{','.join(NATIVE)}\n" + "".join('"' + row for _ in range(20_000))
    reading = reading_of(content.encode())
    assert sum(len(read.order.rows) for read in reading) + len(reading.remarks) == 20_000


def test_cells_that_span_a_thousand_columns_do_not_fill_the_memory():
    names = "".join(f"<th>{name}</th>" for name in NATIVE)
    page = f"<table><tr>{names}</tr><tr>{'<td colspan=999>x</td>' * 5_000}</tr></table>"
    (remark,) = reading_of(page.encode()).remarks
    assert remark.code in {"page_too_large", "too_many_columns"}


def test_remarks_on_rows_left_out_are_bounded_and_counted():
    reading = reading_of(native({}, *([f"note {n}"] for n in range(1_500))))
    assert len(list(reading)) == 1
    assert len(reading.remarks) == 1_001
    assert "500 more rows" in reading.remarks[-1].message
