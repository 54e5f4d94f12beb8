"""From pieces to values: codes, postal codes, phones as they are kept, and doubts said aloud."""

import re

from orders.intake.cells.numbers import LongNumber, read_scientific
from orders.intake.paste.draft import Draft
from orders.intake.paste.ending import guess_country
from orders.intake.values.addresses import MILITARY_LINE, unit_start
from orders.intake.values.clean_text import Piece
from orders.intake.values.countries import country_code
from orders.intake.values.phones import split_extension, to_e164
from orders.intake.values.places import ZipPlace, place_key
from orders.intake.values.postal_codes import as_postal_code, is_postal_code, with_lost_zeros
from orders.intake.values.states import MILITARY, as_state, state_code

_US_TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})
_UNIT_COUNTRIES = frozenset({"US", "CA", "AU"})


def finish(draft: Draft) -> None:
    """Settle every value of the draft; what cannot be settled becomes a doubt."""
    _settle_country(draft)
    _split_region(draft)
    _settle_postal_code(draft)
    _settle_state(draft)
    _settle_street(draft)
    _settle_contacts(draft)
    _compare_with_zip(draft)
    _miss_parts(draft)


def _settle_country(draft: Draft) -> None:
    named = draft.text_of("country")
    code = draft.country or country_code(named)
    if named and not country_code(named):
        draft.doubt("country", f"No country is called “{named}”.")
    code = code or guess_country(draft)
    if code in _US_TERRITORIES:
        draft.values.setdefault("state", code)
        code = "US"
    draft.country = draft.values["country"] = code


def _settle_postal_code(draft: Draft) -> None:
    typed = draft.text_of("postal_code")
    if not typed:
        return
    code = as_postal_code(typed, draft.country)
    if draft.country == "US":
        state = state_code(draft.text_of("state"), "US")
        code = with_lost_zeros(code, state, draft.places) or code
    draft.values["postal_code"] = code
    if not is_postal_code(code, draft.country):
        draft.doubt("postal_code", f"“{typed}” is not a postal code of {draft.country}.")


def _settle_state(draft: Draft) -> None:
    state = draft.text_of("state").strip(".")
    if state:
        draft.values["state"] = as_state(state, draft.country)
    if state and draft.country in _UNIT_COUNTRIES and not state_code(state, draft.country):
        draft.doubt("state", f"“{state}” is not a state of {draft.country}.")
    if not state and draft.country == "US":
        _state_from_zip(draft)


def _state_from_zip(draft: Draft) -> None:
    place = _place(draft)
    if place is None or not place.is_named(draft.text_of("city")):
        return
    draft.values["state"] = place.state
    draft.doubt("state", f"No state was given; ZIP {place.zip_code} is in {place.state}.")


def _split_region(draft: Draft) -> None:
    """“São Paulo - SP” and “東京都渋谷区神宮前1-2-3”: more than a city in one piece."""
    if draft.country in _GLUED and not draft.has("city"):
        _split_glued(draft, _GLUED[draft.country])
    pieces = draft.fields.get("city", [])
    if len(pieces) != 1:
        return
    city = pieces[0]
    found = _CITY_AND_CODE.fullmatch(city.text.strip()) if draft.country == "BR" else None
    if found and not draft.has("state"):
        city = city.stripped()
        draft.fields["city"] = [city.part(*found.span(1))]
        draft.take("state", city.part(*found.span(2)))
    found = _JAPANESE.match(city.text) if draft.country == "JP" else None
    if found and not draft.has("address_1"):
        draft.fields["city"] = [city.part(*found.span(2))]
        draft.fields["state"] = [city.part(*found.span(1))]
        draft.take("address_1", city.part(found.end()))


def _split_glued(draft: Draft, shape: re.Pattern[str]) -> None:
    """A street that begins with its prefecture and city, as written without blanks."""
    pieces = draft.fields.get("address_1", [])
    found = shape.match(pieces[0].text) if pieces else None
    if not found:
        return
    street = pieces[0]
    for name, group in (("state", 1), ("city", 2)):
        if found.group(group) and not draft.has(name):
            draft.take(name, street.part(*found.span(group)))
    draft.fields["address_1"] = [street.part(found.end()), *pieces[1:]]


