"""The forms in which addresses and orders are compared, hashed so that a column can hold them."""

import re
import unicodedata
from hashlib import sha256

from orders.checks.values import CheckedOrder
from orders.intake.values.places import place_key

# As the post's Publication 28 shortens them; “Street” and “St.” are one street.
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "drive": "dr",
    "lane": "ln", "road": "rd", "court": "ct", "place": "pl", "terrace": "ter", "circle": "cir",
    "highway": "hwy", "parkway": "pkwy", "square": "sq", "trail": "trl", "north": "n",
    "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw", "apartment": "apt", "suite": "ste", "floor": "fl",
    "building": "bldg", "room": "rm", "number": "", "no": "", "unit": "apt", "saint": "st",
}  # fmt: skip
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")


def compared(text: str) -> str:
    """Lower case, without accents or punctuation, words apart by one blank."""
    if text.isascii():
        return _NOT_ASCII_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", bare).strip()


def compared_street(address_1: str, address_2: str) -> str:
    """Both lines as one, shortened as the post does: “12 Main Street #4” is “12 main st apt 4”."""
    words = compared(f"{address_1} {address_2}".replace("#", " apt ")).split()
    return " ".join(short for word in words if (short := _SHORT.get(word, word)))


def compared_postal_code(order: CheckedOrder) -> str:
    """Without blanks; of a US ZIP the five digits that say where, not the four that say which."""
    code = compared(order.postal_code).replace(" ", "")
    return code[:5] if order.country == "US" else code


def address_line(order: CheckedOrder) -> str:
    """The address on one line, for people."""
    place = " ".join(f"{order.city} {order.state} {order.postal_code}".split())
    parts = (order.address_1, order.address_2, place, order.country)
    return ", ".join(part for part in parts if part)


def address_key(order: CheckedOrder) -> str:
    """SHA-256 of street, city, state, postal code and country in compared form."""
    return _hashed(
        compared_street(order.address_1, order.address_2),
        place_key(order.city),
        compared(order.state),
        compared_postal_code(order),
        order.country,
    )


def fingerprint(order: CheckedOrder) -> str:
    """SHA-256 of recipient and lines; equal ones may be the same order twice.

    Empty for an order without lines or without a recipient, which is like no other.
    """
    name = compared(order.recipient_name or order.company)
    if not order.lines or not name:
        return ""
    lines = sorted(f"{line.sku.strip().upper()}\x1f{line.quantity}" for line in order.lines)
    street = compared_street(order.address_1, order.address_2)
    return _hashed(name, compared_postal_code(order), street, order.country, *lines)


def _hashed(*parts: str) -> str:
    return sha256("\x1e".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
