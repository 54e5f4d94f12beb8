"""In which encoding a text file is written."""

import codecs

from orders.intake.tables.refusals import FileRefused
from orders.intake.tables.sources import Source

_CHUNK = 1 << 20
_CONTROL = bytes(set(range(32)) - {9, 10, 13, 12, 26, 27} | {127})
_MACINTOSH_LETTERS = frozenset(
    b"\x80\x85\x86\x87\x88\x89\x8a\x8d\x8e\x8f\x90\x91\x92\x94\x95\x96\x97\x98\x99\x9a\x9f\xa7"
)
_WINDOWS_LETTERS = frozenset(
    b"\xc0\xc4\xc7\xc8\xc9\xd1\xd6\xdc\xdf\xe0\xe1\xe2\xe4\xe5\xe6\xe7\xe8\xe9\xea\xed\xf1\xf3\xf4\xf6\xf8\xfa\xfc\x80"
)


def find_encoding(source: Source) -> str:
    """The name of the encoding; raises FileRefused for bytes that are no text."""
    start = source.start(4096)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if silent := _without_mark(start):
        return silent
    return _of_bytes(source)


def _without_mark(start: bytes) -> str:
    """UTF-16 of mostly Latin text shows a zero in every second byte."""
    pairs = len(start) // 2
    if pairs < 4:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > pairs * 0.4 and even < pairs * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > pairs * 0.4 and odd < pairs * 0.1 else ""


def _of_bytes(source: Source) -> str:
    decoder, is_utf8, controls, high = codecs.getincrementaldecoder("utf-8")(), True, 0, bytearray()
    with source.opened() as file:
        while chunk := file.read(_CHUNK):
            _refuse_zeros(chunk)
            controls += len(chunk) - len(chunk.translate(None, _CONTROL))
            is_utf8 = is_utf8 and _decodes(decoder, chunk)
            if not is_utf8 and len(high) < _CHUNK:
                high += bytes(byte for byte in chunk if byte > 127)
    if controls > max(8, source.size // 200):
        raise _no_text()
    return "utf-8-sig" if is_utf8 and _decodes(decoder, b"", final=True) else _of_one_byte(high)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _of_one_byte(high: bytes | bytearray) -> str:
    """Windows-1252, or the old Macintosh's where its accented letters are the commoner ones."""
    macintosh = sum(byte in _MACINTOSH_LETTERS for byte in high)
    windows = sum(byte in _WINDOWS_LETTERS for byte in high)
    return "mac-roman" if macintosh > windows * 2 and macintosh > len(high) * 0.6 else "cp1252"


def _refuse_zeros(chunk: bytes) -> None:
    if 0 in chunk:
        raise _no_text()


def _no_text() -> FileRefused:
    return FileRefused(
        "This is no text file: it holds bytes no table has. Save it as CSV or XLSX.",
        code="binary_file",
    )
