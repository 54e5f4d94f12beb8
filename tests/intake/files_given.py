"""Small files for tests, written out in the layouts that shops export."""

import csv
import io
import zipfile

import openpyxl

from orders.intake.files import read_all, read_file
from orders.intake.tables import DEFAULT_LIMITS
from tests.intake.file_places import FewPlaces

SKUS = ("TEA-1", "TEA-2", "KETTLE-BLUE", "000123")

NATIVE = [
    "order_number", "order_date", "sku", "item_name", "quantity", "unit_price", "currency",
    "recipient_name", "company", "address_1", "address_2", "city", "state", "postal_code",
    "country", "phone", "email", "shipping_method", "notes",
]  # fmt: skip

GOOD = {
    "order_number": "A-1",
    "order_date": "2026-10-14",
    "sku": "TEA-1",
    "item_name": "Green tea",
    "quantity": "2",
    "unit_price": "4.50",
    "currency": "USD",
    "recipient_name": "Noor Vega",
    "address_1": "12 Elm Street",
    "city": "Cambridge",
    "state": "MA",
    "postal_code": "02139",
    "country": "US",
    "phone": "617-555-0142",
    "email": "noor@example.com",
    "shipping_method": "Standard",
}


def rows_of(*changes):
    """Native rows, each the good one with changes; a list is taken as it is."""
    return [
        change
        if isinstance(change, list)
        else [{**GOOD, **change}.get(name, "") for name in NATIVE]
        for change in changes
    ]


def csv_of(rows, delimiter=",", encoding="utf-8", end="\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def native(*changes, **how):
    return csv_of([NATIVE, *rows_of(*changes)], **how)


def xlsx_of(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zip_of(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return file.getvalue()


def reading_of(content, limits=DEFAULT_LIMITS, **how):
    given = {"places": FewPlaces(), "known_skus": SKUS, "name": "given.csv", **how}
    return read_file(io.BytesIO(content), limits=limits, **given)


def understood(content, **how):
    given = {"places": FewPlaces(), "known_skus": SKUS, "name": "given.csv", **how}
    return read_all(io.BytesIO(content), **given)


def said(understanding, *, least="warning"):
    """(row, field, severity) of the remarks worth a look."""
    wanted = {"warning": {"warning", "error"}, "error": {"error"}}[least]
    return [
        (remark.row, remark.field, str(remark.severity))
        for remark in understanding.remarks
        if remark.severity in wanted
    ]
