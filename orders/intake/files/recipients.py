"""Who gets an order and where: the recipient, phone and e-mail of a group of rows."""

import re
from functools import lru_cache

from orders.intake.cells.countries import country_code, is_us_territory
from orders.intake.cells.phones import read_phone
from orders.intake.cells.postal import NEEDS_CODE, PostalCode, read_postal_code
from orders.intake.cells.states import abbreviates, is_canadian_province, is_us_state, state_code
from orders.intake.cells.streets import split_street
from orders.intake.cells.text import clean, clean_code, one_line, shorten
from orders.intake.files.context import Fields
from orders.intake.parsed import ParsedOrder, Recipient

_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[^\s@.,;<>\"()]{2,}")
_BRITISH = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.IGNORECASE)
_CANADIAN = re.compile(r"[A-Z]\d[A-Z][\s-]?\d[A-Z]\d", re.IGNORECASE)


def read_recipient(fields: Fields, order: ParsedOrder) -> None:
    """Fill recipient, phone and e-mail of the order, with remarks on what is missing or wrong."""
    source = _whose(fields)
    recipient = order.recipient
    recipient.name = _name(source)
    recipient.company = _text(source, "company")
    recipient.address_1, recipient.address_2 = _street(source)
    recipient.city = _text(source, "city")
    _country(source, recipient)
    _state_and_code(source, recipient)
    order.email = _email(fields)
    order.phone = _phone(fields, recipient.country)
    _check_missing(fields, recipient)


def _whose(fields: Fields) -> Fields:
    """The columns of the recipient, or those of the payer where the recipient's are all empty."""
    if not fields.context.layout.billing:
        return fields
    if any(
        fields.first(name)[1]
        for name in ("name", "last_name", "address_1", "city", "postal_code", "place")
    ):
        return fields
    payer = Fields(fields.context, fields.rows, fields.notes, is_billing=True)
    row, street = payer.first("address_1")
    if not street:
        return fields
    text = "There is no delivery address; the billing address was taken. Check that it is right."
    fields.notes.warn(row, "address_1", "billing_address_taken", text)
    return payer


def _text(fields: Fields, name: str) -> str:
    row, cell = fields.first(name)
    if not cell:
        return ""
    text = one_line(cell)
    fields.check_text(row, name, text)
    return text


def _name(fields: Fields) -> str:
    name = _text(fields, "name")
    if name:
        return name
    parts = [one_line(fields.first(part)[1]) for part in ("first_name", "last_name")]
    joined = " ".join(part for part in parts if part)
    fields.check_text(fields.rows[0][0], "name", joined)
    return joined


def _street(fields: Fields) -> tuple[str, str]:
    row, first = fields.first("address_1")
    second, third = fields.first("address_2")[1], fields.first("address_3")[1]
    house = one_line(fields.first("house_number")[1])
    if house and first:
        first = f"{clean(first)} {house}"
    street, rest = split_street(first, second, third)
    fields.check_text(row, "address_1", street)
    if not street and rest:
        return rest, ""
    return street, rest


def _country(fields: Fields, recipient: Recipient) -> None:
    row, cell = fields.first("country")
    if not cell:
        recipient.country = _inferred_country(fields)
        return
    text = one_line(cell)
    recipient.country = country_code(text)
    if not recipient.country:
        message = f"“{shorten(text)}” is no country we know. Write its name or its two-letter code."
        fields.notes.error(row, "country", "country_unknown", message)
    elif is_us_territory(recipient.country):
        recipient.state, recipient.country = recipient.country, "US"


def _inferred_country(fields: Fields) -> str:
    """What state and postal code show, else US; empty where there is no address at all."""
    state, code = one_line(fields.first("state")[1]), one_line(fields.first("postal_code")[1])
    if is_canadian_province(state) and (_CANADIAN.fullmatch(code) or not is_us_state(state)):
        return "CA"
    if _CANADIAN.fullmatch(code):
        return "CA"
    if _BRITISH.fullmatch(code) and not is_us_state(state):
        return "GB"
    if state_code(state, "AU") and not is_us_state(state):
        return "AU"
    return "US" if state or code or fields.first("city")[1] else ""


def _state_and_code(fields: Fields, recipient: Recipient) -> None:
    row, cell = fields.first("state")
    if cell:
        _read_state(fields, recipient, row, one_line(cell))
    row, cell = fields.first("postal_code")
    if not cell:
        return
    code = _postal_code(fields, cell, recipient)
    recipient.postal_code = code.value
    if code.problem:
        note = fields.notes.error if code.is_error else fields.notes.warn
        note(row, "postal_code", "postal_code", code.problem)
    if recipient.country == "US" and not recipient.state and code.place:
        recipient.state = code.place.state
        message = f"The state is missing; ZIP {code.value} gives {recipient.state}."
        fields.notes.warn(fields.rows[0][0], "state", "state_from_zip", message)


def _postal_code(fields: Fields, cell: str, recipient: Recipient) -> PostalCode:
    state = recipient.state if is_us_state(recipient.state) else ""
    return read_postal_code(cell, recipient.country, state, fields.context.places)


def _read_state(fields: Fields, recipient: Recipient, row: int, text: str) -> None:
    recipient.state = _state(text, recipient.country)
    if recipient.country == "US" and not is_us_state(recipient.state):
        message = f"“{shorten(text)}” is no US state. Write its two letters."
        fields.notes.warn(row, "state", "state_unknown", message)


@lru_cache(maxsize=2048)
def _state(text: str, country: str) -> str:
    return (state_code(text, country) or text) if abbreviates(country) else text


def _email(fields: Fields) -> str:
    row, cell = fields.first("email")
    text = clean_code(cell).lower().removeprefix("mailto:").strip("<>") if cell else ""
    if not text or (_EMAIL.fullmatch(text) and len(text) <= 254):
        return text
    message = f"“{shorten(text)}” is no e-mail address; it was left out. Correct it."
    fields.notes.warn(row, "email", "email_invalid", message)
    return ""


def _phone(fields: Fields, country: str) -> str:
    row, cell = fields.first("phone")
    if not cell:
        return ""
    text = clean_code(cell)
    phone = read_phone(text, country) if len(text) <= 60 else read_phone("", country)
    if phone.number or not text:
        return phone.number
    reason = (
        "its last digits were lost in a spreadsheet" if phone.lost_digits else "it is no number"
    )
    message = f"The phone “{shorten(text)}” was left out: {reason}. Ask for it or export it again."
    fields.notes.warn(row, "phone", "phone_invalid", message)
    return ""


def _check_missing(fields: Fields, recipient: Recipient) -> None:
    row, notes = fields.rows[0][0], fields.notes
    if not recipient.name:
        notes.error(row, "name", "name_missing", "The recipient's name is missing. Add it.")
    if not recipient.address_1:
        notes.error(row, "address_1", "street_missing", "The street is missing. Add it.")
    if not recipient.city:
        notes.error(row, "city", "city_missing", "The city is missing. Add it.")
    if not recipient.postal_code and recipient.country in NEEDS_CODE:
        message = "The ZIP or postal code is missing. Add it."
        notes.error(row, "postal_code", "postal_code_missing", message)
