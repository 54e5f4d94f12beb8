"""Parcels of a request, checked and turned into the kilograms and centimetres of answers."""

from dataclasses import dataclass
from typing import Any

from integrations.sandbox.easyship import boxes, products
from integrations.sandbox.easyship.categories import category_called
from integrations.sandbox.easyship.rules import is_blank
from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn

KG_PER_UNIT = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "oz": 0.028349523125}
CM_PER_UNIT = {"cm": 1.0, "in": 2.54}
SIDES = ("length", "width", "height")
LARGEST = 10**9
NO_SIZE: Json = dict.fromkeys(SIDES, 0.0)
NUMBERS = ("platform_product_id", "manufacturer_part_number", "global_trade_item_number")
FLAGS = ("contains_battery_pi966", "contains_battery_pi967", "contains_liquids")


@dataclass
class Packing:
    """Reads parcels in the units of one request and collects what is wrong with them."""

    turn: Turn
    weight_unit: str
    length_unit: str
    faults: list[str]

    def kg(self, value: float) -> float:
        return round(value * KG_PER_UNIT[self.weight_unit], 4)

    def cm(self, sides: Json) -> Json:
        factor = CM_PER_UNIT[self.length_unit]
        return {side: round((sides.get(side) or 0) * factor, 2) for side in SIDES}

    def parcels(self, given: list[Json]) -> list[Json]:
        """All parcels as they are stored; meaningless if there are faults."""
        if not given:
            self.faults.append("parcels can't be blank")
        return [self._parcel(parcel, f"parcels[{n}]") for n, parcel in enumerate(given)]

    def _parcel(self, given: Json, path: str) -> Json:
        rows = given.get("items") or []
        if not rows:
            self.faults.append(f"{path}.items can't be blank")
        boxed = self._box(given.get("box"), f"{path}.box")
        read = [
            self._item(row, f"{path}.items[{n}]", sized=boxed is None) for n, row in enumerate(rows)
        ]
        return {
            "id": given.get("id") or self.turn.ids.uuid(),
            "box": boxed or _no_box(),
            "items": read,
            "total_actual_weight": self._weight(given, read, boxed, path),
            "tracking_number": None,
        }

    def _box(self, given: Json | None, path: str) -> Json | None:
        """The box named or measured; None when items must tell their own size."""
        if not given:
            return None
        known = boxes.with_slug(self.turn, given["slug"]) if given.get("slug") else None
        if known:
            return known
        if not all((given.get(side) or 0) > 0 for side in SIDES):
            self.faults.append(f"{path} dimensions can't be blank")
            return None
        return {**_no_box(), "outer_dimensions": self.cm(given)}

    def _weight(self, given: Json, rows: list[Json], box: Json | None, path: str) -> float:
        if given.get("total_actual_weight") is not None:
            weight = self.kg(given["total_actual_weight"])
            if weight <= 0:
                self.faults.append(f"{path}.total_actual_weight must be greater than 0")
            return weight
        for number, item in enumerate(rows):
            if item["actual_weight"] <= 0:
                self.faults.append(f"{path}.items[{number}].actual_weight can't be blank")
        content = sum(item["actual_weight"] * item["quantity"] for item in rows)
        return float(round(content + (box["weight"] if box else 0), 4))

    def _item(self, given: Json, path: str, *, sized: bool) -> Json:
        item = (
            self._product_item(given, path) if "product" in given else self._plain_item(given, path)
        )
        if item["quantity"] < 1:
            self.faults.append(f"{path}.quantity must be greater than 0")
        for name in ("declared_customs_value", "quantity"):
            if item[name] > LARGEST:
                self.faults.append(f"{path}.{name} must be less than or equal to {LARGEST}")
        if item["declared_customs_value"] <= 0 and item["category"] != "Documents":
            self.faults.append(f"{path}.declared_customs_value must be greater than 0")
        if sized and not all(item["dimensions"][side] > 0 for side in SIDES):
            self.faults.append(f"{path}.dimensions can't be blank")
            absent = [side for side in SIDES if item["dimensions"][side] <= 0]
            self.faults += [f"{path}.dimensions.{side} can't be blank" for side in absent]
        return item

    def _plain_item(self, given: Json, path: str) -> Json:
        category = self._category(given, path)
        return {
            **self._declared(given, given.get("description") or ""),
            "category": category,
            "sku": given.get("sku"),
            **{name: given.get(name) for name in (*NUMBERS, *FLAGS)},
            "hs_code": _long_hs_code(given.get("hs_code")),
            "origin_country_alpha2": given.get("origin_country_alpha2"),
            "dimensions": self.cm(given.get("dimensions") or {}),
            "actual_weight": self.kg(given.get("actual_weight") or 0),
        }

    def _category(self, given: Json, path: str) -> str | None:
        """The category's display name; without one an HS code must do."""
        if is_blank(given.get("category")):
            if is_blank(given.get("hs_code")):
                self.faults.append(f"{path}.category can't be blank if hs_code is blank")
            return None
        category = category_called(given["category"])
        if category is None:
            self.faults.append(f"{path}.category is invalid")
        return category.name if category else None

    def _declared(self, given: Json, description: str) -> Json:
        currency = given.get("declared_currency") or self.turn.world.account.currency
        value = given.get("declared_customs_value") or 0
        return {
            "id": given.get("id") or self.turn.ids.uuid(),
            "description": description,
            "quantity": given.get("quantity", 1),
            "declared_currency": currency,
            "declared_customs_value": value,
            "origin_currency": currency,
            "origin_customs_value": value,
        }

    def _product_item(self, given: Json, path: str) -> Json:
        named = given["product"] or {}
        product = products.find(self.turn, key=named.get("id"), sku=named.get("sku"))
        if product is None:
            self.faults.append(f"{path}.product was not found")
            product = {"name": "", "identifier": None, "item_category": None}
        price = given.get("declared_customs_value") or product.get("selling_price")
        declared = {**given, "declared_customs_value": price}
        category = product["item_category"]
        return {
            **self._declared(declared, product["name"]),
            "category": category["name"] if category else None,
            "sku": product["identifier"],
            **{name: product.get(name) for name in (*NUMBERS, *FLAGS)},
            "hs_code": _long_hs_code(product.get("hs_code")),
            "origin_country_alpha2": product.get("origin_country_alpha2"),
            "dimensions": {side: product.get(side) or 0.0 for side in SIDES},
            "actual_weight": product.get("weight") or 0.0,
        }


def _no_box() -> Json:
    return {
        "id": None,
        "name": None,
        "slug": None,
        "type": "box",
        "weight": 0,
        "outer_dimensions": dict(NO_SIZE),
    }


def _long_hs_code(code: str | None) -> str | None:
    """Easyship works with eight digits: six are filled up."""
    return f"{code}00" if code and len(code) == 6 and code.isdigit() else code


def packing(turn: Turn, settings: Json | None) -> Packing:
    """For the units of a request's shipping_settings."""
    units: Any = (settings or {}).get("units") or {}
    return Packing(turn, units.get("weight", "kg"), units.get("dimensions", "cm"), [])


def total_weight_grams(parcels: list[Json]) -> float:
    """The weight of all parcels with their boxes."""
    return float(round(sum(parcel["total_actual_weight"] for parcel in parcels) * 1000, 3))
