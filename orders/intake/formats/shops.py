"""The exports of the shops, by their own column names.

Column names were taken from the shops' published export formats; `rest` are columns that we know
and do not need, so that they are not reported as unknown. To add a format: one entry here.
"""

from dataclasses import dataclass

from orders.intake.formats.columns import (
    AMAZON_REST,
    EBAY_REST,
    ETSY_REST,
    SHOPIFY_REST,
    VEEQO_REST,
    WOOCOMMERCE_REST,
)
from orders.intake.formats.synonyms import normal


@dataclass(frozen=True, slots=True)
class Format:
    """One shop's export. A header belongs to it when it has all of `marks`."""

    name: str
    label: str
    marks: tuple[tuple[str, ...], ...]
    """Each a choice of column names, one of which must be there."""
    fields: dict[str, tuple[str, ...]]
    """Our field → columns; the first one with a value counts."""
    rest: frozenset[str] = frozenset()
    is_unquoted: bool = False
    """Quotation marks are plain text in its tab-separated form."""
    has_item_lists: bool = False
    """One row is a whole order, with its SKUs in one cell."""

    def fits(self, columns: frozenset[str]) -> bool:
        return all(any(name in columns for name in choice) for choice in self.marks)


def _format(
    name: str, label: str, marks: str, fields: str, rest: str = "", **flags: bool
) -> Format:
    pairs = (line.split("=", 1) for line in fields.strip().splitlines())
    return Format(
        name,
        label,
        tuple(_names(choice, "|") for choice in marks.split(";")),
        {field.strip(): _names(columns, ";") for field, columns in pairs},
        frozenset(_names(rest.replace("\n", ""), ";")),
        **flags,
    )


def _names(text: str, mark: str) -> tuple[str, ...]:
    return tuple(normal(name) for name in text.split(mark) if name.strip())


