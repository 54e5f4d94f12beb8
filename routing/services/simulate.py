"""A draft is tried on the decisions of the last days, with the stock as it was then."""

import secrets
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from core.actor import current_actor
from core.periodic import scheduled
from core.tasks import enqueue, task
from routing.codec import UnreadableDocument
from routing.compare import Change, change
from routing.effects import PreparedRules
from routing.errors import RulesetRefused
from routing.models import (
    DecisionKind,
    RoutingDecision,
    Ruleset,
    Simulation,
    SimulationRow,
    SimulationState,
)
from routing.result import Candidate, Decision
from routing.services.replay import Frames, decide_again, decision_of
from routing.services.rules import rules_of

CHUNK = 200
WORKING = (SimulationState.WAITING, SimulationState.RUNNING)
SLICE_SECONDS = 35.0
LEASE = timedelta(seconds=120)
DAY_IN_CENTS = 300
"""What a day sooner or later weighs beside money when changes are ranked by surprise."""

REVIEW_IN_CENTS = 500
NOTHING = "nothing can ship it"
EDITED = "The ruleset was changed while it was simulated. Simulate it again."


@transaction.atomic
def start_simulation(ruleset: Ruleset, days: int) -> Simulation:
    """Queue the trial of the ruleset on the decisions of the last `days`. Raises RulesetRefused."""
    if not 1 <= days <= 366:
        raise RulesetRefused("Choose 1 to 366 days.")
    if running := _running(ruleset, days):
        return running
    since = timezone.now() - timedelta(days=days)
    found = decisions_since(since)
    simulation = Simulation.objects.create(
        ruleset=ruleset,
        ruleset_version=ruleset.version,
        days=days,
        total=found.count(),
        highest_decision_id=found.aggregate(highest=Max("pk"))["highest"] or 0,
        created_by_id=current_actor.get().user_id,
    )
    enqueue(run_simulation, simulation.pk, queue="bulk")
    return simulation


def _running(ruleset: Ruleset, days: int) -> Simulation | None:
    """The same trial, started a moment ago by a second click or by somebody else."""
    Ruleset.objects.select_for_update().get(pk=ruleset.pk)
    return ruleset.simulations.filter(
        ruleset_version=ruleset.version, days=days, state__in=WORKING
    ).first()


def decisions_since(since: Any) -> QuerySet[RoutingDecision]:
    """The latest decision of each order, unless a person made it: what routing answers for."""
    latest = RoutingDecision.objects.filter(created_at__gte=since, is_current=True)
    return latest.exclude(kind=DecisionKind.OVERRIDE).order_by("pk")


@transaction.atomic
def cancel_simulation(simulation: Simulation) -> None:
    """Stop at the next chunk; what was found so far stays."""
    Simulation.objects.filter(pk=simulation.pk, state__in=WORKING).update(
        state=SimulationState.CANCELLED, finished_at=timezone.now(), job_until=None
    )


@task
def run_simulation(simulation_id: int) -> str:
    """Work for a while, then queue itself again; a killed run goes on where it stopped."""
    token = _claim(simulation_id)
    if not token:
        return "nothing to do"
    began = time.monotonic()
    while _chunk(simulation_id, token):
        if time.monotonic() - began > SLICE_SECONDS:
            _mine(simulation_id, token).update(job_token="", job_until=None)
            enqueue(run_simulation, simulation_id, queue="bulk")
            return "goes on"
    return "done"


@scheduled(every=timedelta(minutes=5))
def resume_simulations() -> int:
    """Queue again what no job is working on."""
    idle = Q(job_until__isnull=True) | Q(job_until__lt=timezone.now())
    stuck = list(Simulation.objects.filter(idle, state__in=WORKING).values_list("pk", flat=True))
    for pk in stuck:
        enqueue(run_simulation, pk, queue="bulk")
    return len(stuck)


def _claim(simulation_id: int) -> str:
    token, now = secrets.token_hex(8), timezone.now()
    idle = Q(job_until__isnull=True) | Q(job_until__lt=now)
    waiting = Simulation.objects.filter(idle, pk=simulation_id, state__in=WORKING)
    claimed = waiting.update(state=SimulationState.RUNNING, job_token=token, job_until=now + LEASE)
    return token if claimed else ""


def _mine(simulation_id: int, token: str) -> QuerySet[Simulation]:
    return Simulation.objects.filter(
        pk=simulation_id, job_token=token, state=SimulationState.RUNNING
    )


@transaction.atomic
def _chunk(simulation_id: int, token: str) -> bool:
    """One chunk and its checkpoint, together; False at the end or when it is no longer ours."""
    simulation = _mine(simulation_id, token).select_related("ruleset").first()
    if simulation is None:
        return False
    rows = list(_next(simulation))
    if not rows:
        return _end(simulation, SimulationState.DONE)
    counted, changed = _try(simulation, rows)
    if _was_edited(simulation):
        return _end(simulation, SimulationState.FAILED, EDITED)
    SimulationRow.objects.bulk_create(changed, ignore_conflicts=True)
    kept = _mine(simulation_id, token).update(
        done=F("done") + len(rows),
        changed=F("changed") + len(changed),
        last_decision_id=rows[-1].pk,
        summary=_added(simulation.summary, counted),
        job_until=timezone.now() + LEASE,
    )
    return bool(kept)


