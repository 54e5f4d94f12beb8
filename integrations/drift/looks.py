"""One look at one order there: asked, compared, recorded. It changes nothing but findings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from integrations.dispatching.references import is_our_reference
from integrations.drift.compare import compare
from integrations.drift.ours import facts_of, in_motion, shipments_to_compare
from integrations.drift.record import (
    Subject,
    note_looks,
    record_comparison,
    subject_of,
)
from integrations.drift.strays import Known, judge_stray
from integrations.models import Dispatch, DispatchState, DriftFinding
from integrations.platforms.base import Platform
from integrations.platforms.errors import NotFound
from integrations.platforms.outbound import AddressValue, Reference
from integrations.platforms.remote import RemoteOrder
from orders.models import Shipment, ShipmentState


@dataclass(frozen=True, slots=True)
class View:
    """A platform at hand, and what was asked of it once for all looks of a run."""

    platform: Platform
    stores: frozenset[str] = frozenset()
    addresses: Mapping[str, AddressValue] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.platform.kind


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one: `is_in_flight` looks compared nothing."""

    is_in_flight: bool = False
    agrees: bool = True
    opened: int = 0
    resolved: int = 0


IN_FLIGHT = Look(is_in_flight=True)


def view_of(platform: Platform) -> View:
    """Ask for our stores and, where addresses stand for warehouses, for those. PlatformError."""
    addresses = {} if platform.keeps_stock else _addresses(platform)
    return View(platform, platform.our_stores(), addresses)


def _addresses(platform: Platform) -> dict[str, AddressValue]:
    found: dict[str, AddressValue] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = platform.list_warehouses(cursor)
        found |= {each.remote_id: each.address for each in page.items}
        cursor = page.next_cursor
    return found


def look_at_shipment(view: View, shipment: Shipment) -> Look:
    """Ask for the shipment's order there and compare. Raises PlatformError, having done nothing."""
    asked_at = timezone.now()
    remote = fetched(view.platform, shipment.remote_id)
    # Read after the answer: what a worker wrote meanwhile is seen, and then nothing is compared.
    current = shipments_to_compare().get(pk=shipment.pk)
    if in_motion(view.kind, [current.reference], asked_at) or _was_handed_on(shipment, current):
        return IN_FLIGHT
    ours = facts_of(view.kind, [current], view.addresses)[current.pk]
    comparison = compare(ours, remote)
    recorded = record_comparison(subject_of(current), comparison, asked_at)
    note_looks([current], asked_at)
    return Look(agrees=comparison.agrees, opened=recorded.opened, resolved=recorded.resolved)


def _was_handed_on(before: Shipment, now: Shipment) -> bool:
    return before.remote_id != now.remote_id


def look_at_stray(view: View, remote_id: str, reference: str = "") -> Look:
    """Ask for an order there that is no shipment's own. Raises PlatformError.

    `reference` is the one it was last known by, should it be gone.
    """
    asked_at = timezone.now()
    remote = fetched(view.platform, remote_id)
    reference = remote.reference if remote else reference
    held = _holder(view.kind, reference)
    known = _known(view.platform, remote, reference, held)
    if in_motion(view.kind, {reference} - {""}, asked_at):
        return IN_FLIGHT
    comparison = judge_stray(remote, known)
    order_id = held.order_id if held else _order_of(view.kind, reference)
    subject = Subject(view.kind, remote_id, reference, order_id, held.pk if held else None)
    recorded = record_comparison(subject, comparison, asked_at)
    return Look(agrees=comparison.agrees, opened=recorded.opened, resolved=recorded.resolved)


def _holder(platform: str, reference: str) -> Shipment | None:
    return Shipment.objects.filter(platform=platform, reference=reference or None).first()


def _known(
    platform: Platform, remote: RemoteOrder | None, reference: str, held: Shipment | None
) -> Known:
    rows = Dispatch.objects.filter(platform=platform.kind, reference=reference)
    states = set(rows.order_by().values_list("state", flat=True)) if reference else set()
    has_row = held is not None or bool(states)
    if remote is None or not remote.is_alive or not has_row:
        return Known(has_row=has_row)
    if held and held.state != ShipmentState.CANCELLED:
        # By its id: a search may lag behind.
        own = fetched(platform, held.remote_id)
        is_alive = own is not None and own.is_alive
        return Known(held=held.remote_id, is_held_alive=is_alive, has_row=True)
    if DispatchState.NEEDS_HELP not in states:
        return Known(has_row=True)
    matches = platform.find_by_reference(Reference(reference))
    alive = sum(each.is_alive for each in matches)
    return Known(alive=alive, has_row=True, waits_for_help=True)


def _order_of(platform: str, reference: str) -> int | None:
    """By a dispatch that never got as far as a shipment."""
    if not is_our_reference(reference):
        return None
    rows = Dispatch.objects.filter(platform=platform, reference=reference)
    return rows.values_list("order_id", flat=True).first()


def fetched(platform: Platform, remote_id: str) -> RemoteOrder | None:
    """The order there, or None when the platform says that there is none."""
    try:
        return platform.fetch(remote_id)
    except NotFound:
        return None


def strays_of(platform: str, before: datetime) -> list[tuple[str, str]]:
    """Remote id and reference of orders there with open findings that are no shipment's own.

    Not looked at since `before`.
    """
    own = Shipment.objects.filter(platform=platform).values("remote_id")
    rows = DriftFinding.objects.unsettled().filter(platform=platform, looked_at__lt=before)
    strays = rows.exclude(remote_id__in=own).order_by("remote_id")
    return list(strays.values_list("remote_id", "reference").distinct())
