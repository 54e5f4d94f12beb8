"""A page of what changed there: what agrees is done with, the rest is asked for one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from integrations.drift.compare import compare
from integrations.drift.looks import View
from integrations.drift.ours import facts_of, in_motion, shipments_to_compare
from integrations.drift.record import note_looks
from integrations.drift.strays import concerns_us
from integrations.models import Dispatch, DriftFinding
from integrations.platforms.remote import RemoteOrder
from orders.models import Shipment


@dataclass(slots=True)
class Sorted:
    """A page by what is to be done; a list may be stale, so that a difference is only a hint."""

    agreed: int = 0
    in_flight: int = 0
    shipments: list[Shipment] = field(default_factory=list)
    strays: list[RemoteOrder] = field(default_factory=list)


def sort_page(view: View, items: Sequence[RemoteOrder], asked_at: datetime) -> Sorted:
    """Record what agrees and has no open finding; a fixed number of queries for a page."""
    listed = {each.remote_id: each for each in items}
    references = {each.reference for each in items} - {""}
    shipments = list(
        shipments_to_compare()
        .filter(Q(remote_id__in=listed) | Q(reference__in=references), platform=view.kind)
        .order_by("pk")
    )
    own = {each.remote_id: each for each in shipments if each.remote_id in listed}
    moving = in_motion(view.kind, references | {each.reference for each in shipments}, asked_at)
    sorted_page = _compared(view, listed, own, moving, asked_at)
    known = {each.reference for each in shipments} | _told(view.kind, references)
    for stray in listed.values():
        if stray.remote_id in own or not stray.is_alive:
            continue
        if stray.reference in moving:
            sorted_page.in_flight += 1
        elif stray.reference in known or concerns_us(stray, view.stores):
            sorted_page.strays.append(stray)
    return sorted_page


def _compared(
    view: View,
    listed: dict[str, RemoteOrder],
    own: dict[str, Shipment],
    moving: set[str],
    asked_at: datetime,
) -> Sorted:
    still = [each for each in own.values() if each.reference not in moving]
    facts = facts_of(view.kind, still, view.addresses)
    doubtful = set(
        DriftFinding.objects.unsettled()
        .filter(platform=view.kind, remote_id__in=own)
        .values_list("remote_id", flat=True)
    )
    agreed = [
        each
        for each in still
        if each.remote_id not in doubtful and compare(facts[each.pk], listed[each.remote_id]).agrees
    ]
    note_looks(agreed, asked_at)
    done = {each.pk for each in agreed}
    rest = [each for each in still if each.pk not in done]
    return Sorted(agreed=len(agreed), in_flight=len(own) - len(still), shipments=rest)


def _told(platform: str, references: set[str]) -> set[str]:
    rows = Dispatch.objects.filter(platform=platform, reference__in=references)
    return set(rows.order_by().values_list("reference", flat=True))
