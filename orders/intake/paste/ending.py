"""The end of an address: country, postal code, state and city, in whatever order they stand."""

from itertools import pairwise

from orders.intake.paste.cities import take_city
from orders.intake.paste.draft import Draft
from orders.intake.paste.ground import Ground, Word, text_of
from orders.intake.values.addresses import is_street_ending
from orders.intake.values.countries import country_code, is_short, longest_country_name
from orders.intake.values.languages import country_of_script, country_of_streets
from orders.intake.values.phones import country_of_phone
from orders.intake.values.postal_codes import (
    US,
    country_shown,
    is_postal_code,
    with_lost_zeros,
)
from orders.intake.values.states import (
    LONGEST_STATE_NAME,
    countries_of_state,
    is_state_of,
    state_code,
)
from orders.intake.values.street_words import words_of

_WORDS_OF_A_CODE = 2


def take_ending(ground: Ground, draft: Draft) -> None:
    """Move the words of country, postal code, state and city from the ground to the draft."""
    if not draft.country:
        _take_country(ground, draft)
    draft.country = draft.country or country_of_script(ground.source_of_words())
    country = draft.country
    at = _take_postal_code(ground, draft)
    at = _take_state(ground, draft, at)
    if not draft.country:
        draft.country = guess_country(draft)
        _doubt_country(ground, draft, at)
    if draft.has("postal_code") or draft.has("state") or country:
        take_city(ground, draft, at)


def _doubt_country(ground: Ground, draft: Draft, at: int | None) -> None:
    """“10 rue du Bac 69003 Lyon”: the city after the code shows that it is abroad."""
    if draft.country != "US" or at is None or at >= len(ground.words) or draft.has("state"):
        return
    code = draft.fields["postal_code"][-1]
    if 0 < ground.words[at].piece.start - code.end <= 1:
        draft.country = country_of_streets([word.text for word in ground.words]) or "US"
        draft.doubt("country", "No country was given; it was guessed from the words of the street.")


def guess_country(draft: Draft) -> str:
    """What postal code, province or phone prefix show, else US."""
    postal, state = draft.text_of("postal_code"), draft.text_of("state")
    shown = country_shown(postal) if postal else ""
    if shown:
        return shown
    homes = countries_of_state(state) if state else []
    if homes and not (postal and not is_postal_code(postal, homes[0])):
        return homes[0]
    if homes and any(is_postal_code(postal, home) for home in homes):
        return next(home for home in homes if is_postal_code(postal, home))
    return country_of_phone(draft.text_of("phone")) or "US"


def _take_country(ground: Ground, draft: Draft) -> None:
    words = _country_words(ground, draft)
    if words:
        draft.country = country_code(text_of(words))
        draft.take("country", ground.piece(words))
        ground.remove(words)


def _country_words(ground: Ground, draft: Draft) -> list[Word]:
    chunks = ground.chunks()
    for number in range(len(chunks) - 1, 0, -1):
        chunk = chunks[number]
        if len(chunk) <= longest_country_name() and country_code(text_of(chunk)):
            is_last = number == len(chunks) - 1
            if not _may_be_state(text_of(chunk), ground, draft) and (
                is_last or not is_short(text_of(chunk))
            ):
                return chunk
    if not ground.words:
        return []
    return _trailing_country(ground.words, draft) or _country_before_code(ground.words)


def _country_before_code(words: list[Word]) -> list[Word]:
    """“Singapore 079903”: the name of a country with the postal code after it."""
    end = len(words) - 1
    while end > 1 and end > len(words) - 3 and any(map(str.isdigit, words[end - 1].text)):
        end -= 1
    if not any(map(str.isdigit, words[-1].text)):
        return []
    for count in (3, 2, 1):
        part = words[end - count : end] if end > count else []
        if part and country_code(text_of(part)) and len(text_of(part)) > _LONGEST_CODE:
            return [] if countries_of_state(text_of(part)) else part
    return []


_LONGEST_CODE = 3


