"""Addresses in Easyship's form, which is narrow. Pure; only Unsendable is raised.

Facts: contract §7.1, §7.2 and the official schemas Address and DestinationAddress.
"""

import textwrap
from collections.abc import Mapping

from integrations.platforms.errors import Unsendable
from integrations.platforms.outbound import AddressValue

_LINE = 35
_ORIGIN = {"company_name": 27, "contact_name": 22, "contact_phone": 20, "contact_email": 50}
_DESTINATION = {
    "company_name": 50,
    "contact_name": 50,
    "contact_phone": 20,
    "contact_email": 50,
    "delivery_instructions": 200,
}
_ORIGIN_NEEDS = (
    "line_1",
    "city",
    "country_alpha2",
    "company_name",
    "contact_name",
    "contact_phone",
    "contact_email",
)
_DESTINATION_NEEDS = tuple(need for need in _ORIGIN_NEEDS if need != "company_name")
_CALLED = {
    "line_1": "street",
    "country_alpha2": "country",
    "company_name": "company",
    "contact_name": "name",
    "contact_phone": "phone number",
    "contact_email": "e-mail address",
    "delivery_instructions": "delivery note",
}


def origin_body(address: AddressValue) -> dict[str, str]:
    """Where it leaves from; every contact detail is mandatory there."""
    return _checked(_body(address), _ORIGIN_NEEDS, _ORIGIN, "The warehouse")


def destination_body(address: AddressValue, note: str) -> dict[str, str]:
    """Where it goes; a name, a phone number and an e-mail address are mandatory there."""
    body = _body(address) | ({"delivery_instructions": note} if note else {})
    return _checked(body, _DESTINATION_NEEDS, _DESTINATION, "The recipient")


def rate_origin_body(address: AddressValue) -> dict[str, str]:
    """For prices the region must be named, even when it is empty."""
    return {"state": "", "city": "", "postal_code": ""} | _body(address)


def rate_destination_body(address: AddressValue) -> dict[str, str]:
    return _checked(
        {"state": "", "postal_code": ""} | _body(address),
        ("line_1", "city", "country_alpha2"),
        _DESTINATION,
        "The recipient",
    )


def fold_street(address: AddressValue) -> tuple[str, str]:
    """The street in two lines of 35 characters, broken between words; nothing is cut off."""
    if len(address.line_1) <= _LINE and len(address.line_2) <= _LINE:
        return address.line_1, address.line_2
    lines = textwrap.wrap(address.street, _LINE, break_long_words=False, break_on_hyphens=False)
    if len(lines) > 2 or any(len(line) > _LINE for line in lines):
        raise Unsendable(f"the street does not fit in two lines of {_LINE} characters")
    return lines[0], lines[1] if len(lines) > 1 else ""


def _body(address: AddressValue) -> dict[str, str]:
    line_1, line_2 = fold_street(address)
    parts = {
        "line_1": line_1,
        "line_2": line_2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
        "country_alpha2": address.country,
        "company_name": address.company,
        "contact_name": address.name,
        "contact_phone": address.phone,
        "contact_email": address.email,
    }
    return {name: value for name, value in parts.items() if value}


def _checked(
    body: dict[str, str], needs: tuple[str, ...], limits: Mapping[str, int], whose: str
) -> dict[str, str]:
    """The body, if it is complete and fits. Raises Unsendable with everything that is wrong."""
    missing = [_called(name) for name in needs if not body.get(name)]
    long = [
        f"{_called(name)} (at most {limit} characters)"
        for name, limit in limits.items()
        if len(body.get(name, "")) > limit
    ]
    faults = [f"has no {', '.join(missing)}"] if missing else []
    faults += [f"has too long a {', '.join(long)}"] if long else []
    if faults:
        raise Unsendable(f"{whose} {' and '.join(faults)}")
    return body


def _called(name: str) -> str:
    return _CALLED.get(name, name)
