"""What was understood of a paste, on its way through the review page and back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from core.errors import DomainError
from orders.admin.intake.cards import Card, Edit, card_of, edit_of
from orders.admin.intake.highlights import within
from orders.intake.correcting import corrected
from orders.intake.neutral import (
    order_as_json,
    order_from_json,
    remark_as_json,
    remark_from_json,
)
from orders.intake.parsed import Received, Remark, Severity, received_of
from orders.services.intake.paste import understand
from orders.services.intake.record import Outcome, preview_orders, record_orders

SOURCE = "manual"
MOST_ORDERS = 500
MOST_LINES = 2_000
_SALT = "orders.paste.review"


class ReviewLost(DomainError):
    code = "review_lost"

    def __init__(self) -> None:
        super().__init__(
            "This review was cut off on its way, or is somebody else's. Nothing was created. "
            "Paste the text again."
        )


class TooMany(DomainError):
    code = "too_many"

    def __init__(self, orders: int, lines: int):
        super().__init__(
            f"This text holds {orders:,} orders with {lines:,} lines. At most {MOST_ORDERS:,} "
            f"orders and {MOST_LINES:,} lines can be looked at on one page. Save the text as a "
            "file and use “Import a file”, or paste a part of it."
        )


@dataclass(slots=True)
class Review:
    """`token` makes the numbers of orders that have none: the same page never creates two."""

    token: str
    received: list[Received] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)

    @property
    def missed(self) -> list[Remark]:
        """What became no order and may have been meant as one."""
        return [remark for remark in self.rejected if remark.severity is not Severity.INFO]

    @property
    def asides(self) -> list[Remark]:
        return [remark for remark in self.rejected if remark.severity is Severity.INFO]


@dataclass(slots=True)
class Result:
    """After “create”: what was written, what was there already, and what stays on the page."""

    created: list[Outcome] = field(default_factory=list)
    unchanged: list[Outcome] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)


def read_review(text: str) -> Review:
    """Understand the text; nothing is written. Raises TooMany."""
    understood = understand(text)
    lines = sum(len(order.lines) for order in understood.orders)
    if len(understood.orders) > MOST_ORDERS or lines > MOST_LINES:
        raise TooMany(len(understood.orders), lines)
    token = f"{timezone.localdate():%y%m%d}-{secrets.token_hex(3)}"
    review = Review(token, *received_of(understood))
    for position, one in enumerate(review.received, start=1):
        one.order.number = one.order.number or f"P{token}-{position}"
        one.order.spans = within(one.order.text, text, one.order.spans)
    return review


def seal(review: Review, user_id: int | None) -> str:
    """The review as one hidden field that only this user can send back."""
    stored = {
        "token": review.token,
        "received": [
            [order_as_json(one.order), [remark_as_json(remark) for remark in one.remarks]]
            for one in review.received
        ],
        "rejected": [remark_as_json(remark) for remark in review.rejected],
    }
    return signing.dumps(stored, salt=f"{_SALT}.{user_id}", compress=True)


def unseal(sealed: str, user_id: int | None) -> Review:
    """The reverse of seal. Raises ReviewLost."""
    try:
        stored: dict[str, Any] = signing.loads(sealed, salt=f"{_SALT}.{user_id}")
    except signing.BadSignature as error:
        raise ReviewLost() from error
    received = [
        Received(order_from_json(order), tuple(map(remark_from_json, remarks)))
        for order, remarks in stored["received"]
    ]
    return Review(stored["token"], received, list(map(remark_from_json, stored["rejected"])))


def cards_of(received: Sequence[Received]) -> list[Card]:
    """A card for each, with what would be found if it were created now."""
    outcomes = preview_orders(received, source=SOURCE)
    return [
        card_of(f"o{index}", one.order, outcome)
        for index, (one, outcome) in enumerate(zip(received, outcomes, strict=True))
    ]


def create(review: Review, posted: QueryDict) -> Result:
    """Write what was not left out, as corrected; `review` keeps what was not written."""
    edited = [_edited(one, posted, index) for index, one in enumerate(review.received)]
    wanted = [one for one, edit in edited if not edit.is_left_out]
    outcomes = record_orders(wanted, source=SOURCE)
    failed = [
        one for one, outcome in zip(wanted, outcomes, strict=True) if outcome.state == "failed"
    ]
    left_out = [one for one, edit in edited if edit.is_left_out]
    review.received = [*failed, *left_out]
    cards = cards_of(review.received)
    for card in cards[len(failed) :]:
        card.is_left_out = True
    return Result(
        created=[outcome for outcome in outcomes if outcome.state == "created"],
        unchanged=[outcome for outcome in outcomes if outcome.state == "unchanged"],
        cards=cards,
    )


def _edited(one: Received, posted: QueryDict, index: int) -> tuple[Received, Edit]:
    edit = edit_of(posted, f"o{index}", one.order)
    # An emptied number is made again, the same as before.
    changes = edit.changes
    if not changes.get("number", one.order.number):
        changes = changes | {"number": one.order.number}
    return corrected(one, changes, edit.lines), replace(edit, changes=changes)
