"""Whether two addresses are one place, written by people and rewritten by platforms. Pure."""

from collections.abc import Iterator

from integrations.drift.values import Difference
from integrations.models.drift import DriftKind
from integrations.platforms.outbound import AddressValue
from orders.intake.cells.states import state_code

_COLUMNS = {
    "recipient_name": "name",
    "city": "city",
    "state": "state",
    "postal_code": "postal_code",
    "country": "country",
}


def address_differences(ours: AddressValue, theirs: AddressValue) -> Iterator[Difference]:
    """Each part that leads elsewhere; capitals, signs and the breaking of lines do not count."""
    if plain(ours.street) != plain(theirs.street):
        details = {"address_1": theirs.line_1, "address_2": theirs.line_2}
        yield Difference(DriftKind.ADDRESS, "street", ours.street, theirs.street, details)
    for column, part in _COLUMNS.items():
        said, held = getattr(ours, part), getattr(theirs, part)
        if _same_part(part, said, held, ours.country):
            continue
        yield Difference(DriftKind.ADDRESS, column, said, held, {column: held})


def plain(text: str) -> str:
    """Letters and digits only, in one case."""
    kept = (character if character.isalnum() else " " for character in text.casefold())
    return " ".join("".join(kept).split())


def zip_of(code: str) -> str:
    """Comparable: the first five characters, so that a ZIP+4 equals its ZIP."""
    return plain(code).replace(" ", "")[:5]


def is_same_place(one: AddressValue, other: AddressValue) -> bool:
    """By ZIP code where both have one, because names and streets of warehouses vary."""
    if one.postal_code and other.postal_code:
        return zip_of(one.postal_code) == zip_of(other.postal_code)
    return plain(one.street) == plain(other.street) and plain(one.city) == plain(other.city)


def _same_part(part: str, ours: str, theirs: str, country: str) -> bool:
    match part:
        case "postal_code":
            return _same_code(ours, theirs, country)
        case "state":
            # Some countries have none, and platforms drop what they do not need.
            return not theirs or _state(ours, country) == _state(theirs, country)
        case _:
            return plain(ours) == plain(theirs)


def _same_code(ours: str, theirs: str, country: str) -> bool:
    if country == "US":
        return zip_of(ours) == zip_of(theirs)
    return plain(ours).replace(" ", "") == plain(theirs).replace(" ", "")


def _state(text: str, country: str) -> str:
    return state_code(text, country) or plain(text)
