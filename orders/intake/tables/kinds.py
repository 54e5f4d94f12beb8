"""What kind of file bytes are, told from their first bytes and never from their name."""

from orders.intake.tables.refusals import FileRefused

_NOT_TABLES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a media file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"PAR1", "a Parquet file"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_NEXT = "Save it as CSV or XLSX and upload that."


def is_zip(start: bytes) -> bool:
    return start.startswith((_ZIP, _EMPTY_ZIP))


def is_html(start: bytes) -> bool:
    text = start[:2000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<style"))


def refuse_other_kinds(start: bytes) -> None:
    """Raise FileRefused for anything that is known to be no table."""
    if start.startswith(_OLE):
        raise FileRefused(
            f"This is an old Excel file (XLS) or one with a password. {_NEXT}", code="old_excel"
        )
    for magic, kind in _NOT_TABLES:
        if start.startswith(magic):
            raise FileRefused(f"This is {kind}, not a table of orders. {_NEXT}", code="not_a_table")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise FileRefused(
            f"This is an XML file, not a table of orders. {_NEXT}", code="not_a_table"
        )
