"""Who gets it: name, phone, e-mail."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from orders.checks.mail_domains import likely_domain
from orders.checks.saying import ERROR, INFO, WARNING, proposed, quoted
from orders.checks.values import CheckedOrder, Found, World

_LONGEST_NAME = 50  # beyond this no carrier's label holds it; most print 35
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}"
)
_REFUSED = "<refused>"


def _us_numbers() -> re.Pattern[str]:
    """The library's own pattern of US numbers, for the form that nearly every order has: parsing
    takes a quarter of the time that an order has for all of its checks.
    """
    us = phonenumbers.PhoneMetadata.metadata_for_region("US")
    kinds = (us.fixed_line, us.toll_free) if us else ()
    patterns = [kind.national_number_pattern for kind in kinds if kind]
    return re.compile(rf"\+1(?:{'|'.join(filter(None, patterns))})")


_US_NUMBER = _us_numbers()


def check_recipient(order: CheckedOrder, world: World) -> Iterator[Found]:
    name = order.recipient_name
    if name:
        if len(name) > _LONGEST_NAME:
            yield _too_long(order)
        if not any(letter.isalpha() for letter in name):
            yield _no_name(order)
    elif order.company:
        yield Found(
            "recipient_only_company",
            WARNING,
            "recipient_name",
            f"The order names no person, only the company {quoted(order.company)}.",
            "Ask who receives it, or leave it so when the company takes any parcel.",
        )
    else:
        yield Found(
            "recipient_missing",
            ERROR,
            "recipient_name",
            "The order does not say who receives it.",
            "Enter the recipient's name.",
        )


def _too_long(order: CheckedOrder) -> Found:
    return Found(
        "recipient_long",
        WARNING,
        "recipient_name",
        f"The recipient's name has {len(order.recipient_name)} characters; labels print 35.",
        "Shorten the name, or move a part of it to the company.",
    )


def _no_name(order: CheckedOrder) -> Found:
    return Found(
        "recipient_odd",
        WARNING,
        "recipient_name",
        f"The recipient's name {quoted(order.recipient_name)} has no letter in it.",
        "Look at the original text and enter the name.",
    )


def check_phone(order: CheckedOrder, world: World) -> Iterator[Found]:
    phone = order.phone
    if not phone:
        if order.country not in ("", world.home_country):
            yield Found(
                "phone_missing",
                INFO,
                "phone",
                "The order goes abroad without a phone number; couriers and customs may ask.",
                "Ask the customer for a number.",
            )
        return
    number = phone.partition(" x")[0]
    if _US_NUMBER.fullmatch(number):
        return
    right = _e164(number, order.country)
    if right == _REFUSED:
        yield Found(
            "phone_invalid",
            WARNING,
            "phone",
            f"{quoted(phone)} is not a phone number in use{_where(order)}.",
            "Correct the number or empty the field.",
        )
    elif right != number:
        yield Found(
            "phone_form",
            INFO,
            "phone",
            f"The phone number {quoted(phone)} is not in international form.",
            f"Accept {right}.",
            proposed(order, phone=right),
        )


def _where(order: CheckedOrder) -> str:
    return f" in {order.country}" if order.country and not order.phone.startswith("+") else ""


@lru_cache(maxsize=20_000)
def _e164(number: str, country: str) -> str:
    """The number in E.164, or _REFUSED; `country` reads a number written nationally."""
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return _REFUSED
    if not phonenumbers.is_valid_number(parsed):
        return _REFUSED
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def check_email(order: CheckedOrder, world: World) -> Iterator[Found]:
    email = order.email
    if not email:
        return
    local, _at, domain = email.rpartition("@")
    if not _EMAIL.fullmatch(email) or ".." in email or local.startswith(".") or local[-1:] == ".":
        yield Found(
            "email_invalid",
            WARNING,
            "email",
            f"{quoted(email)} is not an e-mail address.",
            "Correct it or empty the field.",
        )
    elif likely := likely_domain(domain.lower()):
        yield Found(
            "email_typo",
            WARNING,
            "email",
            f"The e-mail address ends in {quoted(domain)}, which looks like {likely} mistyped.",
            f"Accept {local}@{likely}, or ask the customer.",
            proposed(order, email=f"{local}@{likely}"),
        )
