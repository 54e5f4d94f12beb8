"""Our fields, as a person chooses among them when mapping the columns of an unknown file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column may hold; a required one must have a column before orders can be read."""

    name: str
    label: str
    is_required: bool = False


FIELDS = (
    Field("order_number", "Order number"),
    Field("order_date", "Order date"),
    Field("status", "Order status"),
    Field("cancelled_at", "Date cancelled"),
    Field("shipped_at", "Date shipped"),
    Field("currency", "Currency"),
    Field("shipping_method", "Shipping method"),
    Field("email", "E-mail"),
    Field("phone", "Phone"),
    Field("name", "Recipient's name"),
    Field("first_name", "Recipient's first name"),
    Field("last_name", "Recipient's last name"),
    Field("company", "Company"),
    Field("address_1", "Street"),
    Field("address_2", "Address line 2"),
    Field("address_3", "Address line 3"),
    Field("house_number", "House number"),
    Field("city", "City"),
    Field("state", "State or province"),
    Field("postal_code", "ZIP or postal code"),
    Field("place", "City, state and ZIP in one"),
    Field("country", "Country"),
    Field("sku", "SKU", is_required=True),
    Field("quantity", "Quantity", is_required=True),
    Field("unit_price", "Price of one piece"),
    Field("line_total", "Price of the whole line"),
    Field("title", "Product title"),
    Field("line_id", "Number of the order line"),
    Field("items", "Number of pieces in the order"),
    Field("notes", "Notes"),
    Field("wanted_carrier", "Wanted carrier"),
    Field("wanted_state", "Wanted warehouse state"),
)

RECIPIENT = (
    "name", "first_name", "last_name", "company", "address_1", "address_2", "address_3",
    "house_number", "city", "state", "postal_code", "place", "country", "phone", "email",
)  # fmt: skip
"""Fields that a shop may give twice: for the recipient and for whoever pays."""

LINE = ("sku", "quantity", "unit_price", "line_total", "title", "line_id")
"""Fields of an order line; all others belong to the order."""

_LABELS = {field.name: field.label for field in FIELDS}


def label_of(name: str) -> str:
    return _LABELS.get(name, name)
