"""Products and sellables as Veeqo shows them, each rendered once per request."""

from decimal import Decimal
from typing import Any

from integrations.sandbox.messages import Json
from integrations.sandbox.turn import Turn
from integrations.sandbox.veeqo import stock, warehouses
from integrations.sandbox.veeqo.answers import USER_ID, found, number

PRODUCT = "veeqo.product"
SELLABLE = stock.SELLABLE
GRAMS_PER_UNIT = {"g": 1.0, "kg": 1000.0, "oz": 28.349523125, "lb": 453.59237}


class Catalogue:
    """Remembers what it has rendered, so that a page of orders renders a sellable once."""

    def __init__(self, turn: Turn):
        self._turn = turn
        self._sellables: dict[int, Json] = {}
        self._warehouses: dict[int, Json] = {}

    def warehouse(self, number_of_warehouse: int) -> Json:
        if number_of_warehouse not in self._warehouses:
            body = self._turn.tx.get(warehouses.KIND, number_of_warehouse)
            self._warehouses[number_of_warehouse] = found(body)
        return self._warehouses[number_of_warehouse]

    def sellable(self, number_of_sellable: int) -> Json:
        """As inside orders and allocations."""
        if number_of_sellable not in self._sellables:
            stored = found(self._turn.tx.get(SELLABLE, number_of_sellable))
            self._sellables[number_of_sellable] = self._render_sellable(stored)
        return self._sellables[number_of_sellable]

    def product(self, stored: Json) -> Json:
        """As in the product list, with its sellables."""
        children = self._turn.tx.children(SELLABLE, stored["id"])
        sellables = [self._listed_sellable(child["id"]) for child in children]
        return {
            **_product_columns(stored),
            "sellables": sellables,
            "tags": self._tags(stored),
            **_product_totals(sellables),
        }

    def _tags(self, stored: Json) -> list[Json]:
        found_tags = (self._turn.tx.get("veeqo.tag", tag) for tag in stored.get("tag_ids", []))
        return [tag for tag in found_tags if tag]

    def _listed_sellable(self, number_of_sellable: int) -> Json:
        sellable = self.sellable(number_of_sellable)
        worth = sum(entry["sellable_on_hand_value"] for entry in sellable["stock_entries"])
        return {
            **sellable,
            "requires_review": False,
            "active_channels": [],
            "channel_sellables": [],
            "total_quantity_sold": 0,
            "on_hand_value": worth,
        }

    def _render_sellable(self, stored: Json) -> Json:
        product = found(self._turn.tx.get(PRODUCT, stored["product_id"]))
        entries = [
            stock.render(entry, self.warehouse(entry["warehouse_id"]), stored["cost_price"])
            for entry in self._turn.tx.children(stock.KIND, stored["id"])
        ]
        return {
            **_sellable_columns(stored, product),
            "product": _product_card(product),
            "reorders": [],
            "stock_entries": entries,
            **_stock_sums(entries),
        }


def _sellable_columns(stored: Json, product: Json) -> Json:
    price, cost = Decimal(stored["price"]), Decimal(stored["cost_price"] or "0")
    margin = round(float((price - cost) / price * 100), 2) if price else 0.0
    full_title = " ".join(part for part in (product["title"], stored["title"]) if part)
    return {
        **{name: stored[name] for name in ("id", "title", "sku_code", "created_at", "updated_at")},
        "type": "ProductVariant",
        "upc_code": stored.get("upc_code") or "",
        "model_number": stored.get("model_number") or "",
        "price": float(price),
        "cost_price": float(cost),
        "min_reorder_level": stored.get("min_reorder_level", 0),
        "quantity_to_reorder": stored.get("quantity_to_reorder", 0),
        "created_by_id": USER_ID,
        "deleted_at": None,
        "product_title": product["title"],
        "full_title": full_title,
        "sellable_title": stored["title"],
        "profit": float(price - cost),
        "margin": margin,
        "tax_rate": number(stored.get("tax_rate")),
        "image_url": stored.get("image_url"),
        "main_thumbnail_url": stored.get("image_url"),
        **_weight(stored),
        **_customs(stored),
        "variant_option_specifics": [],
        "variant_property_specifics": [],
        "images": [],
        "measurement_attributes": stored["measurement_attributes"],
    }


def _weight(stored: Json) -> Json:
    grams, unit = stored["weight_grams"] or 0.0, stored["weight_unit"]
    return {
        "weight_grams": grams,
        "weight_unit": unit,
        "weight": round(grams / GRAMS_PER_UNIT.get(unit, 1.0), 2),
    }


def _customs(stored: Json) -> Json:
    return {
        "estimated_delivery": None,
        "origin_country": stored.get("origin_country"),
        "hs_tariff_number": stored.get("hs_tariff_number"),
        "mid_code": None,
        "taric_code": None,
        "hs_code_extensions": [],
        "supplementary_units": 0,
        "customs_description": None,
        "hazmat": None,
    }


def _stock_sums(entries: list[Json]) -> Json:
    def total(name: str) -> int:
        return sum(entry[name] for entry in entries)

    levels = {name: total(f"{name}_stock_level") for name in ("physical", "allocated", "available")}
    everywhere = {f"{name}_stock_level_at_all_warehouses": units for name, units in levels.items()}
    return {
        "allocated_stock_level_at_all_warehouses": levels["allocated"],
        "available_stock_level_at_all_warehouses": levels["available"],
        "stock_level_at_all_warehouses": levels["physical"],
        "inventory": {
            "infinite": any(entry["infinite"] for entry in entries),
            **everywhere,
            "incoming_stock_level_at_all_warehouses": 0,
            "transit_outgoing_stock_level_at_all_warehouses": 0,
            "transit_incoming_stock_level_at_all_warehouses": 0,
        },
    }


def _product_card(product: Json) -> Json:
    """A product inside its sellable."""
    return {
        "id": product["id"],
        "title": product["title"],
        "weight": 0,
        "origin_country": product.get("origin_country"),
        "hs_tariff_number": product.get("hs_tariff_number"),
        "taric_code": None,
        "mid_code": None,
        "tax_rate": 0,
        "estimated_delivery": product.get("estimated_delivery"),
        "deleted_at": None,
        "deleted_by_id": None,
        "description": product.get("description"),
        "main_image_src": product.get("image"),
    }


def _product_columns(stored: Json) -> Json:
    web = ("meta_description", "meta_keywords", "meta_title", "page_title", "page_url")
    return {
        **_product_card(stored),
        "created_by_id": USER_ID,
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
        "updated_by_id": None,
        "notes": stored.get("notes") or "",
        "product_tax_rate_id": None,
        **{f"web_{name}": "" for name in web},
        "requires_review": False,
        "hazmat": False,
        "image": stored.get("image"),
        "thumbnail_url": stored.get("image"),
        "brand": None,
        "channel_products": [],
        "active_channels": [],
        "total_quantity_sold": 0,
    }


def _product_totals(sellables: list[Json]) -> Json:
    def total(name: str) -> Any:
        return sum(sellable[name] for sellable in sellables)

    return {
        "on_hand_value": total("on_hand_value"),
        "total_allocated_stock_level": total("allocated_stock_level_at_all_warehouses"),
        "total_available_stock_level": total("available_stock_level_at_all_warehouses"),
        "total_stock_level": total("stock_level_at_all_warehouses"),
        "inventory": {"infinite": any(s["inventory"]["infinite"] for s in sellables)},
    }
