"""Definitions of addresses, boxes, products and webhooks."""

from integrations.sandbox.easyship.schemas.words import (
    BOOLEAN,
    EVENT_TYPES,
    NUMBER,
    TEXT,
    choice,
    closed,
    optional,
    product_columns,
    ref,
    table,
    text,
    versioned,
)
from integrations.sandbox.messages import Json, words

ACCOUNT: dict[str, Json] = {
    "AddressCreate": table(
        {
            **{
                name: ref(f"Address/properties/{name}")
                for name in words("line_1 line_2 state city postal_code contact_name contact_email")
            },
            "country_alpha2": ref("CountryAlpha2"),
            "company_name": text(27),
            "contact_phone": text(20),
            "default_for": closed(
                {
                    name: {"type": "boolean", "enum": [True]}
                    for name in ("pickup", "billing", "sender", "return")
                }
            ),
        },
        words("city company_name contact_email contact_name contact_phone country_alpha2 line_1"),
    ),
    "BoxCreate": closed(
        {
            "name": TEXT,
            **dict.fromkeys(("outer_length", "outer_width", "outer_height", "weight"), NUMBER),
        }
    ),
    "BoxUpdate": closed({"is_active": BOOLEAN, "auto_selected": BOOLEAN}),
    "ProductCreate": closed(product_columns()),
    "WebhookConfiguration": optional(
        closed({"credit_balance_low": optional(closed({"credit_balance_limit": optional(NUMBER)}))})
    ),
    "WebhookCreate": versioned("WebhookCreate"),
    "WebhookCreate2024_09": closed(
        {
            "configuration": ref("WebhookConfiguration"),
            "endpoint": ref("WebhookBase/properties/endpoint"),
            "event_types": ref("Webhook2024_09/properties/event_types"),
            "version": ref("Webhook2024_09/properties/version"),
        },
        ("endpoint", "event_types"),
    ),
    "WebhookTestCreate": versioned("WebhookTestCreate"),
    "WebhookTestCreate2024_09": closed(
        {
            "event_type": choice(*EVENT_TYPES),
            "version": ref("Webhook2024_09/properties/version"),
        },
        ("event_type",),
    ),
}
