"""Whether US city, state and ZIP agree, and which of them to correct: the ZIP knows the others.

The table lacks some ZIPs and many names that the post accepts (docs/zip-data.md), so what it does
not know is a reason to look; two things that it knows to lie apart are an error.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from orders.checks.country import postal_code_form, postal_code_missing
from orders.checks.postal import CountryRules, rules_of, us_state_code
from orders.checks.saying import ERROR, INFO, WARNING, proposed, quoted
from orders.checks.values import CheckedOrder, Found, World
from orders.intake.values.places import ZipPlace, place_key

_ALIKE = 0.75
_SAME_AREA = 3
"""ZIPs that begin with the same three digits are sorted in one post office."""


def check_us_place(order: CheckedOrder, world: World) -> Iterator[Found]:
    if order.country != "US":
        return
    code = order.postal_code
    if code[:5].isdigit() and len(code) >= 5:
        place = world.places.of_zip(code[:5])
        if place is None:
            yield from _zip_unknown(order, world)
        elif place.state != order.state or not _is_named(place, order.city):
            yield from _disagreement(order, world, place)
    elif world.has_places and order.city and order.state:
        yield from _zip_of_the_city(order, world)


def _is_named(place: ZipPlace, city: str) -> bool:
    return place.cities[0].lower() == city.lower() or place.is_named(city)


def _us() -> CountryRules:
    rules = rules_of("US")
    if rules is None:  # pragma: no cover - the library always has the US
        raise LookupError("The postal rules of the US are missing.")
    return rules


def _disagreement(order: CheckedOrder, world: World, place: ZipPlace) -> Iterator[Found]:
    state = us_state_code(order.state)
    if not order.state:
        yield _fill(order, "state", place.state, place)
    elif state != place.state:
        yield _other_state(order, world, place, state)
        return
    if not order.city:
        yield _fill(order, "city", place.cities[0], place)
    elif not _is_named(place, order.city):
        yield _other_city(order, world, place)


def _fill(order: CheckedOrder, field: str, value: str, place: ZipPlace) -> Found:
    return Found(
        f"{field}_missing",
        ERROR,
        field,
        f"The order has no {field}; ZIP {place.zip_code} is {_said(place)}.",
        f"Accept {value}.",
        proposed(order, **{field: value}),
    )


def _said(place: ZipPlace) -> str:
    return f"{place.cities[0]}, {place.state}"


def _other_state(order: CheckedOrder, world: World, place: ZipPlace, state: str) -> Found:
    if _is_named(place, order.city):
        return _state_of_zip(order, place, state=place.state)
    if zips := world.places.zips_of(state, order.city) if state and order.city else ():
        return _zip_of_state(order, place, zips, state)
    if not order.city or _alike(order.city, place):
        return _state_of_zip(order, place, state=place.state, city=place.cities[0])
    return _state_of_zip(order, place)


def _state_of_zip(order: CheckedOrder, place: ZipPlace, **after: str) -> Found:
    right = ", ".join(sorted(after.values()))
    return Found(
        "state_of_zip",
        ERROR,
        "state",
        f"ZIP {place.zip_code} lies in {_said(place)}, not in {order.state}.",
        f"Accept {right}, or correct the ZIP." if after else "Correct the state or the ZIP.",
        proposed(order, **after) if after else {},
    )


def _zip_of_state(order: CheckedOrder, place: ZipPlace, zips: Sequence[str], state: str) -> Found:
    right = _one_slip_away(place.zip_code, zips)
    return Found(
        "zip_of_state",
        ERROR,
        "postal_code",
        f"ZIP {place.zip_code} does not lie in {state}: it is {_said(place)}. "
        f"{order.city}, {state} has {_some(zips)}.",
        f"Accept {right}, or ask the customer." if right else "Ask the customer for the ZIP.",
        proposed(order, postal_code=right) if right else {},
    )


def _other_city(order: CheckedOrder, world: World, place: ZipPlace) -> Found:
    if name := _alike(order.city, place):
        return _city_typo(order, place, name)
    zips = world.places.zips_of(place.state, order.city)
    if any(zip_code[:_SAME_AREA] == place.zip_code[:_SAME_AREA] for zip_code in zips):
        return _neighbour(order, place)
    if zips:
        return _city_elsewhere(order, place, zips)
    return Found(
        "city_unknown",
        WARNING,
        "city",
        f"ZIP {place.zip_code} is {_said(place)}; {quoted(order.city)} is not among its names.",
        f"Accept {place.cities[0]}, or vouch for the address if it is right.",
        proposed(order, city=place.cities[0]),
    )


def _city_typo(order: CheckedOrder, place: ZipPlace, name: str) -> Found:
    return Found(
        "city_typo",
        WARNING,
        "city",
        f"{quoted(order.city)} looks like {name} mistyped: ZIP {place.zip_code} is "
        f"{name}, {place.state}.",
        f"Accept {name}.",
        proposed(order, city=name),
    )


def _neighbour(order: CheckedOrder, place: ZipPlace) -> Found:
    return Found(
        "city_beside_zip",
        INFO,
        "city",
        f"ZIP {place.zip_code} is {_said(place)}; {order.city} is beside it.",
        "Nothing to do: mail finds both.",
    )


def _city_elsewhere(order: CheckedOrder, place: ZipPlace, zips: Sequence[str]) -> Found:
    right = _one_slip_away(place.zip_code, zips)
    return Found(
        "city_of_zip",
        ERROR,
        "postal_code",
        f"ZIP {place.zip_code} is {_said(place)}, but {order.city} has {_some(zips)}.",
        f"Accept {right}, or ask the customer." if right else "Ask the customer which is right.",
        proposed(order, postal_code=right) if right else {},
    )


def _zip_unknown(order: CheckedOrder, world: World) -> Iterator[Found]:
    zip_code, state = order.postal_code[:5], us_state_code(order.state)
    lies_in = _us().states_of_postal(zip_code)
    zips = world.places.zips_of(state, order.city) if state and order.city else ()
    right = _one_slip_away(zip_code, zips)
    if state and lies_in and state not in lies_in:
        yield Found(
            "zip_of_state",
            ERROR,
            "postal_code",
            f"ZIP {zip_code} does not lie in {state} but in {' or '.join(lies_in)}.",
            f"Accept {right}, or ask the customer." if right else "Ask the customer for the ZIP.",
            proposed(order, postal_code=right) if right else {},
        )
    elif world.has_places:
        known = f"; {order.city}, {state} has {_some(zips)}" if zips else ""
        yield Found(
            "zip_unknown",
            WARNING,
            "postal_code",
            f"ZIP {zip_code} is not in the table of ZIPs{known}.",
            f"Accept {right}, or vouch for the address if it is right."
            if right
            else "Correct the ZIP, or vouch for the address if it is right.",
            proposed(order, postal_code=right) if right else {},
        )


def _zip_of_the_city(order: CheckedOrder, world: World) -> Iterator[Found]:
    """No five digits: a lost zero comes back, or the city has one ZIP only, or a person looks."""
    code, state = order.postal_code, us_state_code(order.state)
    if not code:
        zips = world.places.zips_of(state, order.city) if state else ()
        yield _only_zip(order, zips[0]) if len(zips) == 1 else postal_code_missing(_us())
    elif len(code) == 4 and code.isdigit():
        place = world.places.of_zip(f"0{code}")
        right = place is not None and place.state == state
        yield _lost_zero(order, f"0{code}") if right else postal_code_form(_us(), code)


def _only_zip(order: CheckedOrder, zip_code: str) -> Found:
    return Found(
        "postal_code_missing",
        ERROR,
        "postal_code",
        f"The order has no ZIP; {order.city}, {order.state} has only {zip_code}.",
        f"Accept {zip_code}.",
        proposed(order, postal_code=zip_code),
    )


def _lost_zero(order: CheckedOrder, zip_code: str) -> Found:
    return Found(
        "postal_code_zero",
        WARNING,
        "postal_code",
        f"The ZIP {order.postal_code} lost its leading zero: {zip_code} lies in {order.state}.",
        f"Accept {zip_code}.",
        proposed(order, postal_code=zip_code),
    )


def _alike(city: str, place: ZipPlace) -> str:
    """The name of this ZIP that the city mistypes, else empty."""
    key = place_key(city)
    rated = [(SequenceMatcher(None, key, place_key(name)).ratio(), name) for name in place.cities]
    best, name = max(rated, key=lambda pair: pair[0])
    return name if best >= _ALIKE else ""


def _one_slip_away(zip_code: str, zips: Sequence[str]) -> str:
    """The only ZIP among these with one other digit or two neighbours exchanged, else empty."""
    near = [other for other in zips if _is_one_slip(zip_code, other)]
    return near[0] if len(near) == 1 else ""


def _is_one_slip(one: str, other: str) -> bool:
    apart = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        left, right = apart
        return one[left] == other[right] and one[right] == other[left]
    return len(apart) == 1


def _some(zips: Sequence[str]) -> str:
    if len(zips) == 1:
        return f"ZIP {zips[0]}"
    return f"ZIPs {zips[0]} to {zips[-1]}"
