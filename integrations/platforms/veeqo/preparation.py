"""Bringing an order at Veeqo into the shape we decided: paid, at our warehouse, in our parcel.

Every step starts from what Veeqo says now, so that repeating it after a failure converges.
"""

from dataclasses import replace

from integrations.platforms.calls import Purpose
from integrations.platforms.errors import Refused, Unsendable
from integrations.platforms.http import Answer, JsonApi, Request, segment
from integrations.platforms.numbers import as_number
from integrations.platforms.outbound import OutboundOrder, ParcelSpec
from integrations.platforms.remote import RemoteState
from integrations.platforms.veeqo import bodies
from integrations.platforms.veeqo.allocations import Change, Keep, Rebuild, plan
from integrations.platforms.veeqo.answers import Allocation, VeeqoOrder, read_package
from integrations.platforms.veeqo.lookups import fetch_order

_OVER = (RemoteState.CANCELLED, RemoteState.REFUNDED)


def prepare_order(
    api: JsonApi, order: OutboundOrder, remote_id: str
) -> tuple[VeeqoOrder, Allocation]:
    """The order and its one allocation, as we want them. Raises Refused, Unsendable."""
    if not order.origin.remote_id:
        raise Unsendable(f"warehouse {order.origin.code} has no match at Veeqo; map it")
    found = _fetch(api, remote_id)
    if found.remote.state in _OVER:
        raise Refused(f"order {remote_id} is {found.remote.words} there")
    if found.remote.state is RemoteState.AWAITING_PAYMENT:
        found = _pay(api, found)
    found, allocation = _allocate(api, found, order.origin.remote_id)
    if not _is_packed(allocation, order.parcel):
        allocation = _pack(api, allocation, order.parcel)
    return found, allocation


def _is_packed(allocation: Allocation, parcel: ParcelSpec) -> bool:
    """A parcel with a label can no longer change."""
    has_label = allocation.label is not None and allocation.label.is_bought
    return has_label or bodies.is_package(allocation.package, parcel)


def _fetch(api: JsonApi, remote_id: str) -> VeeqoOrder:
    return fetch_order(api, remote_id, Purpose.PREPARE)


def _pay(api: JsonApi, found: VeeqoOrder) -> VeeqoOrder:
    """Only a paid order may ship (contract §5.2)."""
    if found.total is None:
        raise Refused(f"order {found.remote.remote_id} awaits payment, and shows no total")
    amount = as_number(found.total)
    body = bodies.payment_body(found.remote.remote_id, found.remote.reference, amount)
    api.ask(Request("POST", "/payments", Purpose.PREPARE, body, writes=True), _nothing)
    return _fetch(api, found.remote.remote_id)


def _allocate(api: JsonApi, found: VeeqoOrder, warehouse_id: str) -> tuple[VeeqoOrder, Allocation]:
    """At most one change and one rebuild; Veeqo may ignore either with a 2xx."""
    for step in (_change_or_rebuild, _rebuild):
        planned = plan(found.allocations, warehouse_id, found.units)
        if isinstance(planned, Keep):
            return found, planned.allocation
        step(api, found, warehouse_id, planned)
        found = _fetch(api, found.remote.remote_id)
    planned = plan(found.allocations, warehouse_id, found.units)
    if isinstance(planned, Keep):
        return found, planned.allocation
    raise Refused(_what_it_has(found, warehouse_id))


def _change_or_rebuild(
    api: JsonApi, found: VeeqoOrder, warehouse_id: str, planned: Change | Rebuild
) -> None:
    if isinstance(planned, Rebuild):
        _rebuild(api, found, warehouse_id, planned)
        return
    path = f"{_allocations_path(found)}/{segment(planned.allocation_id)}"
    body = bodies.allocation_body(warehouse_id, found.units)
    api.ask(Request("PUT", path, Purpose.PREPARE, body, writes=True), _nothing)


def _rebuild(
    api: JsonApi, found: VeeqoOrder, warehouse_id: str, _planned: Change | Rebuild
) -> None:
    """Documented to remove every allocation at once, so what is left is asked again (§12)."""
    current = found
    for allocation in found.allocations:
        if allocation.id in {each.id for each in current.allocations}:
            path = f"{_allocations_path(found)}/{segment(allocation.id)}"
            api.ask(Request("DELETE", path, Purpose.PREPARE, writes=True), _nothing)
            current = _fetch(api, found.remote.remote_id)
    body = {"allocation": bodies.allocation_body(warehouse_id, found.units)}
    api.ask(Request("POST", _allocations_path(found), Purpose.PREPARE, body, writes=True), _nothing)


def _pack(api: JsonApi, allocation: Allocation, parcel: ParcelSpec) -> Allocation:
    """Rates are made of the stored parcel, so what was stored is compared with ours."""
    path = f"/allocations/{segment(allocation.id)}/allocation_package"
    request = Request("PUT", path, Purpose.PREPARE, bodies.package_body(parcel), writes=True)
    stored = api.ask(request, lambda answer: read_package(answer.body))
    if not bodies.is_package(stored, parcel):
        raise Refused(f"allocation {allocation.id} kept another parcel than ours")
    return replace(allocation, package=stored)


def _allocations_path(found: VeeqoOrder) -> str:
    return f"/orders/{segment(found.remote.remote_id)}/allocations"


def _what_it_has(found: VeeqoOrder, warehouse_id: str) -> str:
    has = ", ".join(
        f"{sum(each.units.values())} at warehouse {each.warehouse_id or 'unknown'}"
        for each in found.allocations
    )
    wanted = sum(found.units.values())
    return f"it did not allocate {wanted} units at warehouse {warehouse_id}; it has {has or 'none'}"


def _nothing(_answer: Answer) -> None:
    """Documented success codes and bodies of these differ from what is sent: trust any 2xx."""
