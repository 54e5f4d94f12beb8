"""The papers: PDF with a right cross-reference table, PNG, ZPL, and bar codes that can be read."""

import re
import struct
import zlib

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.sandbox.carriers import tracking_number, ups_check_digit
from integrations.sandbox.documents.barcode import PATTERNS, START_B, STOP, code_128
from integrations.sandbox.documents.label import Label
from integrations.sandbox.documents.pdf import PAGE_SIZES, label_pdf, text_pdf
from integrations.sandbox.documents.png import label_png
from integrations.sandbox.documents.zpl import label_zpl

LABEL = Label(
    carrier="UPS",
    service="UPS Ground",
    tracking_number="1ZSBX0010300000010",
    reference="CD-1001",
    sender=("Crossdock Supply", "1500 Distribution Drive", "Reno NV 89506"),
    receiver=("Zoë (front desk)", r"Back\slash Street 4", "Chicago IL 60606", "US"),
    weight_grams=680.4,
    remarks="Gift",
)


def objects_of(pdf: bytes) -> dict[int, bytes]:
    """The file's objects by number, found only by way of its cross-reference table."""
    assert pdf.startswith(b"%PDF-1.4\n")
    assert pdf.endswith(b"%%EOF\n")
    start = int(re.findall(rb"startxref\n(\d+)\n", pdf)[-1])
    table = pdf[start:]
    count = int(re.match(rb"xref\n0 (\d+)\n", table)[1])  # type: ignore[index] — it must match
    rows = re.findall(rb"(\d{10}) (\d{5}) ([nf]) \n", table)
    assert len(rows) == count
    assert rows[0] == (b"0000000000", b"65535", b"f")
    found = {}
    for number, (offset, _, _) in enumerate(rows[1:], start=1):
        body = pdf[int(offset) :]
        assert body.startswith(f"{number} 0 obj\n".encode())
        found[number] = body[: body.index(b"\nendobj\n")]
    return found


def streams_of(objects: dict[int, bytes]) -> list[bytes]:
    streams = []
    for content in objects.values():
        if found := re.search(rb"/Length (\d+) >>\nstream\n", content):
            length, start = int(found[1]), found.end()
            assert content[start + length :] == b"\nendstream"
            streams.append(content[start : start + length])
    return streams


def test_every_object_is_where_the_table_says() -> None:
    objects = objects_of(label_pdf([LABEL, LABEL]))

    assert b"/Type /Catalog" in objects[1]
    assert b"/Count 2" in objects[2]
    assert len(streams_of(objects)) == 2
    assert objects_of(label_pdf([LABEL])).keys() == {1, 2, 3, 4, 5, 6}


def test_the_label_says_who_and_what_in_characters_a_viewer_reads() -> None:
    drawn = streams_of(objects_of(label_pdf([LABEL])))[0].decode("cp1252")

    for text in ("UPS Ground", "1ZSBX0010300000010", "Reference CD-1001", "Zoë \\(front desk\\)"):
        assert text in drawn
    assert r"Back\\slash Street 4" in drawn
    assert "NOT VALID FOR SHIPPING" in drawn


@given(st.text(max_size=60))
def test_no_text_breaks_the_file(text: str) -> None:
    label = Label("UPS", text, "1Z", text, (text,), (text, text), 1.0, text)

    streams = streams_of(objects_of(label_pdf([label])))

    for line in streams[0].split(b"\n"):
        if line.startswith(b"BT "):
            shown = re.sub(rb"\\.", b"", line[line.index(b"(") :])
            assert (shown.count(b"("), shown.count(b")")) == (1, 1)


@pytest.mark.parametrize("size", sorted(PAGE_SIZES))
def test_larger_sheets_have_their_own_size(size: str) -> None:
    width, height = PAGE_SIZES[size]

    for pdf in (label_pdf([LABEL], (width, height)), text_pdf(["Packing slip"], (width, height))):
        assert f"/MediaBox [0 0 {width} {height}]".encode() in objects_of(pdf)[5]


def test_a_printers_library_draws_it() -> None:
    document = pypdfium2.PdfDocument(label_pdf([LABEL]))
    page = document[0]

    picture = page.render(scale=1, grayscale=True)

    ink = set(bytes(picture.buffer))
    assert (len(document), picture.width, picture.height) == (1, 288, 432)
    assert {0, 255} <= ink
    assert LABEL.reference in page.get_textpage().get_text_bounded()


def test_the_table_of_bar_patterns_is_whole() -> None:
    assert len(set(PATTERNS)) == len(PATTERNS) == 107
    assert {sum(map(int, pattern)) for pattern in PATTERNS[:STOP]} == {11}
    assert sum(map(int, PATTERNS[STOP])) == 13
    # The specification's parity: bars of a symbol add up to an even number of modules.
    assert {sum(map(int, pattern[::2])) % 2 for pattern in PATTERNS[:STOP]} == {0}


def decoded(widths: list[int]) -> str:
    """Read Code 128 B back, checking start, checksum and stop."""
    text = "".join(map(str, widths))
    assert text.endswith(PATTERNS[STOP])
    body = text[: -len(PATTERNS[STOP])]
    symbols = [PATTERNS.index(body[start : start + 6]) for start in range(0, len(body), 6)]
    start, *values, checksum = symbols
    assert start == START_B
    assert checksum == (START_B + sum(n * v for n, v in enumerate(values, start=1))) % 103
    return "".join(chr(value + 32) for value in values)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_bars_read_back_what_was_written(text: str) -> None:
    assert decoded(code_128(text)) == text


def test_the_png_is_a_picture_with_readable_bars() -> None:
    png = label_png(LABEL)
    chunks, place = {}, 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + content)
        chunks[kind] = content
        place += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = zlib.decompress(chunks[b"IDAT"])
    assert len(rows) == height * (width + 1)
    row = rows[800 * (width + 1) + 1 : 801 * (width + 1)]
    runs = [len(run) for run in re.findall(rb"\x00+|\xff+", row.strip(b"\xff"))]
    module = min(runs)

    assert decoded([run // module for run in runs]) == LABEL.tracking_number
    assert b"CD-1001" in chunks[b"tEXt"]


def test_zpl_starts_and_ends_and_lets_no_command_in() -> None:
    label = Label("UPS", "^XZ~HS", "1Z", "r", ("s",), ("^FX", "b"), 1.0)

    text = label_zpl(label).decode()

    assert text.startswith("^XA")
    assert text.count("^XZ") == 1
    assert "~" not in text
    assert "^FX" not in text


@pytest.mark.parametrize(
    ("carrier", "pattern"),
    [
        ("UPS", r"1Z[A-Z0-9]{6}\d{10}"),
        ("USPS", r"9400\d{18}"),
        ("FedEx", r"\d{12}"),
        ("DHL", r"\d{10}"),
    ],
)
def test_tracking_numbers_have_their_carriers_form(carrier: str, pattern: str) -> None:
    numbers = [tracking_number(carrier, serial) for serial in range(1, 200)]

    assert all(re.fullmatch(pattern, number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_check_digit_of_ups_is_that_of_its_published_example() -> None:
    assert ups_check_digit("999AA1012345678") == 4
