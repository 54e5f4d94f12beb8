"""All checks in the order in which staff read them, and what they say together."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from orders.checks.contents import (
    check_has_lines,
    check_prices,
    check_quantities,
    check_skus,
    check_weights,
)
from orders.checks.country import check_city, check_country, check_postal_code, check_state
from orders.checks.keys import address_key
from orders.checks.paperwork import check_currency, check_customs, check_dates, check_number
from orders.checks.recipient import check_email, check_phone, check_recipient
from orders.checks.street import check_military, check_po_box, check_street
from orders.checks.us_places import check_us_place
from orders.checks.values import Change, CheckedOrder, Found, Verdict, World

Check = Callable[[CheckedOrder, World], Iterable[Found]]

CHECKS: tuple[Check, ...] = (
    check_number,
    check_recipient,
    check_street,
    check_city,
    check_state,
    check_postal_code,
    check_us_place,
    check_country,
    check_po_box,
    check_military,
    check_phone,
    check_email,
    check_has_lines,
    check_skus,
    check_quantities,
    check_prices,
    check_currency,
    check_weights,
    check_customs,
    check_dates,
)

ADDRESS_FIELDS = frozenset({"address_1", "address_2", "city", "state", "postal_code", "country"})
INCOMPLETE = frozenset(
    {
        "street_missing",
        "street_without_number",
        "city_missing",
        "state_missing",
        "postal_code_missing",
        "country_missing",
        "military_line",
    }
)
DOUBTED = frozenset(
    {
        "city_of_zip",
        "city_typo",
        "city_unknown",
        "country_unknown",
        "postal_code_form",
        "postal_code_spelling",
        "postal_code_zero",
        "state_of_postal_code",
        "state_of_zip",
        "state_spelling",
        "state_unknown",
        "territory_as_country",
        "zip_of_state",
        "zip_unknown",
    }
)
ABOUT_THE_ADDRESS = INCOMPLETE | DOUBTED | {"city_beside_zip", "street_long"}
"""What a person vouches away by saying that the address is right as it is."""


def check_order(order: CheckedOrder, world: World) -> Verdict:
    """Run every check. The same order in the same world always gets the same verdict."""
    found = [one for check in CHECKS for one in check(order, world)]
    if world.vouched and address_key(order) in world.vouched:
        found = [one for one in found if one.code not in ABOUT_THE_ADDRESS]
        return Verdict(tuple(found), "ok", proposal_of(found))
    return Verdict(tuple(found), _address_verdict(found, order, world), proposal_of(found))


def proposal_of(found: Sequence[Found]) -> Mapping[str, Change]:
    """Every proposed correction; where two speak of one field, the later knows more."""
    return {
        field: Change(one.details["before"][field], after)
        for one in found
        if "after" in one.details
        for field, after in one.details["after"].items()
    }


def _address_verdict(found: Sequence[Found], order: CheckedOrder, world: World) -> str:
    open_questions = {one.code for one in found if not _proposes_address(one)}
    if open_questions & INCOMPLETE:
        return "incomplete"
    if open_questions & DOUBTED:
        return "unverifiable"
    if any(_proposes_address(one) for one in found):
        return "corrected"
    if order.country == "US" and not world.has_places:
        return "unverifiable"
    return "ok"


def _proposes_address(one: Found) -> bool:
    return "after" in one.details and not ADDRESS_FIELDS.isdisjoint(one.details["after"])
