from datetime import date
from decimal import Decimal

import pytest

from orders.errors import NotValid, NumberTaken
from orders.models import Order, OrderEvent, OrderLine
from orders.services import NewLine, NewOrder, record_order
from tests.factories import CarrierFactory, OrderFactory, ProductFactory

pytestmark = pytest.mark.django_db


def new(**given):
    lines = given.pop("lines", (NewLine(sku="MUG", quantity=2, unit_price=Decimal("12.50")),))
    return NewOrder(**({"source": "manual", "number": "SO-9"} | given), lines=lines)


def refused(order, *, error, match):
    before = Order.objects.count(), OrderLine.objects.count(), OrderEvent.objects.count()
    with pytest.raises(error, match=match):
        record_order(order)
    assert before == (Order.objects.count(), OrderLine.objects.count(), OrderEvent.objects.count())


def test_an_order_is_written_with_its_lines(acting):
    mug = ProductFactory(sku="MUG")

    order = record_order(new(recipient_name="Dana Reyes", order_date=date(2025, 3, 3)))

    order.refresh_from_db()
    assert (order.status, order.version, order.created_by) == ("new", 1, acting)
    assert (order.recipient_name, order.order_date) == ("Dana Reyes", date(2025, 3, 3))
    line = order.lines.get()
    assert (line.position, line.sku, line.quantity) == (1, "MUG", 2)
    assert (line.unit_price, line.product) == (Decimal("12.50"), mug)


def test_every_value_that_can_be_given_is_kept():
    given = {
        name: f"v-{name}"
        for name in ("company", "phone", "address_1", "address_2", "city", "state", "postal_code")
    } | {
        "email": "dana@example.com",
        "country": "US",
        "currency": "CAD",
        "shipping_method": "Express",
        "wanted_carrier": CarrierFactory(),
        "wanted_warehouse_state": "NV",
        "promise_date": date(2025, 3, 9),
        "notes": "Ring twice",
        "original_text": "As pasted",
        "fingerprint": "f" * 64,
    }

    order = Order.objects.get(pk=record_order(new(**given)).pk)

    assert {name: getattr(order, name) for name in given} == given


def test_its_history_begins_with_its_source(acting):
    event = record_order(new(source="shopify")).events.get()

    assert (event.kind, event.message) == ("created", "Received from shopify.")
    assert event.actor == acting


def test_a_sku_is_found_whatever_its_case():
    mug = ProductFactory(sku="Mug-1")

    line = record_order(new(lines=(NewLine(sku=" MUG-1", quantity=1),))).lines.get()

    assert (line.product, line.sku) == (mug, " MUG-1")


def test_an_unknown_sku_is_kept_without_a_product():
    line = record_order(new(lines=(NewLine(sku="MUGG", quantity=1),))).lines.get()

    assert (line.sku, line.product) == ("MUGG", None)


def test_an_order_without_lines_is_kept():
    assert record_order(new(lines=())).lines.count() == 0


def test_a_number_is_taken_once_per_source():
    OrderFactory(source="manual", number="SO-9")

    refused(new(), error=NumberTaken, match="There is already an order SO-9 from manual")


def test_another_source_may_use_the_same_number():
    OrderFactory(source="shopify", number="SO-9")

    assert record_order(new()).number == "SO-9"


def test_the_spaces_around_a_number_do_not_make_it_another():
    OrderFactory(source="manual", number="SO-9")

    refused(new(number=" SO-9 "), error=NumberTaken, match="SO-9")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"number": " "}, "number: This field cannot be blank."),
        ({"source": ""}, "source: This field cannot be blank."),
        ({"number": "9" * 65}, "number: Ensure this value has at most 64"),
        ({"city": "x" * 101}, "city: Ensure this value has at most 100"),
        ({"original_text": "a\x00b"}, "original_text: Null characters"),
        ({"email": "dana"}, "email: Enter a valid email"),
        ({"lines": (NewLine(sku="", quantity=1),)}, "lines.1.sku: This field cannot be blank."),
        ({"lines": (NewLine(sku="x" * 65, quantity=1),)}, "lines.1.sku: Ensure"),
        ({"lines": (NewLine(sku="M", quantity=0),)}, "lines.1.quantity: "),
        ({"lines": (NewLine(sku="M", quantity=-1),)}, "lines.1.quantity: "),
        ({"lines": (NewLine(sku="M", quantity=1_000_001),)}, "at most 1,000,000"),
        ({"lines": (NewLine(sku="M", quantity=None),)}, "lines.1.quantity: "),
        ({"lines": (NewLine(sku="M", quantity=1, unit_price=Decimal(-1)),)}, "lines.1.unit_price"),
        ({"lines": (NewLine(sku="M", quantity=1, unit_price=Decimal("NaN")),)}, "Enter a number"),
        ({"lines": (NewLine(sku="M", quantity=1, unit_price=Decimal("1.005")),)}, "2 decimal"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused_with_its_place(given, told):
    refused(new(**given), error=NotValid, match=told)


def test_the_second_line_is_named_when_it_is_the_wrong_one():
    lines = (NewLine(sku="MUG", quantity=1), NewLine(sku="CAP", quantity=0))

    with pytest.raises(NotValid) as refusal:
        record_order(new(lines=lines))

    assert list(refusal.value.problems) == ["lines.2.quantity"]


def test_ten_lines_take_as_many_queries_as_one(django_assert_num_queries):
    for count in (1, 10):
        lines = tuple(NewLine(sku=f"S{n}", quantity=1) for n in range(count))
        with django_assert_num_queries(6):
            record_order(new(number=f"N{count}", lines=lines))