def _may_be_state(text: str, ground: Ground, draft: Draft) -> bool:
    """CA, DE, Georgia: a state, unless a state or a foreign postal code stands there already."""
    if not countries_of_state(text):
        return False
    words = [word.text for word in ground.words]
    codes = [word for word in words if US.fullmatch(word.strip("."))]
    if codes:
        place = draft.places.of_zip(codes[-1][:5])
        if place is not None and place.state == state_code(text, "US"):
            return not _has_other_state(words, text)
        return False
    return not any(country_shown(f"{left} {right}") for left, right in pairwise(words))


def _has_other_state(words: list[str], text: str) -> bool:
    """Boston MA 02101, CA: the state is elsewhere."""
    return any(word != text and word.isupper() and state_code(word, "US") for word in words[-5:-1])


def _trailing_country(words: list[Word], draft: Draft) -> list[Word]:
    last_chunk = [word for word in words if word.chunk == words[-1].chunk]
    for count in range(min(longest_country_name(), len(last_chunk) - 1), 0, -1):
        tail = last_chunk[-count:]
        text = text_of(tail)
        if country_code(text) and _stands_as_country(text, last_chunk[:-count], draft):
            return tail
    return []


def _stands_as_country(text: str, before: list[Word], draft: Draft) -> bool:
    longer = f"{before[-1].text} {text}"
    if countries_of_state(longer) or country_code(longer):
        return False
    follows_code = any(letter.isdigit() for letter in before[-1].text) or is_postal_code(
        before[-1].text, ""
    )
    if len(text.replace(".", "")) <= 3:
        state = countries_of_state(before[-1].text) and before[-1].text.isupper()
        written = text.isupper() and (text not in _LIKE_STATES or follows_code)
        return bool(written and (follows_code or state or not countries_of_state(text)))
    return not countries_of_state(text) or follows_code


_LIKE_STATES = words_of("CA DE IN AL AR CO GA ID IL LA MA MD ME MN MO MS MT NC NE PA SC SD TN VA")


def _take_postal_code(ground: Ground, draft: Draft) -> int | None:
    """Take the last thing that can be the postal code; returns the index where it stood."""
    words = ground.words
    for at in range(len(words) - 1, -1, -1):
        for count in (_WORDS_OF_A_CODE, 1):
            part = words[at - count + 1 : at + 1] if at - count + 1 >= 0 else []
            if part and part[0].line == part[-1].line and _is_code_here(words, at, part, draft):
                draft.take("postal_code", ground.piece(part))
                ground.remove(part)
                return at - count + 1
    return None


def _is_code_here(words: list[Word], at: int, part: list[Word], draft: Draft) -> bool:
    text = " ".join(word.text for word in part).strip(".()")
    if not any(letter.isdigit() for letter in text):
        return False
    if (
        len(part) > 1
        and text.replace(" ", "").isdigit()
        and draft.country not in {"SE", "CZ", "SK", "GR"}
    ):
        return False
    if draft.country:
        return _is_code_of(text, words, at, part, draft)
    if country_shown(text):
        return not (country_shown(text) == "NL" and not _last_of_chunk_or_city(words, at))
    return _is_code_by_state(text, words, at, part, draft)


def _is_code_of(text: str, words: list[Word], at: int, part: list[Word], draft: Draft) -> bool:
    if draft.country == "US" and not US.fullmatch(text):
        return bool(_lost_zero(text, words, at, draft)) and len(part) == 1
    if not is_postal_code(text, draft.country):
        return False
    first = part[0]
    opens_line = at - len(part) < 0 or words[at - len(part)].chunk != first.chunk
    return not (opens_line and _is_house_number_here(words, at, draft))


def _is_code_by_state(
    text: str, words: list[Word], at: int, part: list[Word], draft: Draft
) -> bool:
    if len(part) > 1:
        return False
    if US.fullmatch(text):
        return not _is_house_number_here(words, at, draft)
    homes = _state_before(words, at)
    if text.isdigit() and len(text) == 4 and "AU" in homes:
        return True
    return bool(_lost_zero(text, words, at, draft))


def _lost_zero(text: str, words: list[Word], at: int, draft: Draft) -> str:
    homes = _state_before(words, at)
    state = state_code(words[at - 1].text, "US") if "US" in homes else ""
    return with_lost_zeros(text, state, draft.places) if state else ""


