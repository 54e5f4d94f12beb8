"""Text as it is meant: without the marks that spreadsheets and web pages leave around it."""

import re
import unicodedata

ERROR_VALUES = frozenset(
    {"#N/A", "#NV", "#REF!", "#VALUE!", "#WERT!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#ERROR!"}
)
"""What a spreadsheet shows where a formula failed."""

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[^\S\n]+")
_PROTECTED = re.compile(r"'(?=[=+\-@\d])")
_FORMULA = re.compile(r"\s*(?:[=@]|[+\-](?=[^\s\d(]))")


def clean(text: str) -> str:
    """NFC, trimmed, no invisible characters, one blank between words; line breaks stay."""
    if text.isascii() and text.isprintable():
        return _plain(text)
    text = unicodedata.normalize("NFC", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _plain("\n".join(line.strip() for line in text.split("\n")).strip("\n"))


def _plain(text: str) -> str:
    text = text.strip()
    if "  " in text or not text.isprintable():
        text = _BLANKS.sub(" ", text)
    return _PROTECTED.sub("", text, count=1) if text.startswith("'") else text


def clean_code(text: str) -> str:
    """A number, SKU or ZIP: cleaned, without the apostrophe or ="…" that keeps it text."""
    text = clean(text)
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.lstrip("'’").strip()


def one_line(text: str) -> str:
    """Cleaned, with line breaks as blanks."""
    cleaned = clean(text)
    return " ".join(cleaned.split()) if "\n" in cleaned else cleaned


def words(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


def is_error_value(text: str) -> bool:
    return text.startswith("#") and text.strip().upper() in ERROR_VALUES


def is_formula_like(text: str) -> bool:
    """It begins as a formula would; it is text all the same."""
    return bool(_FORMULA.match(text))


def squash(text: str) -> str:
    """Letters and digits alone, lower case, accents off: for comparing, never for showing."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def shorten(text: str, length: int = 40) -> str:
    """For a sentence: the beginning of a long value."""
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length else line[: length - 1] + "…"
