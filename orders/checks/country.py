"""The country, its postal code and its states, wherever the order goes."""

from collections.abc import Iterator

from orders.checks.keys import compared
from orders.checks.postal import CountryRules, rules_of
from orders.checks.saying import ERROR, INFO, WARNING, proposed, quoted
from orders.checks.values import CheckedOrder, Found, World

TERRITORIES = {
    "AS": "American Samoa", "FM": "Micronesia", "GU": "Guam", "MH": "the Marshall Islands",
    "MP": "the Northern Mariana Islands", "PR": "Puerto Rico", "PW": "Palau",
    "VI": "the US Virgin Islands",
}  # fmt: skip
_SAID_OTHERWISE = {"UK": "GB", "EL": "GR", "EN": "GB"}
_ROUGH_BORDERS = frozenset({"AU"})
"""Countries in which a postal code may cross a state's border."""


def check_country(order: CheckedOrder, world: World) -> Iterator[Found]:
    country = order.country
    if not country:
        yield Found(
            "country_missing",
            ERROR,
            "country",
            "The order does not say to which country it goes.",
            "Enter the two-letter country code, as in US.",
        )
    elif country in TERRITORIES:
        yield _territory_as_country(order)
    elif rules_of(country) is None:
        yield _unknown(order)
    elif country == "US" and order.state in TERRITORIES:
        yield Found(
            "us_territory",
            INFO,
            "state",
            f"The order goes to {TERRITORIES[order.state]}; not every US service goes there.",
            "Nothing to do: routing leaves out the services that do not.",
        )


def _territory_as_country(order: CheckedOrder) -> Found:
    return Found(
        "territory_as_country",
        WARNING,
        "country",
        f"{TERRITORIES[order.country]} is written as a country; US carriers ship there as to a "
        "US state.",
        f"Accept country US and state {order.country}.",
        proposed(order, country="US", state=order.country),
    )


def _unknown(order: CheckedOrder) -> Found:
    said = f"{quoted(order.country)} is no country code."
    if right := _SAID_OTHERWISE.get(order.country.upper()) or _in_capitals(order.country):
        details = proposed(order, country=right)
        return Found("country_unknown", ERROR, "country", said, f"Accept {right}.", details)
    return Found(
        "country_unknown",
        ERROR,
        "country",
        said,
        "Enter the two-letter code of the country, as in US.",
    )


def _in_capitals(country: str) -> str:
    return country.upper() if rules_of(country.upper()) else ""


def check_postal_code(order: CheckedOrder, world: World) -> Iterator[Found]:
    rules = rules_of(order.country)
    if rules is None:
        return
    code = order.postal_code
    if not code:
        # A ZIP may be known from the city; see us_places.
        if "postal_code" in rules.needs and not _leaves_to_table(order, world):
            yield postal_code_missing(rules)
        return
    if rules.postal is None or rules.postal.fullmatch(code):
        yield from _written_otherwise(order, rules, code)
    elif right := _respelt(rules, code):
        yield Found(
            "postal_code_spelling",
            INFO,
            "postal_code",
            f"The {rules.postal_word} {quoted(code)} is usually written {right}.",
            f"Accept {right}.",
            proposed(order, postal_code=right),
        )
    elif not _may_have_lost_its_zero(order, world):
        yield postal_code_form(rules, code)


def postal_code_form(rules: CountryRules, code: str) -> Found:
    return Found(
        "postal_code_form",
        ERROR,
        "postal_code",
        f"{quoted(code)} is no {rules.postal_word} of {rules.code}, as in {rules.example}.",
        f"Correct the {rules.postal_word}.",
    )


def postal_code_missing(rules: CountryRules) -> Found:
    return Found(
        "postal_code_missing",
        ERROR,
        "postal_code",
        f"The order has no {rules.postal_word}, and {rules.code} needs one.",
        f"Enter the {rules.postal_word}, as in {rules.example}.",
    )


def _leaves_to_table(order: CheckedOrder, world: World) -> bool:
    return order.country == "US" and world.has_places and bool(order.city and order.state)


def _may_have_lost_its_zero(order: CheckedOrder, world: World) -> bool:
    code = order.postal_code
    return len(code) == 4 and code.isdigit() and _leaves_to_table(order, world)


def _written_otherwise(order: CheckedOrder, rules: CountryRules, code: str) -> Iterator[Found]:
    """A code that the country's pattern lets through, though nobody writes it so."""
    right = code.upper()
    if rules.code in _SPACED:
        right = _spaced(right, rules.code)
    elif rules.code == "US" and len(code) == 10:
        right = f"{code[:5]}-{code[6:]}"
    if right != code:
        yield Found(
            "postal_code_spelling",
            INFO,
            "postal_code",
            f"The {rules.postal_word} {quoted(code)} is usually written {right}.",
            f"Accept {right}.",
            proposed(order, postal_code=right),
        )


