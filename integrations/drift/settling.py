"""Pushing our truth to a platform again: a job per finding, which may run twice.

Nothing here creates or buys anything, so that a repeated push ends as one push does.
"""

from datetime import timedelta

from django.utils import timezone

from core.errors import DomainError
from core.tasks import enqueue, task
from integrations.dispatching.connections import platform_named
from integrations.dispatching.locks import order_lock
from integrations.dispatching.outward import outward
from integrations.drift.looks import fetched, look_at_shipment, look_at_stray, view_of
from integrations.drift.ours import in_motion
from integrations.errors import CannotPush
from integrations.models import Dispatch, DispatchKind, DriftFinding, DriftKind, DriftState
from integrations.platforms.base import Platform
from integrations.platforms.errors import PlatformError
from integrations.platforms.outbound import Reference
from integrations.platforms.remote import RemoteOrder
from orders.models import Shipment, ShipmentState
from orders.services.history import write_event

_TAKEN_UP_AFTER = timedelta(minutes=2)
_STILL_SO = "The push was carried out, but {there} still holds {theirs}."
CANCELS = frozenset({DriftKind.DUPLICATE, DriftKind.ONLY_THERE})
"""Kinds whose push cancels the order there."""


@task
def push_finding(finding_id: int) -> str:
    """Carry out the push of a finding that a person asked for, and look whether it helped."""
    finding = DriftFinding.objects.select_related("order", "shipment").get(pk=finding_id)
    if finding.state != DriftState.SETTLING:
        return "nothing to do"
    try:
        _push_alone(finding)
    except PlatformError as error:
        if not error.is_retryable:
            return _give_back(finding, str(error))
        DriftFinding.objects.filter(pk=finding.pk).update(error=str(error)[:1000])
        return "later"
    except DomainError as error:
        return _give_back(finding, str(error))
    finding.refresh_from_db()
    if finding.state != DriftState.SETTLING:
        return _tell(finding, "It agrees now.")
    there = finding.get_platform_display()
    return _give_back(finding, _STILL_SO.format(there=there, theirs=finding.theirs))


def take_up_pushes() -> int:
    """Queue again every push whose job was lost or had to wait; returns how many."""
    before = timezone.now() - _TAKEN_UP_AFTER
    waiting = DriftFinding.objects.filter(state=DriftState.SETTLING, acted_at__lt=before)
    for finding in waiting:
        enqueue(push_finding, finding.pk, queue=finding.platform)
    return len(waiting)


def _push_alone(finding: DriftFinding) -> None:
    """With the order's lock, when it is about one: no worker sends or buys meanwhile."""
    if finding.order_id is None:
        _push(finding)
        return
    with order_lock(finding.order_id) as lock:
        if lock is None:
            raise CannotPush("A worker is on this order right now. Push it again in a minute.")
        _push(finding)


def _push(finding: DriftFinding) -> None:
    platform = platform_named(finding.platform)
    if in_motion(finding.platform, {finding.reference} - {""}, timezone.now()):
        raise CannotPush("A dispatch of this order is at work. Push again once it is done.")
    if finding.kind in CANCELS:
        _cancel_there(platform, finding)
        look_at_stray(view_of(platform), finding.remote_id, finding.reference)
        return
    if finding.shipment is None:
        raise CannotPush("It is about no shipment of ours.")
    _correct(platform, finding, finding.shipment)
    look_at_shipment(view_of(platform), finding.shipment)


def _cancel_there(platform: Platform, finding: DriftFinding) -> None:
    """Raises CannotPush when it is ours, or might be the only one that is."""
    own = Shipment.objects.filter(platform=finding.platform, remote_id=finding.remote_id)
    if own.exclude(state=ShipmentState.CANCELLED).exists():
        raise CannotPush(f"{finding.remote_id} is what our shipment goes by; it is not cancelled.")
    remote = fetched(platform, finding.remote_id)
    if remote is None or not remote.is_alive:
        return
    if finding.kind == DriftKind.DUPLICATE and not _has_a_twin(platform, remote):
        raise CannotPush(f"{finding.remote_id} is the only live one left; it is not cancelled.")
    platform.cancel(finding.remote_id, finding.reason)


def _has_a_twin(platform: Platform, remote: RemoteOrder) -> bool:
    matches = platform.find_by_reference(Reference(remote.reference))
    return any(each.is_alive and each.remote_id != remote.remote_id for each in matches)


def _correct(platform: Platform, finding: DriftFinding, shipment: Shipment) -> None:
    """Say recipient and warehouse again. Raises CannotPush, CannotSay, PlatformError."""
    told = Dispatch.objects.filter(
        platform=shipment.platform, reference=shipment.reference, kind=DispatchKind.CREATE
    ).first()
    if told is None:
        raise CannotPush(f"{shipment.reference} was not sent by a dispatch of ours.")
    said = outward(shipment.order, told).order
    if finding.kind == DriftKind.ADDRESS:
        platform.update(said, shipment.remote_id)
    platform.prepare(said, shipment.remote_id)


def _give_back(finding: DriftFinding, why: str) -> str:
    """A person must look again; the finding is open as before."""
    settling = DriftFinding.objects.filter(pk=finding.pk, state=DriftState.SETTLING)
    if settling.update(state=DriftState.OPEN, error=why[:1000]):
        _tell(finding, f"Not done: {why}")
    return why


def _tell(finding: DriftFinding, words: str) -> str:
    if finding.order is not None:
        told = f"Drift, {finding}: pushed again. {words}"
        write_event(finding.order, "drift", told, finding=finding.pk)
    return words
