"""The words of the table of decisions, turned into facts.

An order reads as in “2 MUG + 1 RUG to 89501; PO box; promised in 2 days”; a network as in
“RNO1 has 3 MUG; ups off; rule: forbid carrier ups”. Parts are separated by semicolons.
"""

import re
from dataclasses import replace

from routing.rules import Condition, Outcome, Rule
from tests.routing import world

GOODS = re.compile(r"(?P<units>\d+) (?P<sku>[A-Z-]+)")
ORDER_FLAGS = {
    "PO box": {"is_po_box": True},
    "business": {"is_business": True},
    "no ZIP": {"postal_code": ""},
    "no state": {"state": "", "zip_state": ""},
    "ZIP not in the table": {"latitude": None, "longitude": None, "zip_state": ""},
    "address unverifiable": {"address_verdict": "unverifiable"},
    "no phone, no email": {"missing_contact": ("email", "phone")},
}
ORDER_WORDS = {
    "wants carrier": "wanted_carrier",
    "wants service": "wanted_service",
    "wants a warehouse in": "wanted_warehouse_state",
    "pinned to warehouse": "pinned_warehouse",
    "pinned to service": "pinned_service",
    "says state": "state",
}


def read_order(text):
    first, *rest = (part.strip() for part in text.split(";"))
    goods, place = first.split(" to ")
    lines = [
        _line(found["sku"], int(found["units"]), position)
        for position, found in enumerate(GOODS.finditer(goods), start=1)
    ]
    order = world.order(place, *lines) if place.isdigit() else _abroad(place, lines)
    if not lines:
        order = replace(order, lines=())
    for part in rest:
        order = replace(order, **_changes(part, order))
    return order


def _line(sku, units, position):
    if sku not in world.PRODUCTS:
        return replace(world.line("MUG", units, position), sku=sku, is_known=False)
    return world.line(sku, units, position)


def _abroad(country, lines):
    away = {"country": country, "state": "", "zip_state": "", "postal_code": "1234"}
    if country in world.TERRITORIES_AS_COUNTRIES:
        away |= {"postal_code": "00901"}
    return world.order("", *lines, **away)


def _changes(part, order):
    if part in ORDER_FLAGS:
        return ORDER_FLAGS[part]
    if found := re.fullmatch(r"promised in (\d+) days", part):
        return {"promise_date": world.promise(int(found[1]))}
    if found := re.fullmatch(r"tagged (\S+)", part):
        return {"tags": (found[1],)}
    if found := re.fullmatch(r"(\S+) weighs nothing", part):
        lines = (replace(row, weight_grams=0) for row in order.lines if row.sku == found[1])
        return {"lines": tuple(lines)}
    words, _, value = part.rpartition(" ")
    return {ORDER_WORDS[words]: value}


class Situation:
    """A network and a ruleset that the words of a row change."""

    def __init__(self, text):
        self.stock = world.full_shelves()
        self.warehouses = {row.code: row for row in world.WAREHOUSES}
        self.carriers = {row.code: row for row in world.CARRIERS}
        self.services = {row.code: row for row in world.SERVICES + world.INTERNATIONAL}
        self.loads, self.rules, self.now = {}, world.rules(), world.NOW
        for part in filter(None, (part.strip() for part in text.split(";"))):
            next(self._apply(found, use) for found, use in self._readings(part) if found)

    def _readings(self, part):
        yield re.fullmatch("full shelves", part), lambda: None
        yield re.fullmatch("everything off", part), self._everything_off
        yield re.fullmatch("no rules", part), self._no_rules
        yield re.fullmatch(r"only (\S+) has (\S+)", part), self._only
        yield re.fullmatch(r"(\S+) has (\d+) (\S+)", part), self._has
        yield re.fullmatch(r"(\S+) off", part), self._off
        yield re.fullmatch(r"(\S+) is full", part), self._is_full
        yield re.fullmatch(r"(\S+) does not collect at (\S+)", part), self._does_not_collect
        yield re.fullmatch(r"parts of at least (\d+)", part), self._parts
        yield re.fullmatch(r"at most (\d+) parcels", part), self._parcels
        yield re.fullmatch(r"rule: (.+)", part), self._rule
        raise AssertionError(f"the table says “{part}”, which nobody understands")

    @staticmethod
    def _apply(found, use):
        use(*found.groups())
        return True

    def _everything_off(self):
        for code, row in self.warehouses.items():
            self.warehouses[code] = replace(row, is_active=False)

    def _no_rules(self):
        self.rules = replace(self.rules, rules=())

    def _only(self, warehouse, sku):
        for place in self.warehouses:
            if place not in warehouse.split("+"):
                self.stock[place, sku] = world.shelf(0)

    def _has(self, warehouse, units, sku):
        """`units` besides the safety stock of two."""
        self.stock[warehouse, sku] = world.shelf(int(units) + 2)

    def _off(self, code):
        for rows in (self.warehouses, self.carriers, self.services):
            if code in rows:
                rows[code] = replace(rows[code], is_active=False)

    def _is_full(self, warehouse):
        self.loads[warehouse] = self.warehouses[warehouse].daily_capacity

    def _does_not_collect(self, carrier, warehouse):
        row = self.warehouses[warehouse]
        kept = tuple(cutoff for cutoff in row.cutoffs if cutoff.carrier != carrier)
        self.warehouses[warehouse] = replace(row, cutoffs=kept)

    def _parts(self, units):
        self.rules = replace(self.rules, smallest_part_units=int(units))

    def _parcels(self, count):
        self.rules = replace(self.rules, max_parcels=int(count))

    def _rule(self, words):
        """As in “forbid carrier ups when tags has_any vip”."""
        does, _, when = words.partition(" when ")
        action, *what = does.split()
        conditions = (Condition(*when.split()[:2], tuple(when.split()[2:])),) if when else ()
        if action in ("review", "hold"):
            outcome = Outcome(action, text=" ".join(what))
        else:
            outcome = Outcome(action, what[0], tuple(what[1:]))
        rule = Rule(len(self.rules.rules) * 10 + 10, words, conditions, (outcome,))
        self.rules = replace(self.rules, rules=(*self.rules.rules, rule))

    @property
    def network(self):
        return world.network(
            self.stock,
            warehouses=tuple(self.warehouses.values()),
            carriers=tuple(self.carriers.values()),
            services=tuple(self.services.values()),
            loads=self.loads,
        )