SHOPIFY = _format(
    "shopify",
    "Shopify orders export",
    "Name;Lineitem quantity|Lineitem sku|Lineitem name;Shipping Name|Shipping City|Email",
    """order_number = Name
    order_date = Created at;Paid at
    status = Financial Status;Fulfillment Status
    cancelled_at = Cancelled at
    shipped_at = Fulfilled at
    currency = Currency
    shipping_method = Shipping Method
    email = Email
    phone = Shipping Phone;Phone;Billing Phone
    name = Shipping Name
    company = Shipping Company
    address_1 = Shipping Address1;Shipping Street
    address_2 = Shipping Address2
    city = Shipping City
    state = Shipping Province;Shipping Province Name
    postal_code = Shipping Zip
    country = Shipping Country
    sku = Lineitem sku
    title = Lineitem name
    quantity = Lineitem quantity
    unit_price = Lineitem price
    notes = Notes""",
    SHOPIFY_REST,
)
AMAZON = _format(
    "amazon",
    "Amazon order report",
    "order-id|amazon-order-id;order-item-id|sku;quantity-purchased|quantity-to-ship;recipient-name|ship-city",
    """order_number = order-id;amazon-order-id
    order_date = purchase-date
    status = order-status
    currency = currency
    shipping_method = ship-service-level
    email = buyer-email
    phone = ship-phone-number;buyer-phone-number
    name = recipient-name
    company = ship-company
    address_1 = ship-address-1
    address_2 = ship-address-2
    address_3 = ship-address-3
    city = ship-city
    state = ship-state
    postal_code = ship-postal-code
    country = ship-country
    sku = sku
    title = product-name
    quantity = quantity-to-ship;quantity-purchased
    line_total = item-price
    line_id = order-item-id
    notes = delivery-Instructions""",
    AMAZON_REST,
    is_unquoted=True,
)
WOOCOMMERCE = _format(
    "woocommerce",
    "WooCommerce order export",
    "Order Number|Order ID;First Name (Shipping)|First Name (Billing);SKU|Item Name;Item Cost",
    """order_number = Order Number;Order ID
    order_date = Order Date
    status = Order Status
    shipped_at = Completed Date
    currency = Order Currency
    shipping_method = Shipping Method Title
    email = Email (Billing);Email (Shipping)
    phone = Phone (Shipping);Phone (Billing)
    first_name = First Name (Shipping)
    last_name = Last Name (Shipping)
    name = Full Name (Shipping)
    company = Company (Shipping)
    address_1 = Address 1&2 (Shipping);Address 1 (Shipping);Address 1 & 2 (Shipping)
    address_2 = Address 2 (Shipping)
    city = City (Shipping)
    state = State Code (Shipping);State Name (Shipping);State (Shipping)
    postal_code = Postcode (Shipping)
    country = Country Code (Shipping);Country Name (Shipping);Country (Shipping)
    sku = SKU
    title = Item Name
    quantity = Quantity;Quantity (- Refund)
    unit_price = Item Cost
    notes = Customer Note""",
    WOOCOMMERCE_REST,
)
EBAY = _format(
    "ebay",
    "eBay orders report",
    "Order Number|Sales Record Number;Item Number|Item Title;Ship To Name;Custom Label|Sold For",
    """order_number = Order Number;Sales Record Number
    order_date = Sale Date;Paid On Date
    shipped_at = Shipped On Date
    shipping_method = Shipping Service
    email = Buyer Email
    phone = Ship To Phone;Buyer Phone
    name = Ship To Name
    address_1 = Ship To Address 1
    address_2 = Ship To Address 2
    city = Ship To City
    state = Ship To State
    postal_code = Ship To Zip
    country = Ship To Country
    sku = Custom Label;Custom Label (SKU)
    title = Item Title
    quantity = Quantity
    unit_price = Sold For
    line_id = Transaction ID
    notes = Buyer Note""",
    EBAY_REST,
)
ETSY = _format(
    "etsy",
    "Etsy sold order items",
    "Order ID;Transaction ID|Listing ID;Item Name|SKU;Ship Name|Ship City",
    """order_number = Order ID
    order_date = Sale Date
    shipped_at = Date Shipped
    currency = Currency
    name = Ship Name
    address_1 = Ship Address1
    address_2 = Ship Address2
    city = Ship City
    state = Ship State
    postal_code = Ship Zipcode
    country = Ship Country
    sku = SKU
    title = Item Name
    quantity = Quantity
    unit_price = Price
    line_id = Transaction ID""",
    ETSY_REST,
)
ETSY_ORDERS = _format(
    "etsy",
    "Etsy sold orders",
    "Order ID;Number of Items;Full Name|Street 1|Ship City;Sale Date|Order Value",
    """order_number = Order ID
    order_date = Sale Date
    status = Status
    shipped_at = Date Shipped
    currency = Currency
    name = Full Name
    first_name = First Name
    last_name = Last Name
    address_1 = Street 1
    address_2 = Street 2
    city = Ship City
    state = Ship State
    postal_code = Ship Zipcode
    country = Ship Country
    sku = SKU
    items = Number of Items""",
    ETSY_REST,
    has_item_lists=True,
)
VEEQO = _format(
    "veeqo",
    "Veeqo orders export",
    "number;shipping_address_city|shipping_address_first_name|shipping_address_zip;sku|price_per_unit|product_title",
    """order_number = number
    order_date = created_at
    status = status
    cancelled_at = cancelled_at
    shipped_at = shipped_at
    currency = currency_code;currency
    shipping_method = delivery_method
    email = customer_email
    phone = customer_phone;customer_mobile;shipping_address_phone
    first_name = shipping_address_first_name
    last_name = shipping_address_last_name
    company = shipping_address_company
    address_1 = shipping_address_address1
    address_2 = shipping_address_address2
    city = shipping_address_city
    state = shipping_address_state
    postal_code = shipping_address_zip
    country = shipping_address_country
    sku = sku
    title = product_title
    quantity = quantity
    unit_price = price_per_unit
    notes = customer_note;notes""",
    VEEQO_REST,
)
NATIVE = _format(
    "native",
    "our own layout",
    "order_number;recipient_name;address_1;postal_code;sku|item_name",
    """order_number = order_number
    order_date = order_date
    sku = sku
    title = item_name
    quantity = quantity
    unit_price = unit_price
    currency = currency
    name = recipient_name
    company = company
    address_1 = address_1
    address_2 = address_2
    city = city
    state = state
    postal_code = postal_code
    country = country
    phone = phone
    email = email
    shipping_method = shipping_method
    notes = notes""",
)

FORMATS = (SHOPIFY, AMAZON, WOOCOMMERCE, EBAY, ETSY, ETSY_ORDERS, VEEQO, NATIVE)
"""In the order in which they are tried; a file that fits none is read by what columns mean."""