def _settle_lost_phone(long: LongNumber, typed: str, draft: Draft) -> None:
    """A spreadsheet wrote 7.755550142E+09; a number that lost digits is not made up."""
    draft.values["phone"] = to_e164(long.digits, draft.country) if long.is_complete else ""
    if not draft.values["phone"]:
        draft.doubt("phone", f"“{typed}” lost its last digits in a spreadsheet. Ask for it.")


_CITY_AND_CODE = re.compile(r"(.{2,60}?)\s?[-–/]\s?([A-Z]{2})")
_JAPANESE = re.compile(
    r"(東京都|北海道|京都府|大阪府|[^\W\d_]{2,3}県)([^\W\d_]{1,8}?[市区町村])(?=[^\W_])"
)
_CHINESE = re.compile(r"([^\W\d_]{2,4}省)?([^\W\d_]{2,4}?市)(?=[^\W_])")
_GLUED = {"JP": _JAPANESE, "CN": _CHINESE}


def _settle_street(draft: Draft) -> None:
    """Give a unit at the end of the street its own field, where the post writes it so."""
    pieces = draft.fields.get("address_1", [])
    if draft.country not in _UNIT_COUNTRIES or len(pieces) != 1:
        return
    street = pieces[0]
    if MILITARY_LINE.match(street.text.strip()):
        return
    words = street.words()
    at = unit_start([word.text for word in words])
    if at is None:
        return
    cut = words[at].start - street.start
    head = Piece(street.text[:cut].rstrip(" ,;-–\t\r\n"), street.start)
    draft.fields["address_1"] = [head]
    draft.fields.setdefault("address_2", []).insert(0, street.part(cut))


def _settle_contacts(draft: Draft) -> None:
    if draft.has("email"):
        draft.values["email"] = draft.text_of("email").lower()
    typed = draft.text_of("phone")
    if not typed:
        return
    number, extension = split_extension(typed)
    if (long := read_scientific(number)) is not None:
        _settle_lost_phone(long, typed, draft)
        return
    draft.values["phone"] = to_e164(number, draft.country) or typed
    if not draft.values["phone"].startswith("+"):
        draft.doubt("phone", f"“{typed}” cannot be a phone number of {draft.country}.")
    if extension:
        said = [draft.text_of("notes"), f"Phone extension {extension}"]
        draft.values["notes"] = "; ".join(filter(None, said))


def _place(draft: Draft) -> ZipPlace | None:
    if draft.country != "US":
        return None
    return draft.places.of_zip(draft.text_of("postal_code")[:5])


def _compare_with_zip(draft: Draft) -> None:
    """The ZIP knows its state and its cities; what differs is a reason to look."""
    place = _place(draft)
    code, city, state = (draft.text_of(name) for name in ("postal_code", "city", "state"))
    if place is None:
        if draft.country == "US" and code and draft.places.of_zip("10001"):
            draft.doubt("postal_code", f"ZIP {code} is not in the table of ZIP codes.")
        return
    if state and state != place.state and state not in MILITARY:
        draft.doubt("state", f"ZIP {place.zip_code} is in {place.state}, not in {state}.")
    if city and place_key(city) and not place.is_named(city) and state == place.state:
        draft.doubt("city", f"ZIP {place.zip_code} belongs to {place.cities[0]}, not to {city}.")
    if not city:
        draft.doubt(
            "city", f"No city was given; ZIP {place.zip_code} belongs to {place.cities[0]}."
        )


def _miss_parts(draft: Draft) -> None:
    for name, said in (("name", "name"), ("address_1", "street"), ("city", "city")):
        if not draft.has(name):
            draft.doubt(name, f"No {said} was found.")
    if draft.country in {"US", "CA", "GB", "AU", "DE", "FR"} and not draft.has("postal_code"):
        draft.doubt("postal_code", "No postal code was found.")
