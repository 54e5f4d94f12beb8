"""What a parcel's scans make of its shipment, in whatever order they arrive. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.platforms.remote import TrackingCode
from orders.models.shipments import ShipmentState

C, S = TrackingCode, ShipmentState

_MEANING = {
    C.COLLECTED: S.SHIPPED,
    C.IN_TRANSIT: S.SHIPPED,
    C.OUT_FOR_DELIVERY: S.SHIPPED,
    C.ATTEMPT_FAILED: S.SHIPPED,
    C.READY_FOR_PICKUP: S.SHIPPED,
    C.DELIVERED: S.DELIVERED,
    C.EXCEPTION: S.EXCEPTION,
    C.RETURNING: S.EXCEPTION,
    C.RETURNED: S.RETURNED,
    C.LOST: S.LOST,
}
"""The other codes (announced, delayed, expired, …) move nothing."""

# A lost parcel may turn up, and what was delivered may come back; never the other way round.
_ENDS = (S.LOST, S.DELIVERED, S.RETURNED)
_NOT_GONE_YET = frozenset({C.EXCEPTION})


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as far as it decides anything."""

    at: datetime
    code: str
    words: str = ""


def is_end(state: str) -> bool:
    """Whether the parcel travels no more."""
    return state in _ENDS or state == S.CANCELLED


def state_after(current: str, scans: Sequence[Scan], said: str = "") -> ShipmentState:
    """The state by all scans ever told, together with the code the platform gives the whole.

    The same set of scans gives the same state however it arrived: the furthest end that was
    reached, else the meaning of the latest scan that means something, else `current`.
    """
    if current == S.CANCELLED:
        return S.CANCELLED
    meanings = [meaning for scan in in_order(scans) if (meaning := meaning_of(scan.code))]
    if (last := meaning_of(said)) is not None:
        meanings.append(last)
    ends = [end for end in _ENDS if end == current or end in meanings]
    if ends:
        return ends[-1]
    return meanings[-1] if meanings else S(current)


def meaning_of(code: str) -> ShipmentState | None:
    return _MEANING.get(TrackingCode(code)) if code in _MEANING else None


def in_order(scans: Sequence[Scan]) -> list[Scan]:
    """Oldest first; of two in the same moment the graver one counts last."""
    return sorted(scans, key=lambda scan: (scan.at, _gravity(scan.code), scan.words))


def _gravity(code: str) -> int:
    meaning = meaning_of(code)
    return list(S).index(meaning) if meaning else -1


def has_left(scans: Sequence[Scan], state: str) -> bool:
    """Whether the parcel is out of the warehouse: an exception alone may concern its label."""
    gone = (scan for scan in scans if meaning_of(scan.code) and scan.code not in _NOT_GONE_YET)
    return state in (S.SHIPPED, *_ENDS) or any(gone)


def first_time(scans: Sequence[Scan], *codes: TrackingCode) -> datetime | None:
    """When the first scan with one of these codes happened."""
    return min((scan.at for scan in scans if scan.code in codes), default=None)


def last_words(scans: Sequence[Scan], state: ShipmentState) -> str:
    """The latest scan's words that led to the state."""
    found = [scan.words for scan in in_order(scans) if meaning_of(scan.code) == state]
    return found[-1] if found else ""
