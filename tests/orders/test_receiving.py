"""record_orders: what becomes of orders that a file, a paste or the API brings."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from orders.intake.parsed import Severity
from orders.models import Finding, ImportMode, Order, OrderEvent, OrderLine
from orders.services import cancel_order, edit_order
from orders.services.intake.record import preview_orders, record_orders
from tests.factories import (
    CarrierFactory,
    CarrierServiceFactory,
    ProductFactory,
    ZipCentroidFactory,
)
from tests.orders.received import received, remark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    ZipCentroidFactory(zip_code="94105", state="CA", city="San Francisco")
    return ProductFactory(sku="MUG", weight_grams=400), ProductFactory(sku="CAP")


def record(*batch, **options):
    return record_orders(list(batch), **({"source": "shopify"} | options))


def states(outcomes):
    return [outcome.state for outcome in outcomes]


def the_order(number="A-1"):
    return Order.objects.get(source="shopify", number=number)


def test_an_order_is_written_with_lines_history_and_the_text_it_came_from():
    (outcome,) = record(received(lines=[("mug", "2", "12.50"), ("CAP", "1", "")]))

    order = the_order()
    assert (outcome.state, outcome.order) == ("created", order)
    assert order.original_text == "as it was"
    lines = list(order.lines.values_list("position", "product__sku", "quantity", "unit_price"))
    assert lines == [(1, "MUG", 2, Decimal("12.50")), (2, "CAP", 1, None)]
    event = order.events.get()
    assert (event.kind, event.to_status, event.message) == (
        "created",
        order.status,
        "Received from shopify.",
    )


def test_a_clean_order_is_ready_and_one_with_an_error_needs_review():
    record(received("A-1"), received("A-2", lines=[("NOPE", "1", "5")]))

    assert (the_order("A-1").status, the_order("A-2").status) == ("ready", "needs_review")
    finding = Finding.objects.get(order=the_order("A-2"), severity="error")
    assert (finding.code, finding.field, finding.line.position) == ("sku_unknown", "sku", 1)


def test_what_the_reader_noticed_is_kept_as_a_finding_and_counts():
    record(received("A-1", remark("order_date")), received("A-2", remark("notes", Severity.INFO)))

    assert (the_order("A-1").status, the_order("A-2").status) == ("needs_review", "ready")
    assert Finding.objects.filter(code="odd").count() == 2


def test_the_same_batch_again_changes_nothing():
    record(received("A-1"), received("A-2"))
    before = (Order.objects.values_list("version", "updated_at"), OrderEvent.objects.count())

    assert states(record(received("A-1"), received("A-2"))) == ["unchanged", "unchanged"]
    assert (Order.objects.values_list("version", "updated_at"), OrderEvent.objects.count())[1] == (
        before[1]
    )
    assert Order.objects.count() == 2


def test_one_bad_order_does_not_stop_the_others():
    outcomes = record(
        received("A-1"),
        received("", to=[("name", "Nobody")]),
        received("A-3", lines=[("MUG", "1.5", "1")]),
        received("A-4", remark("quantity")),
        received("A-5"),
    )

    assert states(outcomes) == ["created", "failed", "failed", "failed", "created"]
    assert outcomes[1].problem == "The order has no number. Give it one."
    assert "the quantity is “1.5”" in outcomes[2].problem
    assert outcomes[3].problem == "Something is odd."


def test_a_number_given_twice_to_different_orders_is_written_once():
    outcomes = record(received("A-1"), received("A-1", to=[("name", "Elif Kaya")]))

    assert states(outcomes) == ["created", "failed"]
    assert outcomes[1].problem == "The number A-1 is given twice, to different orders."


@pytest.mark.parametrize(
    ("mode", "known", "new"),
    [
        ("create", "failed", "created"),
        ("update", "updated", "failed"),
        ("both", "updated", "created"),
    ],
)
def test_the_mode_decides_about_known_and_new_orders(mode, known, new):
    record(received("A-1"))

    outcomes = record(
        received("A-1", to=[("name", "Elif Kaya")]), received("A-2"), mode=ImportMode(mode)
    )

    assert states(outcomes) == [known, new]


def test_an_update_takes_over_what_the_source_changed_and_tells():
    record(received("A-1"))

    record(
        received("A-1", to=[("name", "Elif Kaya")], lines=[("CAP", "3", "4")]),
        mode=ImportMode.UPDATE,
    )

    order = the_order()
    assert order.recipient_name == "Elif Kaya"
    assert [(line.sku, line.quantity) for line in order.lines.all()] == [("CAP", 3)]
    assert order.version > 1
    event = order.events.get(kind="update")
    assert event.message == "shopify changed recipient_name, lines."


def test_what_staff_edited_stands_against_the_source(acting):
    record(received("A-1"))
    edit_order(the_order().pk, the_order().version, {"recipient_name": "Dana R. Reyes"})

    record(
        received("A-1", to=[("name", "D. Reyes"), ("company", "Reyes Ltd")]), mode=ImportMode.UPDATE
    )

    order = the_order()
    assert (order.recipient_name, order.company) == ("Dana R. Reyes", "Reyes Ltd")
    assert "Kept as staff set it: recipient_name" in order.events.get(kind="update").message


def test_an_order_too_far_along_is_not_updated():
    record(received("A-1"))
    cancel_order(the_order(), "Not wanted")

    (outcome,) = record(received("A-1", to=[("name", "Elif Kaya")]), mode=ImportMode.BOTH)

    assert outcome.state == "failed"
    assert "is “Cancelled” and can no longer be changed" in outcome.problem


def test_a_preview_says_the_same_and_writes_nothing():
    batch = [received("A-1"), received("A-2", lines=[("NOPE", "1", "5")]), received("")]
    previewed = preview_orders(batch, source="shopify")

    assert not Order.objects.exists()
    assert states(previewed) == states(record(*batch))


def test_wishes_become_carrier_service_and_state():
    ups = CarrierFactory(code="ups", name="UPS")
    ground = CarrierServiceFactory(carrier=ups, code="ups-ground", name="Ground")

    record(received("A-1", wanted_carrier="ups", wanted_state="nv", shipping_method="UPS Ground"))

    order = the_order()
    assert (order.wanted_carrier, order.wanted_service) == (ups, ground)
    assert order.wanted_warehouse_state == "NV"


def test_a_wish_we_do_not_know_is_a_finding_and_never_lost():
    CarrierFactory(code="ups", name="UPS")
    record(received("A-1", wanted_carrier="Pigeon", wanted_state="Nevada"))

    findings = {f.code: f for f in Finding.objects.filter(order=the_order())}
    assert "“Pigeon”, which is no carrier" in findings["unknown_carrier"].message
    assert "“Nevada”" in findings["unknown_warehouse_state"].message
    assert the_order().status == "needs_review"


def test_a_value_too_long_for_its_column_is_cut_and_said_so():
    record(received("A-1", to=[("name", "x" * 500)], text="x" * 500))

    order = the_order()
    assert len(order.recipient_name) == 200
    assert order.findings.filter(code="too_long", field="recipient_name", severity="error").exists()
    assert order.original_text == "x" * 500


@pytest.mark.parametrize(
    ("price", "stored", "code"),
    [("12.345", Decimal("12.34"), "price_rounded"), ("abc", None, "price_unusable")],
)
def test_a_price_that_does_not_fit_is_a_finding(price, stored, code):
    record(received("A-1", lines=[("MUG", "1", price)]))

    assert the_order().lines.get().unit_price == stored
    assert the_order().findings.filter(code=code).exists()


def test_the_number_of_statements_does_not_grow_with_the_orders():
    def statements(start, count):
        batch = [received(f"A-{n}", to=[("name", f"P {n}")]) for n in range(start, start + count)]
        with CaptureQueriesContext(connection) as captured:
            record(*batch)
        return len(captured)

    statements(0, 1)
    assert statements(10, 2) == statements(20, 12)


def test_a_number_taken_between_looking_and_writing_is_seen_the_second_time(monkeypatch):
    from orders.services.intake import record as module

    write, raced = module._write_chunk, []

    def race(chunk, about, beside):
        if not raced:
            raced.append(1)
            write(chunk, about, None)
            raise IntegrityError("unique constraint")
        return write(chunk, about, beside)

    monkeypatch.setattr(module, "_write_chunk", race)

    assert states(record(received("A-1"))) == ["unchanged"]
    assert OrderLine.objects.count() == 1
