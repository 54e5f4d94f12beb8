"""Small valid PDF files: one 4 x 6 inch page per label, drawn with built-in fonts."""

from collections.abc import Sequence

from integrations.sandbox.documents.barcode import code_128
from integrations.sandbox.documents.label import Label

WIDTH, HEIGHT = 288, 432
"""4 x 6 inches in points of 1/72 inch."""
PAGE_SIZES = {"4x6": (WIDTH, HEIGHT), "a5": (420, 595), "a4": (595, 842)}
"""Paper in points; a label on a larger sheet lies in its upper left corner."""
MARGIN = 14
SAMPLE = "SANDBOX - NOT VALID FOR SHIPPING"


def label_pdf(labels: Sequence[Label], size: tuple[int, int] = PAGE_SIZES["4x6"]) -> bytes:
    """A PDF 1.4 file with a page per label."""
    return document_pdf([_label_page(label) for label in labels], size)


def text_pdf(lines: Sequence[str], size: tuple[int, int] = PAGE_SIZES["4x6"]) -> bytes:
    """A PDF 1.4 file with one page of text lines, the first as its heading."""
    heading, *rest = lines
    drawn = [_text(MARGIN, HEIGHT - 30, 12, heading, bold=True)]
    drawn += [_text(MARGIN, HEIGHT - 50 - 12 * n, 8, line) for n, line in enumerate(rest)]
    return document_pdf(["\n".join(drawn)], size)


def document_pdf(pages: Sequence[str], size: tuple[int, int]) -> bytes:
    """Assemble page contents into a file with a right cross-reference table (ISO 32000, 7.5)."""
    first = 5
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
    ]
    for number, content in enumerate(pages):
        objects += _page_objects(first + 2 * number, content, size)
    return _file(objects)


def _font(name: str) -> bytes:
    return (
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
    )


def _page_objects(number: int, content: str, size: tuple[int, int]) -> list[bytes]:
    width, height = size
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
        f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {number + 1} 0 R >>"
    )
    placed = f"1 0 0 1 0 {height - HEIGHT} cm\n{content}"
    stream = placed.encode("cp1252", "replace")
    head = f"<< /Length {len(stream)} >>\nstream\n".encode()
    return [page.encode(), head + stream + b"\nendstream"]


def _file(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{entries}"
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + (table + trailer).encode()


def _text(x: float, y: float, size: int, text: str, *, bold: bool = False) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    shown = "".join(mark if mark.isprintable() else " " for mark in escaped)
    return f"BT /{'F2' if bold else 'F1'} {size} Tf {x:g} {y:g} Td ({shown}) Tj ET"


def _rule(y: float) -> str:
    return f"{MARGIN} {y:g} m {WIDTH - MARGIN} {y:g} l S"


def _label_page(label: Label) -> str:
    marks = ["1 w", f"{MARGIN / 2:g} {MARGIN / 2:g} {WIDTH - MARGIN} {HEIGHT - MARGIN} re S"]
    marks.append(_text(MARGIN, 400, 18, label.carrier, bold=True))
    marks.append(_text(MARGIN, 382, 11, label.service))
    marks.append(_text(200, 404, 9, f"{label.weight_grams / 1000:.3f} kg"))
    marks.append(_rule(374))
    marks += [_text(MARGIN, 360 - 10 * n, 8, line) for n, line in enumerate(label.sender[:6])]
    marks.append(_rule(300))
    marks.append(_text(MARGIN, 286, 8, "SHIP TO"))
    marks += [
        _text(MARGIN + 12, 268 - 15 * n, 12, line, bold=True)
        for n, line in enumerate(label.receiver[:6])
    ]
    marks.append(_rule(176))
    marks += _bars(label.tracking_number, 80, 84)
    marks.append(_text(MARGIN, 66, 11, label.tracking_number, bold=True))
    marks.append(_text(MARGIN, 48, 9, f"Reference {label.reference}"))
    marks.append(_text(MARGIN, 34, 8, label.remarks))
    marks.append(_text(MARGIN, 16, 7, SAMPLE))
    return "\n".join(marks)


def _bars(text: str, y: float, height: float) -> list[str]:
    """Code 128 across the width of the label, with ten modules of quiet zone either side."""
    widths = code_128(text)
    module = (WIDTH - 2 * MARGIN) / (sum(widths) + 20)
    marks, x = [], MARGIN + 10 * module
    for place, width in enumerate(widths):
        if place % 2 == 0:
            marks.append(f"{x:.3f} {y:g} {width * module:.3f} {height:g} re f")
        x += width * module
    return marks
