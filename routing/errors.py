"""How routing says no.

RoutingError
├── NoRulesetInForce     nothing is published
├── CannotRoute          the order's status or findings forbid it
├── NothingPinned        there is no pin to remove
├── NotReplayed          a stored decision is of a format this version cannot read
├── NotACandidate        the chosen warehouse and service cannot ship it
├── RulesetNotEditable   published rulesets never change
├── RulesetChanged       somebody else edited it meanwhile
├── RulesetRefused       it cannot be published, scheduled or rolled back to now
└── RuleNotValid         a condition or an outcome makes no sense
"""

from collections.abc import Sequence

from core.errors import DomainError


class RoutingError(DomainError):
    """Routing refused."""


class NoRulesetInForce(RoutingError):
    code = "no_ruleset_in_force"

    def __init__(self) -> None:
        super().__init__("No ruleset is in force. Publish one under Routing, Rulesets.")


class CannotRoute(RoutingError):
    """The message says why, and what to do first."""

    code = "cannot_route"


class NothingPinned(RoutingError):
    code = "nothing_pinned"

    def __init__(self, number: str):
        super().__init__(f"Order {number} has no pin; routing chooses freely already.")


class NotReplayed(RoutingError):
    code = "not_replayed"


class NotACandidate(RoutingError):
    code = "not_a_candidate"

    def __init__(self, number: str, why: Sequence[str]):
        super().__init__(f"Order {number} cannot go that way. {' '.join(why)}".strip())


class RulesetNotEditable(RoutingError):
    code = "ruleset_not_editable"

    def __init__(self, name: str):
        super().__init__(f"Ruleset {name} is published and never changes. Copy it into a draft.")


class RulesetChanged(RoutingError):
    code = "ruleset_changed"

    def __init__(self, name: str):
        super().__init__(
            f"“{name}” was changed by someone else since you opened it. Open it again in another "
            "tab, compare, and repeat your change there."
        )


class RulesetRefused(RoutingError):
    code = "ruleset_refused"


class RuleNotValid(RoutingError):
    code = "rule_not_valid"

    def __init__(self, faults: Sequence[str]):
        self.faults = list(faults)
        super().__init__(" ".join(faults))
