"""Addresses inside customers and orders; a snapshot in each order."""

from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo.answers import texts

GIVEN = (
    "first_name",
    "last_name",
    "company",
    "address1",
    "address2",
    "city",
    "state",
    "zip",
    "country",
    "phone",
    "email",
)


def new(turn: Turn, given: Json) -> Json:
    """An address with a number of its own, as it is stored."""
    number = turn.ids.number("veeqo.address", 8100)
    return {"id": number, **dict.fromkeys(GIVEN), **texts(given, GIVEN)}


def as_shipping(stored: Json) -> Json:
    """An address to ship to, with the keys Veeqo adds."""
    return {
        **stored,
        "short_name": None,
        "tax_id": None,
        "is_default": None,
        "validated": None,
        "residential": None,
        "validation_message": None,
        "verified": True,
        "location_found": True,
    }


def as_billing(stored: Json) -> Json:
    """A billing address, with the keys Veeqo adds."""
    return {**stored, "short_name": None, "is_default": None}


def full_name(stored: Json) -> str:
    """First and last name, as far as they are given."""
    return " ".join(stored[name] for name in ("first_name", "last_name") if stored.get(name))
