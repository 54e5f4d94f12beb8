"""One product from one row."""

import re
from dataclasses import dataclass

from orders.intake.catalogue.columns import CATALOGUE_FIELDS, CatalogueHeader
from orders.intake.catalogue.measures import read_grams, read_millimetres
from orders.intake.cells.countries import country_code
from orders.intake.cells.numbers import read_currency, read_money, whole_text
from orders.intake.cells.text import clean_code, is_error_value, one_line, shorten, squash, words
from orders.intake.files.noting import Notes

_LONGEST = {"sku": 64, "title": 200, "barcode": 64, "category": 60, "customs_description": 200}
_YES = words("yes y true 1 x ja j oui o si s wahr vrai active aktiv published enabled")
_NO = words("no n false 0 nein non falsch faux inactive inaktiv draft archived disabled")
_HS = re.compile(r"\d{6,10}")
_BATTERIES = {
    "": "none", "none": "none", "no": "none", "nobattery": "none",
    "ionindevice": "ion_in_device", "un3481": "ion_in_device",
    "lithiumionindevice": "ion_in_device",
    "ionalone": "ion_alone", "un3480": "ion_alone", "lithiumionalone": "ion_alone",
    "metalindevice": "metal_in_device", "un3091": "metal_in_device",
    "lithiummetalindevice": "metal_in_device", "metalalone": "metal_alone",
    "un3090": "metal_alone", "lithiummetalalone": "metal_alone",
}  # fmt: skip


@dataclass(slots=True)
class ParsedProduct:
    """One product as understood; None is a field that the file does not have or leaves empty.

    `value` is a decimal string, `battery` one of the words of the products' battery kinds.
    """

    sku: str = ""
    title: str | None = None
    barcode: str | None = None
    category: str | None = None
    value: str | None = None
    currency: str | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    hs_code: str | None = None
    origin_country: str | None = None
    customs_description: str | None = None
    is_hazmat: bool | None = None
    battery: str | None = None
    is_active: bool | None = None


class _Row:
    """The cells of one product, read with remarks."""

    def __init__(
        self, header: CatalogueHeader, number: int, cells: list[str], comma: bool, notes: Notes
    ) -> None:
        self.header, self.number, self.cells, self.notes = header, number, cells, notes
        self.decimal_comma = comma

    def text(self, name: str) -> str:
        place = self.header.fields.get(name, len(self.cells))
        cell = self.cells[place] if place < len(self.cells) else ""
        return "" if is_error_value(cell) else cell.strip()

    def wrong(self, name: str, what: str) -> None:
        text = f"{CATALOGUE_FIELDS[name]} “{shorten(self.text(name))}” {what}"
        self.notes.error(self.number, name, f"{name}_invalid", text)

    def words(self, name: str) -> str | None:
        """Text, bounded by what a product can hold, with a remark when it was longer."""
        text = one_line(self.text(name))
        longest = _LONGEST[name]
        if len(text) > longest:
            message = f"{CATALOGUE_FIELDS[name]} was shortened to {longest} characters."
            self.notes.warn(self.number, name, f"{name}_shortened", message)
        return text[:longest].strip() or None


def read_product(
    header: CatalogueHeader, number: int, cells: list[str], decimal_comma: bool, notes: Notes
) -> ParsedProduct:
    """The product of a row; a field that cannot be read stays None, with a remark."""
    row = _Row(header, number, cells, decimal_comma, notes)
    product = ParsedProduct(sku=_sku(row), title=row.words("title"))
    product.barcode = whole_text(clean_code(row.text("barcode")))[:64] or None
    product.category = row.words("category")
    product.value, product.currency = _value(row)
    product.weight_grams = _weight(row)
    product.length_mm = _length(row, "length_mm")
    product.width_mm = _length(row, "width_mm")
    product.height_mm = _length(row, "height_mm")
    product.hs_code = _hs_code(row)
    product.origin_country = _origin(row)
    product.customs_description = row.words("customs_description")
    product.is_hazmat = _flag(row, "is_hazmat")
    product.battery = _battery(row)
    product.is_active = _flag(row, "is_active")
    return product


def _sku(row: _Row) -> str:
    sku = " ".join(clean_code(row.text("sku")).split())
    if not sku:
        row.notes.error(row.number, "sku", "sku_missing", "The SKU is missing. Add it.")
    elif len(sku) > _LONGEST["sku"]:
        row.wrong("sku", "is longer than 64 characters. Shorten it.")
    return sku[: _LONGEST["sku"]]


def _value(row: _Row) -> tuple[str | None, str | None]:
    text, cell = clean_code(row.text("value")), row.text("currency")
    amount = read_money(text[:60], row.decimal_comma)
    if text and (not amount.value or amount.is_negative):
        row.wrong("value", "is no amount of money. Correct it.")
        return None, None
    if len(amount.value.partition(".")[0]) > 10:
        row.wrong("value", "is too large. Correct it.")
        return None, None
    currency = read_currency(cell) if cell else amount.currency
    if cell and not currency:
        row.wrong("currency", "is no currency. Write its three letters, as USD.")
    return amount.value or None, currency or None


def _weight(row: _Row) -> int | None:
    text = row.text("weight_grams")
    grams = read_grams(text, row.header.units.get("weight_grams", ""), row.decimal_comma)
    if text and grams is None:
        row.wrong("weight_grams", "is no weight. Write whole grams.")
    return grams


def _length(row: _Row, name: str) -> int | None:
    text = row.text(name)
    length = read_millimetres(text, row.header.units.get(name, ""), row.decimal_comma)
    if text and length is None:
        row.wrong(name, "is no length. Write whole millimetres.")
    return length


def _hs_code(row: _Row) -> str | None:
    text = whole_text(clean_code(row.text("hs_code")))
    digits = re.sub(r"[.\s-]", "", text)
    if text and not _HS.fullmatch(digits):
        row.wrong("hs_code", "is no HS code. Write six to ten digits.")
        return None
    return digits or None


def _origin(row: _Row) -> str | None:
    text = one_line(row.text("origin_country"))
    code = country_code(text)
    if text and not code:
        row.wrong("origin_country", "is no country. Write its two letters.")
    return code or None


def _flag(row: _Row, name: str) -> bool | None:
    word = squash(row.text(name))
    if not word:
        return None
    if word not in _YES | _NO:
        row.wrong(name, "is neither yes nor no. Write one of them.")
        return None
    return word in _YES


def _battery(row: _Row) -> str | None:
    if "battery" not in row.header.fields:
        return None
    kind = _BATTERIES.get(squash(row.text("battery")))
    if kind is None:
        row.wrong("battery", "is no kind of battery. Write none, UN3480, UN3481, UN3090 or UN3091.")
    return kind
