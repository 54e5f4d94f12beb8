"""Writes a Shopify orders export of any size, the same for the same size."""

import csv
import random
from pathlib import Path

from django.db.models import Q

from warehouses.models import Product, ZipCentroid

COLUMNS = [
    "Name", "Email", "Financial Status", "Fulfillment Status", "Currency", "Subtotal", "Shipping",
    "Total", "Shipping Method", "Created at", "Lineitem quantity", "Lineitem name",
    "Lineitem price", "Lineitem sku", "Billing Name", "Shipping Name", "Shipping Street",
    "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City", "Shipping Zip",
    "Shipping Province", "Shipping Country", "Shipping Phone", "Notes", "Id", "Source",
]  # fmt: skip
FIRST = ["Ada", "Ben", "Cleo", "Dana", "Elif", "Finn", "Gwen", "Hugo", "Ines", "Jonas"]
LAST = ["Abbott", "Barros", "Chen", "Diaz", "Engel", "Farrow", "Grant", "Holm", "Ito", "Jansen"]
STREETS = ["Main St", "Oak Ave", "2nd St", "Maple Dr", "Hill Rd", "Lake Blvd", "Park Ln"]


def write_file(path: Path, orders: int) -> int:
    """Write that many orders with 1.6 lines each on average; returns the number of rows."""
    dice = random.Random(orders)  # noqa: S311 — made-up customers
    products = list(Product.objects.filter(is_active=True).order_by("sku")[:40])
    places = list(ZipCentroid.objects.filter(~Q(state="")).order_by("zip_code")[::4])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        rows = 0
        for number in range(orders):
            for row in order_rows(dice, number, products, places):
                writer.writerow(row)
                rows += 1
    return rows


def order_rows(
    dice: random.Random, number: int, products: list[Product], places: list[ZipCentroid]
) -> list[dict[str, str]]:
    lines = [
        line_of(dice, product) for product in dice.sample(products, dice.choice([1, 1, 1, 2, 3]))
    ]
    name = f"#{100_000 + number}"
    return [{"Name": name, **order_of(dice, number, places), **lines[0]}] + [
        {"Name": name, **line} for line in lines[1:]
    ]


def line_of(dice: random.Random, product: Product) -> dict[str, str]:
    return {
        "Lineitem quantity": str(dice.randint(1, 4)),
        "Lineitem name": product.title,
        "Lineitem price": f"{product.value or 10:.2f}",
        "Lineitem sku": product.sku,
    }


def order_of(dice: random.Random, number: int, places: list[ZipCentroid]) -> dict[str, str]:
    place = dice.choice(places)
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    street = f"{dice.randint(1, 9999)} {dice.choice(STREETS)}"
    return {
        "Email": f"customer{number}@example.com",
        "Financial Status": "paid",
        "Fulfillment Status": "unfulfilled",
        "Currency": "USD",
        "Shipping Method": "Standard",
        "Created at": f"2026-10-{number % 28 + 1:02} 09:{number % 60:02}:00 -0700",
        "Billing Name": name,
        "Shipping Name": name,
        "Shipping Street": street,
        "Shipping Address1": street,
        "Shipping City": place.city,
        "Shipping Zip": f"'{place.zip_code}",
        "Shipping Province": place.state,
        "Shipping Country": "US",
        "Shipping Phone": f"+177555501{number % 100:02}",
        "Id": str(5_000_000_000 + number),
        "Source": "web",
    }
