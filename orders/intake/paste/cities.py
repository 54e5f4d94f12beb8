"""Which words beside the postal code are the city: by the ZIP table, else by the street's end."""

import usaddress

from orders.intake.paste.draft import Draft
from orders.intake.paste.ground import Ground, Word, text_of
from orders.intake.values.addresses import (
    bare,
    is_street_ending,
    is_unit,
    street_end,
    street_start,
)
from orders.intake.values.countries import is_short
from orders.intake.values.states import MILITARY, is_state_of, state_code

_LONGEST_CITY = 5
"""In words."""
_CITY_STATES = frozenset({"HK", "SG", "MO", "MC", "GI"})
_BEFORE_ONLY = frozenset({"US", "CA", "AU", "GB", "IE", "NZ", "IN"})
"""Countries that write the city before the postal code."""


def take_city(ground: Ground, draft: Draft, at: int | None) -> None:
    """Take the city beside the word `at`, where the postal code or the state stood."""
    here = len(ground.words) if at is None else min(at, len(ground.words))
    if draft.country in _CITY_STATES and _is_one_with_country(ground, draft):
        return
    words = _after(ground, draft, here) or _before(ground, draft, here)
    if not words:
        return
    draft.take("city", ground.piece(words))
    ground.remove(words)
    if not draft.has("state"):
        _take_region(ground, draft)


def _is_one_with_country(ground: Ground, draft: Draft) -> bool:
    """Hong Kong and Singapore: the country's name is the city's, if no other part can be it."""
    last = ground.chunks()[-1] if ground.words else []
    apart = len(ground.chunks()) > 2 and _may_be_city(text_of(last))
    named = draft.fields.get("country", [])
    if apart or not named or is_short(named[0].value):
        return False
    draft.take("city", named[0])
    return True


def _after(ground: Ground, draft: Draft, here: int) -> list[Word]:
    """“80802 München”: the words that follow in the same line, where the country writes so."""
    before_only = draft.country in _BEFORE_ONLY and "country" not in draft.doubts
    if before_only or here >= len(ground.words) or not draft.has("postal_code"):
        return []
    end = draft.fields["postal_code"][-1].end
    first = ground.words[here]
    between = ground.source[end : first.piece.start]
    if "\n" in between or "," in between or first.text[0].isdigit():
        return []
    words = [word for word in ground.words[here:] if word.chunk == first.chunk]
    words = words[:_LONGEST_CITY]
    last = words[-1].text
    if draft.country == "IT" and len(words) > 1 and len(bare(last)) == 2:
        draft.take("state", words[-1].piece)
        ground.remove(words[-1:])
        words = words[:-1]
    return words


def _before(ground: Ground, draft: Draft, here: int) -> list[Word]:
    words = ground.words[:here]
    if not words:
        return []
    chunk = [word for word in words if word.chunk == words[-1].chunk]
    if _is_county(chunk, words, draft):
        draft.take("state", ground.piece(chunk))
        words = words[: -len(chunk)]
        ground.remove(chunk)
        chunk = [word for word in words if word.chunk == words[-1].chunk]
    rest = words[: -len(chunk)]
    if rest and _may_be_city(text_of(chunk)):
        return chunk
    return _split_off(chunk, draft)


def _is_county(chunk: list[Word], words: list[Word], draft: Draft) -> bool:
    if draft.has("state") or draft.country in {"US", "CA", "AU"} or len(words) == len(chunk):
        return False
    earlier = words[: -len(chunk)]
    before = text_of([word for word in earlier if word.chunk == earlier[-1].chunk])
    return is_state_of(text_of(chunk), draft.country) and not any(map(str.isdigit, before))


def _may_be_city(text: str) -> bool:
    """A part of its own with no figures that is no unit."""
    return not (any(map(str.isdigit, text)) or is_unit(text))


def _split_off(words: list[Word], draft: Draft) -> list[Word]:
    """The city at the end of words that hold a street too."""
    known = _known_city(words, draft)
    if known:
        return words[-known:]
    texts = [word.text for word in words]
    start = street_start(texts, draft.country)
    if start is None:
        return words[-1:] if len(words) > 1 and not any(map(str.isdigit, texts[-1])) else []
    end = street_end(texts, start)
    if end is not None and end < len(words) and len(words) - end <= _LONGEST_CITY:
        draft.doubt("city", "The street and the city stand without a break; check where one ends.")
        return words[end:]
    draft.doubt("city", "The city was guessed from the last words; check it.")
    return _guessed(words, start, draft)


def _guessed(words: list[Word], start: int, draft: Draft) -> list[Word]:
    count = _tagged_city(words[start:]) if draft.country == "US" else 1
    tail = words[-count:] if count else words[-1:]
    return [] if any(map(str.isdigit, tail[-1].text)) else tail


def _known_city(words: list[Word], draft: Draft) -> int:
    """How many of the last words are a city of the ZIP, or else of the state; 0 when none are."""
    if draft.country != "US":
        return 0
    state = state_code(draft.text_of("state"), "US")
    if state in MILITARY and bare(words[-1].text) in {"apo", "fpo", "dpo"}:
        return 1
    counts = range(min(_LONGEST_CITY, len(words)), 0, -1)
    place = draft.places.of_zip(draft.text_of("postal_code")[:5])
    if place is not None:
        named = [count for count in counts if place.is_named(text_of(words[-count:]))]
        if named:
            return named[0]
    state = state or (place.state if place else "")
    listed = [
        count for count in counts if state and draft.places.zips_of(state, text_of(words[-count:]))
    ]
    return next((count for count in listed if not is_street_ending(words[-count].text)), 0)


def _tagged_city(words: list[Word]) -> int:
    """How many last words usaddress takes for the name of a place."""
    tagged = usaddress.parse(text_of(words))
    count = 0
    for _, label in reversed(tagged):
        if label != "PlaceName":
            break
        count += 1
    return min(count, len(words) - 1)


def _take_region(ground: Ground, draft: Draft) -> None:
    """“…, Calamba, Laguna”: a part after the city that is a region of the country."""
    last = ground.chunks()[-1] if ground.words else []
    city_end = draft.fields["city"][-1].end
    if not last or last[0].piece.start < city_end or draft.country in {"US", ""}:
        return
    if is_state_of(text_of(last), draft.country):
        draft.take("state", ground.piece(last))
        ground.remove(last)
