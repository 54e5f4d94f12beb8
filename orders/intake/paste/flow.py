"""Free text, address blocks and comma lists: one customer whose parts stand in reading order."""

from orders.intake.paste.contacts import take_contacts
from orders.intake.paste.draft import Draft
from orders.intake.paste.ending import take_ending
from orders.intake.paste.facts import take_service_aside
from orders.intake.paste.ground import Ground, Word, text_of
from orders.intake.values.addresses import (
    ATTENTION,
    BOX,
    CARE_OF,
    is_organisation,
    is_quarter,
    is_unit,
    looks_like_street,
    street_start,
)
from orders.intake.values.clean_text import Piece

_NAME_WORDS = 2


def read_flow(pieces: list[Piece], source: str, draft: Draft) -> None:
    """Read lines (or cells) in order: contacts, then the end of the address, then who and where."""
    rest = take_contacts(pieces, draft)
    ground = Ground(rest, source)
    take_ending(ground, draft)
    take_front(ground, draft)


def take_front(ground: Ground, draft: Draft) -> None:
    """Give out what stands before the city: name, company, street, unit."""
    loose: list[list[Word]] = []
    chunks = ground.chunks()
    numbered = any(any(map(str.isdigit, text_of(chunk))) for chunk in chunks)
    for chunk in chunks:
        if not numbered and loose and looks_like_street(text_of(chunk), draft.country):
            draft.take("address_1", ground.piece(chunk))
            continue
        if _is_after_place(chunk, draft) and not is_unit(text_of(chunk)):
            if not draft.has("name") and not loose and not any(map(str.isdigit, text_of(chunk))):
                draft.take("name", ground.piece(chunk))
            else:
                take_service_aside(ground.piece(chunk), draft)
            continue
        if not _take_marked(chunk, ground, draft) and not _take_street(chunk, ground, draft, loose):
            loose.append(chunk)
    _give_names(loose, ground, draft)


def _is_after_place(chunk: list[Word], draft: Draft) -> bool:
    """What follows city and postal code is no address: a name, or words that stay over."""
    places = [piece for name in ("city", "postal_code") for piece in draft.fields.get(name, [])]
    if len(places) < 2 or CARE_OF.match(chunk[0].text) or ATTENTION.match(chunk[0].text):
        return False
    known = draft.has("address_1") or draft.has("name")
    return known and chunk[0].piece.start > max(piece.end for piece in places)


def _take_marked(chunk: list[Word], ground: Ground, draft: Draft) -> bool:
    """`Attn: …` is the person, `c/o …` and `Apt 4` are the second line."""
    piece = ground.piece(chunk)
    if is_quarter(piece.text):
        draft.take("address_2", piece)
        return True
    attention = ATTENTION.match(piece.text)
    if attention:
        draft.labels.append(piece.part(0, attention.end()))
        _demote_name(draft)
        draft.take("name", piece.part(attention.end(), _to_street(piece, chunk, draft)))
        return True
    if CARE_OF.match(piece.text) or (is_unit(piece.text) and not _opens_street(chunk, ground)):
        draft.take("address_2", piece.part(0, _to_street(piece, chunk, draft)))
        return True
    return False


def _to_street(piece: Piece, chunk: list[Word], draft: Draft) -> int:
    """Where the street begins in `c/o Max Roy 12 Nassau St`; it is taken here."""
    start = street_start([word.text for word in chunk], draft.country)
    if not start or draft.has("address_1") or is_unit(piece.text):
        return len(piece.text)
    at = chunk[start].piece.start - piece.start
    draft.take("address_1", piece.part(at))
    return at


def _opens_street(chunk: list[Word], ground: Ground) -> bool:
    """`Flat 3` before `12 High Street` in one line belongs to the street."""
    at = ground.words.index(chunk[-1]) + 1
    if at >= len(ground.words) or ground.words[at].line != chunk[0].line:
        return False
    return ground.words[at].text[0].isdigit()


def _demote_name(draft: Draft) -> None:
    """What stood as the name is the company when a person is named by `Attn`."""
    if draft.has("name") and not draft.has("company"):
        draft.fields["company"] = draft.fields.pop("name")


def _take_street(chunk: list[Word], ground: Ground, draft: Draft, loose: list[list[Word]]) -> bool:
    texts = [word.text for word in chunk]
    country = draft.country
    if not any(map(str.isdigit, text_of(chunk))) and not BOX.match(text_of(chunk)):
        return False
    if draft.has("address_1"):
        return _take_more_street(chunk, ground, draft)
    start = _start_in(texts, country, first=not loose and not draft.has("name"))
    if start:
        loose.append(chunk[:start])
    draft.take("address_1", ground.piece(chunk[start:]))
    return True


def _take_more_street(chunk: list[Word], ground: Ground, draft: Draft) -> bool:
    """A second part with figures: the rest of `Flat 3, 12 High Street`, else the second line."""
    first = draft.fields["address_1"][-1]
    between = ground.source[first.end : chunk[0].piece.start]
    joined = is_unit(first.text) and "\n" not in between
    draft.take("address_1" if joined else "address_2", ground.piece(chunk))
    return True


def _start_in(texts: list[str], country: str, *, first: bool) -> int:
    """Where the street begins in these words; before it stands the name, if it is not known."""
    start = street_start(texts, country)
    if not first:
        return start if start is not None and start <= _NAME_WORDS and start == 0 else 0
    if start is not None:
        return _with_its_name(texts, start)
    return _NAME_WORDS if len(texts) > _NAME_WORDS + 1 else 0


def _with_its_name(texts: list[str], start: int) -> int:
    """A number at the very end closes the street: `Anna Berg Kurfürstendamm 12`."""
    if start >= len(texts) - 1 and start > _NAME_WORDS:
        return _NAME_WORDS
    return start


def _give_names(loose: list[list[Word]], ground: Ground, draft: Draft) -> None:
    street = draft.fields.get("address_1")
    before = [part for part in loose if street is None or part[0].piece.start < street[0].start]
    after = [part for part in loose if part not in before]
    for part in after:
        draft.take("address_2" if draft.has("name") or before else "name", ground.piece(part))
    if draft.has("name"):
        _give_companies(before, ground, draft)
        return
    _give_person(before, ground, draft)


def _give_companies(parts: list[list[Word]], ground: Ground, draft: Draft) -> None:
    company = None
    if parts and not draft.has("company"):
        company = _organisation_among(parts) or parts[0]
    for part in parts:
        draft.take("company" if part is company else "address_2", ground.piece(part))


def _give_person(parts: list[list[Word]], ground: Ground, draft: Draft) -> None:
    """Of the first lines one is the person, one perhaps the organisation; the rest is address."""
    company = _organisation_among(parts)
    street = draft.text_of("address_1")
    if company and draft.country != "US" and not any(map(str.isdigit, street)):
        company = company if is_organisation(text_of(company)) else None
    person = next((part for part in parts if part is not company), None)
    if person:
        draft.take("name", ground.piece(person))
    if company:
        draft.take("company", ground.piece(company))
    for part in parts:
        if part is not person and part is not company:
            draft.take("address_2" if draft.has("address_1") else "address_1", ground.piece(part))


def _organisation_among(parts: list[list[Word]]) -> list[Word] | None:
    """A line with a legal form; or, of two lines, the one with a business word, else the second."""
    texts = [text_of(part) for part in parts]
    for part, text in zip(parts, texts, strict=True):
        if is_organisation(text, sure=True):
            return part
    if len(parts) < 2:
        return None
    return next(
        (part for part, text in zip(parts, texts, strict=True) if is_organisation(text)), parts[1]
    )
