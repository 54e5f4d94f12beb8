"""A label as PNG (W3C PNG, third edition): the bar code alone, for the default format."""

import struct
import zlib

from integrations.sandbox.documents.barcode import code_128
from integrations.sandbox.documents.label import Label

WIDTH, HEIGHT = 812, 1218
"""4 x 6 inches at 203 dots an inch."""
TOP, BOTTOM = 700, 1000


def label_png(label: Label) -> bytes:
    """One greyscale picture, 8 bits a dot."""
    blank = b"\x00" + b"\xff" * WIDTH
    barred = b"\x00" + _bar_row(label.tracking_number)
    rows = blank * TOP + barred * (BOTTOM - TOP) + blank * (HEIGHT - BOTTOM)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    title = b"Title\x00" + label.reference.encode("latin-1", "replace")
    chunks = [(b"IHDR", header), (b"tEXt", title), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _bar_row(text: str) -> bytes:
    widths = code_128(text)
    dots = max(1, (WIDTH - 40) // (sum(widths) + 20))
    row = b"".join(
        (b"\x00" if place % 2 == 0 else b"\xff") * (width * dots)
        for place, width in enumerate(widths)
    )
    return row.center(WIDTH, b"\xff")[:WIDTH]


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
