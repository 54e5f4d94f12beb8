"""Orders as readers give them, in one line."""

from orders.intake.parsed import ParsedLine, ParsedOrder, Received, Recipient, Remark, Severity

ADDRESS = {
    "name": "Dana Reyes",
    "address_1": "1 Market Street",
    "city": "San Francisco",
    "state": "CA",
    "postal_code": "94105",
    "country": "US",
}


def received(number="A-1", *remarks, lines=(("MUG", "1", "12.50"),), to=(), **values):
    """received("A-1", city="Reno") with one MUG; `to` overrides the recipient's fields."""
    order = ParsedOrder(
        number=number,
        email="dana@example.com",
        phone="+14155550142",
        currency="USD",
        recipient=Recipient(**{**ADDRESS, **dict(to)}),
        lines=[
            ParsedLine(sku=sku, quantity=quantity, unit_price=price, row=row)
            for row, (sku, quantity, price) in enumerate(lines, start=2)
        ],
        rows=[2],
        text="as it was",
    )
    for name, value in values.items():
        setattr(order, name, value)
    return Received(order, remarks)


def remark(field, severity=Severity.ERROR, row=2, code="odd", message="Something is odd."):
    return Remark(row, field, severity, code, message)
