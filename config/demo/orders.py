"""Orders as people give them: a shop's export and a text out of an e-mail.

Most are fine; there is one for each thing that people look at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import DomainError
from orders.intake.parsed import received_of
from orders.models import Order, OrderStatus
from orders.services.intake.file import FileImport
from orders.services.intake.paste import understand
from orders.services.intake.record import Outcome, record_orders

FOLDER = Path(__file__).resolve().parent
FILE, TEXT = FOLDER / "shop_orders.csv", FOLDER / "pasted.txt"
_PASTED = "manual"
"""The source that the page “New from text” writes."""
_FIRST_PASTED = 2001


class NotAllTaken(DomainError):
    code = "not_all_taken"

    def __init__(self, problems: Iterable[str]):
        super().__init__("Not every sample order could be taken in. " + " ".join(problems))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the orders of one file or text."""

    new: int
    known: int
    ready: int
    to_review: int


def take_file() -> Taken:
    """Import the shop's export, as `import_orders` does. Raises NotAllTaken."""
    return _taken([outcome for _read, outcome in FileImport(FILE)])


def take_text() -> Taken:
    """What the page “New from text” does, with numbers that stay. Raises NotAllTaken."""
    received, rejected = received_of(understand(TEXT.read_text(encoding="utf-8")))
    if rejected:
        raise NotAllTaken(remark.message for remark in rejected)
    for position, one in enumerate(received):
        one.order.number = one.order.number or f"D-{_FIRST_PASTED + position}"
    return _taken(record_orders(received, source=_PASTED))


def _taken(outcomes: list[Outcome]) -> Taken:
    """A second run finds every order there, changed by staff or not."""
    known = {each.number for each in outcomes if each.state != "created" and each.order}
    if problems := [each.problem for each in outcomes if each.problem and not each.order]:
        raise NotAllTaken(problems)
    new = [each.order for each in outcomes if each.state == "created" and each.order]
    return Taken(
        new=len(new),
        known=len(known),
        ready=_count(new, OrderStatus.READY),
        to_review=_count(new, OrderStatus.NEEDS_REVIEW),
    )


def _count(orders: Iterable[Order], status: OrderStatus) -> int:
    return sum(order.status == status for order in orders)
