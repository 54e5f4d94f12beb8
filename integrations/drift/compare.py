"""What a platform holds beside what we told it, field by field. Pure: no database, no clock."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from integrations.drift.addresses import address_differences, is_same_place
from integrations.drift.values import EVERYTHING, EXISTENCE, Comparison, Difference, Ours
from integrations.models.drift import DriftKind
from integrations.platforms.remote import RemoteOrder, RemoteState

K = DriftKind
_CENT = Decimal("0.01")
_NOBODY = "unknown there"


def compare(ours: Ours, remote: RemoteOrder | None) -> Comparison:
    """One shipment of ours beside the order of its remote id; None: there is no such order."""
    if ours.is_over:
        return _compare_over(remote)
    if remote is None:
        missing = Difference(K.MISSING_THERE, "order", ours.remote_id, _NOBODY)
        return Comparison((missing,), frozenset({K.MISSING_THERE}))
    if _is_over(ours, remote):
        over = Difference(K.CANCELLED_THERE, "state", "live", words_of(remote))
        return Comparison((over,), EXISTENCE | {K.CANCELLED_THERE})
    found, silent = _compare_fields(ours, remote)
    return Comparison(tuple(found), EVERYTHING, silent)


def words_of(remote: RemoteOrder) -> str:
    return remote.words or remote.state.value


def _compare_over(remote: RemoteOrder | None) -> Comparison:
    """What we cancelled must not be alive there; if it is not, no detail matters any more."""
    if remote is None or not remote.is_alive:
        return Comparison((), EVERYTHING)
    alive = Difference(K.ONLY_THERE, "order", "cancelled", words_of(remote))
    return Comparison((alive,), frozenset({K.ONLY_THERE, K.MISSING_THERE}))


def _is_over(ours: Ours, remote: RemoteOrder) -> bool:
    """Giving money back for a parcel that has left is no quarrel about the parcel."""
    return remote.is_cancelled or (remote.state is RemoteState.REFUNDED and not ours.has_left)


def _compare_fields(
    ours: Ours, remote: RemoteOrder
) -> tuple[list[Difference], frozenset[tuple[DriftKind, str]]]:
    found: list[Difference] = []
    silent: set[tuple[DriftKind, str]] = set()
    if remote.state is RemoteState.UNKNOWN:
        silent.add((K.CANCELLED_THERE, "state"))
    found += _label(ours, remote)
    found += _reference(ours, remote)
    if remote.recipient is None:
        silent.add((K.ADDRESS, ""))
    else:
        found += address_differences(ours.recipient, remote.recipient)
    for part in (_lines, _warehouse, _goods, _cost):
        for each in part(ours, remote):
            if isinstance(each, Difference):
                found.append(each)
            else:
                silent.add(each)
    return found, frozenset(silent)


type_of_find = Difference | tuple[DriftKind, str]
"""A difference, or a field that cannot be compared now."""


def _label(ours: Ours, remote: RemoteOrder) -> Iterator[Difference]:
    """A label that was voided there, while we believe in it."""
    has_label = remote.label is not None and remote.label.is_bought
    if ours.has_label and not ours.has_left and not has_label:
        held = remote.label.state.value if remote.label else "none"
        bought = f"bought, {ours.tracking_number or 'without a number'}"
        yield Difference(K.CANCELLED_THERE, "label", bought, held)


def _reference(ours: Ours, remote: RemoteOrder) -> Iterator[Difference]:
    if remote.reference != ours.reference:
        yield Difference(K.REFERENCE, "reference", ours.reference, remote.reference)


def _lines(ours: Ours, remote: RemoteOrder) -> Iterator[type_of_find]:
    """Pieces by SKU; the platform's product id outweighs how the SKU is spelt there."""
    known = {sku.casefold(): sku for sku in ours.units}
    held: Counter[str] = Counter()
    for line in remote.lines:
        spelt = known.get(line.sku.casefold(), line.sku)
        sku = ours.skus.get(line.product_remote_id, spelt)
        if line.quantity is None or not sku:
            # One line that says too little, and no sum can be trusted.
            yield K.LINES, ""
            return
        held[sku] += line.quantity
    for sku in sorted({*ours.units, *held}):
        if ours.units.get(sku, 0) != held[sku]:
            told = str(ours.units.get(sku, 0))
            yield Difference(K.LINES, sku[:80], told, str(held[sku]))


def _warehouse(ours: Ours, remote: RemoteOrder) -> Iterator[type_of_find]:
    if ours.warehouse_remote_id and remote.origin is None:
        if set(remote.warehouse_remote_ids) != {ours.warehouse_remote_id}:
            named = [ours.places.get(each, each) for each in remote.warehouse_remote_ids]
            there = ", ".join(sorted(named)) or "none"
            yield Difference(K.WAREHOUSE, "warehouse", ours.warehouse, there)
    elif remote.origin is not None and ours.origins:
        if not any(is_same_place(each, remote.origin) for each in ours.origins):
            parts = (remote.origin.street, remote.origin.city, remote.origin.postal_code)
            there = ", ".join(part for part in parts if part)
            yield Difference(K.WAREHOUSE, "warehouse", ours.warehouse, there)
    else:
        yield K.WAREHOUSE, "warehouse"


def _goods(ours: Ours, remote: RemoteOrder) -> Iterator[type_of_find]:
    """What the customer is charged there; we tell no tax, and a delivery method may cost by itself.

    Easyship states no total.
    """
    if remote.total is None or ours.goods is None:
        yield K.PRICE, "order_total"
        yield K.PRICE, "order_currency"
        return
    if not remote.currency:
        yield K.PRICE, "order_currency"
    elif remote.currency != ours.currency:
        yield Difference(K.PRICE, "order_currency", ours.currency, remote.currency)
    held = (remote.total - (remote.tax or 0)).quantize(_CENT)
    if held not in (ours.goods, ours.goods + (remote.delivery or 0)):
        yield Difference(K.PRICE, "order_total", str(ours.goods), str(held))


def _cost(ours: Ours, remote: RemoteOrder) -> Iterator[type_of_find]:
    label = remote.label
    if label is None or not label.is_bought or label.cost is None or not ours.has_label:
        yield K.PRICE, "label_cost"
        yield K.PRICE, "label_currency"
        return
    cost = label.cost.quantize(_CENT)
    # Together, so that adopting either never joins an amount to another currency.
    details = {"cost": str(cost), "currency": label.currency or ours.cost_currency}
    if ours.cost != cost:
        told = "not known" if ours.cost is None else str(ours.cost)
        yield Difference(K.PRICE, "label_cost", told, str(cost), details)
    if not label.currency:
        yield K.PRICE, "label_currency"
    elif label.currency != ours.cost_currency:
        yield Difference(
            K.PRICE, "label_currency", ours.cost_currency or "not known", label.currency, details
        )