_SPACED = {"CA": 3, "GB": 3, "NL": 2}
"""Countries that set the last characters of the code apart, and how many."""


def _spaced(code: str, country: str) -> str:
    bare = "".join(code.split())
    return f"{bare[: -_SPACED[country]]} {bare[-_SPACED[country] :]}"


def _respelt(rules: CountryRules, code: str) -> str:
    """The same letters and digits as the country writes them; empty when they do not fit."""
    bare = "".join(filter(str.isalnum, code)).upper()
    forms = [bare, *(f"{bare[:at]}{mark}{bare[at:]}" for mark in "- " for at in (2, 3, 4, 5))]
    fits = rules.postal.fullmatch if rules.postal else bool
    return next((form for form in forms if fits(form)), "")


def check_state(order: CheckedOrder, world: World) -> Iterator[Found]:
    rules = rules_of(order.country)
    if rules is None:
        return
    state = order.state
    if not state:
        yield from _state_missing(order, rules, world)
    elif not rules.states or state in rules.states:
        if rules.states and rules.code != "US":
            yield from _postal_code_elsewhere(order, rules)
    elif code := rules.state_of.get(compared(state)):
        yield Found(
            "state_spelling",
            INFO,
            "state",
            f"The {rules.state_word} {quoted(state)} is written {code} on labels.",
            f"Accept {code}.",
            proposed(order, state=code),
        )
    else:
        yield from _state_unknown(order, rules, world)


def _state_missing(order: CheckedOrder, rules: CountryRules, world: World) -> Iterator[Found]:
    if "state" not in rules.needs or (rules.code == "US" and _has_zip(order, world)):
        return
    lies_in = rules.states_of_postal(order.postal_code) if order.postal_code else []
    if len(lies_in) == 1:
        yield Found(
            "state_missing",
            ERROR,
            "state",
            f"The order has no {rules.state_word}; its {rules.postal_word} "
            f"{order.postal_code} lies in {lies_in[0]}.",
            f"Accept {lies_in[0]}.",
            proposed(order, state=lies_in[0]),
        )
        return
    yield Found(
        "state_missing",
        ERROR if rules.states else INFO,
        "state",
        f"The order has no {rules.state_word}, and addresses in {rules.code} have one.",
        f"Enter the {rules.state_word}.",
    )


def _has_zip(order: CheckedOrder, world: World) -> bool:
    return world.places.of_zip(order.postal_code[:5]) is not None


def _state_unknown(order: CheckedOrder, rules: CountryRules, world: World) -> Iterator[Found]:
    if rules.code == "US" and _has_zip(order, world):
        return  # the ZIP says which one it is; see us_places
    lies_in = rules.states_of_postal(order.postal_code) if order.postal_code else []
    details = proposed(order, state=lies_in[0]) if len(lies_in) == 1 else {}
    yield Found(
        "state_unknown",
        ERROR,
        "state",
        f"{quoted(order.state)} is no {rules.state_word} of {rules.code}.",
        f"Accept {lies_in[0]}." if details else f"Correct the {rules.state_word}.",
        details,
    )


def _postal_code_elsewhere(order: CheckedOrder, rules: CountryRules) -> Iterator[Found]:
    code = order.postal_code
    if not code or (rules.postal and not rules.postal.fullmatch(code)):
        return
    lies_in = rules.states_of_postal(code)
    if not lies_in or order.state in lies_in:
        return
    details = proposed(order, state=lies_in[0]) if len(lies_in) == 1 else {}
    yield Found(
        "state_of_postal_code",
        WARNING if rules.code in _ROUGH_BORDERS else ERROR,
        "state",
        f"The {rules.postal_word} {code} lies in {' or '.join(lies_in)}, not in {order.state}.",
        f"Accept {lies_in[0]}, or correct the {rules.postal_word}."
        if details
        else f"Correct the {rules.state_word} or the {rules.postal_word}.",
        details,
    )


def check_city(order: CheckedOrder, world: World) -> Iterator[Found]:
    rules = rules_of(order.country)
    if order.city or rules is None or "city" not in rules.needs:
        return
    if rules.code == "US" and _has_zip(order, world):
        return  # the ZIP says which city it is; see us_places
    yield Found("city_missing", ERROR, "city", "The order has no city.", "Enter the city.")
