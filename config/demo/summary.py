"""What became of all orders: by carrier, platform and warehouse, and who must look at what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Value, When

from orders.models import (
    Finding,
    FindingState,
    Order,
    OrderStatus,
    Severity,
    Shipment,
    ShipmentState,
)
from routing.services.writing import ROUTING_CODES

HEADINGS = ("carrier", "platform", "warehouse", "orders", "labels", "delivered", "need a person")
NUMBERS = (3, 4, 5, 6)
_NOWHERE = ("none yet", "", "")
_UNSAID = "Its page says why."
_PERSON = frozenset({OrderStatus.NEEDS_REVIEW, OrderStatus.PROBLEM})


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for staff, and the orders it is said of."""

    sentence: str
    numbers: tuple[str, ...]


def by_route() -> list[tuple[str, ...]]:
    """HEADINGS, a row for each carrier, platform and warehouse, and a row of sums."""
    orders = list(Order.objects.exclude(status=OrderStatus.CANCELLED).select_related(*_JOINED))
    labels, delivered = _shipments()
    groups: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for order in orders:
        for key in (_route(order), _SUM):
            groups[key].update(
                orders=1,
                labels=labels[order.pk],
                delivered=delivered[order.pk],
                person=int(order.status in _PERSON),
            )
    total = groups.pop(_SUM, Counter())
    rows = [_row(key, groups[key]) for key in sorted(groups, key=_unrouted_last)]
    return [HEADINGS, *rows, _row(_SUM, total)]


_SUM = ("all", "", "")
_JOINED = ("warehouse", "service__carrier")


def _unrouted_last(key: tuple[str, str, str]) -> tuple[bool, tuple[str, str, str]]:
    return key == _NOWHERE, key


def _route(order: Order) -> tuple[str, str, str]:
    if order.service is None or order.warehouse is None:
        return _NOWHERE
    carrier = order.service.carrier
    return carrier.name, carrier.get_platform_display(), order.warehouse.code


def _shipments() -> tuple[Counter[int], Counter[int]]:
    """Labels and delivered parcels by order."""
    parcels = Shipment.objects.exclude(tracking_number="").exclude(state=ShipmentState.CANCELLED)
    labels, delivered = Counter[int](), Counter[int]()
    for order, state in parcels.values_list("order_id", "state"):
        labels[order] += 1
        delivered[order] += state == ShipmentState.DELIVERED
    return labels, delivered


def _row(key: Sequence[str], counts: Counter[str]) -> tuple[str, ...]:
    figures = (counts[name] for name in ("orders", "labels", "delivered", "person"))
    return (*key, *map(str, figures))


def reasons() -> list[Reason]:
    """Why orders need a person, what concerns most of them first."""
    waiting = Order.objects.filter(status__in=_PERSON).order_by("number")
    said = _findings([order.pk for order in waiting])
    grouped: dict[str, list[str]] = defaultdict(list)
    for order in waiting:
        grouped[order.problem or said.get(order.pk, _UNSAID)].append(order.number)
    found = [Reason(sentence, tuple(numbers)) for sentence, numbers in grouped.items()]
    return sorted(found, key=lambda reason: -len(reason.numbers))


def _findings(order_ids: Iterable[int]) -> dict[int, str]:
    """The weightiest open finding of each order: errors, then what routing says, then the rest."""
    weight = Case(
        When(severity=Severity.ERROR, then=Value(0)),
        When(code__in=ROUTING_CODES, then=Value(1)),
        default=Value(2),
    )
    found = Finding.objects.filter(order__in=order_ids, state=FindingState.OPEN)
    said: dict[int, str] = {}
    for finding in found.order_by(weight, "pk"):
        said.setdefault(finding.order_id, f"{finding.message} {finding.next_step}".strip())
    return said
