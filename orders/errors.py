"""How an order says no.

OrderError
├── IllegalStep        the status table does not know this step
├── ChangedMeanwhile   somebody else stepped first, or the edit is of an old version
├── NotEditable        too far along to be edited
├── OnHold             a hold is open
├── NumberTaken        source and number exist
├── NothingToReserve   a line has no known product
├── NoLines            there is no line to reserve
├── AlreadyReserved    stock is promised to it already
├── AlreadyShipped     the goods have left
├── AtPlatform         a platform still holds it
├── TooLateToHold      it is shipped or cancelled
├── HoldAlreadyClosed  somebody released the hold first
├── FieldNotEditable   not a field that staff may edit
├── ImportRefused      an import session cannot do that now
├── ImportTakenOver    another job works on the import
├── NoSuchLine         no line has this position
├── LineReserved       stock is or was promised to this line
├── NothingProposed    there is no correction to accept
├── AlreadyVouched     the address is vouched for
├── CannotOverride     the finding is closed, or no reason makes it harmless
├── PairDecided        somebody decided about the two orders first
├── CannotMerge        the older order can take nothing more
└── NotValid           a value does not fit its field
"""

from collections.abc import Iterable, Mapping

from core.errors import DomainError


class OrderError(DomainError):
    """An order refused to do what was asked."""


class IllegalStep(OrderError):
    code = "illegal_step"

    def __init__(self, number: str, current: str, wanted: str):
        super().__init__(f"Order {number} is “{current}” and cannot become “{wanted}” from there.")


class ChangedMeanwhile(OrderError):
    code = "changed_meanwhile"

    def __init__(self, number: str):
        super().__init__(
            f"Order {number} was changed by someone else in the meantime. "
            "Nothing was saved; reload the page and try again."
        )


class NotEditable(OrderError):
    code = "not_editable"

    def __init__(self, number: str, status: str):
        super().__init__(
            f"Order {number} is “{status}” and can no longer be edited. "
            "Unroute or cancel it at the platform first."
        )


class OnHold(OrderError):
    code = "on_hold"

    def __init__(self, number: str, reason: str):
        super().__init__(f"Order {number} is on hold ({reason}). Release the hold first.")


class NumberTaken(OrderError):
    code = "number_taken"

    def __init__(self, source: str, number: str):
        super().__init__(
            f"There is already an order {number} from {source}. Open it, or use another number."
        )


class NothingToReserve(OrderError):
    code = "nothing_to_reserve"

    def __init__(self, number: str, sku: str):
        super().__init__(
            f"Order {number} cannot be reserved: {sku} is no known product. "
            "Choose a product for the line first."
        )


class NoLines(OrderError):
    code = "no_lines"

    def __init__(self, number: str):
        super().__init__(f"Order {number} has no lines. Add what was ordered first.")


class AlreadyReserved(OrderError):
    code = "already_reserved"

    def __init__(self, number: str):
        super().__init__(
            f"Order {number} already has stock reserved. Release it before reserving elsewhere."
        )


class AlreadyShipped(OrderError):
    code = "already_shipped"

    def __init__(self, number: str):
        super().__init__(
            f"Order {number} has left the building and cannot be cancelled. "
            "Ask the carrier to return it, or wait for the customer's return."
        )


class AtPlatform(OrderError):
    code = "at_platform"

    def __init__(self, number: str, where: str):
        super().__init__(
            f"Order {number} {where}. Use “Cancel at platform”, which can cancel the order, too."
        )


class TooLateToHold(OrderError):
    code = "too_late_to_hold"

    def __init__(self, number: str, status: str):
        super().__init__(
            f"Order {number} is “{status}”; a hold would stop nothing. Write a note instead."
        )


class HoldAlreadyClosed(OrderError):
    code = "hold_already_closed"

    def __init__(self, number: str, reason: str):
        super().__init__(
            f"The hold on order {number} ({reason}) is already released. Reload the page."
        )


class FieldNotEditable(OrderError):
    code = "field_not_editable"

    def __init__(self, field: str, editable: Iterable[str]):
        super().__init__(f"“{field}” cannot be edited. These can: {', '.join(sorted(editable))}.")


class NotValid(OrderError):
    """`problems` maps the field to what is wrong with it; lines are named as in lines.2.sku."""

    code = "not_valid"

    def __init__(self, number: str, problems: Mapping[str, list[str]]):
        self.problems = dict(problems)
        told = "; ".join(f"{field}: {' '.join(said)}" for field, said in self.problems.items())
        super().__init__(f"Order {number} was not saved. {told}")


class ImportRefused(OrderError):
    """The message says what the session is, or what is wrong with the file."""

    code = "import_refused"


class ImportTakenOver(OrderError):
    code = "import_taken_over"

    def __init__(self) -> None:
        super().__init__("Another job has taken this import over. Nothing was written.")


class NoSuchLine(OrderError):
    code = "no_such_line"

    def __init__(self, number: str, position: int):
        super().__init__(f"Order {number} has no line {position}. Reload the page.")


class LineReserved(OrderError):
    code = "line_reserved"

    def __init__(self, number: str, position: int):
        super().__init__(
            f"Line {position} of order {number} has stock reserved, or had some before. "
            "Unroute the order to change it; to drop the line, cancel the order and enter it again."
        )


class NothingProposed(OrderError):
    code = "nothing_proposed"

    def __init__(self, number: str):
        super().__init__(f"No correction is proposed for order {number}. Edit the fields instead.")


class AlreadyVouched(OrderError):
    code = "already_vouched"

    def __init__(self, number: str):
        super().__init__(
            f"Somebody has already vouched for the address of order {number}. Check it again."
        )


class CannotOverride(OrderError):
    code = "cannot_override"

    def __init__(self, number: str, finding: str, instead: str):
        super().__init__(f"This cannot be overridden on order {number}: {finding} {instead}")


class PairDecided(OrderError):
    code = "pair_decided"

    def __init__(self, first: str, second: str):
        super().__init__(
            f"Somebody has already decided about orders {first} and {second}. Reload the page."
        )


class CannotMerge(OrderError):
    code = "cannot_merge"

    def __init__(self, first: str, status: str):
        super().__init__(
            f"Order {first} is “{status}” and can take nothing more. "
            "Keep both, or cancel the newer one."
        )