def _was_edited(simulation: Simulation) -> bool:
    """Asked after the rules were read: half of the figures must not come from other rules."""
    unchanged = Ruleset.objects.filter(pk=simulation.ruleset_id, version=simulation.ruleset_version)
    return not unchanged.exists()


def _end(simulation: Simulation, state: SimulationState, problem: str = "") -> bool:
    _mine(simulation.pk, simulation.job_token).update(
        state=state, problem=problem, finished_at=timezone.now(), job_token="", job_until=None
    )
    return False


def _next(simulation: Simulation) -> QuerySet[RoutingDecision]:
    since = simulation.created_at - timedelta(days=simulation.days)
    return (
        decisions_since(since)
        .filter(pk__gt=simulation.last_decision_id, pk__lte=simulation.highest_decision_id)
        # The network is large and shared by many: Frames reads it once.
        .select_related("order")[:CHUNK]
    )


def _try(
    simulation: Simulation, rows: list[RoutingDecision]
) -> tuple[Counter[str], list[SimulationRow]]:
    rules = PreparedRules.of(rules_of(simulation.ruleset))
    frames, changed = Frames(), []
    counted: Counter[str] = Counter()
    for stored in rows:
        try:
            before = decision_of(stored)
            after = decide_again(stored, rules, frames)
        except UnreadableDocument:
            counted["unreadable"] += 1
            continue
        is_comparable = _are_comparable(before.chosen, after.chosen)
        counted["compared"] += is_comparable
        counted.update(dict(_figures("before", before, is_comparable)))
        counted.update(dict(_figures("after", after, is_comparable)))
        found = change(before, after)
        if found.is_other_route or before.needs_review != after.needs_review:
            changed.append(_row(simulation, stored, before, after, found))
    return counted, changed


def _are_comparable(old: Candidate | None, new: Candidate | None) -> bool:
    """Whether price and days may be added up on both sides: lost orders would look like savings."""
    if old is None or new is None or None in (old.cents, new.cents):
        return False
    return old.currency == new.currency


def _figures(side: str, decision: Decision, is_comparable: bool) -> Iterator[tuple[str, int]]:
    """What is added up on each side: orders, cents by currency, days, splits, shares."""
    yield f"{side}.orders", 1
    yield f"{side}.review", int(decision.needs_review)
    chosen = decision.chosen
    if chosen is None:
        yield f"{side}.impossible", 1
        return
    if is_comparable and chosen.cents is not None:
        yield f"{side}.cents.{chosen.currency}", chosen.cents
    if is_comparable and chosen.arrives_on:
        yield f"{side}.days", (chosen.arrives_on - decision.decided_at.date()).days
        yield f"{side}.dated", 1
    yield f"{side}.splits", int(chosen.is_split)
    for part in chosen.parcels:
        yield f"{side}.warehouse.{part.warehouse}", 1
        yield f"{side}.carrier.{part.carrier}", 1


def _row(
    simulation: Simulation,
    stored: RoutingDecision,
    before: Decision,
    after: Decision,
    found: Change,
) -> SimulationRow:
    old, new = before.chosen, after.chosen
    return SimulationRow(
        simulation=simulation,
        decision=stored,
        before=_told(before)[:200],
        after=_told(after)[:200],
        cents_before=old.cents if old else None,
        cents_after=new.cents if new and _same_money(old, new) else None,
        arrives_before=old.arrives_on if old else None,
        arrives_after=new.arrives_on if new else None,
        parcels_before=len(old.parcels) if old else 0,
        parcels_after=len(new.parcels) if new else 0,
        surprise=_surprise(before, after, found),
    )


def _told(decision: Decision) -> str:
    """The route in one line, and whether a person looks at it first."""
    if decision.chosen is None:
        return NOTHING
    route = " + ".join(f"{part.warehouse} · {part.service}" for part in decision.chosen.parcels)
    return f"{route}, reviewed" if decision.needs_review else route


def _same_money(old: Candidate | None, new: Candidate) -> bool:
    return old is None or old.currency == new.currency


def _surprise(before: Decision, after: Decision, found: Change) -> int:
    """Cents more or less, days, and a person needed or not, in one figure for ranking."""
    surprise = abs(found.cents or 0) + DAY_IN_CENTS * abs(found.days or 0)
    surprise += REVIEW_IN_CENTS * (before.needs_review != after.needs_review)
    lost = (before.chosen is None) != (after.chosen is None)
    return surprise + 10 * REVIEW_IN_CENTS * lost


def _added(summary: dict[str, int], counted: Counter[str]) -> dict[str, int]:
    return dict(sorted((Counter(summary) + counted).items()))
