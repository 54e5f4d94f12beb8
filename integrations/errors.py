"""How sending says no.

IntegrationError
├── NotReadyToSend      not routed, or without warehouse or service
├── HasErrors           an error finding is open
├── StillAlive          the order is at a platform, or on its way to one
├── NothingToResend     it was never sent
├── NothingToCancel     no platform has it
├── NothingToAsk        no parcel of it has a label
├── NothingToLeaveOut   no part of it was cancelled while others go on
├── InHand              a worker is on it, or its fate is not known yet
├── NotWaitingForHelp   the dispatch does not wait for a person
├── NothingWaits        nothing of the order waits for a person
├── NothingAsked        the dispatch asks nothing
├── NotPaused           the platform is not paused
├── AlreadyPaused       the platform is paused
├── NeedsAReason        a reason is mandatory
├── NotOurs             a code that names nothing of ours
├── BadDocument         bytes that are no paper
├── NotOpen             the drift finding is settled, or being settled
├── CannotAdopt         the platform's value cannot become ours
├── CannotPush          our value cannot be pushed to the platform
├── NotInFuture         a date that is over
└── CannotSay           our rows do not hold what the platform must be told
    └── Unmapped        … because a code of ours has no match there
"""

from core.errors import DomainError


class IntegrationError(DomainError):
    """Something between us and a platform was refused, by us."""


class NotReadyToSend(IntegrationError):
    code = "not_ready_to_send"

    def __init__(self, number: str, why: str):
        super().__init__(f"Order {number} cannot be sent: {why}")


class HasErrors(IntegrationError):
    code = "has_errors"

    def __init__(self, number: str, message: str):
        super().__init__(f"Order {number} has an open error: {message} Resolve it first.")


class StillAlive(IntegrationError):
    code = "still_alive"

    def __init__(self, number: str, reference: str, where: str):
        super().__init__(
            f"Order {number} is not sent again: {reference} {where}. "
            "Cancel it at the platform first."
        )


class NothingToResend(IntegrationError):
    code = "nothing_to_resend"

    def __init__(self, number: str):
        super().__init__(f"Order {number} was never sent. Use Send.")


class NothingToCancel(IntegrationError):
    code = "nothing_to_cancel"

    def __init__(self, number: str):
        super().__init__(f"Order {number} is at no platform, so there is nothing to cancel there.")


class NothingToAsk(IntegrationError):
    code = "nothing_to_ask"

    def __init__(self, number: str):
        super().__init__(
            f"Order {number} has no parcel with a label, so no platform can say where it is. "
            "Send it first."
        )


class NothingToLeaveOut(IntegrationError):
    code = "nothing_to_leave_out"

    def __init__(self, number: str):
        super().__init__(
            f"Order {number} has no cancelled part beside others that go on. "
            "Cancel a part on the page of its dispatch first."
        )


class InHand(IntegrationError):
    code = "in_hand"

    def __init__(self, number: str, why: str):
        super().__init__(f"Order {number}: {why} Try again in a few minutes.")


class NotWaitingForHelp(IntegrationError):
    code = "not_waiting_for_help"

    def __init__(self, dispatch: str, state: str):
        super().__init__(f"“{dispatch}” is “{state}” and does not wait for a person.")


class NothingWaits(IntegrationError):
    code = "nothing_waits"

    def __init__(self, number: str):
        super().__init__(f"Nothing of order {number} waits for a person, or not for this reason.")


class NothingAsked(IntegrationError):
    code = "nothing_asked"

    def __init__(self, dispatch: str):
        super().__init__(f"“{dispatch}” asks nothing that could be approved. Use Retry.")


class NotPaused(IntegrationError):
    code = "not_paused"

    def __init__(self, platform: str):
        super().__init__(f"{platform} is not paused.")


class AlreadyPaused(IntegrationError):
    code = "already_paused"

    def __init__(self, platform: str):
        super().__init__(f"{platform} is paused already.")


class NeedsAReason(IntegrationError):
    code = "needs_a_reason"

    def __init__(self, what: str):
        super().__init__(f"{what} needs a reason. Say why.")


class NotOurs(IntegrationError):
    code = "not_ours"

    def __init__(self, what: str, said: str):
        super().__init__(f"We have no {what} “{said}”. Choose one that exists, or add it first.")


class NotOpen(IntegrationError):
    code = "not_open"

    def __init__(self, finding: str, state: str):
        super().__init__(f"“{finding}” is “{state}” by now. Nothing was done.")


class CannotAdopt(IntegrationError):
    code = "cannot_adopt"


class CannotPush(IntegrationError):
    code = "cannot_push"


class NotInFuture(IntegrationError):
    code = "not_in_future"

    def __init__(self) -> None:
        super().__init__("That day is over. Choose a later one.")


class BadDocument(IntegrationError):
    code = "bad_document"

    def __init__(self, what: str, why: str):
        super().__init__(f"The {what} cannot be kept: {why}. Fetch it again.")


class CannotSay(IntegrationError):
    """`missing` names the mapping to make, as in warehouse:RNO1, or is empty."""

    code = "cannot_say"
    missing = ""


class Unmapped(CannotSay):
    def __init__(self, platform: str, kind: str, kind_name: str, ours: str):
        self.code = f"unmapped_{kind}"
        self.missing = f"{kind}:{ours}"
        super().__init__(
            f"{kind_name} {ours} has no match at {platform}. "
            "Map it once under Mappings; everything that waited is then sent."
        )
