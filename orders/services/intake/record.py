"""Many orders are received at once: from a file, a paste or the API."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from orders.checks import Found, Verdict, check_order
from orders.intake.parsed import Received
from orders.models import ImportMode, Order, OrderStatus
from orders.services.check import checked_from_row, load_world, status_of
from orders.services.intake.candidates import Candidate, candidate_of, remarks_as_found
from orders.services.intake.facts import Facts, load_facts
from orders.services.intake.update import update_from_source
from orders.services.intake.writing import write_new
from orders.services.places import TablePlaces

CHUNK = 500
"""Orders written in one transaction."""


@dataclass(slots=True)
class Outcome:
    """What became of one received order; `problem` says why it failed."""

    number: str
    state: str
    """created, updated, unchanged or failed."""
    order: Order | None = None
    problem: str = ""
    found: tuple[Found, ...] = ()
    before: dict[str, object] | None = None
    """An updated order as it was, to be able to undo."""

    @property
    def has_errors(self) -> bool:
        return any(found.severity == "error" for found in self.found)


Beside = Callable[[Sequence[Outcome]], None]


def record_orders(
    batch: Sequence[Received],
    *,
    source: str,
    mode: ImportMode = ImportMode.CREATE,
    beside: Beside | None = None,
    places: TablePlaces | None = None,
) -> list[Outcome]:
    """Write what can be written, one outcome for each; the same batch again changes nothing.

    One transaction for each CHUNK; `beside` writes in the same one what belongs to the caller. A
    long import passes the same `places` each time: most ZIPs are then known.
    """
    about = About(source, mode, places or TablePlaces())
    return [
        outcome
        for start in range(0, len(batch), CHUNK)
        for outcome in _record_chunk(batch[start : start + CHUNK], about, beside)
    ]


def preview_orders(
    batch: Sequence[Received],
    *,
    source: str,
    mode: ImportMode = ImportMode.CREATE,
    places: TablePlaces | None = None,
) -> list[Outcome]:
    """The outcomes that record_orders would have, with nothing written."""
    about = About(source, mode, places or TablePlaces())
    return [
        outcome
        for start in range(0, len(batch), CHUNK)
        for outcome, _candidate in _judge(batch[start : start + CHUNK], about)
    ]


def judge_orders(batch: Sequence[Received], *, source: str) -> list[tuple[Outcome, Candidate]]:
    """What new orders would become, each with its rows; nothing is written or cut in chunks."""
    return list(_judge(batch, About(source, ImportMode.CREATE, TablePlaces())))


@dataclass(frozen=True, slots=True)
class About:
    """What a whole batch shares."""

    source: str
    mode: ImportMode
    places: TablePlaces


def _record_chunk(chunk: Sequence[Received], about: About, beside: Beside | None) -> list[Outcome]:
    try:
        return _write_chunk(chunk, about, beside)
    except IntegrityError:
        # Somebody wrote one of these numbers after we had looked; now it is seen as existing.
        return _write_chunk(chunk, about, beside)


@transaction.atomic
def _write_chunk(chunk: Sequence[Received], about: About, beside: Beside | None) -> list[Outcome]:
    judged = list(_judge(chunk, about))
    write_new([(c, o.found) for o, c in judged if o.state == "created"])
    for outcome, candidate in judged:
        if outcome.state == "updated" and outcome.order:
            outcome.before = update_from_source(outcome.order, candidate, outcome.found)
        elif outcome.state == "created":
            outcome.order = candidate.order
    outcomes = [outcome for outcome, _candidate in judged]
    if beside:
        beside(outcomes)
    return outcomes


def _judge(chunk: Sequence[Received], about: About) -> Iterator[tuple[Outcome, Candidate]]:
    """Decide what each would become, without writing."""
    facts = load_facts(about.source, chunk)
    candidates = [candidate_of(received, about.source, facts) for received in chunk]
    verdicts = _verdicts(candidates, about.places)
    seen: dict[str, Candidate] = {}
    for candidate, verdict in zip(candidates, verdicts, strict=True):
        earlier = seen.setdefault(candidate.number, candidate)
        repeated = None if earlier is candidate else earlier
        yield _outcome(candidate, verdict, facts, about.mode, repeated), candidate


def _verdicts(candidates: Sequence[Candidate], places: TablePlaces) -> list[Verdict]:
    orders = [checked_from_row(c.order, c.lines) for c in candidates]
    world = load_world(orders, places)
    return [check_order(order, world) for order in orders]


def _outcome(
    candidate: Candidate,
    verdict: Verdict,
    facts: Facts,
    mode: ImportMode,
    earlier: Candidate | None,
) -> Outcome:
    candidate.order.address_verdict = verdict.address_verdict
    candidate.order.status = status_of_all(found := _all_found(candidate, verdict), verdict)
    existing = facts.existing.get(candidate.number)
    state, problem = _state(candidate, existing, mode, earlier)
    return Outcome(candidate.number, state, existing, problem, found)


def status_of_all(found: Sequence[Found], verdict: Verdict) -> OrderStatus:
    """An error of the reader keeps an order back as one of the checks does."""
    if any(one.severity == "error" for one in found):
        return OrderStatus.NEEDS_REVIEW
    return status_of(verdict)


def _all_found(candidate: Candidate, verdict: Verdict) -> tuple[Found, ...]:
    """The checks speak for themselves; the reader adds what they do not say of the same place."""
    said = {(one.field, one.line_position) for one in verdict.found}
    positions = {
        line.row: position
        for position, line in enumerate(candidate.received.order.lines, start=1)
        if line.row is not None
    }
    others = [*candidate.found, *remarks_as_found(candidate.received.remarks, positions)]
    added = [one for one in others if (one.field, one.line_position) not in said]
    return (*verdict.found, *added)


def _state(
    candidate: Candidate, existing: Order | None, mode: ImportMode, earlier: Candidate | None
) -> tuple[str, str]:
    if candidate.refusals:
        return "failed", " ".join(dict.fromkeys(candidate.refusals))
    if earlier:
        return _state_of_repeated(candidate, earlier)
    if existing is None:
        return _state_of_new(candidate, mode)
    if existing.content_hash and existing.content_hash == candidate.order.content_hash:
        return "unchanged", ""
    if mode == ImportMode.CREATE:
        return "failed", (
            f"There is already an order {existing.number} from {existing.source}, and it says "
            "something else. Import with “update” to change it, or use another number."
        )
    return ("updated", "") if existing.is_editable else ("failed", _too_late(existing))


def _state_of_repeated(candidate: Candidate, earlier: Candidate) -> tuple[str, str]:
    if candidate.order.content_hash == earlier.order.content_hash:
        return "unchanged", ""
    return "failed", f"The number {candidate.number} is given twice, to different orders."


def _state_of_new(candidate: Candidate, mode: ImportMode) -> tuple[str, str]:
    if mode == ImportMode.UPDATE:
        return "failed", (
            f"There is no order {candidate.number} from {candidate.order.source} to update. "
            "Import with “create” to add it."
        )
    return "created", ""


def _too_late(order: Order) -> str:
    return (
        f"Order {order.number} is “{order.get_status_display()}” and can no longer be changed. "
        "Unroute it first, or leave it as it is."
    )
