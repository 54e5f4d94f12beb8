"""Veeqo's pages: bare arrays, with totals in headers that not every list sends. Pure.

Facts: contract §1.4. A page may hold fewer than asked for, so a total outweighs the length.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from integrations.platforms import reading
from integrations.platforms.errors import Unintelligible
from integrations.platforms.http import Answer
from integrations.platforms.remote import Page

PAGE_SIZE = 100
Item = TypeVar("Item")


def page_number(cursor: str) -> int:
    """The page a cursor stands for; "" is the first. Raises ValueError for a foreign cursor."""
    number = int(cursor or "1")
    if number < 1:
        raise ValueError(f"{cursor!r} is not a page")
    return number


def read_page(
    answer: Answer, page: int, read: Callable[[Mapping[str, Any]], Iterable[Item]], what: str
) -> Page[Item]:
    """The entries of a page; one that cannot be read becomes a sentence in `unreadable`."""
    listed = reading.as_list(answer.body, f"The list of {what}")
    items: list[Item] = []
    unreadable: list[str] = []
    for entry in listed:
        try:
            items.extend(read(reading.as_object(entry, f"An entry of {what}")))
        except Unintelligible as error:
            unreadable.append(f"Page {page} of {what}: {error.words}.")
    following = str(page + 1) if listed and has_more(answer, page, len(listed)) else None
    return Page(tuple(items), following, tuple(unreadable))


def has_more(answer: Answer, page: int, length: int) -> bool:
    total = answer.headers.get("X-Total-Pages-Count", "")
    if total.isascii() and total.isdigit():
        return page < int(total[:9])
    return length >= PAGE_SIZE
