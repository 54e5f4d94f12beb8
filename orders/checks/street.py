"""Where in the town: the street, and what only the post reaches."""

import re
from collections.abc import Iterator

from orders.checks.saying import ERROR, INFO, WARNING, quoted
from orders.checks.values import CheckedOrder, Found, World

_LONGEST_LINE = 60  # carriers print 35 to 50 characters a line
_PO_BOX = re.compile(
    r"\b(?:p\.?\s*o\.?\s*b\.?(?:ox)?|p\.\s*o\.|post(?:\s+office)?\s+box|g\.?p\.?o\.?\s*box"
    r"|(?:locked|private)\s+bag|postfach|postbus|apartado(?:\s+postal)?|casilla|case\s+postale"
    r"|caixa\s+postal|casella\s+postale)(?:\s*(?:no\.?|\#|:))?\s*\d"
    r"|\bp\.?\s*o\.?\s*box\b|^\s*box\s+\#?\s*\d+\s*$|^\s*b\.?p\.?\s+\d",
    re.IGNORECASE,
)
_MAY_BE_PO_BOX = re.compile(r"[bp]o|p\.|g\.?p|bag|apar|cas|caixa|\bb\.?p|pob", re.IGNORECASE)
_MILITARY_LINE = re.compile(
    r"\b(?:(?:psc|cmr|unit|umr|ops|uss|usns|usnh|usag|ship)\b.*|box\s+\d+)", re.IGNORECASE
)
_SPELT_NUMBER = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|rr|hc|hwy|route)\b", re.IGNORECASE
)
BASE_CITIES = frozenset({"APO", "FPO", "DPO"})
BASE_STATES = frozenset({"AA", "AE", "AP"})


def is_military(order: CheckedOrder) -> bool:
    """Mail to the US armed forces abroad, by its state or the word in the city's place."""
    return order.country == "US" and (
        order.state.upper() in BASE_STATES or order.city.upper() in BASE_CITIES
    )


def box_field(order: CheckedOrder) -> str:
    """The field with a PO box in it, else empty."""
    for field in ("address_1", "address_2"):
        line = getattr(order, field)
        if line and _MAY_BE_PO_BOX.search(line) and _PO_BOX.search(line):
            return field
    return ""


def check_street(order: CheckedOrder, world: World) -> Iterator[Found]:
    street = order.address_1
    if not street:
        yield _missing(order)
        return
    for field in ("address_1", "address_2"):
        if len(line := getattr(order, field)) > _LONGEST_LINE:
            yield _too_long(field, line)
    if order.country == "US" and not any(map(str.isdigit, street)) and _wants_number(order):
        yield Found(
            "street_without_number",
            WARNING,
            "address_1",
            f"The street {quoted(street)} has no house number.",
            "Add the number, or vouch for the address if it has none.",
        )


def _wants_number(order: CheckedOrder) -> bool:
    if _SPELT_NUMBER.search(order.address_1) or is_military(order):
        return False
    # Some write the building first and the street below it.
    return not any(map(str.isdigit, order.address_2))


def _missing(order: CheckedOrder) -> Found:
    if order.address_2:
        return Found(
            "street_missing",
            ERROR,
            "address_1",
            f"The street is missing; the second address line says {quoted(order.address_2)}.",
            "Enter the street and house number.",
        )
    return Found(
        "street_missing",
        ERROR,
        "address_1",
        "The order has no street.",
        "Enter the street and house number.",
    )


def _too_long(field: str, line: str) -> Found:
    return Found(
        "street_long",
        WARNING,
        field,
        f"An address line has {len(line)} characters; labels print about 35.",
        "Shorten it, or move a part of it to the second line.",
    )


def check_po_box(order: CheckedOrder, world: World) -> Iterator[Found]:
    field = box_field(order)
    carrier = order.wanted_carrier
    if not field or is_military(order):
        return
    if carrier and carrier not in world.post_carriers:
        yield Found(
            "po_box_carrier",
            ERROR,
            field,
            f"{quoted(getattr(order, field))} is a PO box and the order asks for "
            f"{carrier.upper()}; only USPS delivers to PO boxes.",
            "Choose USPS as the wanted carrier, or ask the customer for a street.",
            {"wanted_carrier": carrier},
        )
    else:
        yield Found(
            "po_box",
            INFO,
            field,
            f"{quoted(getattr(order, field))} is a PO box; only USPS delivers there.",
            "Nothing to do: send it by USPS.",
        )


def check_military(order: CheckedOrder, world: World) -> Iterator[Found]:
    if not is_military(order):
        return
    carrier = order.wanted_carrier
    if carrier and carrier not in world.post_carriers:
        yield Found(
            "military_carrier",
            ERROR,
            "wanted_carrier",
            f"The order goes to a military address ({order.city} {order.state}) and asks for "
            f"{carrier.upper()}; only USPS delivers to APO, FPO and DPO.",
            "Choose USPS as the wanted carrier.",
            {"wanted_carrier": carrier},
        )
    else:
        yield Found(
            "military_address",
            INFO,
            "address_1",
            f"The order goes to a military address ({order.city} {order.state}); only USPS "
            "delivers there, with a customs form.",
            "Nothing to do: send it by USPS.",
        )
    if order.address_1 and not _MILITARY_LINE.search(f"{order.address_1} {order.address_2}"):
        yield Found(
            "military_line",
            WARNING,
            "address_1",
            f"{quoted(order.address_1)} is no military address line, as in “PSC 12 Box 345”.",
            "Ask the customer for the unit and the box number.",
        )
