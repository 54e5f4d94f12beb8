"""The hard conditions a candidate must meet, each with the measured value and the limit. Pure.

A gate is a function in one of the four tuples below; see docs/routing.md for how to add one.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from routing.case import Case
from routing.facts import ServiceFacts, WarehouseFacts
from routing.geography import US_STATES
from routing.result import Gate

NO_LIMIT = "no limit"


@lru_cache(maxsize=16_384)
def gate(name: str, passed: bool, value: str, limit: str, subject: str = "") -> Gate:
    """A gate; equal ones are one object, for most candidates share theirs."""
    return Gate(name, passed, value, limit, subject)


# Of the order: the same for every candidate.


def lines_gate(case: Case) -> Iterator[Gate]:
    count = len(case.order.lines)
    yield gate("lines", count > 0, f"{count} lines", "at least 1 line")


def products_gate(case: Case) -> Iterator[Gate]:
    unknown = sorted({line.key for line in case.order.lines if not line.is_known})
    for sku in unknown:
        yield gate("product", False, "unknown", "a product of ours", sku)


def quantity_gate(case: Case) -> Iterator[Gate]:
    for line in case.order.lines:
        if line.quantity < 1:
            yield gate("quantity", False, f"{line.quantity} units", "at least 1 unit", line.key)


def address_gate(case: Case) -> Iterator[Gate]:
    if len(case.country) != 2:
        yield gate("address", False, "no country", "a country")
    elif case.country == "US":
        yield _us_address(case)


def _us_address(case: Case) -> Gate:
    if case.state not in US_STATES:
        return gate("address", False, f"state “{case.state}”", "a US state or territory")
    if not case.order.postal_code.strip():
        return gate("address", False, "no ZIP code", "a ZIP code")
    return gate("address", True, "state and ZIP code", "state and ZIP code")


def ruleset_gate(case: Case) -> Iterator[Gate]:
    if not case.rules.in_order():
        yield gate("ruleset", False, "0 rules", "at least 1 rule")


# Of the warehouse.


def warehouse_active_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    yield gate("warehouse_active", warehouse.is_active, _on(warehouse.is_active), "active")


def capacity_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    load, capacity = case.network.load_of(warehouse.code), warehouse.daily_capacity
    if capacity is None:
        yield gate("capacity", True, f"{load} orders today", NO_LIMIT)
    else:
        yield gate("capacity", load < capacity, f"{load} orders today", f"{capacity} a day")


def stock_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    for sku, units in case.demand.items():
        stock = case.network.stock_of(warehouse.code, sku)
        yield gate(
            "stock",
            stock.available >= units,
            f"{stock.available} of {units} units",
            f"safety stock {stock.safety_stock}",
            sku,
        )


def warehouse_rules_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    if not case.order.pinned_warehouse:
        yield from _rule_gates(case, "warehouse", warehouse.code)


def warehouse_wish_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    if state := case.wants("warehouse_state"):
        same = warehouse.state.upper() == state.upper()
        yield gate("warehouse_wish", same, warehouse.state, state)


def warehouse_pin_gate(case: Case, warehouse: WarehouseFacts) -> Iterator[Gate]:
    if pin := case.order.pinned_warehouse:
        yield gate("warehouse_pin", warehouse.code == pin, warehouse.code, pin)


# Of the service, whatever the rules say. Remembered by `shape_of`: keep the two in step.


def shape_of(case: Case) -> tuple[object, ...]:
    """Everything about an order that the gates in SERVICE_GATES look at."""
    order, parcel = case.order, case.parcel
    about_it = (case.is_military, case.is_hazmat, case.has_battery)
    return order.is_po_box, order.is_business, *about_it, parcel.weight_grams, parcel.sides_mm


def service_active_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    carrier = case.network.carriers.get(service.carrier)
    active = carrier is not None and carrier.is_active
    yield gate("carrier_active", active, _on(active), "active", service.carrier)
    yield gate("service_active", service.is_active, _on(service.is_active), "active")


def po_box_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _accepts("po_box", case.order.is_po_box, service.accepts_po_box)


def military_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _accepts("military", case.is_military, service.accepts_military)


def hazmat_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _accepts("hazmat", case.is_hazmat, service.accepts_hazmat)


def batteries_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _accepts("batteries", case.has_battery, service.accepts_batteries)


def residential_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _accepts("business", case.order.is_business, not service.residential_only)


def weight_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    grams, limit = case.parcel.weight_grams, service.max_weight_grams
    if grams is None:
        yield gate("weight", False, "unknown", f"{limit} g")
    else:
        yield gate("weight", grams <= limit, f"{grams} g", f"{limit} g")


def size_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    yield _within("length", case.parcel.length_mm, service.max_length_mm)
    yield _within("girth", case.parcel.length_plus_girth_mm, service.max_length_plus_girth_mm)


# Of the service, as rules, wishes and pins have it.


def has_policy(case: Case) -> bool:
    """Whether any gate of POLICY_GATES has something to say about this order."""
    effects, order = case.effects, case.order
    return bool(effects.required or effects.forbidden or case.wishes or order.pinned_service)


def service_rules_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    if not case.order.pinned_service:
        yield from _rule_gates(case, "carrier", service.carrier)
        yield from _rule_gates(case, "service", service.code)


def service_wish_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    if carrier := case.wants("carrier"):
        yield gate("carrier_wish", service.carrier == carrier, service.carrier, carrier)
    if code := case.wants("service"):
        yield gate("service_wish", service.code == code, service.code, code)


def service_pin_gate(case: Case, service: ServiceFacts) -> Iterator[Gate]:
    if pin := case.order.pinned_service:
        yield gate("service_pin", service.code == pin, service.code, pin)


ORDER_GATES: tuple[Callable[[Case], Iterator[Gate]], ...] = (
    lines_gate,
    products_gate,
    quantity_gate,
    address_gate,
    ruleset_gate,
)
WAREHOUSE_GATES: tuple[Callable[[Case, WarehouseFacts], Iterator[Gate]], ...] = (
    warehouse_active_gate,
    capacity_gate,
    stock_gate,
    warehouse_rules_gate,
    warehouse_wish_gate,
    warehouse_pin_gate,
)
SERVICE_GATES: tuple[Callable[[Case, ServiceFacts], Iterator[Gate]], ...] = (
    service_active_gate,
    po_box_gate,
    military_gate,
    hazmat_gate,
    batteries_gate,
    residential_gate,
    weight_gate,
    size_gate,
)
POLICY_GATES: tuple[Callable[[Case, ServiceFacts], Iterator[Gate]], ...] = (
    service_rules_gate,
    service_wish_gate,
    service_pin_gate,
)


def _on(active: bool) -> str:
    return "active" if active else "switched off"


def _accepts(name: str, asked: bool, accepted: bool) -> Gate:
    value = "yes" if asked else "no"
    return gate(name, accepted or not asked, value, "accepted" if accepted else "not accepted")


def _within(name: str, measured: int | None, limit: int | None) -> Gate:
    value = "unknown" if measured is None else f"{measured} mm"
    if limit is None or measured is None:
        return gate(name, True, value, NO_LIMIT if limit is None else f"{limit} mm")
    return gate(name, measured <= limit, value, f"{limit} mm")


def _rule_gates(case: Case, target: str, code: str) -> Iterator[Gate]:
    for codes, rule in case.effects.required.get(target, ()):
        wanted = " or ".join(sorted(codes))
        yield gate(f"{target}_rules", code in codes, code, f"only {wanted}", rule)
    for codes, rule in case.effects.forbidden.get(target, ()):
        barred = " or ".join(sorted(codes))
        yield gate(f"{target}_rules", code not in codes, code, f"anything but {barred}", rule)
