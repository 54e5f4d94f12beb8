"""Text that is a table: how it is known, and its cells as plain lines where nobody reads it."""

import html
import re

from orders.intake.paste.cells import cells_of, delimiter_of
from orders.intake.paste.labels import titles_of
from orders.intake.values.clean_text import Piece

_HTML = re.compile(r"<(?:table|tr|td|div|p|br|span|html|body|li)\b[^<>]{0,2000}>", re.IGNORECASE)
_HEAD = 4_000
"""Characters within which a table shows itself."""
_ROW_END = re.compile(r"</tr\s*>|<br\s*/?>|</p\s*>|</div\s*>|</li\s*>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HIDDEN = re.compile(r"<(style|script|title)\b[^<>]{0,2000}>[^<]{0,20000}</\1>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10});", re.IGNORECASE)


def looks_like_table(text: str, *, html_only: bool = False) -> bool:
    """An HTML table, or lines of cells under a row of titles."""
    head = text[:_HEAD]
    if _HTML.search(head):
        return True
    if html_only:
        return False
    first = next((line for line in head.splitlines() if line.strip()), "")
    cells = cells_of(Piece(first, 0), delimiter_of(first))
    return len(cells) > 1 and titles_of(cells) is not None


def with_whole_cells(text: str) -> str:
    """The same number of characters; line breaks inside a quoted cell of a row are blanks."""
    if '"' not in text or "\t" not in text:
        return text
    return _QUOTED_CELL.sub(lambda found: _BREAKS.sub(" ", found.group()), text)


_QUOTED_CELL = re.compile(r"""\t"[^"\t]{0,500}"(?=[\t\r\n]|$)|(?:^|(?<=\n))"[^"\t]{0,500}"(?=\t)""")
_BREAKS = re.compile(r"[\r\n]")


def without_markup(text: str) -> str:
    """The same number of characters, with blanks, tabs and line ends in place of the markup."""
    shown = _HIDDEN.sub(_blank, text)
    shown = "".join(" " if letter in "\r\n\t" else letter for letter in shown)
    shown = _ROW_END.sub(lambda found: _padded("\n", found), shown)
    shown = _CELL_END.sub(lambda found: _padded("\t", found), shown)
    shown = _TAG.sub(_blank, shown)
    return _ENTITY.sub(lambda found: _padded(html.unescape(found.group()), found), shown)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _padded(letter: str, found: re.Match[str]) -> str:
    return (
        letter[:1].ljust(len(found.group()))
        if letter.strip() or letter in "\t\n"
        else _blank(found)
    )
