"""How a bulk run says no.

BulkError
├── UnknownAction      no bulk action has this name
├── NobodyAsks         a job or a program asked; a run needs a person
├── NothingSelected    there is no order to act on
├── SelectionBroken    the filter can no longer be read
├── NothingToRetry     no order was refused or failed, or the run goes on
├── AlreadyFinished    there is nothing left to cancel
├── NotAllowed         the person may not do this
├── NoLongerAllowed    the person may not do this any more
├── StopAsked          somebody cancels the rest; write nothing
└── TakenOver          another job has the run; write nothing
"""

from core.errors import DomainError


class BulkError(DomainError):
    """A bulk run refused to do what was asked."""


class UnknownAction(BulkError):
    code = "unknown_bulk_action"

    def __init__(self, name: str):
        super().__init__(f"There is no bulk action “{name}”. Choose one from the list of orders.")


class NobodyAsks(BulkError):
    code = "bulk_needs_a_person"

    def __init__(self) -> None:
        super().__init__("A bulk run is started by a person. Sign in and start it from the list.")


class NothingSelected(BulkError):
    code = "nothing_selected"

    def __init__(self) -> None:
        super().__init__("No order is selected. Go back to the list and choose some.")


class SelectionBroken(BulkError):
    code = "selection_broken"

    def __init__(self) -> None:
        super().__init__(
            "The filter of the list can no longer be read. Go back to the list, "
            "filter again and start a new run."
        )


class NothingToRetry(BulkError):
    code = "nothing_to_retry"

    def __init__(self, run: str):
        super().__init__(
            f"{run} has nothing to try again: wait until it ends, and some order was refused."
        )


class AlreadyFinished(BulkError):
    code = "already_finished"

    def __init__(self, run: str, state: str):
        super().__init__(f"{run} is over ({state.lower()}); there is nothing left to cancel.")


class NotAllowed(BulkError):
    code = "not_allowed"

    def __init__(self, person: str, action: str):
        super().__init__(
            f"{person} may not do “{action}”. Ask a supervisor for the permission, or for the work."
        )


class NoLongerAllowed(BulkError):
    code = "no_longer_allowed"

    def __init__(self, person: str, action: str):
        super().__init__(
            f"{person} may not do “{action}”, so the run was stopped; orders not done yet "
            "were left as they are. Ask a supervisor for the permission and start a new run."
        )


class StopAsked(BulkError):
    code = "stop_asked"

    def __init__(self) -> None:
        super().__init__("The rest of this run is cancelled.")


class TakenOver(BulkError):
    code = "taken_over"

    def __init__(self) -> None:
        super().__init__("Another job works on this run now.")
