"""The words request schemas are written with, and the parts several of them share."""

from collections.abc import Sequence
from typing import Any

from integrations.sandbox.messages import Json

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
INTEGER: Json = {"type": "integer"}
BOOLEAN: Json = {"type": "boolean"}
UUID: Json = {"type": "string", "format": "uuid"}
MOMENT: Json = {"type": "string", "format": "date-time"}
ABOVE_NOUGHT: Json = {
    "type": "number",
    "format": "double",
    "nullable": True,
    "minimum": 0,
    "exclusiveMinimum": True,
}


def text(longest: int | None = None, **more: Any) -> Json:
    """A text; the longest length is for the second validation."""
    return {**TEXT, **({"maximum": longest} if longest else {}), **more}


def choice(*values: str | None, **more: Any) -> Json:
    """One of some texts."""
    return {**TEXT, "enum": list(values), **more}


def optional(schema: Json) -> Json:
    """The same, or null."""
    return {**schema, "nullable": True}


def ref(place: str) -> Json:
    """A definition elsewhere in the document."""
    return {"$ref": f"#/components/schemas/{place}"}


def both(*schemas: Json) -> Json:
    """What fits all of the schemas."""
    return {"allOf": list(schemas)}


def table(properties: Json, required: Sequence[str] = (), **more: Any) -> Json:
    """An object that lets unknown properties pass."""
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, **more}


def closed(properties: Json, required: Sequence[str] = (), **more: Any) -> Json:
    """An object that knows no other properties."""
    return table(properties, required, additionalProperties=False, **more)


def items(schema: Json, **more: Any) -> Json:
    """A list."""
    return {"type": "array", "items": schema, **more}


def versioned(name: str) -> Json:
    """One schema for each webhook version; only the newer one is served."""
    return {
        "discriminator": {
            "propertyName": "version",
            "mapping": {"2024-09": f"#/components/schemas/{name}2024_09"},
        }
    }


SENDER = ("line_1", "city", "company_name", "contact_name", "contact_phone", "contact_email")
RECEIVER = ("line_1", "city", "contact_name", "contact_email", "contact_phone")
BOX_SIZE = closed({"slug": optional(TEXT), "length": NUMBER, "width": NUMBER, "height": NUMBER})
SIZE = closed({"length": NUMBER, "width": NUMBER, "height": NUMBER})
CURRENCY = both(ref("Currency"))
EVENT_TYPES = (
    "shipment_label_created",
    "shipment_tracking_checkpoints_created",
    "shipment_tracking_status_changed",
    "shipment_cancelled",
    "shipment_label_failed",
    "shipment_warehouse_state_updated",
    "batch_started",
    "batch_finished",
    "batch_item_finished",
    "credit_balance_low",
    "courier_state_changed",
    "external_shipment_insured",
    "oauth_authorization_revoked",
)
PRINTING: Json = table(
    {
        "format": choice("png", "pdf", "url", "zpl"),
        "label": choice("4x6", "A4", "A5"),
        "commercial_invoice": choice("4x6", "A4"),
        "packing_slip": choice("4x6", "A4", "none"),
        "remarks": {**TEXT, "maxLength": 70},
    }
)
STATES = {
    "shipment_state": ("created", "cancelled"),
    "label_state": (
        "not_created",
        "pending",
        "generating",
        "generated",
        "printed",
        "failed",
        "technical_failed",
        "reported",
    ),
    "pickup_state": (
        "not_requested",
        "pending_confirmation",
        "pending_drop_off",
        "request_failed",
        "requested",
        "completed",
        "cancelled",
    ),
    "delivery_state": (
        "not_created",
        "pending",
        "info_received",
        "in_transit_to_customer",
        "out_for_delivery",
        "delivered",
        "failed_attempt",
        "exception",
        "expired",
        "lost_by_courier",
        "returned_to_shipper",
    ),
    "warehouse_state": ("pending", "created", "packed", "shipped"),
}


def item_columns() -> Json:
    """What an item may say of itself, in rates and in shipments."""
    return {
        "description": text(200),
        "category": text(200, nullable=True),
        "hs_code": TEXT,
        "sku": text(100),
        "platform_product_id": ref("ParcelItem/properties/platform_product_id"),
        "manufacturer_part_number": ref("ParcelItem/properties/manufacturer_part_number"),
        "global_trade_item_number": ref("ParcelItem/properties/global_trade_item_number"),
        "contains_battery_pi966": ref("ParcelItem/properties/contains_battery_pi966"),
        "contains_battery_pi967": ref("ParcelItem/properties/contains_battery_pi967"),
        "contains_liquids": ref("ParcelItem/properties/contains_liquids"),
        "origin_country_alpha2": ref("CountryAlpha2Nullable"),
        "quantity": INTEGER,
        "dimensions": SIZE,
        "actual_weight": NUMBER,
        "declared_currency": CURRENCY,
        "declared_customs_value": NUMBER,
    }


def parcel_items(plain: str) -> Json:
    """The items of a parcel: plain, products, or of a return."""
    kinds = (plain, "ParcelProductItemCreate", "ParcelReturnItemCreate")
    return items({"anyOf": [ref(kind) for kind in kinds]}, minItems=1, maxItems=200)


def parties() -> Json:
    """Sender, origin and return address of a shipment, each as object or as id."""
    parties: Json = {}
    for name in ("origin", "sender", "return"):
        parties[f"{name}_address"] = both(ref("Address"), {"required": list(SENDER)})
        parties[f"{name}_address_id"] = UUID
    parties["destination_address"] = both(ref("DestinationAddress"), {"required": list(RECEIVER)})
    return parties


def product_columns() -> Json:
    """What a product may say of itself when it is created."""
    plain = {"name": {**TEXT, "maxLength": 500}, "identifier": TEXT, "item_category_id": INTEGER}
    plain |= {"created_at": TEXT, "updated_at": TEXT}
    shared = "id store_id comments input_type origin_country_alpha2 hs_code"
    numbers = "platform_product_id manufacturer_part_number global_trade_item_number"
    sizes = "length width height weight cost_price selling_price"
    flags = "contains_liquids contains_battery_pi966 contains_battery_pi967"
    return {
        **plain,
        **{name: ref(f"Product/properties/{name}") for name in f"{shared} {numbers}".split()},
        **dict.fromkeys(sizes.split(), ABOVE_NOUGHT),
        **dict.fromkeys(flags.split(), optional(BOOLEAN)),
        "cost_price_currency": both(ref("CurrencyNullable")),
        "selling_price_currency": both(ref("CurrencyNullable")),
        "image_url": optional(TEXT),
        "pick_location": text(80, nullable=True),
    }
