"""In which parts an order ships, for its page."""

from django.utils.html import format_html_join

from orders.parts import lines_of, parts_of


def ships_in(order):
    """One line a part, as in “Part 2 of 2 from RNO1 by UPS Ground: 1 × MUG, 1 × CAP”."""
    if order.parcels == 1:
        return "One parcel" if order.service_id else "–"
    lines = list(order.lines.order_by("position"))
    told = ([_told(part, lines)] for part in parts_of(order))
    return format_html_join("", "<div>{}</div>", told)


def _told(part, lines):
    goods = ", ".join(str(line) for line in lines_of(part, lines))
    out = ", left out" if part.is_left_out else ""
    return f"{part} by {part.service}{out}: {goods}"