def _is_house_number_here(words: list[Word], at: int, draft: Draft) -> bool:
    """12345 Main St: followed, in its part, by words that end as a street does."""
    following = [word for word in words[at + 1 :] if word.chunk == words[at].chunk]
    if not following:
        return at == 0 and len(words) > 1 and not _is_known(words[at], draft)
    return any(is_street_ending(word.text) for word in following[1:6])


def _is_known(word: Word, draft: Draft) -> bool:
    return draft.places.of_zip(word.text[:5]) is not None


def _last_of_chunk_or_city(words: list[Word], at: int) -> bool:
    return at + 1 >= len(words) or not is_street_ending(words[min(at + 1, len(words) - 1)].text)


def _state_before(words: list[Word], at: int) -> list[str]:
    for count in (1, 2, 3):
        if at - count >= 0:
            homes = countries_of_state(text_of(words[at - count : at]))
            if homes:
                return homes
    return []


def _take_state(ground: Ground, draft: Draft, at: int | None) -> int | None:
    """Take the state beside the postal code, or at the end; returns where the city should end."""
    words = ground.words
    here = len(words) if at is None else at
    for end in dict.fromkeys((here, _end_of_chunk(words, here), len(words))):
        for count in range(min(LONGEST_STATE_NAME, end), 0, -1):
            part = words[end - count : end]
            if _is_state_here(part, words, end, draft, near=end == here and at is not None):
                draft.take("state", ground.piece(part))
                ground.remove(part)
                return end - count if end == here else at
    return at


def _end_of_chunk(words: list[Word], at: int) -> int:
    """Where the part after the postal code's ends: “97209 OR”, “28013 Madrid, Madrid”."""
    end = at
    while end < len(words) and words[end].chunk == words[min(at, len(words) - 1)].chunk:
        end += 1
    return end


def _is_state_here(
    part: list[Word], words: list[Word], end: int, draft: Draft, *, near: bool
) -> bool:
    if part[0].line != part[-1].line or part[0].chunk != part[-1].chunk:
        return False
    text = text_of(part)
    if not _could_be_state(text, draft):
        return False
    before = words[: end - len(part)]
    alone = not before or before[-1].chunk != part[0].chunk
    if draft.country not in {"", "US", "CA", "AU"}:
        if _follows_code(part[0], draft):
            return False
        return alone and len(before) > 2 and not _is_only_city(words, part)
    if _is_city_of_zip(text, before, draft):
        return False
    if near or alone:
        return bool(before)
    return text.isupper() or len(text) > 3 or _is_city_before(text, before, draft)


def _follows_code(word: Word, draft: Draft) -> bool:
    """Madrid in “28013 Madrid” is the city, whatever region has the same name."""
    codes = draft.fields.get("postal_code")
    return codes is not None and 0 < word.piece.start - codes[-1].end <= 1


def _is_only_city(words: list[Word], part: list[Word]) -> bool:
    """Berlin in “Kantstr. 20, 10623 Berlin”: the only words beside the postal code."""
    rest = [word for word in words if word.line == part[0].line and word not in part]
    return not rest and part[0].line != 0


def _could_be_state(text: str, draft: Draft) -> bool:
    if draft.country:
        return is_state_of(text, draft.country)
    homes = countries_of_state(text)
    postal = draft.text_of("postal_code")
    if not postal:
        return bool(homes)
    shown = country_shown(postal)
    if shown:
        return is_state_of(text, shown)
    return any(is_postal_code(postal, home) for home in homes) or (bool(homes) and len(postal) == 4)


def _is_city_of_zip(text: str, before: list[Word], draft: Draft) -> bool:
    """New York 10001 without NY: the words are the city, and no other city stands before them."""
    place = draft.places.of_zip(draft.text_of("postal_code")[:5])
    if place is None or len(text) <= 2 or not place.is_named(text):
        return False
    tails = (text_of(before[-count:]) for count in (1, 2, 3, 4) if count <= len(before))
    return not any(place.is_named(tail) for tail in tails)


def _is_city_before(text: str, before: list[Word], draft: Draft) -> bool:
    state = state_code(text, "US")
    tails = (text_of(before[-count:]) for count in (1, 2, 3) if count <= len(before))
    return any(draft.places.zips_of(state, tail) for tail in tails if state)
