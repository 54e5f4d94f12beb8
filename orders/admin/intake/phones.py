"""Phones are kept as +17755550142 and shown as the people of that country write them."""

import phonenumbers
from phonenumbers import PhoneNumberFormat


def shown(phone: str, country: str = "") -> str:
    """(775) 555-0142 at home, with the + abroad; what is no phone is shown as it is."""
    number = _parsed(phone, "")
    if number is None or not phone.startswith("+"):
        return phone
    region = phonenumbers.region_code_for_number(number)
    is_home = region == (country or "US")
    style = PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def kept(typed: str, country: str = "") -> str:
    """As it is kept, when it can be a phone; else as it was typed, for the checks to name it."""
    number = _parsed(typed, country or "US")
    if number is None or number.extension or not phonenumbers.is_possible_number(number):
        return typed
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
