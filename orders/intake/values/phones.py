"""Phone numbers as people type them, to E.164."""

import re

import phonenumbers

_EXTENSION = re.compile(
    r"[\s,;]*(?:\b(?:ext|extension|extn|durchwahl|poste)\b\.?|x|#)\s*:?\s*(\d{1,6})\W*$",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"[+＋]?[\d\s().\-/‐‑–\u00a0]+")
_MIN_DIGITS, _MAX_DIGITS = 7, 15
_LONGEST = 60


def split_extension(text: str) -> tuple[str, str]:
    """The number and its extension, which may be empty."""
    found = _EXTENSION.search(text[-_LONGEST:])
    if not found:
        return text, ""
    return text[: len(text) - (len(text[-_LONGEST:]) - found.start())], found.group(1)


def looks_like_phone(text: str) -> bool:
    """Whether the whole text has the letters and the length of a phone number."""
    if len(text) > _LONGEST:
        return False
    number, _ = split_extension(text.strip())
    digits = sum(letter.isdigit() for letter in number)
    return bool(_ALLOWED.fullmatch(number.strip())) and _MIN_DIGITS <= digits <= _MAX_DIGITS


def country_of_phone(text: str) -> str:
    """The country of a number written with its country code; empty for national ones and +1."""
    number = _parse(_international(text), None)
    if number is None or number.country_code is None or number.country_code == 1:
        return ""
    return phonenumbers.region_code_for_country_code(number.country_code) or ""


def to_e164(text: str, country: str) -> str:
    """E.164 of a number of this country (its own country code wins); empty if it cannot be one."""
    number, _ = split_extension(text.strip())
    international = _international(number)
    if international.startswith("+"):
        return _e164(_parse(international, None))
    national = _parse(number, country or "US")
    if national is not None and phonenumbers.is_valid_number(national):
        return _e164(national)
    digits = "".join(filter(str.isdigit, number))
    full = _parse("+" + digits, None) if not digits.startswith("0") else None
    code = phonenumbers.country_code_for_region(country or "US")
    if full is not None and (full.country_code == code or phonenumbers.is_valid_number(full)):
        return _e164(full) or _e164(national)
    return _e164(national)


def _international(text: str) -> str:
    """With a plus in place of 00, 001 and 011 in front; a trunk zero in brackets is dropped."""
    bare = text.strip().replace("＋", "+").replace("(0)", " ").lstrip("(")
    if bare.startswith("+"):
        return bare
    digits = "".join(filter(str.isdigit, bare))
    if digits.startswith("011") and len(digits) > 11:
        return "+" + digits[3:]
    return "+" + digits[2:] if digits.startswith("00") and len(digits) > 9 else bare


def _parse(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber | None) -> str:
    if number is None or not phonenumbers.is_possible_number(number):
        return ""
    bare = phonenumbers.PhoneNumber(
        country_code=number.country_code,
        national_number=number.national_number,
        italian_leading_zero=number.italian_leading_zero,
        number_of_leading_zeros=number.number_of_leading_zeros,
    )
    return phonenumbers.format_number(bare, phonenumbers.PhoneNumberFormat.E164)
