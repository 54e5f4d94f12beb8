"""From a header row to the columns of our fields."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from orders.intake.cells.column_names import meaning_of_parts
from orders.intake.cells.text import clean
from orders.intake.formats.fields import FIELDS, RECIPIENT
from orders.intake.formats.shops import FORMATS, Format
from orders.intake.formats.synonyms import (
    BILLING_MARKS,
    FIELD_OF,
    SECOND_MEANING,
    SHIPPING_MARKS,
    SYNONYMS,
    normal,
)

OTHER = "other"
_NAMES = frozenset(field.name for field in FIELDS)
_LONGEST_NAME = 80


@dataclass(slots=True)
class Header:
    """A header row as understood; columns are counted from 0."""

    columns: list[str]
    format: Format | None = None
    fields: dict[str, tuple[int, ...]] = field(default_factory=dict)
    billing: dict[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.format.name if self.format else OTHER

    @property
    def mapping(self) -> dict[str, str]:
        """Our field → the column as it is written."""
        return {name: self.columns[places[0]] for name, places in self.fields.items()}

    def has(self, *names: str) -> bool:
        return any(name in self.fields for name in names)

    @property
    def has_orders(self) -> bool:
        """Whether it speaks of orders: who gets something, and of what."""
        return self.has_recipients and self.has("order_number", "sku", "quantity", "title")

    @property
    def has_recipients(self) -> bool:
        return self.has("name", "last_name", "first_name", "company") and self.has(
            "address_1", "city", "postal_code", "place"
        )


def find_header(
    rows: Iterable[tuple[int, list[str]]],
    wanted: str = "auto",
    mapping: Mapping[str, str] | None = None,
) -> tuple[int, Header] | None:
    """The row that says most about our fields, and what it says; None when none says enough."""
    best: tuple[int, Header] | None = None
    for number, cells in rows:
        if not any(_may_name(cell) or mapping for cell in cells if len(cell) <= _LONGEST_NAME):
            continue
        header = read_header(cells, wanted, mapping)
        if len(header.fields) >= 2 and (best is None or _weight(header) > _weight(best[1])):
            best = number, header
    return best


def _may_name(cell: str) -> bool:
    """Quick for rows of plain values."""
    return normal(cell) in FIELD_OF or bool(meaning_of_parts(cell, field_of_column))


def _weight(header: Header) -> tuple[bool, int]:
    return header.format is not None, len(header.fields)


def read_header(
    cells: Sequence[str], wanted: str = "auto", mapping: Mapping[str, str] | None = None
) -> Header:
    """What the columns of a header row hold; `wanted` names a format, `mapping` overrides it."""
    columns = [" ".join(clean(cell).split()) for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    keys = [normal(column) if len(column) <= _LONGEST_NAME else "" for column in columns]
    header = Header(columns, _choose(frozenset(keys), wanted))
    _apply_mapping(header, keys, mapping or {})
    if header.format:
        _apply_format(header, keys, header.format)
    _apply_meaning(header, keys)
    header.unknown = _unknown(header, keys)
    return header


def _choose(keys: frozenset[str], wanted: str) -> Format | None:
    named = [shop for shop in FORMATS if wanted in {"auto", shop.name}]
    fitting = [shop for shop in named if shop.fits(keys)]
    if fitting or wanted in {"auto", OTHER}:
        return fitting[0] if fitting else None
    return named[0] if named else None


def _apply_mapping(header: Header, keys: list[str], mapping: Mapping[str, str]) -> None:
    for name, column in mapping.items():
        if name in _NAMES and normal(column) in keys:
            header.fields[name] = (keys.index(normal(column)),)


def _apply_format(header: Header, keys: list[str], shop: Format) -> None:
    taken = {place for places in header.fields.values() for place in places}
    for name, known in shop.fields.items():
        places = tuple(keys.index(key) for key in known if key in keys)
        places = tuple(place for place in places if place not in taken)
        if places and name not in header.fields:
            header.fields[name] = places


def _apply_meaning(header: Header, keys: list[str]) -> None:
    """Give columns that are still free to fields that have none, by what their names mean."""
    taken = {place for places in header.fields.values() for place in places}
    known = header.format.rest if header.format else frozenset()
    found: dict[tuple[bool, str], list[tuple[int, int]]] = {}
    for place, key in enumerate(keys):
        if place in taken or not key:
            continue
        name, rank, is_billing = _meaning(key, header.columns[place])
        if name and (is_billing or key not in known):
            found.setdefault((is_billing, name), []).append((rank, place))
    for (is_billing, name), places in found.items():
        target = header.billing if is_billing else header.fields
        if name not in target:
            target[name] = tuple(place for _, place in sorted(places)[: 3 if is_billing else 1])
    _apply_second_meaning(header, keys)


def _apply_second_meaning(header: Header, keys: list[str]) -> None:
    """“Referencia” is the SKU where another column is the order's number."""
    taken = {place for places in header.fields.values() for place in places}
    for place, key in enumerate(keys):
        name = SECOND_MEANING.get(key, "")
        if name and place not in taken and name not in header.fields and not header.format:
            header.fields[name] = (place,)


def field_of_column(name: str) -> str:
    """The recipient's or the order's field that a name means as a whole, or empty."""
    field, _, is_billing = _whole_meaning(normal(name))
    return "" if is_billing else field


def _meaning(key: str, column: str) -> tuple[str, int, bool]:
    """The field that a name means, how well it does (lower is better), and whether of the payer."""
    whole = _whole_meaning(key)
    return whole if whole[0] else (meaning_of_parts(column, field_of_column), _LEAST, False)


_LEAST = 1_000


def _whole_meaning(key: str) -> tuple[str, int, bool]:
    if key in FIELD_OF and not key.startswith("buyer"):
        name, rank = FIELD_OF[key]
        return name, rank + 10, False
    if rest := _without(key, SHIPPING_MARKS):
        return rest, 0, False
    if rest := _without(key, BILLING_MARKS):
        return rest, 0, True
    return "", 0, False


def _without(key: str, marks: Collection[str]) -> str:
    """The recipient's field behind “Shipping City” or “City (Shipping)”."""
    for mark in marks:
        for rest in (key.removeprefix(mark), key.removesuffix(mark)):
            name, _ = FIELD_OF.get(rest, ("", 0)) if rest != key else ("", 0)
            if name in RECIPIENT:
                return name
    return ""


def _unknown(header: Header, keys: list[str]) -> list[str]:
    used = {place for places in header.fields.values() for place in places}
    used |= {place for places in header.billing.values() for place in places}
    rest = header.format.rest if header.format else frozenset()
    return [
        header.columns[place]
        for place, key in enumerate(keys)
        if header.columns[place] and place not in used and key not in rest
    ]


def suggest_mapping(columns: Sequence[str]) -> dict[str, str]:
    """Our field → the column that seems to hold it, for a person to confirm or change."""
    header = read_header(columns)
    suggested = header.mapping
    for column in header.unknown:
        name = _alike(normal(column))
        if name and name not in suggested:
            suggested[name] = column
    return suggested


def _alike(key: str) -> str:
    """The field of a name nearly like this one (“quantty”, “recipientname2”)."""
    near = get_close_matches(key, FIELD_OF, n=1, cutoff=0.82)
    if near:
        return FIELD_OF[near[0]][0]
    within = [
        (len(known), name)
        for name in SYNONYMS
        for known in SYNONYMS[name]
        if len(known) > 4 and known in key
    ]
    return max(within)[1] if within else ""
