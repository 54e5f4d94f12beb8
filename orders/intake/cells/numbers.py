"""Numbers in cells: quantities, money and what a spreadsheet made of long digits."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_NUMBER = re.compile(r"[\d.,'’\s]*\d[\d.,'’\s]*")
_WHOLE = re.compile(r"(\d{1,9})(?:[.,]0{1,2}|[.,]0{4,})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’\s])\d{3})(?:\1\d{3})*")
_SCIENTIFIC = re.compile(r"\d(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "MX$": "MXN", "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR",
    "zł": "PLN", "kr": "SEK", "Fr.": "CHF", "SFr.": "CHF", "₩": "KRW", "₪": "ILS", "฿": "THB",
}  # fmt: skip
_CODE = re.compile(r"[A-Za-z]{3}")
MOST_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as read: a decimal string (empty when it is none) and the currency its sign names."""

    value: str
    currency: str = ""
    is_negative: bool = False


@lru_cache(maxsize=4096)
def read_quantity(text: str, decimal_comma: bool) -> str:
    """“2” of “2”, “2.0” or “2,00”; the empty string for anything that is no count above zero."""
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        whole = _GROUPED.fullmatch(text)
        if whole is None or whole.group(1) == ("," if decimal_comma else "."):
            return _three_zeros(text)
    count = int(re.sub(r"\D", "", whole.group() if whole.re is _GROUPED else whole.group(1)))
    return str(count) if 0 < count <= MOST_PIECES else ""


def _three_zeros(text: str) -> str:
    """“2.000” where the point is the decimal sign: two."""
    found = re.fullmatch(r"0*([1-9]\d{0,5})[.,]0{3}", text)
    return found.group(1) if found else ""


@lru_cache(maxsize=8192)
def read_money(text: str, decimal_comma: bool) -> Amount:
    """“1299.00” of “$1,299.00”, “1.299,00 €” or “USD 1 299.00”; the value is empty for words."""
    currency, rest = _currency_apart(text)
    is_negative = rest.startswith(("-", "−", "(")) or rest.endswith("-")
    digits = rest.strip("-−() ")
    if not _NUMBER.fullmatch(digits):
        return Amount("", currency)
    return Amount(_decimal(digits, decimal_comma), currency, is_negative)


def _currency_apart(text: str) -> tuple[str, str]:
    """The ISO code that a sign or letters name, and the text without them."""
    sign = re.sub(r"[\d.,'’\s()\-−+]", "", text)
    rest = re.sub(r"[^\d.,'’\s()\-−+]", "", text).strip().lstrip("+")
    if not sign:
        return "", rest
    code = read_currency(sign)
    return (code, rest) if code else ("", text)


def read_currency(text: str) -> str:
    """The ISO code of a currency cell (usd, US$, €), or the empty string."""
    sign = text.replace(" ", "")
    if _CODE.fullmatch(sign):
        return sign.upper()
    known = {key.casefold(): code for key, code in _SIGNS.items()}
    return known.get(sign.casefold(), "") or _WORDS.get(sign.casefold(), "")


_WORDS = {
    "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "usdollar": "USD",
    "pound": "GBP", "pounds": "GBP", "usd$": "USD", "$usd": "USD", "$us": "USD", "eur€": "EUR",
}  # fmt: skip


def _decimal(digits: str, decimal_comma: bool) -> str:
    digits = re.sub(r"[\s'’]", "", digits)
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        mark = "." if point > comma else ","
    elif point < 0 and comma < 0:
        mark = ""
    else:
        mark = _lone_mark("." if point >= 0 else ",", digits, decimal_comma)
    whole, _, part = digits.rpartition(mark) if mark else (digits, "", "")
    plain = re.sub(r"[.,]", "", whole) or "0"
    return _plain(f"{plain}.{part}" if part else plain)


def _lone_mark(mark: str, digits: str, decimal_comma: bool) -> str:
    """Whether the only kind of mark is the decimal one: the file's habit decides “1.249”."""
    if digits.count(mark) > 1:
        return ""
    if len(digits) - digits.index(mark) != 4 or digits.startswith(("0", mark)):
        return mark
    return mark if (mark == ",") == decimal_comma else ""


def _plain(text: str) -> str:
    try:
        return format(Decimal(text), "f")
    except InvalidOperation:
        return ""


def share(total: str, quantity: str) -> str:
    """The price of one piece of a line's total, to four places; at least two are shown."""
    if not total or not quantity:
        return ""
    each = (Decimal(total) / Decimal(quantity)).quantize(Decimal("0.0001"))
    short = each.quantize(Decimal("0.01"))
    return format(short if short == each else each, "f")


def decimal_habit(text: str) -> int:
    """1 when a price cell shows the comma as its decimal sign, -1 for the point, 0 for neither."""
    found = re.search(r"([.,])\d{1,2}\D*$", text)
    return 0 if found is None else (1 if found.group(1) == "," else -1)


@dataclass(frozen=True, slots=True)
class LongNumber:
    """Digits that a spreadsheet may have written as a power of ten."""

    digits: str
    is_complete: bool = True


def read_scientific(text: str) -> LongNumber | None:
    """The digits behind “1.6E+10”, or None when the text is not written that way."""
    found = _SCIENTIFIC.fullmatch(text)
    if found is None:
        return None
    part, power = found.group(1) or "", int(found.group(2))
    if len(part) < power - 1:
        return LongNumber("", is_complete=False)
    return LongNumber((text[0] + part).ljust(power + 1, "0")[: power + 1])


def whole_text(text: str) -> str:
    """“60614” of “60614.0”: digits that passed through a number cell."""
    head, dot, tail = text.partition(".")
    return head if dot and head.isdigit() and tail and not tail.strip("0") else text
