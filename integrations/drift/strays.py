"""Orders there that are no shipment's own: a second one of ours, or one that we know nothing of.

Pure. A merchant's account holds other shops' orders, too. Only two sorts concern us: those named by
our scheme of references, and those in the store that only we should fill.
"""

from dataclasses import dataclass

from integrations.dispatching.references import is_our_reference
from integrations.drift.compare import words_of
from integrations.drift.values import Comparison, Difference
from integrations.models.drift import DriftKind
from integrations.platforms.remote import RemoteOrder

_COMPARED = frozenset({DriftKind.ONLY_THERE, DriftKind.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a reference; `held` is the remote id that our live shipment goes by."""

    held: str = ""
    is_held_alive: bool = False
    has_row: bool = False
    """A shipment or dispatch of ours has it, dead or alive."""
    waits_for_help: bool = False
    """A dispatch of it is parked for a person, and no shipment holds it."""
    alive: int = 0
    """Live orders there under the reference; counted for one that waits for help only."""


def concerns_us(remote: RemoteOrder, stores: frozenset[str]) -> bool:
    return is_our_reference(remote.reference) or remote.store in stores


def judge_stray(remote: RemoteOrder | None, known: Known) -> Comparison:
    """Whether an order there should exist, being no shipment's own."""
    if remote is None or not remote.is_alive:
        return Comparison((), _COMPARED)
    difference = _wrong(remote, known)
    return Comparison((difference,) if difference else (), _COMPARED)


def _wrong(remote: RemoteOrder, known: Known) -> Difference | None:
    there = f"{remote.remote_id}, {words_of(remote)}"
    if known.held and known.is_held_alive:
        return Difference(DriftKind.DUPLICATE, "order", known.held, there)
    if known.waits_for_help:
        # Its retry looks there first and takes the one that it finds, but it never chooses.
        several = Difference(DriftKind.DUPLICATE, "order", "none chosen yet", there)
        return several if known.alive > 1 else None
    if known.held:
        return Difference(DriftKind.ONLY_THERE, "order", f"{known.held}, over there", there)
    return Difference(DriftKind.ONLY_THERE, "order", "cancelled" if known.has_row else "", there)
