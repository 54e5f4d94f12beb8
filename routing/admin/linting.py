"""What the linter finds in a ruleset, for its pages."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from routing.linter import LintFinding, lint
from routing.models import Ruleset
from routing.services.network import load_network
from routing.services.rules import rules_of

KEPT = timedelta(minutes=2)
"""The network changes too; a ruleset that does is linted at once, as its version is in the key."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with the rules it is about: (position, id of the rule's row)."""

    finding: LintFinding
    rules: list[tuple[int, int]]


def findings_of(ruleset: Ruleset) -> list[LintFinding]:
    """A quarter of a second's work, so it is kept for as long as nothing changes."""
    key = f"routing.lint.{ruleset.pk}.{ruleset.version}"
    found: list[LintFinding] | None = cache.get(key)
    if found is None:
        now = timezone.now()
        found = lint(rules_of(ruleset), load_network([], now), now)
        cache.set(key, found, KEPT.total_seconds())
    return found


def shown_findings(ruleset: Ruleset, position: int | None = None) -> list[ShownFinding]:
    """All findings, or those that one rule has a part in."""
    findings = findings_of(ruleset)
    if position is not None:
        findings = [finding for finding in findings if position in finding.positions]
    ids = dict(ruleset.rules.order_by("position").values_list("position", "pk"))
    return [
        ShownFinding(one, [(place, ids[place]) for place in one.positions if place in ids])
        for one in findings
    ]
