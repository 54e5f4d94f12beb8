"""What a person answers to findings: take the proposal, vouch for the address, override."""

from django.db import transaction
from django.utils import timezone

from core.actor import current_actor
from orders.checks import (
    NEVER_OVERRIDDEN,
    ROUTE,
    CheckedOrder,
    address_key,
    address_line,
    check_order,
)
from orders.errors import AlreadyVouched, CannotOverride, NotEditable, NothingProposed, NotValid
from orders.models import AddressOverride, Finding, FindingState, Order, OrderStatus
from orders.models.status import EDITABLE
from orders.services.check import checked_from_row, load_world, settle
from orders.services.check.twins import CODE as POSSIBLE_DUPLICATE
from orders.services.edit import edit_order
from orders.services.history import check_current, problems_of, take_turn, write_event

_TOO_FAR = frozenset(OrderStatus) - EDITABLE


@transaction.atomic
def accept_proposal(order: Order, version: int) -> Order:
    """Put every correction that the checks propose into the order as the editor saw it.

    Raises NothingProposed, NotEditable, ChangedMeanwhile.
    """
    check_current(order, version)
    checked = _checked(order)
    proposal = check_order(checked, load_world([checked])).proposal
    if not proposal:
        raise NothingProposed(order.number)
    changes = {name: change.after for name, change in proposal.items()}
    return edit_order(order.pk, version, changes, told="Accepted the correction of")


@transaction.atomic
def vouch_for_address(order: Order, reason: str) -> AddressOverride:
    """Say that the order's address is right as it is, for this order and every later one there.

    Raises NotValid without a reason, NotEditable, AlreadyVouched.
    """
    _take_turn(order)
    checked = _checked(order)
    override = AddressOverride(
        address_key=address_key(checked),
        address=address_line(checked),
        reason=reason.strip(),
        created_by_id=current_actor.get().user_id,
    )
    if problems := problems_of(override, {"reason"}):
        raise NotValid(order.number, problems)
    if AddressOverride.objects.filter(address_key=override.address_key).exists():
        raise AlreadyVouched(order.number)
    override.save()
    write_event(order, "address", f"Vouched for the address: {override.reason}")
    settle([order.pk])
    order.refresh_from_db()
    return override


@transaction.atomic
def override_finding(finding: Finding, reason: str) -> None:
    """Say why an open finding does not matter; the order's status follows.

    Raises NotValid without a reason, NotEditable, CannotOverride.
    """
    order, reason = finding.order, reason.strip()
    _take_turn(order)
    finding.override_reason = reason
    if not reason or (problems_of(finding, {"override_reason"})):
        raise NotValid(order.number, {"reason": ["Give a reason of 1 to 300 characters."]})
    _check_overridable(finding)
    still_open = Finding.objects.filter(pk=finding.pk, state=FindingState.OPEN)
    if not still_open.update(
        state=FindingState.OVERRIDDEN,
        override_reason=reason,
        closed_at=timezone.now(),
        closed_by_id=current_actor.get().user_id,
    ):
        raise CannotOverride(order.number, finding.message, "It is closed already.")
    write_event(order, "finding", f"Overridden: {finding.message} – {reason}", finding=finding.pk)
    settle([order.pk])
    order.refresh_from_db()
    finding.refresh_from_db()


def _check_overridable(finding: Finding) -> None:
    if finding.code in NEVER_OVERRIDDEN:
        raise CannotOverride(finding.order.number, finding.message, finding.next_step)
    if finding.field == ROUTE:
        said = "Approve or override the route instead."
        raise CannotOverride(finding.order.number, finding.message, said)
    if finding.code == POSSIBLE_DUPLICATE:
        said = "Decide about the two orders under Duplicates."
        raise CannotOverride(finding.order.number, finding.message, said)


def _take_turn(order: Order) -> None:
    if not take_turn(order, unless=_TOO_FAR):
        order.refresh_from_db()
        raise NotEditable(order.number, order.get_status_display())
    order.refresh_from_db()


def _checked(order: Order) -> CheckedOrder:
    return checked_from_row(order, order.lines.select_related("product"))
